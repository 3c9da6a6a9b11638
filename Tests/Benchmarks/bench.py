#!/usr/bin/env python3
"""`make bench`: what we do against its peers and its limit, on a simulated archive of full markets.

Without ONLY all usual parts run, on the first eight exchanges, which the peers can read; ONLY=hour,page runs these parts, on all
exchanges where no peer is among them. DAYS (4) days are made once and kept in .build/bench. PEER=7a4a420 takes that commit of
this project as a peer as well. A part or a candidate that fails is said at once, and the others go on: the run ends with 1 then,
with 65 where one made something else than ours, and with 64 where what was asked for makes no sense.

A part is a module of this folder with a function `main()`, which prints its table, raises `frame.Failure` or ends with a status
where it cannot, and returns figures by name for the history, or None. A new one is a line of PARTS.
"""
import importlib
import os
import subprocess
import sys
import traceback

import frame
import history
from frame import USAGE, Failure, complain

# Name: module, whether it runs without ONLY, and what it measures.
PARTS = {
    "jobs": ("others", True, "raw to warehouse and raw to staged, two jobs against one"),
    "python": ("others", True, "raw to warehouse and raw to staged against Python"),
    "duckdb": ("others", True, "raw to tickers against DuckDB"),
    "limit": ("others", True, "raw to warehouse against what the libraries alone take"),
    "stages": ("others", True, "each stage alone, on one core"),
    "questions": ("others", True, "four questions of traders, SQLite against DuckDB on Parquet"),
    "memory": ("memory", True, "whether the peak of raw to warehouse is flat"),
    "start": ("start", True, "programs that do nothing"),
    "hour": ("hour", True, "loading and sealing an hour behind DAYS days against behind nothing"),
    "page": ("page", True, "all pages anew and again, and their size"),
    "explain": ("explain", True, "explaining numbers of the last day down to their bytes"),
    "peer": ("earlier", False, "an earlier commit, PEER"),
    "backfill": ("backfill", False, "a year (DAYS) of hourly history of 400 contracts"),
    "lake": ("lake", False, "30 DAYS into the lake, and six questions of SQLite, the lake and DuckDB's own table"),
}


def chosen(only, peer):
    """The parts that a run has, in the order of the table."""
    names = [name.strip() for name in (only or "").split(",") if name.strip()]
    for name in names:
        if name not in PARTS:
            raise Failure(f"'{name}' is no part: {', '.join(PARTS)}", USAGE)
    if "peer" in names and not peer:
        raise Failure("ONLY=peer goes with PEER=<commit>", USAGE)
    if names and peer and "peer" not in names:
        raise Failure(f"PEER={peer} goes with ONLY=peer, or without ONLY", USAGE)
    if names:
        return [name for name in PARTS if name in names]
    return [name for name, (_, is_usual, _) in PARTS.items() if is_usual or name == "peer" and peer]


def modules(parts):
    """The modules of the parts, each once: `{module: its parts}`."""
    found = {}
    for part in parts:
        found.setdefault(PARTS[part][0], []).append(part)
    return found


def run(module, parts):
    """The figures of one module; what goes wrong in it costs no other part."""
    name = ", ".join(parts)
    try:
        return importlib.import_module(module).main()
    except Failure as failure:
        complain(f"{name}: {failure}", failure.status)
    except (OSError, subprocess.CalledProcessError) as error:
        complain(f"{name}: {error}")
    except SystemExit as end:
        if not isinstance(end.code, int) or end.code > 128:
            raise
        if end.code:
            complain(f"{name} ended with {end.code}", end.code)
    except Exception as error:
        traceback.print_exc()
        complain(f"{name}: {type(error).__name__}: {error}")
    return None


def extent(module):
    """Days, rounds and exchanges that the figures of a module are of; None where it asks for none."""
    if module == "start":
        return None, importlib.import_module(module).TIMES, None
    if module == "backfill":
        return frame.asked("DAYS", 365), frame.asked("ROUNDS", 1), 1
    if module == "lake":
        return frame.asked("DAYS", 30), frame.asked("ROUNDS", 3), len(frame.exchanges_of("."))
    return frame.asked("DAYS", 4), 1 if module == "memory" else frame.asked("ROUNDS", 3), len(frame.exchanges())


def title_of(module, parts):
    """What a module is called in the history."""
    if module == "backfill" and frame.asked("CONTRACTS", 400) != 400:
        return f"backfill of {frame.counted(frame.asked('CONTRACTS', 400), 'contract')}"
    return module if module == "others" else parts[0]


def keep(module, parts, figures):
    """Adds what was measured to the history of this checkout."""
    requirements = getattr(importlib.import_module(module), "REQUIREMENTS", None)
    packages = frame.pinned(requirements) if requirements else {}
    history.add(history.OWN, history.row(title_of(module, parts), figures, *extent(module), packages))


def main():
    try:
        peer = os.environ.get("PEER")
        frame.chosen_parts[:] = chosen(os.environ.get("ONLY"), peer)
        frame.asked("DAYS", 4), frame.asked("ROUNDS", 3)
        if "peer" in frame.chosen_parts:
            importlib.import_module("earlier").commit_of(peer)
        lock = frame.begin()  # held until the end
    except Failure as failure:
        complain(str(failure), failure.status)
        return failure.status
    for number, (module, parts) in enumerate(modules(frame.chosen_parts).items()):
        if number:
            print()
        figures = run(module, parts)
        if figures:
            keep(module, parts, figures)
        sys.stdout.flush()
    lock.close()
    return frame.exit_status()


if __name__ == "__main__":
    sys.exit(main())
