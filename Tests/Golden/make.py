#!/usr/bin/env python3
"""Golden files: what `transform` makes of the fixtures.

make.py rewrite --bin .build/release    writes Tests/Golden/<exchange>.ndjson, and the tables of stated.py into their page
make.py compare --bin .build/release    prints how they differ; status 1 when they do

The fixtures of an exchange are packed into one raw file, in the order of Tests/Fixtures/MANIFEST.tsv, and `transform`
runs over it in a temporary folder. A golden file has the staged lines without the hash of the raw file, which depends
on how it was packed, and without the version of the rules: a new version that changes nothing here shows no difference.
"""
import argparse
import datetime
import difflib
import gzip
import hashlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import stated

GOLDEN = pathlib.Path(__file__).resolve().parent
FIXTURES = GOLDEN.parent / "Fixtures"
HOUR = "2026-03-02/10"
ROUND_TRIP_MS = 150
VARYING = re.compile(r'"(raw_sha256|transform_version)":("[^"]*"|[0-9]+),')


def manifest():
    """The rows of the manifest by exchange, in its order."""
    header, *lines = (FIXTURES / "MANIFEST.tsv").read_text(encoding="utf-8").splitlines()
    exchanges = {}
    for line in lines:
        row = dict(zip(header.split("\t"), line.split("\t")))
        exchanges.setdefault(row["exchange"], []).append(row)
    return exchanges


def milliseconds(text):
    """Milliseconds of `2026-03-02T10:00:02.100Z`."""
    return round(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp() * 1000)


def endpoint_and_status(row):
    """`tickers` and 200 of `okx/tickers.json`; an error names its endpoint in the note's first word."""
    name = row["path"].split("/")[1].split(".")[0]
    if not name.startswith("error-http-"):
        return name, 200
    return row["note"].split(":")[0], int(name.split("-")[2])


def raw_line(row):
    """One line of a raw file, as extract would have written it."""
    endpoint, status = endpoint_and_status(row)
    method, url, *body = row["request"].split(" ", 2)
    # A line break never stands inside a JSON string: without them the body is the same JSON on one line.
    answer = (FIXTURES / row["path"]).read_text(encoding="utf-8").replace("\n", "")
    received = milliseconds(row["captured"])
    line = {"exchange": row["exchange"], "endpoint": endpoint, "method": method, "url": url}
    if body:
        line["request_body"] = body[0]
    data = answer.encode()
    line |= {
        "sent_at_ms": received - ROUND_TRIP_MS, "received_at_ms": received, "attempt": 1, "status": status,
        "headers": {}, "wire_bytes": len(data), "body_bytes": len(data),
        "body_sha256": hashlib.sha256(data).hexdigest(),
    }
    return json.dumps(line, ensure_ascii=False)[:-1] + ',"body":' + answer + "}\n"


def staged_lines(exchange, lines, programs, folder):
    """The staged lines of an exchange's raw lines, without what varies."""
    raw = folder / HOUR / f"{exchange}.ndjson.gz"
    raw.parent.mkdir(parents=True, exist_ok=True)
    raw.write_bytes(gzip.compress("".join(lines).encode()))
    output = folder / f"{exchange}.staged.gz"
    subprocess.run([programs / "transform", raw, "-o", output], check=True)
    lines = gzip.decompress(output.read_bytes()).decode().splitlines(keepends=True)
    return [VARYING.sub("", line) for line in lines]


def difference(path, text):
    """Prints how a file differs from what was made now; says whether it does."""
    kept = path.read_text(encoding="utf-8") if path.exists() else ""
    name = path.relative_to(GOLDEN.parent.parent)
    sys.stdout.writelines(difflib.unified_diff(
        kept.splitlines(keepends=True), text.splitlines(keepends=True), f"{name}", f"{name}, made now", n=0))
    return kept != text


def main():
    parser = argparse.ArgumentParser(description="Golden files: what transform makes of the fixtures.")
    parser.add_argument("what", choices=["rewrite", "compare"])
    parser.add_argument("--bin", type=pathlib.Path, required=True, help="the folder of the programs")
    options = parser.parse_args()
    programs = options.bin.resolve()
    raw_lines = {exchange: list(map(raw_line, rows)) for exchange, rows in manifest().items()}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        made = {
            GOLDEN / f"{exchange}.ndjson": "".join(staged_lines(exchange, lines, programs, folder))
            for exchange, lines in raw_lines.items()
        }
        made[stated.PAGE] = stated.page(stated.tables(raw_lines, programs, HOUR, folder))
    if options.what == "rewrite":
        for path, text in made.items():
            path.write_text(text, encoding="utf-8")
        return
    differing = [path for path, text in made.items() if difference(path, text)]
    print(f"{len(made) - len(differing)} passed, {len(differing)} failed")
    if differing:
        sys.exit("golden: read each difference; what is meant is kept by: make golden")


if __name__ == "__main__":
    main()
