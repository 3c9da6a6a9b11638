#!/usr/bin/env python3
"""The tables of the warehouse by what they hold, as a picture: tables.py MIGRATIONS > PICTURE. The migrations are run in a
database in memory; what a row of a table is stands above it as `-- Grain:`."""

import pathlib
import re
import sqlite3
import sys

import svg

GROUPS = [  # by the migration that made the first tables of a kind
    ("0002_ledger", "Ledger", "what was asked, came, was loaded", "#ddf4ff"),
    ("0003_facts", "Facts", "what the exchanges said", "#fff8c5"),
    ("0004_summary", "Summaries", "made when an hour is sealed", "#dafbe1"),
    ("0005_kept", "Kept", "what no rebuild touches", "#ffebe9"),
    ("0001_reference", "Reference", "what the others point to", "#eaeef2"),
]
# Tables that a later migration added, and whose name does not say their kind.
LATER = {"known_class": "0005_kept", "stream_hour": "0002_ledger", "stream_gap": "0002_ledger",
         "stream_liquidation": "0003_facts", "stream_rejection": "0003_facts", "history_file": "0002_ledger",
         "history_span": "0002_ledger", "history_contract": "0001_reference", "candle": "0003_facts",
         "open_interest": "0003_facts", "history_settlement": "0003_facts", "history_long_short": "0003_facts",
         "history_liquidation": "0003_facts", "history_rejection": "0003_facts", "funding_interval": "0004_summary",
         "funding_interval_due": "0004_summary", "reconstructed_hour": "0004_summary",
         "reconstruction_due": "0004_summary", "series_hour": "0004_summary", "trend_hour": "0004_summary",
         "sustained_hour": "0004_summary", "volatility_hour": "0004_summary", "volatility_event": "0004_summary",
         "trend_due": "0004_summary", "hour_hash": "0004_summary", "funding_forecast": "0004_summary", "forecast_due": "0004_summary",
         "forecast_checkpoint": "0004_summary", "forecast_state": "0004_summary", "forecast_lesson": "0004_summary",
         "forecast_issued": "0005_kept", "alert_outcome": "0004_summary",
         "outcome_progress": "0004_summary", "weight_proposal": "0005_kept"}
LATER |= {f"backtest_{name}": "0005_kept" for name in ("run", "event", "trade", "hour", "metric", "trial")}
KEPT = {"load_log", "setting"}  # kept as well, and drawn with their like
WIDTH, HEIGHT, GAP, LEFT, TOP = 222, 44, 8, 18, 74


def tables(folder):
    """Every table of the newest schema with its grain, its number of columns and the migration that made it."""
    database = sqlite3.connect(":memory:")
    made, grains = {}, {}
    for path in sorted(folder.glob("*.sql")):
        text = path.read_text()
        for grain, name in re.findall(r"-- Grain: ([^\n]*(?:\n--[^\n]*)*)\nCREATE TABLE (\w+)", text):
            name = re.sub(r"_(with_class|as_sent)$", "", name)
            grains[name] = re.split(r"[.;]", grain.split("\n")[0])[0]
        database.executescript(text)
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"):
            made.setdefault(name, path.stem)
    now = [name for (name,) in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY rowid")]
    return [(name, grains.get(name, ""), len(list(database.execute(f"PRAGMA table_info({name})"))), made[name]) for name in now]


def group(name, migration):
    if name in LATER:
        return LATER[name]
    return "0004_summary" if name.endswith("_summary") else migration


def main(folder):
    columns = {key: [] for key, *_ in GROUPS}
    for name, grain, count, migration in tables(pathlib.Path(folder)):
        columns[group(name, migration)].append((name, grain, count))
    shapes, deepest = [], 0
    for at, (key, title, about, fill) in enumerate(GROUPS):
        x = LEFT + at * (WIDTH + 22)
        shapes += [svg.text(x, 30, title, 16, weight="600"), svg.text(x, 50, about, 11.5, svg.QUIET)]
        for row, (name, grain, count) in enumerate(columns[key]):
            y = TOP + row * (HEIGHT + GAP)
            deepest = max(deepest, y + HEIGHT)
            shapes += [svg.box(x, y, WIDTH, HEIGHT, fill), svg.text(x + 9, y + 18, name, 12, weight="600", font=svg.MONO),
                       svg.text(x + WIDTH - 9, y + 18, str(count), 11, svg.QUIET, "end"),
                       svg.text(x + 9, y + 35, shortened(grain), 11, svg.QUIET)]
    shapes.append(svg.text(LEFT, deepest + 28, "A row per: the small line. The number: columns. Kept as well: "
                           + ", ".join(sorted(KEPT)) + ".", 12, svg.QUIET))
    print(svg.picture(2 * LEFT + 5 * WIDTH + 4 * 22, deepest + 44, "The tables of the warehouse", shapes), end="")


def shortened(grain):
    return grain if len(grain) <= 34 else grain[:33] + "…"


if __name__ == "__main__":
    main(sys.argv[1])
