import PerpCore
import Testing

@testable import Sealing
@testable import Signals
@testable import Trends

@Suite("Strategies at their limits")
struct StrategyBoundaryTests {
    @Test("fires, confidence and direction", arguments: BoundaryRow.all)
    func boundary(_ row: BoundaryRow) throws {
        let strategy = try #require(Strategy(rawValue: row.strategy))
        let context = row.given.context
        let found = strategy.detect(context, slack: row.slack, rules: .v2)
        #expect(row.v2.matches(found), "v2: \(text(found))")
        if let seed = row.seed {
            let found = strategy.detect(context, slack: row.slack, rules: .seedV1)
            #expect(seed.matches(found), "seed: \(text(found))")
        }
    }

    @Test("every strategy has rows")
    func complete() {
        #expect(Set(BoundaryRow.all.map(\.strategy)) == Set(1...14))
    }

    private func text(_ detection: Detection) -> String {
        "\(detection.fires) \(detection.confidence) \(detection.direction) \(detection.conditions)"
    }
}

/// What a row expects: `yes 88 SHORT / BUILDING RISK`. A `-` in place of the direction, and what
/// is left out, may be anything.
struct Verdict: Sendable {
    let fires: Bool
    var confidence: Int?
    var direction: Direction?
    var status: DetectionStatus?

    init(_ text: String) {
        let parts = text.split(separator: " ", maxSplits: 2).map(String.init)
        fires = parts[0] == "yes"
        guard parts.count > 1 else { return }
        confidence = Int(parts[1])
        guard parts.count > 2 else { return }
        let rest = parts[2].split(separator: "/").map { $0.drop { $0 == " " } }
        direction = Direction(rawValue: String(rest[0].prefix { $0 != " " }))
        status = rest.count > 1 ? DetectionStatus(rawValue: String(rest[1])) : nil
    }

    func matches(_ detection: Detection) -> Bool {
        detection.fires == fires && confidence.map { $0 == detection.confidence } ?? true
            && direction.map { $0 == detection.direction } ?? true
            && status.map { $0 == detection.status } ?? true
    }
}

/// A context; the table calls the fields s, P, C, D, F, f, p, L, V and g.
struct Given: Sendable {
    var composite: Double? = 0.1
    var move: Double = 4
    var oiVol: Double? = 0.4
    var divergence: Double? = 0.002
    var funding: Double? = 0.01
    var fundingScore: Double? = 0
    var priceScore: Double?
    var longs: Double? = 0.55
    var volume: Double? = 210e9
    var usualVolume: Double?
    var growth: Double?
    var recent: [Double] = []
    var apr: [Double] = []
    var bases: [MarketContext.ExchangeBasis] = []
    var cascade: MarketContext.Cascade?

    static let hour = Hour("2026-01-01T15")!  // a literal

    var context: MarketContext {
        var context = MarketContext(hour: Self.hour, model: .v2)
        context.composite = composite
        context.priceChangePercent = move
        context.openInterestToVolume = oiVol
        context.divergencePercent = divergence
        context.fundingPercent = funding
        context.fundingScore = fundingScore
        context.priceScore = priceScore ?? tanh(move / 5)
        context.longFraction = longs
        context.volumeUSD = volume
        context.usualVolumeUSD = usualVolume
        context.openInterestGrowth24h = growth
        var sustained = SustainedScore(.v2)
        for (place, score) in recent.enumerated() {
            context.sustained = sustained.advance(to: Self.hour.advanced(by: place + 1 - recent.count), score)
        }
        context.fundingTrades = apr.map {
            FundingTrade(asset: "BTC", shortExchangeID: "okx", longExchangeID: "bybit", netAPR: $0)
        }
        context.bases = bases
        context.cascade = cascade
        return context
    }

    mutating func hit(longs: Bool, share: Double, score: Double?) {
        cascade = .init(
            score: score, volumeShare: share, longUSD: longs ? 40e6 : 5.2e6, shortUSD: longs ? 5.2e6 : 40e6)
    }

    mutating func carry(_ rows: (basis: Double, rate: Double)...) {
        bases = rows.map {
            .init(exchangeID: "okx", asset: "BTC", percent: $0.basis, fundingPercent8h: $0.rate)
        }
    }

    mutating func medianBasis(_ basis: Double, exchanges: Int) {
        bases = (0..<exchanges).map { .init(exchangeID: "exchange\($0)", asset: "BTC", percent: basis) }
    }

    mutating func exchangeBases(_ rows: (String, Double)...) {
        bases = rows.map { .init(exchangeID: $0.0, asset: "BTC", percent: $0.1) }
    }
}
