import PerpCore
import Sealing

extension Statistics {
    /// - Parameter hours: sealed hours, ascending.
    public init(
        hours: [PastHour], model: SentimentModel, fileSizeBytes: Int64, location: String, pastMonth: PastMonth? = nil
    ) {
        let rows = hours.compactMap { $0.market(model) }
        let good = rows.filter { $0.status == .ok }
        self.init(
            model: model.rawValue,
            marketSnapshots: MarketSnapshots(good),
            averageMetrics: AverageMetrics(good),
            sentimentDistribution: SentimentLabel.allCases.map { label in
                let count = good.count { $0.sentiment == label }
                return SentimentShare(
                    sentiment: label.rawValue, count: count, share: Self.share(count, of: good.count))
            },
            exchangeData: ExchangeData(hours.flatMap(\.exchanges)),
            liquidationData: LiquidationData(hours, model),
            database: Database(fileSizeBytes: fileSizeBytes, location: location),
            coverage: Coverage(rows, hours), pastMonth: pastMonth)
    }

    /// 0 to 1; 0 of nothing.
    static func share(_ part: Int, of whole: Int) -> Double { Double(part) / Double(max(whole, 1)) }
}

extension Statistics.MarketSnapshots {
    init(_ good: [MarketSummary]) {
        let span = good.first.flatMap { first in good.last.map { first.hour.distance(to: $0.hour) } }
        self.init(
            totalRecords: good.count, firstSnapshot: good.first.map { "\($0.hour.spoken) UTC" },
            lastSnapshot: good.last.map { "\($0.hour.spoken) UTC" }, timeSpanHours: Double(span ?? 0))
    }
}

extension Statistics.AverageMetrics {
    /// Totals of hours that lack an exchange are in no mean: they are lower for want of a response.
    init(_ good: [MarketSummary]) {
        self.init(
            compositeScore: mean(good.compactMap(\.compositeScore)),
            volume: mean(good.filter { $0.completeness.exchangesMissingVolume == 0 }.compactMap(\.totalVolumeUSD)),
            openInterest: mean(
                good.filter { $0.completeness.exchangesMissingOpenInterest == 0 }.compactMap(\.totalOpenInterestUSD)),
            oiVolRatio: mean(good.compactMap(\.openInterestToVolume)))
    }
}

extension Statistics.ExchangeData {
    init(_ rows: [ExchangeSummary]) {
        let present = rows.filter { $0.status != .failed }
        self.init(
            uniqueExchanges: Set(present.map(\.exchange)).count, totalRecords: present.count,
            failedRecords: rows.count - present.count)
    }
}

extension Statistics.LiquidationData {
    init(_ hours: [PastHour], _ model: SentimentModel) {
        let rows = hours.flatMap(\.liquidations)
        let scores = hours.compactMap { hour -> (hour: Hour, score: Double)? in
            guard let row = hour.marketLiquidation(windowHours: 1) else { return nil }
            return row.score(of: model).map { (hour.hour, $0) }
        }
        let levels = scores.map { CascadeLevel(score: $0.score) }
        self.init(
            totalRecords: rows.count, totalLiquidations: rows.reduce(0) { $0 + $1.totalUSD },
            isFloor: rows.contains { $0.coverageClass == .sampled }, averageCascadeRisk: mean(scores.map(\.score)),
            cascadeEvents: Self.events(in: scores), highHours: levels.count { $0 == .high },
            criticalHours: levels.count { $0 == .critical })
    }

    /// Maximal runs of hours above 0.5; one lower or missing hour between two does not split a run.
    private static func events(in scores: [(hour: Hour, score: Double)]) -> Int {
        let active = scores.filter { $0.score > 0.5 }.map(\.hour)
        let breaks = zip(active, active.dropFirst()).count { $0.distance(to: $1) > 2 }
        return active.isEmpty ? 0 : breaks + 1
    }
}

extension Statistics.Coverage {
    /// - Parameter rows: the market rows of the model, insufficient ones among them, ascending.
    init(_ rows: [MarketSummary], _ hours: [PastHour]) {
        let good = rows.filter { $0.status == .ok }
        let expected =
            rows.first.flatMap { first in rows.last.map { first.hour.distance(to: $0.hour) + 1 } } ?? 0
        let exchangeHours = hours.flatMap(\.exchanges)
        self.init(
            expectedHours: expected, presentHours: good.count, insufficientHours: rows.count - good.count,
            missingHours: expected - rows.count,
            gaps: zip(rows, rows.dropFirst()).filter { $0.hour.distance(to: $1.hour) > 1 }.map {
                Statistics.MissingHours(from: $0.hour.next, to: $1.hour.previous)
            },
            missingVenueHours: exchangeHours.count { $0.status == .failed },
            partialVenueHours: exchangeHours.count { $0.status == .partial }, expectedVenueHours: exchangeHours.count,
            hoursWithHoles: good.count {
                $0.completeness.exchangesMissingVolume > 0 || $0.completeness.exchangesMissingOpenInterest > 0
            },
            meanCoverage: mean(good.map(\.coverage)), meanQuality: mean(good.compactMap(\.quality)),
            uptime: Self.uptime(hours, expected: expected))
    }

    private static func uptime(_ hours: [PastHour], expected: Int) -> [Statistics.Uptime] {
        guard let last = hours.last?.hour else { return [] }
        return Exchange.allCases.compactMap { exchange in
            let rows = hours.compactMap { $0.exchange(exchange) }
            guard !rows.isEmpty else { return nil }
            let present = rows.filter { $0.status != .failed }
            // Before its first hour an exchange was not missing.
            let before = hours.first.map { $0.hour.distance(to: rows[0].hour) } ?? 0
            return Statistics.Uptime(
                exchange: exchange.displayName, uptime: Statistics.share(present.count, of: expected - before),
                lastSuccess: present.last?.hour,
                failuresIn24h: rows.count { $0.status == .failed && $0.hour.distance(to: last) < 24 })
        }
    }
}
