"""How tickers lie in their files: smaller than as they are shown, and equal to them bit by bit.

- A number with few decimals is kept as a whole number `x_n` and the power of ten `x_d` to divide it by: the nearest double of
  the quotient is the double of the decimal. Where it is not, `x_n` is the number itself and `x_d` is 1. The power is one for a
  contract and month, chosen from the rows of midnight.
- `bid_price_n` and `ask_price_n` are how far below the last price they lie, in its unit; `open_interest_base` divides the whole
  number of `open_interest_contracts`; `funding_rate` follows from the rate for eight hours. A row for which that does not give
  the number itself, bit by bit, has it in the column with the name.
- `funding_apr` is worked out when it is asked.

What questions of months ask most is kept as it is: mark and index price, dollars of open interest, the rate for eight hours.
"""
from views import TICKER, listed, names

SCALED = ("last_price", "volume_base_24h", "volume_usd_24h", "open_interest_contracts", "price_change_24h")
BESIDE_LAST = ("bid_price", "ask_price")
PLAIN = ("mark_price", "index_price", "open_interest_usd", "funding_rate_8h", "funding_interval_hours", "next_funding_at_ms",
         "trades_24h", "observed_at_ms")
TEXTS = ("hour_utc", "exchange_id", "exchange", "symbol", "asset", "asset_class", "quote", "kind", "contract")
PLACE = ("exchange_id", "exchange", "symbol", "asset", "asset_class", "quote", "kind", "contract", "unit_multiplier", "core")
VALUES = tuple(names(TICKER))
# Up to where a power is a FLOAT too, in half the space.
POWERS = [float(10 ** number) for number in range(11)]
# A column that only packed files have.
MARK = "last_price_n"

RATE_8H = "funding_rate * 8.0::DOUBLE / nullif(funding_interval_hours, 0)"
RATE = "coalesce(funding_rate, funding_rate_8h * funding_interval_hours / 8.0::DOUBLE)"
SHOWN = {
    **{name: f"{name}_n / {name}_d" for name in SCALED},
    **{name: f"coalesce({name}, (last_price_n - {name}_n) / last_price_d)" for name in BESIDE_LAST},
    "open_interest_base": "coalesce(open_interest_base, open_interest_contracts_n / open_interest_base_d)",
    "funding_rate": RATE,
    "funding_apr": f"100.0::DOUBLE * ({RATE} * 8760.0::DOUBLE / nullif(funding_interval_hours, 0))",
}
COLUMNS = ("hour", "hour_utc", *PLACE[:-1], *VALUES[:VALUES.index("funding_interval_hours") + 1], "funding_rate_8h", "funding_apr",
           *VALUES[VALUES.index("funding_interval_hours") + 1:], PLACE[-1])


def shown(source):
    """The rows of packed files, with the columns of the view."""
    columns = ", ".join(f"{SHOWN[name]} AS {name}" if name in SHOWN else name for name in COLUMNS)
    return f"SELECT {columns} FROM {source}"


def decimals(name):
    """How many decimals give a number, bit by bit; 99 when no few do."""
    cases = " ".join(f"WHEN round({name} * {power!r}::DOUBLE) / {power!r}::DOUBLE = {name} THEN {number}"
                     for number, power in enumerate(POWERS))
    return f"CASE WHEN {name} IS NULL THEN NULL {cases} ELSE 99 END"


def power(name):
    """The power of ten for most of a contract's numbers; nothing when they are no decimals."""
    return f"list_extract({POWERS}::FLOAT[], quantile_disc({decimals(name)}, 0.95) + 1) AS {name}_p"


def prepare(connection, kept=None):
    """Makes the tables that `rows` reads: `place` with the contracts and the powers of ten of each, and `named_hour`.

    Texts are numbers of an ENUM there: a sort of texts is dear, and a join after the sort does not keep its order.
    kept: the rows that stay, as they are shown."""
    run = connection.execute
    run(f"""CREATE TEMP TABLE contract AS
        SELECT row_number() OVER (ORDER BY {', '.join(PLACE)})::INTEGER AS place,
            dense_rank() OVER (ORDER BY exchange_id, symbol)::INTEGER AS number, *
        FROM ({united(PLACE, 'fresh.listing', kept)})""")
    run(f"""CREATE TEMP TABLE listing_place AS
        SELECT l.listing_id, c.place FROM fresh.listing AS l JOIN contract AS c ON {alike('l', 'c')}""")
    sample = placed("fresh.ticker_sample", f"SELECT * FROM ({kept}) WHERE hour % 86400 = 0" if kept else None)
    powers = ", ".join(map(power, (*SCALED, "open_interest_base")))
    run(f"""CREATE TEMP TABLE place AS SELECT c.*, s.* EXCLUDE (place) FROM contract AS c
        LEFT JOIN (SELECT place, {powers} FROM ({sample}) GROUP BY place) AS s USING (place)""")
    run(f"CREATE TEMP TABLE named_hour AS {united(('hour', 'hour_utc'), 'fresh.held_hour', kept)}")
    for table, texts in ("named_hour", TEXTS[:1]), ("place", TEXTS[1:]):
        number(run, table, {name: f"{name}_text" for name in texts})


def number(run, table, types, kept=None):
    """Makes texts of a table the numbers of an ENUM each, of the texts in the table and in the rows that stay."""
    for name, kind in types.items():
        both = f"SELECT {name} FROM {table}" + (f" UNION ALL SELECT {name} FROM ({kept})" if kept else "")
        # Without any text there is no ENUM.
        known = run(f"SELECT 1 FROM ({both}) WHERE {name} IS NOT NULL LIMIT 1").fetchone()
        words = f"ENUM (SELECT DISTINCT {name} FROM ({both}) WHERE {name} IS NOT NULL ORDER BY 1)"
        run(f"CREATE TEMP TYPE {kind} AS {words if known else 'VARCHAR'}")
    numbers = ", ".join(f"{name}::{kind} AS {name}" for name, kind in types.items())
    run(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT * REPLACE ({numbers}) FROM {table}")


def united(columns, fresh, kept):
    """The distinct values of columns in both kinds of rows."""
    return " UNION ".join(f"SELECT {', '.join(columns)} FROM {rows}" for rows in (fresh, f"({kept})" if kept else None) if rows)


def alike(one, other):
    return " AND ".join(f"{one}.{name} IS NOT DISTINCT FROM {other}.{name}" for name in PLACE)


def placed(fresh, kept=None):
    """Tickers, with a number in place of what they share with others of their contract."""
    parts = [f"""SELECT p.place, t.hour, {listed(TICKER, 't.')} FROM {fresh} AS t
        JOIN listing_place AS p ON p.listing_id = t.listing_id"""]
    if kept:
        parts.append(f"SELECT p.place, t.hour, {listed(TICKER, 't.')} FROM ({kept}) AS t JOIN contract AS p ON {alike('t', 'p')}")
    return " UNION ALL ".join(parts)


def rows(kept=None):
    """A query for the rows of a packed file, in their order."""
    ordered = f"""SELECT * FROM ({placed('fresh.ticker', kept)}) JOIN place USING (place) JOIN named_hour USING (hour)
        ORDER BY number, hour, place, observed_at_ms, last_price"""
    whole = ", ".join(f"round({name} * {name}_p::DOUBLE) AS {name}_w" for name in SCALED)
    split = ", ".join(f"CASE WHEN {fits(name)} THEN {name}_w ELSE {name} END AS {name}_n, "
                      f"CASE WHEN {fits(name)} THEN {name}_p::DOUBLE ELSE 1.0::DOUBLE END AS {name}_d" for name in SCALED)
    below = ", ".join(f"last_price_n - round({name} * last_price_d) AS {name}_w" for name in BESIDE_LAST)
    beside = ", ".join(
        f"CASE WHEN {near(name)} THEN {name}_w END AS {name}_n, CASE WHEN {near(name)} THEN NULL ELSE {name} END AS {name}"
        for name in BESIDE_LAST)
    base = """coalesce(open_interest_contracts_n / open_interest_base_p::DOUBLE = open_interest_base
        AND open_interest_base <> 0, false)"""
    rate = "coalesce(funding_rate_8h * funding_interval_hours / 8.0::DOUBLE = funding_rate, false)"
    # Numbers of an ENUM are written fast, with all its texts: right only where each is in a row.
    texts = ", ".join(name if name in ("exchange_id", "exchange") else f"{name}::VARCHAR AS {name}" for name in TEXTS)
    return f"""
        SELECT hour, {texts}, unit_multiplier, core, {', '.join(f'{name}_n, {name}_d' for name in SCALED)}, {beside},
            CASE WHEN {base} THEN NULL ELSE open_interest_base END AS open_interest_base,
            CASE WHEN {base} THEN open_interest_base_p::DOUBLE END AS open_interest_base_d,
            CASE WHEN {rate} THEN NULL ELSE funding_rate END AS funding_rate, {', '.join(PLAIN)}
        FROM (SELECT *, {below}, {RATE_8H} AS funding_rate_8h FROM (SELECT *, {split} FROM (SELECT *, {whole} FROM ({ordered}))))"""


def fits(name):
    return f"{name}_w / {name}_p::DOUBLE = {name}"


def near(name):
    """Whether the distance from the last price gives a price. Of a zero it would not keep the sign."""
    return f"coalesce((last_price_n - {name}_w) / last_price_d = {name} AND {name} <> 0, false)"
