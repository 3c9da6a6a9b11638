"""The manifest of the lake: which hours it holds, with the hash of the content of each, and the files of each month."""
import hashlib
import json
import os
import time
from datetime import datetime, timezone
from pathlib import Path

VERSION = 1
HOUR = 3600
NAME = "manifest.json"
# What the manifest becomes once the files have their names.
NEXT = "manifest.next.json"


def empty():
    return {"version": VERSION, "months": {}}


def read(lake, name=NAME):
    """The manifest of a lake; an empty one where there is none."""
    path = Path(lake) / name
    if not path.exists():
        return empty()
    try:
        manifest = json.loads(path.read_text())
    except ValueError as error:
        raise ValueError(f"{path}: is no manifest of a lake: {error}")
    if not isinstance(manifest, dict) or manifest.get("version") != VERSION:
        version = manifest.get("version") if isinstance(manifest, dict) else None
        raise ValueError(f"{path}: version {version} is not {VERSION}, which this program reads")
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
    first, following = (datetime(*start, 1, tzinfo=timezone.utc).timestamp()
                        for start in ((year, number), (year + number // 12, number % 12 + 1)))
    return int(first), int(following) - HOUR


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
    return {"rows": rows, "bytes": os.path.getsize(path), "sha256": content_of(path), "footer": footer(path)}


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


def files(lake):
    """The Parquet files of a lake, whatever its manifest says."""
    return sorted(Path(lake).glob("*/month=*/part.parquet"))


def is_sound(lake, manifests, view, month):
    """Whether a file has the bytes that one of the manifests names: the present one, or the next one of a run that was killed."""
    path = file_of(lake, view, month)
    named = [entry for entry in (one["months"].get(month, {}).get("views", {}).get(view) for one in manifests) if entry]
    return path.exists() and any(entry["bytes"] == path.stat().st_size for entry in named) and content_of(path) in {
        entry["sha256"] for entry in named}


def content_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(lake, manifest, name=NAME):
    """Replaces the manifest, whole or not at all."""
    path = Path(lake) / name
    temporary = path.with_name(f".{name}.part")
    temporary.write_text(json.dumps(manifest, indent=1, sort_keys=True) + "\n")
    put(temporary, path)
