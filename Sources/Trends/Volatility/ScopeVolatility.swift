import PerpCore

/// A remark about the volatility of an hour.
public enum VolatilityFlag: String, CaseIterable, Hashable, Sendable {
    /// The rank is among fewer than 30 days of hours.
    case provisional
    /// The sample hardly varies, as that of a pegged coin: its ranks say nothing.
    case flatHistory = "flat_history"
}

/// The volatility of one scope in one hour.
public struct VolatilityHour: Hashable, Sendable {
    /// The hour, in UTC.
    public var hour: Hour
    /// `MARKET`, or a coin.
    public var scope: String
    /// Of the last day, a fraction a year; `nil` when fewer than 18 hours are covered.
    public var sigma: Double?
    /// Hours of the last day that the steps cover.
    public var coveredHours: Int
    /// How many stored hours of the last 90 days have a sigma; a rank needs 336.
    public var historyCount: Int
    /// The share of those below this one, 0 to 1; `nil` without a sigma or with too short a history.
    public var rank: Double?
    /// The regime; `nil` when there was no rank within six hours.
    public var regime: VolatilityRegime?
    /// The hour since when the regime is so.
    public var since: Hour?
    /// The sums that look for a change, after the hour.
    public var sums: ChangeSums
    /// Remarks.
    public var flags: [VolatilityFlag]
    /// The version of the rules.
    public var version = TrendVersion.volatility

    /// Takes the volatility of one hour.
    public init(
        hour: Hour, scope: String, sigma: Double?, coveredHours: Int, historyCount: Int, rank: Double?,
        regime: VolatilityRegime?, since: Hour?, sums: ChangeSums, flags: [VolatilityFlag]
    ) {
        self.hour = hour
        self.scope = scope
        self.sigma = sigma
        self.coveredHours = coveredHours
        self.historyCount = historyCount
        self.rank = rank
        self.regime = regime
        self.since = since
        self.sums = sums
        self.flags = flags
    }
}

/// A change of volatility.
public struct VolatilityEvent: Hashable, Sendable {
    /// What changed.
    public enum Kind: Hashable, Sendable {
        /// The regime.
        case regime(old: VolatilityRegime, new: VolatilityRegime)
        /// Volatility rose above what is usual, from the hour `onset` on.
        case up(onset: Hour)
        /// Volatility fell below what is usual, from the hour `onset` on.
        case down(onset: Hour)

        /// The kind as tables name it.
        public var name: String {
            switch self {
            case .regime: "REGIME"
            case .up: "VOL_UP"
            case .down: "VOL_DOWN"
            }
        }
    }

    /// The hour in which it was found, in UTC.
    public var hour: Hour
    /// `MARKET`, or a coin.
    public var scope: String
    /// What changed.
    public var kind: Kind
    /// As in the hour's row.
    public var sigma: Double?
    /// As in the hour's row.
    public var rank: Double?
    /// The version of the rules.
    public var version = TrendVersion.volatility

    /// Takes one change.
    public init(hour: Hour, scope: String, kind: Kind, sigma: Double?, rank: Double?) {
        self.hour = hour
        self.scope = scope
        self.kind = kind
        self.sigma = sigma
        self.rank = rank
    }
}

/// The volatility of one scope, hour by hour.
public struct ScopeVolatility: Hashable, Sendable {
    /// How far back ranks look: 90 days, long enough for a quarter's habit, short enough to forget a bull market.
    public static let rankHours = 2160
    /// Stored hours that a rank needs.
    public static let neededHistory = 336
    /// Stored hours below which a rank is provisional.
    public static let wholeHistory = 720
    /// Quantiles of 5 and 95 % within this factor make a flat history.
    public static let flatFactor = 1.2
    /// How far back the usual step looks: 30 days.
    public static let usualHours = 720
    /// Steps that the usual one needs.
    public static let neededSteps = 168
    /// The least usual step of an hour.
    public static let smallestScale = 1e-6

    /// `MARKET`, or a coin.
    public let scope: String
    private var day: TrailingSeries
    private var sigmas: TrailingSample
    /// Absolute steps of an hour, by the hour from which they start.
    private var sizes: TrailingSample
    /// What the regime remembers.
    public private(set) var memory: RegimeMemory
    /// The sums that look for a change.
    public private(set) var sums: ChangeSums

    /// Continues from stored rows; begins without them.
    ///
    /// - Parameters:
    ///   - steps: the stored hours of the price of the last 720 hours, ascending.
    ///   - sigmas: those of the last 2160 hours that are known, ascending, with their hours.
    ///   - memory: of the rows of the last day.
    ///   - sums: those of the last row.
    public init(
        scope: String, steps: [SeriesRow] = [], sigmas: [TrailingSample.Entry] = [],
        memory: RegimeMemory = RegimeMemory(), sums: ChangeSums = ChangeSums()
    ) {
        self.scope = scope
        self.sigmas = TrailingSample(sigmas)
        self.memory = memory
        self.sums = sums
        day = TrailingSeries(hours: VolatilityEstimate.windowHours, rows: steps)
        sizes = TrailingSample(steps.compactMap(Self.size))
    }

    /// Moves on to a later hour; `value` is the price's, and `nil` when the hour is not stored.
    public mutating func advance(
        to hour: Hour, _ value: SeriesValue?
    ) -> (row: VolatilityHour, events: [VolatilityEvent]) {
        let stored = value.flatMap { $0.isFinite ? SeriesRow(hour: hour, value: $0) : nil }
        if let stored { day.append(stored) }
        let estimate = VolatilityEstimate(day, at: hour)
        let alarms = lookForChange(stored, hour)
        var row = VolatilityHour(
            hour: hour, scope: scope, sigma: estimate.sigma, coveredHours: estimate.coveredHours, historyCount: 0,
            rank: nil, regime: nil, since: nil, sums: sums, flags: [])
        let old = rank(&row)
        var kinds: [VolatilityEvent.Kind] = []
        if let old, let new = row.regime { kinds.append(.regime(old: old, new: new)) }
        kinds += alarms.map { $0.isUp ? .up(onset: $0.onset) : .down(onset: $0.onset) }
        let events = kinds.map {
            VolatilityEvent(hour: hour, scope: scope, kind: $0, sigma: row.sigma, rank: row.rank)
        }
        return (row, events)
    }

    /// The size of an hour's step in the usual ones; `nil` with fewer than 168 steps in the last 720 hours.
    private mutating func lookForChange(_ stored: SeriesRow?, _ hour: Hour) -> [ChangeSums.Alarm] {
        sizes.drop(before: hour.advanced(by: -Self.usualHours))
        guard let stored else { return [] }
        guard let size = Self.size(stored) else {
            sums.reset(at: hour)
            return []
        }
        defer { sizes.append(size) }
        guard sizes.count >= Self.neededSteps, let usual = sizes.median else { return [] }
        let scale = max(usual / 0.67448975, Self.smallestScale)
        return sums.add(size.value * size.value / (scale * scale), from: size.hour, to: hour)
    }

    private static func size(_ row: SeriesRow) -> TrailingSample.Entry? {
        guard case .step(let step) = row.value, step.gapHours <= Step.longestGap else { return nil }
        return TrailingSample.Entry(
            hour: row.hour.advanced(by: -step.gapHours),
            value: abs(step.change) / Double(step.gapHours).squareRoot())
    }

    /// Completes a row with its rank and regime; gives the regime that was when it changed.
    private mutating func rank(_ row: inout VolatilityHour) -> VolatilityRegime? {
        sigmas.drop(before: row.hour.advanced(by: -Self.rankHours))
        row.historyCount = sigmas.count
        var isFlat = false
        if sigmas.count >= Self.neededHistory, let sigma = row.sigma {
            row.rank = sigmas.rank(of: sigma)
            isFlat = hasFlatHistory
            if sigmas.count < Self.wholeHistory { row.flags.append(.provisional) }
            if isFlat { row.flags.append(.flatHistory) }
        }
        let old = memory.advance(to: row.hour, row.rank, isFlatHistory: isFlat)
        row.regime = memory.regime
        row.since = memory.since
        if let sigma = row.sigma { sigmas.append(TrailingSample.Entry(hour: row.hour, value: sigma)) }
        return old
    }

    private var hasFlatHistory: Bool {
        guard let low = sigmas.quantile(0.05), let high = sigmas.quantile(0.95) else { return false }
        return high <= Self.flatFactor * low
    }
}
