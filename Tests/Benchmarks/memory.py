"""Whether the memory of `reprocess` is flat: its peak on the first day, on the first two, and on all DAYS of them.

Behind the second day nothing more may stay in memory, however long the archive is.
"""
import os
import shutil

import frame
from frame import Run, folder, say


def link_days(raw, days, target):
    """The first days of an archive by links, with the mark that says that it is simulated, which is no day."""
    os.makedirs(target)
    names = sorted(os.listdir(raw))
    for name in [name for name in names if name[0] == "."] + [name for name in names if name[0] != "."][:days]:
        os.symlink(os.path.abspath(f"{raw}/{name}"), f"{target}/{name}")


def peak(raw, days, top):
    """Megabytes that the first days take, two jobs."""
    link_days(raw, days, f"{top}/{days}/raw")
    say(f"memory of {frame.counted(days, 'day')}")
    megabytes = Run(frame.reprocess(f"{top}/{days}/raw", f"{top}/{days}")).megabytes
    shutil.rmtree(f"{top}/{days}")
    return megabytes


def main():
    archive, top = frame.archive(), folder("memory")
    peaks = {days: peak(archive.raw, days, top) for days in sorted({1, 2, archive.days}) if days <= archive.days}
    print(f"Peak memory of raw to warehouse, {frame.counted(len(archive.exchanges), 'exchange')}: " + ", ".join(
        f"{megabytes:.0f} MB of {frame.counted(days, 'day')}" for days, megabytes in peaks.items()))
    if archive.days > 2:
        print(f"  all / two days     {peaks[archive.days] / peaks[2]:8.2f}")
    return {f"MB of {frame.counted(days, 'day')}": round(megabytes) for days, megabytes in peaks.items()}
