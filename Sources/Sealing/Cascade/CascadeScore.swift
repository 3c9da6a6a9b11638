import PerpCore

/// The `v2` cascade score of a window: forced closings against the volume and the open interest
/// of the exchanges that show them.
public struct CascadeScore: Hashable, Sendable {
    /// One enabled exchange in the window.
    public struct ExchangeWindow: Hashable, Sendable {
        /// How much of the liquidations the figures can show.
        public var coverageClass: LiquidationCoverage
        /// Dollars of longs closed by force in the window.
        public var longUSD: Double
        /// Dollars of shorts closed by force in the window.
        public var shortUSD: Double
        /// Dollars traded in the window.
        public var volumeUSD: Double?
        /// Dollars of open interest at the window's start.
        public var openInterestUSD: Double?
        /// The share of the window that the exchange reported, 0 to 1.
        public var reportedShare: Double

        /// Takes sums over the hours that the exchange reported.
        public init(
            coverageClass: LiquidationCoverage, longUSD: Double = 0, shortUSD: Double = 0, volumeUSD: Double?,
            openInterestUSD: Double?, reportedShare: Double = 1
        ) {
            self.coverageClass = coverageClass
            self.longUSD = longUSD
            self.shortUSD = shortUSD
            self.volumeUSD = volumeUSD
            self.openInterestUSD = openInterestUSD
            self.reportedShare = reportedShare
        }

        /// How much of the exchange's liquidations is seen, 0 to 1.
        var seen: Double { coverageClass.seen * reportedShare }

        /// Whether more was liquidated than the dollars say: they are a sample, or hours are missing.
        package var isFloor: Bool { coverageClass == .sampled || coverageClass == .none || reportedShare < 1 }
    }

    /// What is usual: quantiles of earlier windows' liquidations over open interest.
    public struct UsualShares: Hashable, Sendable {
        /// The 0.90 quantile, a fraction of open interest.
        public var q90: Double
        /// The 0.99 quantile, a fraction of open interest.
        public var q99: Double

        /// Takes fractions of open interest.
        public init(q90: Double, q99: Double) {
            self.q90 = q90
            self.q99 = q99
        }
    }

    static let neededCoverage = 0.05
    static let fullCoverage = 0.25
    static let fullSizeUSD = 1e7

    /// Dollars of longs, on the reporting exchanges.
    public let longUSD: Double
    /// Dollars of shorts, on the reporting exchanges.
    public let shortUSD: Double
    /// Dollars of longs and shorts.
    public var totalUSD: Double { longUSD + shortUSD }
    /// Dollars traded on the reporting exchanges in the window; `nil` when none is known.
    public let volumeUSD: Double?
    /// Dollars of open interest of the reporting exchanges; `nil` when none is known.
    public let openInterestUSD: Double?
    /// Liquidations over the volume of the window, a fraction, where the volume is known; else `nil`.
    public let volumeShare: Double?
    /// Liquidations over open interest, a fraction, where open interest is known; else `nil`.
    public let openInterestShare: Double?
    /// 0 (both sides alike) to 1 (one side only).
    public let imbalance: Double
    /// Share of the enabled exchanges' open interest whose liquidations are seen, 0 to 1; `nil` without open interest.
    public let coverage: Double?
    /// The part against volume, 0 to 1.
    public let volumePart: Double
    /// The part against open interest, 0 to 1.
    public let openInterestPart: Double
    /// The part against what is usual, 0 to 1; `nil` without enough history.
    public let historyPart: Double?
    /// The weighted parts, 0 to 1.
    public let severity: Double
    /// The factor for how much of the market is seen, 0 to 1.
    public let coverageFactor: Double
    /// The factor for the dollars liquidated, 0 to 1.
    public let sizeFactor: Double
    /// 0 to 1; `nil` without evidence.
    public let score: Double?

    /// Scores a window.
    ///
    /// - Parameters:
    ///   - hours: the length of the window.
    ///   - exchanges: the enabled ones in byte order of their ids.
    ///   - usual: returns what is usual at a coverage of 0 to 1; `nil` without enough history.
    public init(hours: Int, exchanges: [ExchangeWindow], usual: (_ coverage: Double) -> UsualShares?) {
        let reporting = exchanges.filter { $0.coverageClass != .none }
        longUSD = reporting.reduce(0) { $0 + $1.longUSD }
        shortUSD = reporting.reduce(0) { $0 + $1.shortUSD }
        let total = longUSD + shortUSD
        volumeUSD = Total.of(reporting.map(\.volumeUSD))
        openInterestUSD = Total.of(reporting.map(\.openInterestUSD))
        // Like with like: what an exchange closed counts where its volume, its open interest is known.
        func closed(_ known: KeyPath<ExchangeWindow, Double?>) -> Double {
            reporting.reduce(0) { $0 + ($1[keyPath: known] == nil ? 0 : $1.longUSD + $1.shortUSD) }
        }
        volumeShare = ratio(closed(\.volumeUSD), volumeUSD)
        openInterestShare = ratio(closed(\.openInterestUSD), openInterestUSD)
        imbalance = total > 0 ? abs(longUSD - shortUSD) / total : 0
        coverage = Self.coverage(exchanges)
        volumePart = Self.ramp(volumeShare, 0.002, 0.05)
        let stretch = Double(hours).squareRoot()
        openInterestPart = Self.ramp(openInterestShare, 0.0002 * stretch, 0.02 * stretch)
        let share = openInterestShare
        historyPart = coverage.flatMap(usual).map { Self.historyPart(share, $0) }
        severity = Self.severity(volumePart, openInterestPart, historyPart)
        coverageFactor = min(1, ((coverage ?? 0) / Self.fullCoverage).squareRoot())
        sizeFactor = min(1, total / Self.fullSizeUSD)
        let isKnown = (coverage ?? 0) >= Self.neededCoverage
        score = isKnown ? severity * (0.75 + 0.25 * imbalance) * coverageFactor * sizeFactor : nil
    }

    static func coverage(_ exchanges: [ExchangeWindow]) -> Double? {
        let openInterest = exchanges.reduce(0) { $0 + ($1.openInterestUSD ?? 0) }
        return ratio(exchanges.reduce(0) { $0 + ($1.openInterestUSD ?? 0) * $1.seen }, openInterest)
    }

    private static func historyPart(_ share: Double?, _ usual: UsualShares) -> Double {
        let low = max(usual.q90, 1e-6)
        return ramp(share, low, max(usual.q99, 1.5 * low))
    }

    private static func severity(_ volume: Double, _ openInterest: Double, _ history: Double?) -> Double {
        guard let history else { return (0.45 * volume + 0.35 * openInterest) / 0.80 }
        return 0.45 * volume + 0.35 * openInterest + 0.20 * history
    }

    /// 0 at `low`, 1 at `high`, logarithmic between.
    static func ramp(_ value: Double?, _ low: Double, _ high: Double) -> Double {
        guard let value, value > 0 else { return 0 }
        return clamp(ln(value / low) / ln(high / low), 0, 1)
    }
}

extension LiquidationCoverage {
    /// The weakest class among those of several hours that reported; `none` without any.
    package static func weakest(_ classes: [LiquidationCoverage]) -> LiquidationCoverage {
        if classes.isEmpty { return .none }
        return classes.contains(.sampled) ? .sampled : classes.contains(.aggregate) ? .aggregate : .complete
    }

    /// The share of the exchange's liquidations that its figures are taken to show.
    package var seen: Double {
        switch self {
        case .complete, .aggregate: 1
        case .sampled: 0.5
        case .none: 0
        }
    }
}
