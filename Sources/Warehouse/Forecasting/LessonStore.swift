import Forecasts
import GRDB
import PerpCore
import WarehouseSQL

/// Writes and reads lessons: those of a lead in the order in which they were learned, some to a row.
///
/// A row is written again while it fills, and never after. How many there are of a lead is said by the state of the contract.
final class LessonStore {
    /// So many that a row stays on its page.
    static let lessonsARow = 32

    private let write: Statement
    private let read: Statement
    private let cutRow: Statement
    private let cutRows: Statement

    init(_ database: Database) throws {
        write = try Statement(database, WarehouseSQL.query("forecasts.write_lessons"))
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

    /// Stores what a lead has learned since it was last stored: all of it, or only what fills whole rows.
    func store(_ contract: ForecastContract, lead: Int, wholeRows: Bool) throws {
        guard let record = contract.forecaster.record(lead) else { return }
        let stored = contract.storedLessons[lead] ?? 0
        let first = stored / Self.lessonsARow
        let full = record.count / Self.lessonsARow
        guard record.count > stored, !wholeRows || full > first else { return }
        let (start, atHand) = (first * Self.lessonsARow, record.count - record.lessons.count)
        var all = start < atHand ? try lessons(start..<atHand, contract, lead) : []
        all += record.lessons.suffix(record.count - max(start, atHand))
        for row in first...(record.count - 1) / Self.lessonsARow {
            let place = (row - first) * Self.lessonsARow
            var numbers: [Double] = []
            for lesson in all[place..<min(place + Self.lessonsARow, all.count)] { lesson.write(to: &numbers) }
            write.bind(contract.name.exchange, contract.name.symbol, contract.since, lead, row)
            write.bind(numbers: numbers, at: 6)
            try write.runBound()
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
