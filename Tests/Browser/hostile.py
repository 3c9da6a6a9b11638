"""A copy of a warehouse in which coins, contracts, exchanges and reasons have names that try to be something else."""

import shutil
import sqlite3

# As they are written on a page, where that is not what was stored: characters that steer the direction are made visible.
NAMES = [
    "<script>injected=1;alert(1)</script>",
    "</script></style></title></svg><script>injected=1</script>",
    "\"><img src=x onerror=injected=1>",
    "' onmouseover='injected=1' x='",
    "javascript:injected=1",
    "&lt;b&gt; & <b>bold</b> <!-- -->",
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 BTC",
    "W" * 200,
    "\U0001f600" * 60,
    "\u202egnp.exe\u2066",
]
COINS = ["DOGE", "XRP", "LINK", "SHIB", "PEPE", "KAITO", "1INCH", "0G", "BONK", "ASTER"]
EXCHANGES = ["okx", "bybit", "gate", "mexc", "dydx"]


def columns(database, name):
    """The tables that have a column."""
    tables = [row[0] for row in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
    return [table for table in tables if name in [row[1] for row in database.execute(f"PRAGMA table_info({table})")]]


def renamed(database):
    for coin, name in zip(COINS, NAMES, strict=True):
        for column in ("symbol", "perpetual_symbol", "spot_symbol"):
            for table in columns(database, column):
                database.execute(
                    f"UPDATE OR IGNORE {table} SET {column} = replace({column}, ?1, ?2) WHERE {column} LIKE ?1 || '%'"
                    f" OR {column} LIKE '1000' || ?1 || '%'", (coin, name))
        for column in ("asset", "base"):
            for table in columns(database, column):
                database.execute(f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {column} = ?", (name, coin))
    for exchange, name in zip(EXCHANGES, NAMES):
        database.execute("UPDATE exchange SET name = ? WHERE exchange_id = ?", (name, exchange))


def reasons(database):
    """What else others write: why something failed, which fields they have, what a check found, what an alert says."""
    hour, = database.execute("SELECT max(hour) FROM hour WHERE sealed = 1").fetchone()
    for place, name in enumerate(NAMES):
        exchange = EXCHANGES[place % len(EXCHANGES)]
        database.execute("INSERT INTO field_finding VALUES (?, ?, ?, ?, 'out_of_range')", (hour, exchange, name, name))
        database.execute("INSERT INTO schema_drift VALUES (?, ?, ?, 'string', 'appeared', ?, ?)", (exchange, name, name, hour, hour))
        database.execute(
            "INSERT INTO exchange_hour_endpoint (hour, exchange_id, endpoint, position, ok, failed, rows, rejected)"
            " VALUES (?, ?, ?, 99, 0, 1, 0, 0)", (hour, exchange, name))
        database.execute("INSERT INTO stream_gap VALUES (?, ?, ?, ?, ?)",
                         (hour - 3600, exchange, (hour - 3600) * 1000 + place, hour * 1000, name))
        database.execute("INSERT INTO check_result VALUES (?, ?, 'error', 1, ?)", (hour * 1000, name, name))
        database.execute(
            "INSERT INTO alert (hour, key, strategy, tier, model, confidence, direction, decision, message)"
            " VALUES (?, ?, 'funding_arbitrage', 1, 'seed-v1', 60, ?, 'new', ?)", (hour, f"funding_arbitrage:{name}", name, name))
    for exchange, name in zip(("htx", "kucoin"), NAMES[:2]):
        database.execute("UPDATE exchange_summary SET status = 'failed', cause = 'refused', reason = ? WHERE hour = ? AND exchange_id = ?",
                         (name, hour, exchange))
        database.execute("UPDATE exchange_hour SET outcome = 'failed', cause = 'refused', reason = ? WHERE hour = ? AND exchange_id = ?",
                         (name, hour, exchange))


def make(source, target):
    """Writes the copy; names that a constraint does not allow stay as they were."""
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(source, target)
    with sqlite3.connect(target) as database:
        renamed(database)
        reasons(database)
    database.close()
