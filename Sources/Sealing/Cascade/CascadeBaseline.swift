import PerpCore

/// What liquidations are measured against while they happen: volume and open interest of the last sealed hour, and what was
/// usual in the 30 days before it.
public struct CascadeBaseline: Sendable {
    /// What was heard of one exchange in the hour that ends now.
    public struct Heard: Hashable, Sendable {
        /// How much of the liquidations the stream sends while it is up.
        public var coverageClass: LiquidationCoverage
        /// Dollars of longs that were closed by force.
        public var longUSD: Double
        /// Dollars of shorts that were closed by force.
        public var shortUSD: Double
        /// The fraction of the hour in which the stream was up, 0 to 1.
        public var heardShare: Double

        /// Takes dollars, and a fraction of 0 to 1.
        public init(coverageClass: LiquidationCoverage, longUSD: Double, shortUSD: Double, heardShare: Double) {
            self.coverageClass = coverageClass
            self.longUSD = longUSD
            self.shortUSD = shortUSD
            self.heardShare = heardShare
        }
    }

    /// The last sealed hour.
    public let past: PastHour
    /// The hours before it.
    public let history: History
    /// In byte order of the exchanges' ids.
    private let rows: [(row: ExchangeSummary, openInterestUSD: Double?)]
    private let earlier: [(oiShare: Double, coverage: Double)]

    /// Takes sealed hours; `nil` when there is none.
    public init?(_ history: History) {
        guard let past = history.hours.last else { return nil }
        self.past = past
        self.history = history
        let openInterestToVolume = past.market(.v2)?.openInterestToVolume
        rows = past.exchanges.sorted { $0.exchange.id < $1.exchange.id }.map { row in
            let openInterest = ExchangeSummary.openInterestOfWindow(
                start: nil, now: row, openInterestToVolume: openInterestToVolume)
            return (row, openInterest.value)
        }
        earlier = history.usualShares(hours: 1, before: past.hour.next)
    }

    /// The cascade score of the hour that ends now, over one hour.
    ///
    /// - Parameter heard: by exchange; one that is left out has no stream.
    public func score(_ heard: [Exchange: Heard]) -> CascadeScore {
        CascadeScore(hours: 1, exchanges: windows(heard)) { CascadeScore.UsualShares.among(earlier, coverage: $0) }
    }

    private func windows(_ heard: [Exchange: Heard]) -> [CascadeScore.ExchangeWindow] {
        rows.map { row, openInterestUSD in
            let part = heard[row.exchange]
            let isHeard = (part?.heardShare ?? 0) > 0
            return CascadeScore.ExchangeWindow(
                coverageClass: isHeard ? part?.coverageClass ?? .none : .none, longUSD: part?.longUSD ?? 0,
                shortUSD: part?.shortUSD ?? 0,
                volumeUSD: row.proratedVolumeUSD(hours: 1, reportedShare: part?.heardShare ?? 0),
                openInterestUSD: openInterestUSD, reportedShare: part?.heardShare ?? 0)
        }
    }

    /// The share of open interest, 0 to 1, whose liquidations are heard while these streams are up; `nil` without open
    /// interest.
    public func coverage(of streams: [Exchange: LiquidationCoverage]) -> Double? {
        CascadeScore.coverage(
            windows(streams.mapValues { Heard(coverageClass: $0, longUSD: 0, shortUSD: 0, heardShare: 1) }))
    }

    /// Whether so small a share of open interest says nothing.
    public static func isBlind(_ coverage: Double?) -> Bool { (coverage ?? 0) < CascadeScore.neededCoverage }
}

extension History {
    /// Liquidations over open interest, with the coverage, of the market's windows of so many hours in the 30 days before an
    /// hour.
    func usualShares(hours: Int, before hour: Hour) -> [(oiShare: Double, coverage: Double)] {
        trailing(Self.summaryHours, before: hour) { past in
            past.pointee.liquidatedShare(windowHours: hours)
        }
    }
}
