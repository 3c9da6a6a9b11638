import PerpCore

/// How volatile the last day was against the last 90.
public enum VolatilityRegime: String, CaseIterable, Hashable, Sendable {
    case calm = "CALM"
    case normal = "NORMAL"
    case elevated = "ELEVATED"
    case stressed = "STRESSED"

    /// Evaluated hours in a row that must ask for it: risk is told at once.
    public var neededHours: Int { self == .stressed ? 1 : 3 }

    /// What a rank of 0 to 1 asks for, given the regime that is: one that is left is left 0.05 later.
    static func wanted(_ rank: Double, in regime: VolatilityRegime?) -> VolatilityRegime {
        if rank >= (regime == .stressed ? 0.90 : 0.95) { return .stressed }
        if rank >= (regime == .elevated || regime == .stressed ? 0.75 : 0.80) { return .elevated }
        if rank < (regime == .calm ? 0.25 : 0.20) { return .calm }
        return .normal
    }
}

/// What the regime of one scope remembers from hour to hour.
public struct RegimeMemory: Hashable, Sendable {
    /// Hours without an evaluation after which nothing is remembered.
    public static let forgottenAfterHours = 6

    /// The regime; `nil` when nothing was evaluated within six hours.
    public private(set) var regime: VolatilityRegime?
    /// The hour since when it is so.
    public private(set) var since: Hour?
    /// What was asked for last; `nil` when that is the regime.
    public private(set) var run: Run<VolatilityRegime>?
    /// The last evaluated hour.
    public private(set) var touched: Hour?

    /// Nothing is known.
    public init() {}

    /// Continues from what was stored.
    public init(regime: VolatilityRegime?, since: Hour?, run: Run<VolatilityRegime>?, touched: Hour?) {
        self.regime = regime
        self.since = since
        self.run = run
        self.touched = touched
    }

    /// Continues from the stored rows of one scope over the last day, ascending: a run goes back over two evaluated hours at
    /// most, and those are at most six hours apart.
    public init(_ rows: some Sequence<VolatilityHour>) {
        self.init()
        for row in rows {
            forget(before: row.hour)
            guard let rank = row.rank else { continue }
            if touched == nil { regime = row.regime }
            let wanted = Self.wanted(rank, in: regime, isFlatHistory: row.flags.contains(.flatHistory))
            run = wanted == regime ? nil : Run.next(after: run, wanted)
            if row.regime != regime { (regime, run) = (row.regime, nil) }
            (since, touched) = (row.since, row.hour)
        }
    }

    /// Moves on to an hour, `rank` being `nil` when it is not evaluated; gives the regime that was when it changed.
    ///
    /// - Parameter isFlatHistory: whether the sample hardly varies: its ranks say nothing, and ask for `normal`.
    public mutating func advance(to hour: Hour, _ rank: Double?, isFlatHistory: Bool = false) -> VolatilityRegime? {
        forget(before: hour)
        guard let rank else { return nil }
        touched = hour
        let wanted = Self.wanted(rank, in: regime, isFlatHistory: isFlatHistory)
        guard let old = regime else {
            (regime, since) = (wanted, hour)
            return nil
        }
        run = wanted == old ? nil : Run.next(after: run, wanted)
        guard let run, run.count >= wanted.neededHours else { return nil }
        (regime, since, self.run) = (wanted, hour, nil)
        return old
    }

    private mutating func forget(before hour: Hour) {
        if let touched, touched.distance(to: hour) > Self.forgottenAfterHours { self = RegimeMemory() }
    }

    private static func wanted(
        _ rank: Double, in regime: VolatilityRegime?, isFlatHistory: Bool
    ) -> VolatilityRegime {
        isFlatHistory ? .normal : VolatilityRegime.wanted(rank, in: regime)
    }
}
