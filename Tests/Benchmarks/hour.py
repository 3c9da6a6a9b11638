"""What loading and sealing one more hour costs behind DAYS days of all exchanges, against behind nothing: in turns.

Behind nothing is a warehouse that has the hour before and no other. Sealing looks back on trends, forecasts and outcomes, so the
alerts of the days are there as well: each hour of the last day was alerted as `make hourly` does. The same hours go into both.
"""
import os
import shutil

import frame
from frame import BIN, Run, compared, folder, say

TURNS_A_ROUND = 8
ALERTED_HOURS = 24


def load(hour, raw, database):
    os.makedirs(os.path.dirname(database), exist_ok=True)
    return Run([f"{BIN}/load", "--hour", hour, "--raw", f"{raw}/raw", "--staged", f"{raw}/staged", "--warehouse", database])


def stage_hours(archive, hours, top):
    archive.simulate(f"{top}/raw", hours[0], hours[-1])
    Run([f"{BIN}/transform", "--from", hours[0], "--to", hours[-1], "--raw", f"{top}/raw", "--staged", f"{top}/staged"])


def alert(archive, database):
    for hour in archive.hours()[-ALERTED_HOURS:]:
        Run([f"{BIN}/alert", "--hour", hour, "--warehouse", database, "--now", f"{hour}:59:00Z"],
            {"DISCORD_WEBHOOK_URL": ""})


def turns(hours, top, long):
    """Runs behind nothing and behind the archive; each goes first in every other turn."""
    new, old = [], []
    load(hours[0], top, long)
    for place, (before, hour) in enumerate(zip(hours, hours[1:])):
        short = f"{top}/{hour}/m.db"
        load(before, top, short)  # makes the tables, which is not what is asked
        for database, runs in ((short, new), (long, old))[::1 if place % 2 else -1]:
            say(f"{hour} into {'the archive' if runs is old else 'nothing'}")
            runs.append(load(hour, top, database))
        shutil.rmtree(os.path.dirname(short))
    return new, old


def main():
    archive, rounds = frame.archive(), frame.asked("ROUNDS", 3)
    top = folder("hour")
    long = f"{top}/long/m.db"
    os.makedirs(os.path.dirname(long))
    shutil.copy(frame.warehouse(), long)
    alert(archive, long)
    hours = archive.next_hours(1 + TURNS_A_ROUND * rounds)
    stage_hours(archive, hours, top)
    new, old = turns(hours, top, long)
    days = frame.counted(archive.days, "day")
    rows = [compared("hour behind days / nothing", f"{days} of {len(archive.exchanges)} exchanges", old, new)]
    print(f"One hour of {frame.counted(len(archive.exchanges), 'exchange')}: medians of {len(new)}\n")
    frame.print_ratios(rows, 28)
    print(f"\n  {'':28} {'ms':>7} {'CPU ms':>7} {'peak MB':>8}")
    for name, runs in (("behind nothing", new), (f"behind {days}", old)):
        print(f"  {name:28} {1000 * frame.middle(runs, 'seconds'):7.0f} {1000 * frame.middle(runs, 'cpu'):7.0f} "
              f"{max(run.megabytes for run in runs):8.0f}")
    shutil.rmtree(top)
    return frame.figures_of(rows) | {
        "behind nothing, CPU ms": round(1000 * frame.middle(new, "cpu"), 1),
        "behind days, CPU ms": round(1000 * frame.middle(old, "cpu"), 1)}
