import PerpCore
import Sealing

extension Anomalies {
    /// A measure and how far it usually moves.
    private struct Measure {
        var kind: Anomaly.Kind
        var name: String
        var floor: Double
    }

    /// Values far from the trailing 30 days of the same exchange, or of the market: of hours by the same rules, and of a
    /// market from which nothing is missing.
    func zScores() -> [Anomaly] {
        let exchangeMeasures: [(Measure, (ExchangeSummary) -> Double?)] = [
            (Measure(kind: .fundingZScore, name: "funding", floor: 0.0005), { $0.fundingPercent8h }),
            (Measure(kind: .volumeZScore, name: "volume", floor: 0.05), { Self.logarithm($0.wholeVolumeUSD) }),
            (
                Measure(kind: .openInterestZScore, name: "open interest", floor: 0.01),
                { Self.logarithm($0.wholeOpenInterestUSD) }
            ),
        ]
        let marketMeasures: [(Measure, source: (MarketSummary) -> Int, (MarketSummary) -> Double?)] = [
            (
                Measure(kind: .dispersionZScore, name: "funding divergence", floor: 0.0003),
                { $0.completeness.expectedExchanges }, { $0.fundingDivergencePercent }
            ),
            (
                Measure(kind: .longShortZScore, name: "long accounts", floor: 0.02),
                { $0.longShortSeries }, { $0.longFraction.map(logit) }
            ),
        ]
        return exchangeMeasures.flatMap { measure, value in
            summary.exchanges.compactMap { exchangeScore(measure, value, $0) }
        } + marketMeasures.compactMap { marketScore($0, of: $1, $2) }
    }

    private func exchangeScore(
        _ measure: Measure, _ value: (ExchangeSummary) -> Double?, _ row: ExchangeSummary
    ) -> Anomaly? {
        let earlier = history.trailing(History.summaryHours, before: hour).compactMap {
            $0.exchange(row.exchange) { $0.knowsClasses == row.knowsClasses ? value($0) : nil }
        }
        return anomaly(measure, value(row), earlier, row.exchange)
    }

    /// - Parameter source: the number of exchanges or series behind the measure; hours with another one are of another
    ///   market, and not compared with.
    private func marketScore(
        _ measure: Measure, of source: (MarketSummary) -> Int, _ value: (MarketSummary) -> Double?
    ) -> Anomaly? {
        guard let row = summary.market(.v2), row.completeness.exchangesMissingVolume == 0 else { return nil }
        let earlier = history.trailing(History.summaryHours, before: hour).compactMap {
            $0.market(.v2) {
                $0.knowsClasses && $0.completeness.exchangesMissingVolume == 0 && source($0) == source(row)
                    ? value($0) : nil
            }
        }
        return anomaly(measure, value(row), earlier, nil)
    }

    private func anomaly(
        _ measure: Measure, _ value: Double?, _ earlier: [Double], _ exchange: Exchange?
    ) -> Anomaly? {
        guard let value, let score = RobustZ.score(value, among: earlier, floor: measure.floor),
            abs(score) > 4
        else { return nil }
        let owner = exchange?.displayName ?? "Market"
        return Anomaly(
            kind: measure.kind, severity: abs(score) > 6 ? .high : .medium, exchange: exchange, value: score,
            text: "\(owner): \(measure.name) is \(Numbers.signed(score, 1)) deviations from its median")
    }

    private static func logarithm(_ value: Double?) -> Double? {
        value.flatMap { $0 > 0 ? ln($0) : nil }
    }
}
