"""What `page` costs on DAYS days of all exchanges: all pages anew, and again when nothing has changed; and their size."""
import glob
import os
import shutil

import frame
from frame import BIN, Run, compared, folder, say


def pages(database, output):
    return Run([f"{BIN}/page", "--warehouse", database, "--output", output])


def main():
    archive, rounds = frame.archive(), frame.asked("ROUNDS", 3)
    database, top = frame.warehouse(), folder("page")
    anew, again = [], []
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}: pages")
        anew.append(pages(database, f"{top}/{number}"))
        again.append(pages(database, f"{top}/{number}"))
    files = [path for path in glob.glob(f"{top}/0/**", recursive=True) if os.path.isfile(path)]
    size = sum(map(os.path.getsize, files))
    rows = [compared("unchanged / anew", "", again, anew)]
    print(f"Pages of {archive.title()}: {len(files)} files, {size / 1e6:.1f} MB; medians of {rounds}\n")
    frame.print_ratios(rows)
    print(f"\n  {'':22} {'seconds':>8} {'CPU s':>7} {'peak MB':>8}")
    for name, runs in (("anew", anew), ("unchanged", again)):
        print(f"  {name:22} {frame.middle(runs, 'seconds'):8.2f} {frame.middle(runs, 'cpu'):7.2f} "
              f"{max(run.megabytes for run in runs):8.0f}")
    shutil.rmtree(top)
    return frame.figures_of(rows) | {
        "anew, s": round(frame.middle(anew, "seconds"), 3), "anew, CPU s": round(frame.middle(anew, "cpu"), 3),
        "files": len(files), "MB": round(size / 1e6, 2)}
