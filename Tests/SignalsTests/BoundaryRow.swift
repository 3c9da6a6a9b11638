import PerpCore
import Testing

@testable import Signals

/// One row of the table of boundaries: what is given, and what both rule sets say.
struct BoundaryRow: CustomTestStringConvertible, Sendable {
    let strategy: Int
    let name: String
    let given: Given
    let slack: Slack
    let v2: Verdict
    let seed: Verdict?
    var testDescription: String { "\(strategy): \(name)" }

    static func row(
        _ strategy: Int, _ name: String, _ v2: String, _ seed: String?, slack: Slack = .enter,
        _ change: (inout Given) -> Void = { _ in }
    ) -> BoundaryRow {
        var given = base(strategy)
        change(&given)
        return BoundaryRow(
            strategy: strategy, name: name, given: given, slack: slack, v2: Verdict(v2),
            seed: seed.map(Verdict.init))
    }

    /// The first row of each strategy; later rows name only what differs from it.
    static func base(_ strategy: Int) -> Given {
        var given = Given()
        switch strategy {
        case 2:
            (given.composite, given.move, given.oiVol, given.divergence, given.volume) = (
                0.15, 1, 0.3, 0.002, 210e9
            )
        case 3:
            (given.composite, given.fundingScore, given.priceScore, given.oiVol, given.divergence) = (
                0.6, 0.5, 0.7, 0.45, 0.002
            )
            given.recent = Array(repeating: 0.6, count: 6)
        case 5:
            (
                given.composite, given.fundingScore, given.priceScore, given.divergence, given.oiVol,
                given.longs
            ) = (0.75, 0.5, 0.2, 0.009, 0.4, 0.71)
        case 6: (given.composite, given.fundingScore, given.move, given.oiVol) = (-0.2, 0.3, -4, 0.4)
        case 7:
            (given.composite, given.move, given.fundingScore, given.oiVol, given.divergence) = (
                0.05, 1, 0.05, 0.45, 0.002
            )
        case 8:
            (given.oiVol, given.funding, given.composite, given.move) = (0.65, 0.0182, 0.3, 2)
            given.hit(longs: true, share: 0.021, score: 0.68)
        case 9: (given.move, given.fundingScore, given.divergence, given.oiVol) = (1, 0.75, 0.007, 0.4)
        case 10: (given.move, given.fundingScore, given.oiVol, given.divergence) = (6, 0.6, 0.46, 0.002)
        case 11:
            (given.move, given.composite, given.funding, given.oiVol, given.divergence) = (
                1, 0.1, 0.01, 0.4, 0.002
            )
        default: break
        }
        return given
    }

    static let all: [BoundaryRow] = moods + trades + extremes + spreads

    private static let moods = [
        row(1, "base", "yes 100 BULLISH", "yes 100 BULLISH"),
        row(1, "limits", "yes 100 BULLISH", "yes 100 BULLISH") {
            ($0.composite, $0.move, $0.oiVol, $0.divergence) = (0.2, 3, 0.3, 0.00499)
        },
        row(1, "s 0.2001", "no 75 BULLISH", "no 75 BULLISH") { $0.composite = 0.2001 },
        row(1, "P -6.01", "no 75 BEARISH", "no 75 BEARISH") { $0.move = -6.01 },
        row(1, "D 0.005", "no 75 BULLISH", "no 75 BULLISH") { $0.divergence = 0.005 },
        row(1, "s 0.21 with slack", "yes 100 BULLISH", nil, slack: .stay) { $0.composite = 0.21 },
        row(2, "base", "yes 100 BULLISH", "yes 100 BULLISH"),
        row(2, "C 0.35", "yes 100 BULLISH", "yes 100 BULLISH") { $0.oiVol = 0.35 },
        row(2, "C 0.3501", "no 75 BULLISH", "no 75 BULLISH") { $0.oiVol = 0.3501 },
        row(2, "V 200e9", "no 90 BULLISH", "no 90 BULLISH") { $0.volume = 200e9 },
        row(2, "V at its median", "yes 100 BULLISH", "no 90 BULLISH") {
            ($0.volume, $0.usualVolume) = (120e9, 120e9)
        },
        row(2, "P 3", "no 75 BULLISH", "no 75 BULLISH") { $0.move = 3 },
        row(3, "base", "yes 100 LONG", "yes 100 LONG"),
        row(3, "s 0.5", "no 70 LONG", "no 70 LONG") { $0.composite = 0.5 },
        row(3, "f 0", "no 70 LONG", "no 70 LONG") { $0.fundingScore = 0 },
        row(3, "D 0.003", "no 80 LONG", "no 80 LONG") { $0.divergence = 0.003 },
        row(3, "4 of 6 hours", "no 100 LONG", "yes 100 LONG") {
            $0.recent = [0.4, 0.5, 0.6, 0.6, 0.6, 0.6]
        },
        row(3, "3 hours", "no 100 LONG /INSUFFICIENT_HISTORY", "yes 100 LONG") {
            $0.recent = [0.6, 0.6, 0.6]
        },
        row(3, "down", "yes 100 SHORT", "yes 100 SHORT") {
            ($0.composite, $0.fundingScore, $0.priceScore) = (-0.6, -0.5, -0.7)
            $0.recent = [0.1, -0.6, -0.6, -0.6, -0.6, -0.6]
        },
        row(3, "s 0.36 with slack", "yes 100 LONG", nil, slack: .stay) {
            $0.composite = 0.36
            $0.recent = Array(repeating: 0.6, count: 5) + Array(repeating: 0.36, count: 6)
        },
    ]

    private static let trades = [
        row(4, "base", "yes 52 NEUTRAL", "yes 52 NEUTRAL") { $0.apr = [10.4, 9, 1] },
        row(4, "three at 8", "no 40 NEUTRAL", "no 40 NEUTRAL") { $0.apr = [8, 8, 8] },
        row(4, "two, one above", "no 40 NEUTRAL", "no 40 NEUTRAL") { $0.apr = [8.01, 2] },
        row(4, "two above", "yes 40 NEUTRAL", "yes 40 NEUTRAL") { $0.apr = [8.01, 8.01] },
        row(4, "losing rows", "no 100 NEUTRAL", "yes 100 NEUTRAL") { $0.apr = [25, -3, -4] },
        row(4, "none", "no 0 NEUTRAL", "no 0"),
        row(5, "base", "yes 60 SHORT", "yes 60 SHORT"),
        row(5, "L 0.70", "no 40 SHORT", "yes 40 SHORT") { $0.longs = 0.70 },
        row(5, "L absent", "yes 60 SHORT", "yes 60 SHORT") { ($0.oiVol, $0.longs) = (0.61, nil) },
        row(5, "no side", "no 60 UNCLEAR", "yes 60 UNCLEAR") {
            ($0.composite, $0.fundingScore, $0.priceScore, $0.divergence, $0.oiVol, $0.longs) = (
                0.2, 0.4, -0.4, 0.009, 0.19, 0.5
            )
        },
        row(5, "short crowd", "yes 80 LONG", "yes 80 LONG") {
            ($0.composite, $0.divergence, $0.oiVol, $0.longs) = (-0.75, 0.009, 0.61, 0.29)
        },
        row(6, "base", "yes 100 LONG", "no 70 LONG"),
        row(6, "s -0.35", "yes 100 LONG", "yes 100 LONG") { $0.composite = -0.35 },
        row(6, "f 0.1499", "no 60 LONG", "no 70 LONG") { $0.fundingScore = 0.1499 },
        row(6, "P -3", "no 80 LONG", "no 50 LONG") { $0.move = -3 },
        row(6, "s 0.6", "no 60 SHORT", "no 60 SHORT") {
            ($0.composite, $0.fundingScore, $0.move, $0.oiVol) = (0.6, -0.3, 4, 0.5)
        },
        row(6, "s 0.35", "yes 90 SHORT", "yes 90 SHORT") {
            ($0.composite, $0.fundingScore, $0.move, $0.oiVol) = (0.35, -0.3, 4, 0.5)
        },
        // Growth that is unknown is not met (the seed does not ask for it).
        row(7, "base", "no 70 BULLISH", "yes 100 BULLISH"),
        row(7, "g 0.01", "yes 100 BULLISH", "yes 100 BULLISH") { $0.growth = 0.01 },
        row(7, "C 0.4", "no 70 BULLISH", "no 70 BULLISH") { $0.oiVol = 0.4 },
        row(7, "g 0", "no 70 BULLISH", "yes 100 BULLISH") { $0.growth = 0 },
        row(7, "s 0.3", "no 75 BULLISH", "no 75 BULLISH") { ($0.growth, $0.composite) = (0.01, 0.3) },
        row(7, "P 0.2", "yes 100 BOTH", "yes 100 BOTH") {
            ($0.move, $0.fundingScore, $0.composite, $0.growth) = (0.2, 0.05, 0.05, 0.01)
        },
        row(7, "D 0.004", "no 80 BULLISH", "no 80 BULLISH") { ($0.divergence, $0.growth) = (0.004, 0.01) },
    ]

    private static let extremes = [
        row(8, "base", "yes 88 SHORT /BUILDING RISK", "yes 88 SHORT"),
        row(8, "score 0.71", "yes 88 SHORT /ACTIVE CASCADE", "yes 88 SHORT") {
            $0.hit(longs: true, share: 0.021, score: 0.71)
        },
        row(8, "score 0.50", "no 51 SHORT /ELEVATED RISK", "no 51 SHORT") {
            $0.hit(longs: true, share: 0.021, score: 0.50)
        },
        row(8, "no data", "yes 68 SHORT /RISK INDICATORS", "yes 68 SHORT") {
            ($0.composite, $0.move, $0.cascade) = (0.45, 5.1, nil)
        },
        row(8, "crash", "yes 88 SHORT /ACTIVE CASCADE", "yes 88 LONG") {
            ($0.oiVol, $0.funding, $0.composite, $0.move) = (0.3, 0.004, -0.45, -9)
            $0.hit(longs: true, share: 0.07, score: 0.94)
        },
        row(8, "crash, funding turned", "yes 71 SHORT /ACTIVE CASCADE", "no 71 LONG") {
            ($0.oiVol, $0.funding, $0.composite, $0.move) = (0.25, -0.01, -0.38, -10)
            $0.hit(longs: true, share: 0.07, score: 0.94)
        },
        row(8, "the same at 0.70", "no 71 SHORT /BUILDING RISK", "no 71 LONG") {
            ($0.oiVol, $0.funding, $0.composite, $0.move) = (0.25, -0.01, -0.38, -10)
            $0.hit(longs: true, share: 0.07, score: 0.70)
        },
        row(8, "shorts hit", "yes 100 LONG /BUILDING RISK", "yes 100 SHORT") {
            ($0.composite, $0.move) = (0.45, 5.1)
            $0.hit(longs: false, share: 0.021, score: 0.68)
        },
        row(8, "F 0.015", "no 71 SHORT /BUILDING RISK", "no 71 SHORT") { $0.funding = 0.015 },
        row(9, "base", "yes 100 BOTH", "yes 100 BOTH"),
        row(9, "C 0.35", "yes 85 BOTH", "yes 85 BOTH") { $0.oiVol = 0.35 },
        row(9, "D 0.006", "no 70 BOTH", "no 70 BOTH") { $0.divergence = 0.006 },
        row(9, "f 0.69", "no 75 BOTH", "no 75 BOTH") { $0.fundingScore = 0.69 },
        row(9, "P 3, f 1", "no 45 BOTH", "no 45 BOTH") { ($0.move, $0.fundingScore) = (3, 1) },
        row(10, "base", "yes 100 LONG", "yes 100 LONG"),
        row(10, "C 0.45", "no 70 LONG", "no 70 LONG") { $0.oiVol = 0.45 },
        row(10, "g 0.031", "yes 100 LONG", "no 70 LONG") { ($0.oiVol, $0.growth) = (0.3, 0.031) },
        row(10, "g 0.03", "no 70 LONG", "yes 100 LONG") { ($0.oiVol, $0.growth) = (0.6, 0.03) },
        row(10, "f 0.5", "no 75 LONG", "no 75 LONG") { $0.fundingScore = 0.5 },
        row(10, "down", "yes 100 SHORT", "yes 100 SHORT") { ($0.move, $0.fundingScore) = (-6, -0.6) },
        row(10, "P 5", "no 70 LONG", "no 70 LONG") { $0.move = 5 },
        row(11, "base", "yes 100 NEUTRAL", "no 75 NEUTRAL"),
        row(11, "D 0.003", "yes 90 NEUTRAL", "no 65 NEUTRAL") { $0.divergence = 0.003 },
        row(11, "F 0.02", "no 75 NEUTRAL", "no 75 NEUTRAL") { $0.funding = 0.02 },
        row(11, "F 0.0199", "yes 100 NEUTRAL", "no 75 NEUTRAL") { $0.funding = 0.0199 },
        row(11, "C 0.3", "no 85 NEUTRAL", "no 60 NEUTRAL") { $0.oiVol = 0.3 },
        row(11, "s -0.15", "no 75 NEUTRAL", "no 50 NEUTRAL") { $0.composite = -0.15 },
        row(11, "F -0.0001", "no 75 NEUTRAL", "yes 100 NEUTRAL") { $0.funding = -0.0001 },
    ]

    private static let spreads = [
        row(12, "base", "yes 100 NEUTRAL", "yes 100 NEUTRAL") { $0.carry((0.31, 0.01)) },
        row(12, "0.15", "yes 50 NEUTRAL", "yes 50 NEUTRAL") { $0.carry((0.15, 0.01)) },
        row(12, "0.149", "no 50 NEUTRAL", "no 50 NEUTRAL") { $0.carry((0.149, 0.01)) },
        row(12, "two", "yes 85 NEUTRAL", "yes 85 NEUTRAL") { $0.carry((-0.21, -0.002), (0.12, 0.01)) },
        row(12, "funding against it", "no 0 NEUTRAL", "yes 85 NEUTRAL") { $0.carry((-0.21, 0.01)) },
        row(13, "0.2", "no 0 -", "no") {
            $0.exchangeBases(("okx", 0.19), ("gate", 0.2), ("bitget", 0.21))
        },
        row(13, "0.201", "yes 65 SHORT", "yes 65 BULLISH") { $0.medianBasis(0.201, exchanges: 3) },
        row(13, "-0.31", "yes 80 LONG", "yes 80 BEARISH") { $0.medianBasis(-0.31, exchanges: 3) },
        row(13, "0.41", "yes 95 SHORT", "yes 95 BULLISH") { $0.medianBasis(0.41, exchanges: 4) },
        row(13, "two venues", "no 0 -", "yes 95 BULLISH") { $0.medianBasis(0.41, exchanges: 2) },
        row(14, "base", "yes 80 LONG", "yes 80 LONG") {
            $0.exchangeBases(("kraken-futures", 0.45), ("binance", 0.06), ("bybit", 0.10))
        },
        row(14, "0.20", "no 0 -", "no") { $0.exchangeBases(("kraken-futures", 0.30), ("binance", 0.10)) },
        row(14, "one and two; Coinbase has no part in it", "yes 65 LONG", "yes 65 LONG") {
            $0.exchangeBases(("kraken-futures", 0.30), ("coinbase", 0.95), ("binance", 0.05), ("bybit", 0.10))
        },
        row(14, "below", "yes 95 SHORT", "yes 95 SHORT") {
            $0.exchangeBases(("kraken-futures", -0.36), ("binance", 0.05), ("bybit", 0.05))
        },
        row(14, "nobody", "no 0 -", "no") { $0.exchangeBases(("binance", 0.06), ("bybit", 0.10)) },
    ]
}
