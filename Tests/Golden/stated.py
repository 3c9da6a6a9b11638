"""Which figures each exchange states, which are computed, and which are missing: two tables, worked out from the fixtures.

A figure of a ticker is stated when the number under one name in the responses decides it, computed when several do or none
does. To find out, the numbers under one name are changed, in all responses of an exchange, and `transform` runs again: what
differs afterwards depends on that name. A name whose change makes a ticker or a figure vanish is an identifier or a state,
and counts for nothing.
"""
import collections
import datetime
import decimal
import gzip
import json
import pathlib
import re
import subprocess

PAGE = pathlib.Path(__file__).resolve().parents[2] / "pipeline/docs/exchanges/README.md"
BEGIN, END = "<!-- begin: written by make golden -->\n", "<!-- end -->\n"

# The columns: the field of a ticker, and its head. A head that is None is left out.
PRICES_AND_SIZES = {
    "last_price": "last", "mark_price": "mark", "index_price": "index", "bid_price": "bid", "ask_price": "ask",
    "volume_base_24h": "volume, coins", "volume_usd_24h": "volume, $", "open_interest_contracts": "OI, contracts",
    "open_interest_base": "OI, coins", "open_interest_usd": "OI, $",
}
FUNDING_AND_OTHERS = {
    "funding_rate": "rate", "funding_interval_hours": "interval", "next_funding_at_ms": "next", "funding_rate_8h": None,
    "price_change_24h": "change", "trades_24h": "trades", "observed_at_ms": "time",
}
# Further columns of the second table: the kind of record, and its head.
RECORDS = {
    "long_short": "long/short", "funding_settlement": "settlements", "liquidation": "liquidations", "spot_ticker": "spot",
}
CONTRACT = {"record", "exchange", "hour", "symbol", "asset", "kind", "contract", "quote"}

# A name; or a number, in quotes or not, with a unit or not: 8, "0.0001", "3600s", "1.5%"; or a time in quotes.
TOKEN = re.compile(
    r'(?P<name>"(?:[^"\\]|\\.)*")\s*:'
    r'|"(?P<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[^"]*"'
    r'|(?<=[\s:,\[])"?(?P<number>-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)[a-z%]?"?(?=[\s,\]}])'
    r'|"(?:[^"\\]|\\.)*"')
# A number with so many digits is a time of this unit.
UNITS_PER_MINUTE = {10: 60, 13: 60_000, 16: 60_000_000, 19: 60_000_000_000}


def changed_time(text):
    """A minute later."""
    return (datetime.datetime.fromisoformat(text) + datetime.timedelta(minutes=1)).isoformat()


def changed_number(text):
    """Twice the number; a time a minute later."""
    if text[0] in "12" and text.isdigit() and len(text) in UNITS_PER_MINUTE:
        return str(int(text) + UNITS_PER_MINUTE[len(text)])
    return format(decimal.Decimal(text) * 2, "f")


def numbers(line):
    """Where the body of a raw line has numbers and times: name, start, end, what to write in place of it."""
    found, name = [], ""
    for token in TOKEN.finditer(line, line.index(',"body":') + 1):
        if token["name"]:
            name = token["name"]
        elif token["number"]:
            found.append((name, *token.span("number"), changed_number(token["number"])))
        elif token["time"]:
            found.append((name, *token.span("time"), changed_time(token["time"])))
    return found


def with_change(line, found, name):
    """The line with other numbers under a name."""
    pieces, position = [], 0
    for other, start, end, text in found:
        if other == name:
            pieces += [line[position:start], text]
            position = end
    return "".join(pieces) + line[position:]


def variants(lines):
    """The raw lines as they are, then once for each name with other numbers under it."""
    found = [numbers(line) for line in lines]
    names = sorted({name for each in found for name, *_ in each})
    return [lines] + [[with_change(*pair, name) for pair in zip(lines, found)] for name in names]


def records(path):
    """The records of a staged file."""
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).decode().splitlines()]


def figures(staged):
    """The figures of all tickers, by symbol and field."""
    return {
        (ticker["symbol"], field): value
        for ticker in staged if ticker["record"] == "ticker"
        for field, value in ticker.items() if field not in CONTRACT
    }


def classified(versions):
    """The letters of each field and kind of record of an exchange, from its staged records: as they are, and changed."""
    plain, *changed = map(figures, versions)
    sources = collections.Counter()
    for other in changed:
        if plain.keys() <= other.keys():
            sources.update(figure for figure in plain if other[figure] != plain[figure])
    letters = collections.defaultdict(set)
    for figure, value in plain.items():
        if value != 0 or sources[figure]:  # twice zero is zero, and tells of no source
            letters[figure[1]].add("s" if sources[figure] == 1 else "c")
    for record in versions[0]:
        if record["record"] in RECORDS:
            letters[record["record"]].add("s")
    return {column: "".join(sorted(each, reverse=True)) for column, each in letters.items()}


def table(columns, cells):
    """A table of Markdown, one row per exchange."""
    shown = {column: head for column, head in columns.items() if head}
    rows = [["exchange", *shown.values()], ["---"] + [":-:"] * len(shown)]
    for exchange, letters in cells.items():
        rows.append([f"[{exchange}]({exchange}.md)"] + [letters.get(column, "·") for column in shown])
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def tables(raw_lines, programs, hour, folder):
    """The two tables.

    raw_lines: the lines of each exchange's raw file. hour: `2026-03-02/10`. folder: where files may be written.
    """
    counts = {}
    for exchange, lines in raw_lines.items():
        for number, version in enumerate(variants(lines)):
            raw = folder / f"raw{number}" / hour / f"{exchange}.ndjson.gz"
            raw.parent.mkdir(parents=True, exist_ok=True)
            raw.write_bytes(gzip.compress("".join(version).encode(), 1))
            counts[exchange] = number + 1
    for number in range(max(counts.values())):
        subprocess.run(
            [programs / "transform", "--hour", hour.replace("/", "T"), "--raw", folder / f"raw{number}",
             "--staged", folder / f"staged{number}"], check=True, capture_output=True)
    cells = {
        exchange: classified([records(folder / f"staged{n}" / hour / f"{exchange}.ndjson.gz") for n in range(count)])
        for exchange, count in counts.items()
    }
    columns = PRICES_AND_SIZES | FUNDING_AND_OTHERS | RECORDS
    unknown = {column for letters in cells.values() for column in letters} - columns.keys()
    if unknown:
        raise SystemExit(f"golden: stated.py has no column for {', '.join(sorted(unknown))}")
    return table(PRICES_AND_SIZES, cells) + "\n" + table(FUNDING_AND_OTHERS | RECORDS, cells)


def page(made):
    """The page of exchanges with these tables between the marks."""
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    return before + BEGIN + "\n" + made + "\n" + END + rest.split(END, 1)[1]
