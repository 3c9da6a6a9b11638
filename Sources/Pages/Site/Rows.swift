import Charts
import PerpCore

extension StoredRow {
    /// The hour in a column of epoch seconds.
    func hour(_ name: String = "hour") -> Hour? { integer(name).map(Hour.init(containing:)) }

    /// The instant in a column of UTC milliseconds.
    func time(_ name: String) -> Timestamp? { integer(name).map(Timestamp.init(milliseconds:)) }

    /// A number that is stored in percent, as a fraction.
    func fraction(percent name: String) -> Double? { number(name).map { $0 / 100 } }
}

extension StoredRows {
    /// Rows by the text of a column, in their order.
    func grouped(by name: String) -> [String: [StoredRow]] { Dictionary(grouping: rows) { $0.text(name) ?? "" } }

    /// The values of a column that is text, each once, in the order in which they come.
    func texts(_ name: String) -> [String] {
        var seen: Set<String> = []
        return rows.compactMap { $0.text(name) }.filter { seen.insert($0).inserted }
    }

    /// Those of the rows that a condition takes, with the same query.
    func filtered(_ isTaken: (StoredRow) -> Bool) -> StoredRows { StoredRows(sql: sql, rows: rows.filter(isTaken)) }

    /// A value per hour of a grid, from rows with an hour.
    func placed<Value>(_ grid: TimeGrid, shift: Int = 0, _ value: (StoredRow) -> Value?) -> [Value?] {
        grid.placed(
            rows.compactMap { row in
                row.hour().map { (time: $0.advanced(by: shift).startTime, value: value(row)) }
            })
    }
}

extension DataColumn {
    static func names(_ title: String, _ rows: [StoredRow], _ name: String) -> DataColumn {
        DataColumn(title, .names(rows.map { $0.text(name) }))
    }

    static func words(_ title: String, _ rows: [StoredRow], _ name: String) -> DataColumn {
        DataColumn(title, .words(rows.map { $0.text(name) }))
    }

    static func numbers(
        _ title: String, unit: String? = nil, _ rows: [StoredRow], _ name: String, _ format: ValueFormat
    ) -> DataColumn {
        DataColumn(title, unit: unit, .numbers(rows.map { $0.number(name) }, format))
    }

    /// Numbers that are stored in percent.
    static func percents(_ title: String, _ rows: [StoredRow], _ name: String, _ format: ValueFormat) -> DataColumn {
        DataColumn(title, .numbers(rows.map { $0.fraction(percent: name) }, format))
    }

    static func hours(_ title: String, _ rows: [StoredRow], _ name: String = "hour") -> DataColumn {
        DataColumn(title, .times(rows.map { $0.hour(name)?.startTime }))
    }

    /// Hours from the start of an hour to instants in UTC milliseconds.
    static func hoursLeft(_ title: String, _ rows: [StoredRow], _ name: String, from hour: Hour) -> DataColumn {
        DataColumn(
            title, unit: "h",
            .numbers(
                rows.map { $0.integer(name).map { Double($0 - hour.startMilliseconds) / 3_600_000 } },
                .number(decimals: 1)))
    }

    static func times(_ title: String, _ rows: [StoredRow], _ name: String) -> DataColumn {
        DataColumn(title, .times(rows.map { $0.time(name) }))
    }
}

/// Words of the pipeline as people read them: `price_chop` is `price chop`.
func spoken(_ word: String) -> String { word.replacing("_", with: " ") }
