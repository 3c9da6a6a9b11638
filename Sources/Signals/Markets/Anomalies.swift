import PerpCore
import Sealing

/// Looks an hour over for what should be doubted.
public struct Anomalies {
    static let majors = ["BTC", "ETH"]

    let hour: Hour
    let summary: HourSummary
    let guarded: [GuardedExchange]
    let exchanges: [ExchangeFacts]
    let history: History

    /// Takes what an hour was sealed with, and its sealed rows.
    public init(_ input: HourInput, summary: HourSummary) {
        hour = input.hour
        self.summary = summary
        exchanges = input.exchanges
        guarded = FieldGuards.apply(to: input.exchanges)
        history = input.history
    }

    /// In the order of `Anomaly.Kind`, exchanges in the order of `Exchange`.
    public func find() -> [Anomaly] {
        let found = [
            summary.exchanges.compactMap(washTrading), extremeFunding(), zScores(), priceDeviations(),
            summary.exchanges.compactMap(staleFeed), summary.exchanges.compactMap(coverageDrop),
            summary.exchanges.compactMap(jump),
        ]
        return found.flatMap { $0 }
    }

    private func washTrading(_ row: ExchangeSummary) -> Anomaly? {
        guard let ratio = row.openInterestToVolume, ratio < 0.15, (row.volumeUSD ?? 0) >= 100e6,
            (row.openInterestCoverage ?? 0) >= 0.5
        else { return nil }
        return Anomaly(
            kind: .washTrading, severity: .medium, exchange: row.exchange, value: ratio,
            text: "\(row.exchange.displayName): possible wash trading, OI/volume \(Phrases.times(ratio))")
    }

    private func extremeFunding() -> [Anomaly] {
        Self.majors.flatMap { asset in
            guarded.sorted { $0.exchange < $1.exchange }.compactMap { exchange in
                guard let rate = exchange.reference(asset)?.ticker.fundingPercent8h,
                    abs(rate) > 0.05
                else { return nil }
                return Anomaly(
                    kind: .extremeFunding, severity: .high, exchange: exchange.exchange, asset: asset,
                    value: rate,
                    text: "\(exchange.exchange.displayName): \(asset) funding \(Phrases.funding(rate))")
            }
        }
    }

    private func priceDeviations() -> [Anomaly] {
        let quotes = QuoteValues(exchanges)
        return Self.majors.flatMap { asset in
            (PriceSpread(asset: asset, exchanges: guarded, quotes: quotes)?.prices ?? [])
                .filter { abs($0.deviationPercent) > 0.5 }
                .map {
                    Anomaly(
                        kind: .priceDeviation, severity: .high, exchange: $0.exchange, asset: asset,
                        value: $0.deviationPercent,
                        text: "\($0.exchange.displayName): \(asset) is \(Phrases.percent($0.deviationPercent, 2)) "
                            + "away from the median")
                }
        }
    }

    /// The reference BTC perpetual's open interest and mark, and the exchange's volume, for 3 hours.
    private func staleFeed(_ row: ExchangeSummary) -> Anomaly? {
        guard row.status != .failed, let volume = row.volumeUSD,
            let symbol = guarded.first(where: { $0.exchange == row.exchange })?.reference("BTC")?.symbol,
            let now = position(symbol, of: row.exchange, in: summary.openInterest)
        else { return nil }
        let isUnchanged = (1...3).allSatisfy { back in
            let then = hour.advanced(by: -back)
            return history.at(then)?.exchange(row.exchange)?.volumeUSD == volume
                && history.snapshot(at: then).flatMap { position(symbol, of: row.exchange, in: $0) } == now
        }
        guard isUnchanged else { return nil }
        return Anomaly(
            kind: .staleFeed, severity: .high, exchange: row.exchange, asset: "BTC",
            text: "\(row.exchange.displayName): volume, open interest and mark unchanged for 3 hours")
    }

    private func position(
        _ symbol: String, of exchange: Exchange, in snapshot: OpenInterestSnapshot
    ) -> OpenInterestSnapshot.InstrumentOpenInterest? {
        snapshot.exchanges.first { $0.exchange == exchange }?.instruments.first { $0.symbol == symbol }
    }

    private func coverageDrop(_ row: ExchangeSummary) -> Anomaly? {
        let earlier = history.trailing(24, before: hour).compactMap { $0.exchange(row.exchange) }
        let wasOK = earlier.count == 24 && earlier.allSatisfy { $0.status == .ok }
        let lost = (earlier.last?.openInterestCoverage ?? 0) - (row.openInterestCoverage ?? 0)
        if wasOK, row.status != .ok {
            return Anomaly(
                kind: .coverageDrop, severity: .medium, exchange: row.exchange,
                text: "\(row.exchange.displayName): \(row.status.rawValue) after 24 good hours")
        }
        guard row.status != .failed, earlier.last?.hour == hour.previous, lost > 0.2 else { return nil }
        return Anomaly(
            kind: .coverageDrop, severity: .medium, exchange: row.exchange, value: lost,
            text: "\(row.exchange.displayName): open interest covers "
                + "\(Phrases.plainPercent(100 * lost, 0)) less of volume than an hour ago")
    }

    private func jump(_ row: ExchangeSummary) -> Anomaly? {
        guard let past = history.at(hour.previous)?.exchange(row.exchange), past.knowsClasses == row.knowsClasses,
            ExchangeSummary.areSame(markets: row.openInterestMarkets, past.openInterestMarkets),
            let before = past.wholeOpenInterestUSD, before > 0, let now = row.wholeOpenInterestUSD,
            let change = row.priceChangePercent, abs(change) < 10, abs(now / before - 1) > 0.30
        else { return nil }
        let percent = 100 * (now / before - 1)
        return Anomaly(
            kind: .jump, severity: .high, exchange: row.exchange, value: percent,
            text: "\(row.exchange.displayName): open interest \(Phrases.percent(percent, 1)) in an hour")
    }
}
