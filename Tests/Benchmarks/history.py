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
    """One part of one run."""
    now = datetime.datetime.now(datetime.timezone.utc)
    return {"at": now.strftime("%Y-%m-%dT%H:%M:%SZ"), "commit": machine.commit(), "part": part, "days": days,
            "rounds": rounds, "exchanges": exchanges, "machine": machine.describe(),
            "versions": machine.versions(packages), "figures": figures}


def read(path):
    """The rows of a file; a line that a killed run left half written is none."""
    rows = []
    if os.path.exists(path):
        with open(path) as file:
            for line in file:
                try:
                    rows.append(json.loads(line))
                except ValueError:
                    pass
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
    unique = {(one["at"], group_of(one)): one for rows in files for one in rows}
    return [unique[key] for key in sorted(unique, key=str)]


def latest(rows):
    """The last run of each part, days and exchanges."""
    return list({group_of(one): one for one in rows}.values())


def keep():
    """Copies the latest rows of this checkout to the committed file, which appears whole."""
    old = read(COMMITTED)
    rows = merged(old, latest(read(OWN)))
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
    return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3g}"


def table(rows):
    """The lines of the table: a block for each part, a row a figure, a column a run, the newest last."""
    letters = places(rows)
    for group in sorted({group_of(one) for one in rows}, key=str):
        runs = [one for one in rows if group_of(one) == group][-COLUMNS:]
        part, days, exchanges = group
        yield f"{part}: {frame.counted(days, 'day')}, {frame.counted(exchanges, 'exchange')}"
        names = list(dict.fromkeys(name for one in runs for name in one["figures"]))
        width = max(map(len, names), default=0)
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
