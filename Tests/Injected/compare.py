"""What stands in a folder, as bytes of files and rows of tables; shares no code with the programs."""
import hashlib, marshal, os, sqlite3
from pathlib import Path

DATABASE = "warehouse/market_history.db"
ENDS = ("", "-wal", "-journal")  # of a database's files, as far as they hold rows

def digest(path, known={}):
    """Of a file's bytes; a linked one, which is the same in all folders, is read once."""
    stat = path.stat()
    key = (stat.st_ino, stat.st_size, stat.st_mtime_ns)
    if stat.st_nlink == 1 or key not in known:
        known[key] = (f"{stat.st_size} bytes", hashlib.sha256(path.read_bytes()).hexdigest()[:16])
    return known[key]


def tables(path, scratch, known={}):
    """Rows of each table by natural key, counted and hashed, read from a copy: the file is left as it was."""
    bytes = tuple(Path(f"{path}{end}").read_bytes() if os.path.exists(f"{path}{end}") else b"" for end in ENDS)
    key = hashlib.sha256(b"\n".join(bytes)).digest()
    if key not in known:
        for end, content in zip(ENDS, bytes):
            if content:
                Path(f"{scratch}{end}").write_bytes(content)
        known[key] = rows(scratch)
        for end in (*ENDS, "-shm"):
            Path(f"{scratch}{end}").unlink(missing_ok=True)
    return known[key]


def rows(scratch):
    database = sqlite3.connect(scratch)
    database.text_factory = lambda text: text.decode(errors="backslashreplace")  # a damaged one may hold anything
    try:
        names = [name for name, in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {}
        for name in names:
            if name in ("listing", "outcome_progress", "sqlite_stat1"):
                continue  # numbers in the order of arrival, and how far they were looked at
            columns = [row[1] for row in database.execute(f"PRAGMA table_info({name})")]
            columns = [column for column in columns if column not in ("load_id", "loaded_at_ms")]
            source = f"{name} JOIN listing USING (listing_id)" if name == "ticker" else name
            if name == "ticker":
                keys = "exchange_id symbol asset asset_class class_stated quote kind contract unit_multiplier".split()
                columns = keys + [column for column in columns if column != "listing_id"]
            # A file that is loaded once more, as by --force, is logged once more.
            distinct = "DISTINCT" if name == "load_log" else ""
            order = ", ".join(str(place + 1) for place in range(len(columns)))
            all = database.execute(f"SELECT {distinct} {', '.join(columns)} FROM {source} ORDER BY {order}").fetchall()
            found[name] = (f"{len(all)} rows", hashlib.sha256(marshal.dumps(all, 2)).hexdigest()[:16])
        sound = database.execute("PRAGMA integrity_check").fetchall()
        if sound != [("ok",)] or database.execute("PRAGMA foreign_key_check").fetchall():
            found["integrity"] = ("unsound", repr(sound)[:200])
        return found
    except sqlite3.Error as error:
        if "syntax error" in str(error):
            raise  # a fault of ours: two that cannot be read for it would be equal
        return {"unreadable": ("unreadable", str(error))}
    finally:
        database.close()


def state(folder):
    """What stands in a folder, by name: bytes of files, rows of databases. Locks and logs of SQLite are left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = str(path.relative_to(folder))
        if path.is_dir() or path.name in (".lock", ".backup.lock") or name.endswith((".db-wal", ".db-shm")):
            continue
        if name in (DATABASE, "copy/copy.db"):
            look = tables(path, folder.with_name(folder.name + ".look"))
            found |= {f"{name} {table}": value for table, value in look.items()}
        else:
            found[name] = digest(path)
    return found


def differences(mine, other):
    return [f"{name} " + ("is missing" if name not in mine else "is left over" if name not in other else
                          f"differs: {' '.join(mine[name])} for {' '.join(other[name])}")
            for name in sorted(mine.keys() | other.keys()) if mine.get(name) != other.get(name)]


def temporary(name):
    return any(part in name for part in (".tmp", ".rebuild", ".new", ".removed"))


def warehouse(found):
    return {name: value for name, value in found.items() if name.startswith(DATABASE + " ")}
