"""The manifest of the lake: which hours it holds, with the hash of the content of each, and the files of each month."""
import calendar
import hashlib
import json
import os
import time
from pathlib import Path

VERSION = 1
HOUR = 3600
NAME = "manifest.json"


def empty():
    return {"version": VERSION, "months": {}}


def read(lake):
    """The manifest of a lake; an empty one where there is none."""
    path = Path(lake) / NAME
    if not path.exists():
        return empty()
    manifest = json.loads(path.read_text())
    if manifest.get("version") != VERSION:
        raise ValueError(f"{path}: version {manifest.get('version')} is not {VERSION}, which this program reads")
    return manifest


def hours_of(manifest, month):
    """The hash of the content of each hour that the lake holds of a month."""
    return {int(hour): content for hour, content in manifest["months"].get(month, {}).get("hours", {}).items()}


def all_hours(manifest):
    return {hour: content for month in manifest["months"] for hour, content in hours_of(manifest, month).items()}


def month_of(hour):
    """2025-10, of an hour in epoch seconds."""
    return time.strftime("%Y-%m", time.gmtime(hour))


def span_of(month):
    """The first and the last hour of a month."""
    year, number = map(int, month.split("-"))
    first = calendar.timegm((year, number, 1, 0, 0, 0))
    return first, first + calendar.monthrange(year, number)[1] * 24 * HOUR - HOUR


def months_of(first, last):
    """The months of a span of hours, ascending."""
    months = []
    hour = span_of(month_of(first))[0]
    while hour <= last:
        months.append(month_of(hour))
        hour = span_of(months[-1])[1] + HOUR
    return months


def file_of(lake, view, month):
    return Path(lake) / view / f"month={month}" / "part.parquet"


def footer(path):
    """A short hash of what a Parquet file says of itself at its end."""
    return hashlib.sha256(end(path)).hexdigest()[:32]


def end(path):
    """What a Parquet file says of itself at its end: which columns it has, where they lie, and their bounds."""
    with open(path, "rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - 8))
        length = int.from_bytes(file.read(4), "little")
        file.seek(max(0, size - 8 - length))
        return file.read()


def has_column(path, name):
    """Whether a Parquet file has a column with a name that no other text of its end contains."""
    return name.encode() in end(path)


def of_file(path, rows):
    """What the manifest says of a file."""
    with open(path, "rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return {"rows": rows, "bytes": os.path.getsize(path), "sha256": content, "footer": footer(path)}


def sync(path):
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


def put(temporary, path):
    """Gives a complete file its name, for good."""
    sync(temporary)
    os.rename(temporary, path)
    sync(Path(path).parent)


def write(lake, manifest):
    """Replaces the manifest, whole or not at all."""
    path = Path(lake) / NAME
    temporary = path.with_name(f".{NAME}.part")
    temporary.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    put(temporary, path)
