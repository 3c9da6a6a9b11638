import Forecasts
import GRDB
import PerpCore
import WarehouseSQL

/// Writes and reads lessons: those of a lead in the order in which they were learned, some to a row.
///
/// A row grows until it is full, and stays as it is then. How many there are of a lead is said by the state of the contract.
final class LessonStore {
    /// So many that a row stays on its page.
    static let lessonsARow = 32

    private let append: Statement
    private let read: Statement
    private let cutRow: Statement
    private let cutRows: Statement

    init(_ database: Database) throws {
        append = try Statement(database, WarehouseSQL.query("forecasts.append_lessons"))
        read = try Statement(database, WarehouseSQL.query("forecasts.read_lessons"))
        cutRow = try Statement(database, WarehouseSQL.query("forecasts.cut_row"))
        cutRows = try Statement(database, WarehouseSQL.query("forecasts.cut_rows"))
    }

    /// Removes the lessons of a contract behind those that it is said to have: they are of hours that are forecast again.
    func cut(_ contract: ForecastContract) throws {
        let name = contract.name
        for lead in 0...FundingForecaster.mostLeads {
            let count = contract.storedLessons[lead] ?? 0
            let (row, rest) = count.quotientAndRemainder(dividingBy: Self.lessonsARow)
            try cutRows.run(name.exchange, name.symbol, contract.since, lead, rest == 0 ? row : row + 1)
            let bytes = rest * Lesson.numbers * MemoryLayout<Double>.size
            if rest > 0 { try cutRow.run(bytes, name.exchange, name.symbol, contract.since, lead, row) }
        }
    }

    /// Makes the lessons of a lead whole.
    func complete(_ contract: ForecastContract, lead: Int) throws {
        guard let record = contract.forecaster.record(lead), !record.isWhole else { return }
        let missing = max(0, record.count - Residuals.most)..<(record.count - record.lessons.count)
        contract.recall(try lessons(missing, contract, lead), lead: lead)
    }

    /// Stores what a lead has learned since it was last stored: at once, or only when it fills a row.
    func store(_ contract: ForecastContract, lead: Int, wholeRows: Bool) throws {
        guard let record = contract.forecaster.record(lead) else { return }
        let stored = contract.storedLessons[lead] ?? 0
        let isRowFull = record.count / Self.lessonsARow > stored / Self.lessonsARow
        guard record.count > stored, !wholeRows || isRowFull else { return }
        var numbers: [Double] = []
        for (place, lesson) in zip(stored..<record.count, record.lessons.suffix(record.count - stored)) {
            lesson.write(to: &numbers)
            let isLast = place + 1 == record.count || (place + 1).isMultiple(of: Self.lessonsARow)
            if !isLast { continue }
            append.bind(
                contract.name.exchange, contract.name.symbol, contract.since, lead, place / Self.lessonsARow)
            append.bind(numbers: numbers, at: 6)
            try append.runBound()
            numbers.removeAll(keepingCapacity: true)
        }
        contract.storedLessons[lead] = record.count
    }

    private func lessons(_ places: Range<Int>, _ contract: ForecastContract, _ lead: Int) throws -> [Lesson] {
        guard !places.isEmpty else { return [] }
        let rows = places.lowerBound / Self.lessonsARow...(places.upperBound - 1) / Self.lessonsARow
        var numbers: [Double] = []
        try read.forEachRow(
            contract.name.exchange, contract.name.symbol, contract.since, lead, rows.lowerBound, rows.upperBound
        ) { numbers += try $0.numbers(0) }
        let skipped = places.lowerBound - rows.lowerBound * Self.lessonsARow
        return try (skipped..<skipped + places.count).map { place in
            let start = place * Lesson.numbers
            guard start + Lesson.numbers <= numbers.count,
                let lesson = Lesson(numbers: numbers[start..<start + Lesson.numbers])
            else {
                throw WarehouseError.unreadable(
                    table: "forecast_lesson", column: "numbers", value: "\(contract.name.symbol) \(lead)")
            }
            return lesson
        }
    }
}
