"""The history of `make bench`: a line of JSON for each part of each run, and the table that `make bench-history` prints.

Each run adds its lines to .build/bench/history.jsonl, which is of this checkout alone. KEEP=1 copies the latest run of each
part to Tests/Benchmarks/history.jsonl, which is committed, so that an earlier machine's figures are not lost with it.
"""
import datetime
import json
import os
import sys

import frame
import machine

OWN = f"{frame.WORK}/history.jsonl"
COMMITTED = "Tests/Benchmarks/history.jsonl"
COLUMNS = 6


def row(part, figures, days, rounds, exchanges, packages):
    """One part of one run; days and exchanges are None where the part asks for none."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return {"at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "commit": machine.commit(), "part": part, "days": days,
            "rounds": rounds, "exchanges": exchanges, "machine": machine.describe(),
            "versions": machine.versions(packages), "figures": figures}


FIELDS = {"at": str, "part": str, "machine": dict, "versions": dict, "figures": dict}


def is_row(one):
    """Whether a line is what this program writes: a run that is killed may leave half of one, and an editor anything."""
    return (isinstance(one, dict) and all(isinstance(one.get(name), kind) for name, kind in FIELDS.items())
            and {"commit", "days", "rounds", "exchanges"} <= one.keys()
            and {"processor", "cores", "memory_gb", "system"} <= one["machine"].keys()
            and all(value is None or isinstance(value, (int, float)) for value in one["figures"].values()))


def read(path):
    """The rows of a file, none where there is no file; a damaged line is none either, and is told."""
    rows = []
    if not os.path.exists(path):
        return rows
    with open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            try:
                one = json.loads(line)
            except ValueError:  # also bytes that are no UTF-8
                one = None
            if is_row(one):
                rows.append(one)
            elif line.strip():
                print(f"bench: {path}: line {number} is no run and is passed over", file=sys.stderr)
    return rows


def text_of(rows):
    return "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows)


def add(path, new):
    """Writes one line, behind a line break where the last one has none."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "a+b") as file:
        if file.seek(0, os.SEEK_END):
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(text_of([new]).encode())


def group_of(one):
    return one["part"], one["days"], one["exchanges"]


def merged(*files):
    """The rows of all files in the order of time, each once."""
    unique = {(one["at"], *map(str, group_of(one))): one for rows in files for one in rows}
    return [unique[key] for key in sorted(unique)]


def latest(rows):
    """The last run of each part, days and exchanges."""
    return list({group_of(one): one for one in rows}.values())


def keep():
    """Copies the latest rows of this checkout to the committed file, which appears whole."""
    old, own = read(COMMITTED), read(OWN)
    if not own:
        sys.exit("bench: there is no run of this checkout to keep: make bench, or make bench ONLY=hour")
    rows = merged(old, latest(own))
    with open(COMMITTED + ".part", "w") as file:
        file.write(text_of(rows))
    os.rename(COMMITTED + ".part", COMMITTED)
    print(f"bench: {COMMITTED} has {len(rows) - len(old)} more rows, {len(rows)} together")


# MARK: - The table

def places(rows):
    """Letters for all that a run depends on beside the code: `{text: letter}`, in the order of time."""
    letters = {}
    for one in rows:
        letters.setdefault(place_of(one), chr(ord("A") + len(letters) % 26) + "'" * (len(letters) // 26))
    return letters


def place_of(one):
    where = one["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in one["versions"].items())
    cores = frame.counted(where["cores"], "core")
    return f"{where['processor']}, {cores}, {where['memory_gb']:g} GB, {where['system']}; {versions}"


def number(value):
    if value is None:
        return "-"
    # What .3g would round up to 1000 has a whole number's digits as well, not an exponent.
    return f"{value:.0f}" if abs(value) >= 999.5 else f"{value:.3g}"


def table(rows):
    """The lines of the table: a block for each part, a row a figure, a column a run, the newest last."""
    letters = places(rows)
    for group in sorted({group_of(one) for one in rows}, key=str):
        runs = [one for one in rows if group_of(one) == group][-COLUMNS:]
        part, *counts = group
        extent = ", ".join(frame.counted(count, word) for count, word in zip(counts, ("day", "exchange")) if count is not None)
        yield f"{part}: {extent}" if extent else part
        names = list(dict.fromkeys(name for one in runs for name in one["figures"]))
        width = max(map(len, [*names, "machine"]))
        for head, cell in (("", lambda one: one["at"][:10]), ("commit", lambda one: one["commit"] or "-"),
                           ("rounds", lambda one: str(one["rounds"])), ("machine", lambda one: letters[place_of(one)])):
            yield "  " + " ".join([f"{head:{width}}", *(f"{cell(one):>10}" for one in runs)])
        for name in names:
            yield "  " + " ".join([f"{name:{width}}", *(f"{number(one['figures'].get(name)):>10}" for one in runs)])
        yield ""
    for text, letter in letters.items():
        yield f"{letter}  {text}"


def main():
    if os.environ.get("KEEP"):
        keep()
        return
    rows = merged(read(COMMITTED), read(OWN))
    if not rows:
        sys.exit("bench: there is no run yet: make bench, or make bench ONLY=hour")
    print("\n".join(table(rows)))


if __name__ == "__main__":
    main()
