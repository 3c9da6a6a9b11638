import PerpCore

/// A hash of the rows that sealing makes of an hour: equal rows give equal hashes, whatever their order. Copies of the rows
/// that others keep, such as the lake's, are up to date while it stays the same.
struct SummaryHash {
    /// The hash so far, as SQLite stores it.
    var stored: Int64 { Int64(bitPattern: sum) }
    private var sum: UInt64 = 0

    /// Adds rows of a table.
    mutating func add<Record>(_ rows: some Sequence<Record>, of table: RecordTable<Record>) {
        for row in rows {
            var hash = StableHash()
            hash.add(table.name)
            withUnsafePointer(to: row) { pointer in
                for field in table.fields { hash.add(field.value(in: pointer)) }
            }
            sum &+= hash.value
        }
    }
}

extension StableHash {
    fileprivate mutating func add(_ text: String) {
        var text = text
        text.withUTF8 { add($0) }
    }

    /// Adds a value and its kind: a missing one is not zero.
    fileprivate mutating func add(_ value: FieldValue) {
        switch value {
        case .missing: add(0)
        case .number(let number):
            add(1)
            add(number.bitPattern)
        case .integer(let number):
            add(2)
            add(UInt64(bitPattern: number))
        case .text(let text):
            add(3)
            add(text)
        }
    }
}
