"""A folder as it may be after a power cut: what was synced is there, what was not by chance, a block at a time."""
import struct

from bench import take

BLOCK = 4096
KINDS = [None, "create", "write", "truncate", "sync", "sync-folder", "sync-all", "rename", "link", "unlink", "mkdir",
         "unknown"]  # in the order of record.c
HEAD = struct.Struct("=QQqQQQ")


def calls(trace):
    """The calls of a trace: (kind, number of the file, offset, name, other name, data)."""
    content, at, found = memoryview(trace.read_bytes()), 0, []
    while at < len(content):
        kind, file, offset, *lengths = HEAD.unpack_from(content, at)
        at += HEAD.size
        parts = []
        for length in lengths:
            parts.append(content[at:at + length])
            at += length
        found.append((KINDS[kind], file, offset, bytes(parts[0]).decode(), bytes(parts[1]).decode(), parts[2]))
    return found


class File:
    """What is on the disk, and the changes since: data at an offset, or a new length."""

    def __init__(self, source=None):
        self.source, self.content, self.changes = source, None if source else bytearray(), []

    def change(self, offset, data):
        if self.content is None:
            self.content = bytearray(self.source.read_bytes())
        self.changes.append((offset, data))

    def sync(self):
        for offset, data in self.changes:
            write(self.content, offset, data)
        self.changes = []

    def survive(self, keeps):
        """Each block, and the length, as they were after some of the changes; after all where it is kept."""
        if not self.changes:
            return self.content
        blocks, length = {}, keeps(len(self.changes))
        content, size = bytearray(self.content), len(self.content)
        for place, (offset, data) in enumerate(self.changes):
            if place < length:
                size = offset if data is None else max(size, offset + len(data))
            write_some(content, offset, data, lambda block: place < blocks.setdefault(block, keeps(len(self.changes))))
        return content[:size] + bytes(max(0, size - len(content)))


def write(content, offset, data):
    end = offset if data is None else offset + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    if data is None:
        del content[offset:]
    else:
        content[offset:end] = data


def write_some(content, offset, data, survives):
    """The same, in the blocks that survive; the length is another matter."""
    end = len(content) if data is None else offset + len(data)
    if len(content) < end:
        content.extend(bytes(end - len(content)))
    for block in range(offset // BLOCK, -(-end // BLOCK)):
        first, last = max(offset, block * BLOCK), min(end, (block + 1) * BLOCK)
        if survives(block):
            content[first:last] = bytes(last - first) if data is None else data[first - offset:last - offset]


class Disk:
    """Files and folders by numbers of our own, as those of the system are given twice.

    Begins as `folder`, of which `copy` keeps what is in it."""

    def __init__(self, folder, copy):
        self.files, self.known, self.unknown, self.durable = {}, {}, set(), {}
        self.top = self.scan(folder, copy)
        self.now = {number: dict(names) for number, names in self.durable.items()}
        self.pending = []  # changes of names, of one or two folders each, that survive as a whole or not at all

    def number(self, system):
        """Of what has just been made."""
        self.known[system] = len(self.known) + len(self.files) + len(self.durable)
        return self.known[system]

    def scan(self, path, copy):
        number = self.number(path.stat().st_ino)
        if path.is_dir():
            self.durable[number] = {}
            for entry in path.iterdir():
                self.durable[number][entry.name] = self.scan(entry, copy / entry.name)
        else:
            self.files[number] = File(copy)
        return number

    def place(self, path):
        """The folder that a name stands in, and the name."""
        *parts, name = path.split("/")
        folder = self.top
        for part in parts:
            folder = self.now[folder][part]
        return folder, name

    def rename(self, *changes):
        apply(self.now, changes)
        self.pending.append(changes)

    def make(self, call):
        kind, system, offset, name, other, data = call
        file = self.files.get(self.known.get(system))
        if kind == "create":
            number = self.number(system)
            self.files[number] = File()
            self.rename((*self.place(name), number))
        elif kind in ("write", "truncate") and file:
            file.change(offset, data if kind == "write" else None)
        elif kind == "sync" and file:
            file.sync()
        elif kind == "sync-folder":
            self.sync_names(self.known[system])
        elif kind == "sync-all":
            self.sync_names(None)
            for file in self.files.values():
                file.sync()
        elif kind == "mkdir":
            number = self.number(system)
            self.now[number], self.durable[number] = {}, {}
            self.rename((*self.place(name), number))
        elif kind in ("rename", "link"):
            folder, old = self.place(name)
            moved = (*self.place(other), self.now[folder][old])
            self.rename((folder, old, None), moved) if kind == "rename" else self.rename(moved)
        elif kind == "unlink":
            self.rename((*self.place(name), None))
        elif kind == "unknown":
            self.unknown.add(name)

    def sync_names(self, folder):
        """Of one folder, or of all."""
        rest = []
        for changes in self.pending:
            if folder is None or any(place == folder for place, _, _ in changes):
                apply(self.durable, changes)
            else:
                rest.append(changes)
        self.pending = rest

    def build(self, target, keeps):
        """Writes the folder as it may be. `keeps` says how many of so many changes survive."""
        tree = {number: dict(names) for number, names in self.durable.items()}
        for changes in self.pending:
            if keeps(1):
                apply(tree, changes)
        self.write(tree, self.top, target, keeps)

    def write(self, tree, folder, target, keeps):
        target.mkdir()
        for name, number in tree[folder].items():
            if number in tree:
                self.write(tree, number, target / name, keeps)
            elif name.endswith("-shm"):
                continue  # made again from the log
            elif self.files[number].content is None:
                take(self.files[number].source, target / name)
            else:
                (target / name).write_bytes(self.files[number].survive(keeps))


def apply(tree, changes):
    for folder, name, number in changes:
        if number is None:
            tree[folder].pop(name, None)
        else:
            tree[folder][name] = number
