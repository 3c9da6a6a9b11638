import PerpCore
import Sealing
import Signals

extension LiquidationReport {
    /// What a report is asked for.
    public struct Question: Hashable, Sendable {
        /// The last hour: the period ends where it begins.
        public var hour: Hour
        /// The length of the period.
        public var hours: Int
        /// Only this exchange; `nil` for all.
        var exchange: Exchange?
        /// Dollars of a rolling day to compare with; `nil` takes the market's own.
        var volumeUSD24h: Double?
        var model: SentimentModel
        /// Whether only exchanges that tell of liquidations were asked: what share of the market they are is then
        /// unknown.
        var isLive: Bool

        /// Takes a period in hours, and dollars of a rolling day to compare with.
        public init(
            hour: Hour, hours: Int, exchange: Exchange? = nil, volumeUSD24h: Double? = nil,
            model: SentimentModel = .v2, isLive: Bool = false
        ) {
            self.hour = hour
            self.hours = hours
            self.exchange = exchange
            self.volumeUSD24h = volumeUSD24h
            self.model = model
            self.isLive = isLive
        }

        /// The rows whose closed hours make up the period, and the one at its start for open interest.
        public var rows: ClosedRange<Hour> { hour.advanced(by: -hours)...hour }
        var first: Hour { hour.advanced(by: 1 - hours) }
    }

    /// - Parameters:
    ///   - rows: the sealed hours of `question.rows`, ascending.
    ///   - counts: long and short events by exchange and hour of its rows, where known, of the feed that counts.
    ///   - feeds: what REST and stream state, by exchange and hour of its rows; an hour that is left out has REST only.
    public init(
        _ question: Question, rows: [PastHour], counts: [Exchange: [Hour: (long: Int64, short: Int64)]],
        feeds: [Exchange: [Hour: LiquidationFeeds]] = [:]
    ) {
        let period = rows.filter { $0.hour >= question.first && $0.hour <= question.hour }
        let last = period.last
        let enabled = (last?.exchanges ?? []).map(\.exchange)
        let wanted = enabled.filter { question.exchange == nil || $0 == question.exchange }
        let parts = wanted.map {
            ExchangePart(
                $0, question, rows: rows, period: period, counts: counts[$0] ?? [:], feeds: feeds[$0] ?? [:])
        }
        let market = last?.market(question.model)
        let traded = market.flatMap { $0.completeness.reportedVolumeUSD ?? $0.totalVolumeUSD }
        self.init(
            model: question.model.rawValue, periodHours: question.hours,
            from: "\(question.first.previous.startTime)", to: "\(question.hour.startTime)",
            presentHours: period.count,
            venues: parts.map { $0.row(question) },
            aggregate: Aggregate(parts, question, traded: traded, last: last))
    }
}

/// One exchange's period.
private struct ExchangePart {
    let exchange: Exchange
    let coverageClass: LiquidationCoverage
    let hours: Int
    let longUSD: Double
    let shortUSD: Double
    let count: Int64?
    let sides: (long: Int64, short: Int64)?
    let feeds: CountedFeeds
    /// As the cascade score wants it.
    let score: CascadeScore.ExchangeWindow
    let volumeUSD: Double?

    init(
        _ exchange: Exchange, _ question: LiquidationReport.Question, rows: [PastHour], period: [PastHour],
        counts: [Hour: (long: Int64, short: Int64)], feeds: [Hour: LiquidationFeeds]
    ) {
        self.exchange = exchange
        let known = period.compactMap { $0.liquidation(exchange) }.filter { $0.coverageClass != .none }
        // What later responses tell of an hour without a response is in neither: dollars and counts are of the same hours.
        let told = known.compactMap { row -> (long: Int64, short: Int64)? in
            if row.count == 0 { return (0, 0) }
            return counts[row.hour].flatMap { row.count ?? $0.long + $0.short == $0.long + $0.short ? $0 : nil }
        }
        self.feeds = CountedFeeds(
            known, feeds.filter { $0.key >= question.first && $0.key <= question.hour }, periodHours: question.hours)
        let sum = LiquidationWindow.sum(known.map(\.window))
        coverageClass = sum.coverageClass
        hours = known.count
        longUSD = sum.longUSD
        shortUSD = sum.shortUSD
        count = sum.count
        sides = told.count == known.count ? told.reduce((0, 0)) { ($0.0 + $1.long, $0.1 + $1.short) } : nil
        let now = period.last?.exchange(exchange)
        let start = rows.first { $0.hour == question.first.previous }?.exchange(exchange)
        let ratio = period.last?.market(.v2)?.openInterestToVolume
        let share = sum.heardShare * Double(known.count) / Double(question.hours)
        volumeUSD = now?.volumeUSDForShares
        score = CascadeScore.ExchangeWindow(
            coverageClass: coverageClass, longUSD: longUSD, shortUSD: shortUSD,
            volumeUSD: now?.proratedVolumeUSD(hours: question.hours, reportedShare: share),
            openInterestUSD: ExchangeSummary.openInterestOfWindow(
                start: start, now: now, openInterestToVolume: ratio
            ).value,
            reportedShare: share)
    }

    var isReporting: Bool { coverageClass != .none }
    func isWhole(_ question: LiquidationReport.Question) -> Bool { hours == question.hours }

    /// How much of its liquidations the whole period shows: an hour without figures makes sums lower bounds.
    func coverageOfPeriod(_ question: LiquidationReport.Question) -> LiquidationCoverage {
        isReporting && !isWhole(question) ? .sampled : coverageClass
    }

    /// Why there is nothing to sum.
    private var silence: String {
        if feeds.heardSeconds == 0 { return "its stream was not heard: make gaps says why" }
        return exchange.liquidationsMissing ?? "none of its hours is in the warehouse"
    }

    func row(_ question: LiquidationReport.Question) -> LiquidationReport.ExchangeLiquidations {
        guard isReporting else {
            return LiquidationReport.ExchangeLiquidations(
                exchange: exchange.displayName, status: .none, truth: coverageClass.rawValue, hours: 0, figures: nil,
                cascade: nil, reason: silence)
        }
        let own = CascadeScore(hours: question.hours, exchanges: [score]) { _ in nil }
        return LiquidationReport.ExchangeLiquidations(
            exchange: exchange.displayName, status: isWhole(question) ? .success : .partial,
            truth: coverageClass.rawValue, hours: hours,
            figures: LiquidationReport.Figures([self], isFloor: score.isFloor),
            cascade: LiquidationReport.Cascade(
                score: own.score, longUSD: longUSD, shortUSD: shortUSD,
                volumeUSD: question.volumeUSD24h ?? volumeUSD),
            feeds: question.isLive ? nil : feeds)
    }
}

extension LiquidationReport.Figures {
    fileprivate init(_ parts: [ExchangePart], isFloor: Bool) {
        let long = parts.reduce(0) { $0 + $1.longUSD }
        let short = parts.reduce(0) { $0 + $1.shortUSD }
        let sides = parts.compactMap(\.sides)
        let counts = parts.compactMap(\.count)
        // A side's count is known when every exchange counts.
        let isCounted = sides.count == parts.count
        self.init(
            totalUSD: long + short, longUSD: long, shortUSD: short,
            longCount: isCounted ? sides.reduce(0) { $0 + $1.long } : nil,
            shortCount: isCounted ? sides.reduce(0) { $0 + $1.short } : nil,
            count: counts.isEmpty ? nil : counts.reduce(0, +), longShortRatio: short > 0 ? long / short : nil,
            bias: long > short ? .longs : short > long ? .shorts : .balanced,
            hours: parts.map(\.hours).min() ?? 0, isFloor: isFloor)
    }
}

extension LiquidationReport.Cascade {
    init(score: Double?, longUSD: Double, shortUSD: Double, volumeUSD: Double?) {
        let seed = CascadeSeedV1.score(longUSD: longUSD, shortUSD: shortUSD, volumeUSD24h: volumeUSD ?? 0)
        self.init(
            score: score, level: score.map { CascadeLevel(score: $0).rawValue }, seedScore: seed,
            seedLevel: CascadeLevel(score: seed).rawValue)
    }

    /// What a model says.
    func shown(_ model: String) -> (score: Double?, level: String?) {
        model == SentimentModel.v2.rawValue ? (score, level) : (seedScore, seedLevel)
    }
}

extension LiquidationReport.Aggregate {
    /// `nil` when no exchange reports.
    /// - Parameter traded: dollars of a rolling day on all exchanges that were asked.
    fileprivate init?(
        _ parts: [ExchangePart], _ question: LiquidationReport.Question, traded: Double?, last: PastHour?
    ) {
        let reporting = parts.filter(\.isReporting)
        guard !reporting.isEmpty else { return nil }
        let isFloor = parts.contains(where: \.score.isFloor)
        let score = CascadeScore(
            hours: question.hours, exchanges: parts.sorted { $0.exchange.id < $1.exchange.id }.map(\.score)
        ) { _ in nil }
        // The stored score knows what is usual.
        let stored = question.exchange == nil ? last?.marketLiquidation(windowHours: question.hours) : nil
        // Of a part of the market nobody knows which part it is.
        let isPart = question.isLive && question.exchange == nil
        let volume = question.volumeUSD24h ?? (question.isLive ? nil : traded)
        let (reportingVolume, share) =
            stored.map { ($0.volumeUSD, $0.volumeShare) } ?? (score.volumeUSD, score.volumeShare)
        let figures = LiquidationReport.Figures(reporting, isFloor: isFloor)
        let cascade = LiquidationReport.Cascade(
            score: isPart ? nil : stored == nil ? score.score : stored?.score, longUSD: figures.longUSD,
            shortUSD: figures.shortUSD, volumeUSD: volume ?? traded)
        self.init(
            reportingVenues: reporting.count, enabledVenues: last?.exchanges.count ?? parts.count, figures: figures,
            reportingVolumeUSD: reportingVolume, volumeShare: share, dailyVolumeUSD: volume,
            dailyVolumeShare: volume.flatMap { $0 > 0 ? figures.totalUSD / $0 : nil }, oiShare: score.openInterestShare,
            marketShare: question.isLive
                ? nil : stored == nil ? Self.marketShare(reporting, last) : stored?.coverage,
            openInterestSplit: isPart || question.exchange != nil ? nil : Self.split(parts, question, last),
            cascade: cascade,
            interpretation: isPart && question.model == .v2
                ? "Not known: only the exchanges that tell of liquidations over REST were asked"
                : Self.interpretation(cascade.shown(question.model.rawValue).level, figures.bias))
    }

    /// Of all enabled exchanges' open interest, also when one exchange is looked at.
    private static func marketShare(_ reporting: [ExchangePart], _ last: PastHour?) -> Double? {
        guard let last else { return nil }
        let all = last.exchanges.reduce(0) { $0 + openInterest($1, last) }
        guard all > 0 else { return nil }
        return last.exchanges.reduce(0) { sum, row in
            guard let part = reporting.first(where: { $0.exchange == row.exchange }) else { return sum }
            return sum + openInterest(row, last) * part.coverageClass.seen * part.score.reportedShare
        } / all
    }

    private static func split(
        _ parts: [ExchangePart], _ question: LiquidationReport.Question, _ last: PastHour?
    ) -> CoverageSplit? {
        guard let last else { return nil }
        return CoverageSplit(
            parts.map { part in
                CoverageSplit.Part(
                    exchange: part.exchange.displayName, coverageClass: part.coverageOfPeriod(question),
                    openInterestUSD: last.exchange(part.exchange).map { openInterest($0, last) } ?? 0)
            })
    }

    /// Dollars; of an exchange that tells none, as much as its volume makes usual; 0 where nothing is known.
    private static func openInterest(_ row: ExchangeSummary, _ hour: PastHour) -> Double {
        let ratio = hour.market(.v2)?.openInterestToVolume
        return row.openInterestUSD ?? ratio.flatMap { ratio in row.volumeUSD.map { $0 * ratio } } ?? 0
    }

    private static func interpretation(_ level: String?, _ bias: LiquidationReport.Losers) -> String {
        let side = bias == .balanced ? "both sides" : "\(bias.rawValue)"
        switch level.flatMap(CascadeLevel.init(rawValue:)) {
        case .critical: return "A cascade is under way: \(side) are being closed by force, expect further jumps"
        case .high: return "A cascade is building on the side of \(side): reduce leverage there"
        case .moderate: return "More is closed by force than usual, mostly \(side): watch leverage"
        case .low: return "No sign of a cascade"
        case nil: return "No evidence: the exchanges that publish liquidations hold too little of the market"
        }
    }
}
