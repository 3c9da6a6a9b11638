/// What the past of one contract and lead teaches: a correction, intervals of each method, and whether the correction helps.
///
/// The correction is kept as sums, which are few; the lessons are many, and stored apart. A record that was read back has no
/// lessons until those are recalled that a forecast looks at; it can learn without them.
public struct LeadRecord: Hashable, Sendable {
    /// How many targets the correction needs before it is used.
    static let leastTargets = 90
    /// How many forecasts decide whether the correction is published.
    static let trial = 200

    private(set) var ridge: Ridge
    /// How many forecasts were resolved.
    public private(set) var count = 0
    /// What the last of them taught, at most 500, the oldest first.
    public private(set) var lessons: [Lesson] = []
    /// A row of one squeeze must not own the correction: its target is cut at so many basis points, up and down.
    let cut: Double

    init(features: Int, cut: Double) {
        ridge = Ridge(features: features)
        self.cut = cut
    }

    /// What to add to the base; `nil` while there are too few targets.
    /// - Parameter features: basis points.
    func correction(_ features: [Double]) -> Double? {
        guard ridge.count >= Self.leastTargets else { return nil }
        return zip(ridge.coefficients, features).reduce(0) { $0 + $1.0 * $1.1 } / 1e4
    }

    /// Whether the correction was better on average over the last 200 forecasts.
    var isModelBetter: Bool {
        var (model, rival, count) = (0.0, 0.0, 0)
        for lesson in lessons.reversed() {
            guard let errors = lesson.errors else { continue }
            model += errors.model
            rival += errors.rival
            count += 1
            if count == Self.trial { return model < rival }
        }
        return false
    }

    /// What is published of `candidates`, which are in the order of the methods.
    func published(of candidates: [Candidate]) -> Candidate? {
        candidates.first { $0.method != .model || isModelBetter }
    }

    /// How far the outcomes of the last 500 forecasts were above what a method said.
    func residuals(of method: ForecastMethod) -> Residuals {
        var values: [Double] = []
        values.reserveCapacity(lessons.count)
        for lesson in lessons {
            if let residual = lesson.residual(of: method) { values.append(residual) }
        }
        return Residuals(values)
    }

    /// Takes the outcome of candidates, `value` on the scale of the correction and `rate` as it settled.
    /// - Parameter row: the features in basis points and the base that the correction is added to.
    mutating func learn(_ candidates: [Candidate], row: CorrectionRow?, value: Double, rate: Double) {
        if lessons.count == Residuals.most { lessons.removeFirst() }
        lessons.append(Lesson(candidates, value: value, rate: rate, hasRow: row != nil))
        count += 1
        guard let row else { return }
        let target = 1e4 * (value - row.base)
        ridge.add(row.features, target: max(-cut, min(cut, target)))
    }

    // MARK: - Storage

    /// Whether all lessons that a forecast looks at are at hand.
    public var isWhole: Bool { lessons.count == min(count, Residuals.most) }

    /// Takes lessons from before those at hand, the oldest first; of all together the last 500 stay.
    mutating func recall(_ older: [Lesson]) {
        precondition(older.count + lessons.count <= count, "a lesson is recalled once")
        lessons = Array((older + lessons).suffix(Residuals.most))
    }

    /// Writes all but the lessons.
    func write(to writer: inout NumberWriter) {
        writer.add(count)
        for number in ridge.numbers { writer.add(number) }
    }

    /// Reads all but the lessons into an empty record.
    mutating func read(from reader: inout NumberReader) throws(NumberReader.Unreadable) {
        let count = try reader.integer()
        let numbers = try reader.slice(Ridge.numbers(features: ridge.features))
        guard count >= 0, let stored = Ridge(features: ridge.features, numbers: numbers) else {
            throw NumberReader.Unreadable()
        }
        self.count = count
        ridge = stored
    }
}
