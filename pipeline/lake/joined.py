"""Joins Parquet files of the same columns into one: their row groups one after the other, byte by byte as they are.

DuckDB writes a file from one query, and a query for the rows of all exchanges, in their order, sorts them all at once, which
takes more memory than they may. What lies at the end of a Parquet file tells where its columns lie: it is read, moved and
written anew. It is a structure of Thrift's compact protocol: https://github.com/apache/parquet-format and
https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
"""
MAGIC = b"PAR1"
TRUE, FALSE, BYTE, I64, DOUBLE, BINARY, LIST, SET, STRUCT = 1, 2, 3, 6, 7, 8, 9, 10, 12

# Numbers of fields: of the file, of a row group, of a column of it, and of what is told of that column.
COLUMNS_OF_FILE, ROWS, ROW_GROUPS, ORDERS = 2, 3, 4, 7
COLUMNS, GROUP_OFFSET, ORDINAL = 1, 5, 7
COLUMN_OFFSET, TOLD, PAGE_INDEX = 2, 3, (4, 5, 6, 7)
DATA, INDEX, DICTIONARY, BLOOM = 9, 10, 11, 14


class Reader:
    """Reads a structure as {number of field: (type, value)}; texts stay bytes, whole numbers are integers."""

    def __init__(self, content):
        self.content, self.place = content, 0

    def byte(self):
        self.place += 1
        return self.content[self.place - 1]

    def bytes(self, count):
        self.place += count
        return self.content[self.place - count:self.place]

    def unsigned(self):
        value, shift = 0, 0
        while True:
            byte = self.byte()
            value |= (byte & 127) << shift
            if byte < 128:
                return value
            shift += 7

    def signed(self):
        value = self.unsigned()
        return value >> 1 ^ -(value & 1)

    def structure(self):
        fields, number = {}, 0
        while (head := self.byte()) != 0:
            number = number + (head >> 4) if head >> 4 else self.signed()
            kind = head & 15
            fields[number] = (kind, kind == TRUE if kind in (TRUE, FALSE) else self.value(kind))
        return fields

    def value(self, kind):
        if kind in (TRUE, FALSE, BYTE):  # true and false are bytes in a list
            return self.byte()
        if BYTE < kind <= I64:
            return self.signed()
        if kind == DOUBLE:
            return self.bytes(8)
        if kind == BINARY:
            return self.bytes(self.unsigned())
        if kind in (LIST, SET):
            head = self.byte()
            count = head >> 4 if head >> 4 < 15 else self.unsigned()
            return head & 15, [self.value(head & 15) for _ in range(count)]
        if kind == STRUCT:
            return self.structure()
        raise ValueError(f"a Parquet file with a value of type {kind} at its end")


def unsigned(value):
    written = bytearray()
    while value > 127:
        written.append(value & 127 | 128)
        value >>= 7
    written.append(value)
    return bytes(written)


def signed(value):
    return unsigned(value << 1 if value >= 0 else (-value << 1) - 1)


def structure(fields):
    """The bytes of a structure that was read."""
    written, before = bytearray(), 0
    for number, (kind, value) in fields.items():
        if kind in (TRUE, FALSE):
            kind = TRUE if value else FALSE
        step = number - before
        written += bytes([step << 4 | kind]) if 0 < step < 16 else bytes([kind]) + signed(number)
        if kind not in (TRUE, FALSE):
            written += of_value(kind, value)
        before = number
    return bytes(written) + b"\0"


def of_value(kind, value):
    if kind in (TRUE, FALSE, BYTE):
        return bytes([value])
    if BYTE < kind <= I64:
        return signed(value)
    if kind == DOUBLE:
        return value
    if kind == BINARY:
        return unsigned(len(value)) + value
    if kind == STRUCT:
        return structure(value)
    of, values = value
    head = bytes([len(values) << 4 | of]) if len(values) < 15 else bytes([15 << 4 | of]) + unsigned(len(values))
    return head + b"".join(of_value(of, one) for one in values)


def move(fields, distance, *numbers):
    """Moves what some fields of a structure point to."""
    for number in numbers:
        if number in fields:
            kind, value = fields[number]
            fields[number] = (kind, value + distance)


def move_group(group, distance, ordinal):
    move(group, distance, GROUP_OFFSET)
    if ORDINAL in group:
        group[ORDINAL] = (group[ORDINAL][0], ordinal)
    for column in group[COLUMNS][1][1]:
        # Some writers leave the first one zero: it points to nothing.
        if column[COLUMN_OFFSET][1]:
            move(column, distance, COLUMN_OFFSET)
        # It tells of pages where they were; readers do without it.
        for number in PAGE_INDEX:
            column.pop(number, None)
        move(column[TOLD][1], distance, DATA, INDEX, DICTIONARY, BLOOM)


def end_of(file):
    """What a Parquet file says of itself at its end, and where that begins."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 8))
    length = int.from_bytes(file.read(4), "little")
    if file.read() != MAGIC or length + 8 > size:
        raise ValueError(f"{file.name} is no whole Parquet file")
    file.seek(size - 8 - length)
    return Reader(file.read(length)).structure(), size - 8 - length


def join(paths, path):
    """Writes the row groups of files of the same columns, one file after the other, into a new one. Returns its rows."""
    whole, groups, rows = None, [], 0
    with open(path, "wb") as target:
        target.write(MAGIC)
        for source in paths:
            with open(source, "rb") as file:
                end, length = end_of(file)
                if whole and any(end.get(number) != whole.get(number) for number in (COLUMNS_OF_FILE, ORDERS)):
                    raise ValueError(f"{source} has other columns than {paths[0]}")
                for group in end[ROW_GROUPS][1][1]:
                    move_group(group, target.tell() - len(MAGIC), len(groups))
                    groups.append(group)
                rows += end[ROWS][1]
                file.seek(len(MAGIC))
                copy(file, target, length - len(MAGIC))
            whole = whole or end
        whole[ROWS] = (whole[ROWS][0], rows)
        whole[ROW_GROUPS] = (LIST, (STRUCT, groups))
        end = structure(whole)
        target.write(end + len(end).to_bytes(4, "little") + MAGIC)
    return rows


def copy(source, target, count):
    while count:
        content = source.read(min(count, 1 << 20))
        if not content:
            raise ValueError(f"{source.name} ends before its end")
        target.write(content)
        count -= len(content)
