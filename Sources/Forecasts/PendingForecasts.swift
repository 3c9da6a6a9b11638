import PerpCore

/// The features of a correction in basis points, and the value that the correction is added to.
struct CorrectionRow: Hashable, Sendable {
    var features: [Double]
    var base: Double
}

extension CorrectionRow? {
    func write(to writer: inout NumberWriter) {
        writer.add(self?.features ?? []) { $0.add($1) }
        writer.add(self?.base)
    }

    init(from reader: inout NumberReader) throws(NumberReader.Unreadable) {
        let features = try reader.list { (reader) throws(NumberReader.Unreadable) in try reader.number() }
        self = try reader.numberOrUnknown().map { CorrectionRow(features: features, base: $0) }
    }
}

/// A forecast of one settlement that has not settled.
struct PendingSettlement: Hashable, Sendable {
    var hour: Hour
    var settlesAt: Timestamp
    var leadHours: Int
    var intervalHours: Int
    var formula: FundingFormula
    var row: CorrectionRow?
    var candidates: [Candidate]
}

extension PendingSettlement {
    func write(to writer: inout NumberWriter) {
        writer.add(hour)
        writer.add(settlesAt)
        writer.add(leadHours)
        writer.add(intervalHours)
        writer.add(formula)
        row.write(to: &writer)
        writer.add(candidates) { $1.write(to: &$0) }
    }

    init(from reader: inout NumberReader) throws(NumberReader.Unreadable) {
        self.init(
            hour: try reader.hour(), settlesAt: try reader.time(), leadHours: try reader.integer(),
            intervalHours: try reader.integer(), formula: try reader.formula(), row: try CorrectionRow?(from: &reader),
            candidates: try reader.list(Candidate.init))
        guard (1...24).contains(intervalHours), (1...intervalHours).contains(leadHours) else {
            throw NumberReader.Unreadable()
        }
    }
}

/// A forecast of the sum of eight hours, and what has settled of it.
struct PendingSum: Hashable, Sendable {
    var hour: Hour
    var intervalHours: Int
    /// The settlement that comes next, and the last one of the sum.
    private(set) var nextAt: Timestamp
    let lastAt: Timestamp
    /// The sum of the rates that have settled: a rate of eight hours when it is complete.
    private(set) var sum = 0.0
    private(set) var isComplete = false
    var row: CorrectionRow?
    var candidates: [Candidate] = []

    /// `nil` when the eight hours after the observation do not hold the settlements of eight hours.
    init?(_ hour: FundingHour, _ upcoming: FundingHour.Upcoming) {
        let interval = Int64(upcoming.intervalHours) * Hour.milliseconds
        let count = 8 / Int64(upcoming.intervalHours)
        lastAt = upcoming.settlesAt.advanced(byMilliseconds: (count - 1) * interval)
        let end = hour.observedAt.advanced(byMilliseconds: 8 * Hour.milliseconds)
        guard 8 % upcoming.intervalHours == 0, lastAt <= end, end < lastAt.advanced(byMilliseconds: interval)
        else { return nil }
        self.hour = hour.hour
        intervalHours = upcoming.intervalHours
        nextAt = upcoming.settlesAt
    }

    func write(to writer: inout NumberWriter) {
        writer.add(hour)
        writer.add(intervalHours)
        writer.add(nextAt)
        writer.add(lastAt)
        writer.add(sum)
        row.write(to: &writer)
        writer.add(candidates) { $1.write(to: &$0) }
    }

    /// A sum that is complete does not wait any more, and is not stored.
    init(from reader: inout NumberReader) throws(NumberReader.Unreadable) {
        hour = try reader.hour()
        intervalHours = try reader.integer()
        nextAt = try reader.time()
        lastAt = try reader.time()
        sum = try reader.number()
        row = try CorrectionRow?(from: &reader)
        candidates = try reader.list(Candidate.init)
    }

    func with(_ row: CorrectionRow?, _ candidates: [Candidate]) -> PendingSum {
        var sum = self
        sum.row = row
        sum.candidates = candidates
        return sum
    }

    /// Adds the settlement that was waited for; another changes nothing.
    mutating func add(_ rate: Double, hours: Int, at time: Timestamp) {
        guard !isComplete, time == nextAt, hours == intervalHours else { return }
        sum += rate
        isComplete = time == lastAt
        nextAt = time.advanced(byMilliseconds: Int64(intervalHours) * Hour.milliseconds)
    }
}
