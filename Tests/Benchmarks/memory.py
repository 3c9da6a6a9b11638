"""Whether the memory of `reprocess` is flat: its peak on the first day, on the first two, and on all DAYS of them.

Behind the second day nothing more may stay in memory, however long the archive is.
"""
import os
import shutil

import frame
from frame import Run, folder, say


def peak(raw, days, top):
    """Megabytes that the first days take, two jobs."""
    os.makedirs(f"{top}/{days}/raw")
    for day in sorted(os.listdir(raw))[:days]:
        os.symlink(os.path.abspath(f"{raw}/{day}"), f"{top}/{days}/raw/{day}")
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
