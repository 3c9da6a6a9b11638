"""Four questions of traders, warm, on our warehouse and on DuckDB over Parquet of the same rows.

    queries.py --warehouse FILE --parquet FOLDER --result FILE [--rounds 7]

Writes JSON: for each question the milliseconds of every turn of both, by the wall and of the processors, and how many rows,
which must be equal.
"""
import argparse
import os
import sqlite3
import sys
import time

import quiet

QUESTIONS = {
    "a coin's hourly series over all venues": """
        SELECT hour, exchange_id, symbol, mark_price, open_interest_usd, funding_rate_8h FROM tickers
        WHERE asset = 'BTC' AND contract = 'perpetual' ORDER BY hour, exchange_id, symbol""",
    "the latest hour's funding spreads": """
        SELECT asset, max(funding_rate_8h) - min(funding_rate_8h) AS spread, count(*) AS contracts FROM tickers
        WHERE hour = {last} AND contract = 'perpetual' AND funding_rate_8h IS NOT NULL
        GROUP BY asset HAVING count(DISTINCT exchange_id) > 1 ORDER BY spread DESC, asset LIMIT 20""",
    "30 days of market snapshots": """
        SELECT timestamp, composite_score, total_volume, total_oi, funding_rate, sentiment FROM market_snapshots
        WHERE timestamp > {last} - 30 * 86400 ORDER BY timestamp DESC""",
    "the top movers of an hour": """
        SELECT exchange_id, symbol, price_change_24h, volume_usd_24h FROM tickers
        WHERE hour = {last} AND volume_usd_24h > 1e6
        ORDER BY abs(price_change_24h) DESC, exchange_id, symbol LIMIT 20""",
}


def export(warehouse, folder):
    """The two views as Parquet, which DuckDB then shows under their names."""
    os.makedirs(folder, exist_ok=True)
    database = quiet.connect()
    source = sqlite3.connect(warehouse)
    for view in ("tickers", "market_snapshots"):
        rows = source.execute(f"SELECT * FROM {view}")
        path = f"{folder}/{view}.csv"
        with open(path, "w") as file:
            file.write("\x1f".join(column[0] for column in rows.description) + "\n")
            for row in rows:
                file.write("\x1f".join("" if value is None else repr(value) if isinstance(value, float)
                                       else str(value) for value in row) + "\n")
        database.execute(
            f"COPY (SELECT * FROM read_csv('{path}', delim = '\x1f', header = true, quote = ''))"
            f" TO '{folder}/{view}.parquet'")
        os.remove(path)
        database.execute(f"CREATE VIEW {view} AS FROM '{folder}/{view}.parquet'")
    return source, database


def asked(database, sql):
    """Milliseconds of the wall and of the processors, and the rows."""
    start, spent = time.perf_counter(), time.process_time()
    rows = database.execute(sql).fetchall()
    return (1000 * (time.perf_counter() - start), 1000 * (time.process_time() - spent)), rows


def turns(source, parquet, sql, rounds):
    """The times of both in turns, after one of each that is not counted, and the rows of the last ones."""
    ours, theirs = [], []
    for _ in range(rounds + 1):
        time_of_ours, rows = asked(source, sql)
        time_of_theirs, other = asked(parquet, sql)
        ours.append(time_of_ours)
        theirs.append(time_of_theirs)
    return ours[1:], theirs[1:], rows, other


def same(left, right):
    """Whether two results are equal, numbers to a relative 1e-9."""
    def close(one, other):
        if isinstance(one, float) and isinstance(other, (int, float)):
            return abs(one - other) <= 1e-9 * max(abs(one), abs(other))
        return one == other
    return len(left) == len(right) and all(
        len(one) == len(other) and all(map(close, one, other)) for one, other in zip(left, right))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--warehouse", required=True)
    parser.add_argument("--parquet", required=True)
    parser.add_argument("--result", required=True)
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    source, parquet = export(options.warehouse, options.parquet)
    last = source.execute("SELECT max(hour) FROM hour WHERE sealed = 1").fetchone()[0]
    answers = []
    for question, sql in QUESTIONS.items():
        ours, theirs, rows, other = turns(source, parquet, sql.format(last=last), options.rounds)
        if not same(rows, other):
            print(f"queries: {question}: DuckDB answers otherwise", file=sys.stderr)
            sys.exit(65)
        answers.append({"question": question, "sqlite_ms": ours, "duckdb_ms": theirs, "rows": len(rows)})
    quiet.write_result(options.result, answers)


if __name__ == "__main__":
    main()
