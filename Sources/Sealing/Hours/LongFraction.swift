import PerpCore

/// The share of accounts that are long, over exchanges and coins.
struct LongFraction: Hashable, Sendable {
    /// Older observations are left out, seconds before the hour.
    static let oldest = 2 * Hour.seconds

    /// 0 to 1: the mean over coins of the mean over exchanges; `nil` without a series.
    var fraction: Double?
    /// Series of one exchange and coin.
    var series: Int

    /// `shares` holds one list per coin, each in byte order of the exchanges' ids.
    init(_ shares: [[Double]]) {
        fraction = mean(shares.compactMap(mean))
        series = shares.reduce(0) { $0 + $1.count }
    }

    /// `rows` in byte order of their exchanges' ids.
    init(_ rows: [ExchangeSummary]) {
        self.init([rows.compactMap(\.longFractionBTC), rows.compactMap(\.longFractionETH)])
    }

    /// Notes an exchange's shares of BTC and ETH accounts that are long.
    static func note(_ facts: ExchangeFacts, in row: inout ExchangeSummary) {
        row.longFractionBTC = accounts("BTC", of: facts, hour: row.hour)?.longFraction
        row.longFractionETH = accounts("ETH", of: facts, hour: row.hour)?.longFraction
    }

    /// What the accounts of a past hour were over the same series as `now`; `nil` where it lacks one of them.
    /// - Parameter past: in byte order of the exchanges' ids.
    static func share(of past: [LongFractions], over now: [LongFractions]) -> Double? {
        var shares: [[Double]] = [[], []]
        var next = 0
        for wanted in now {
            while next < past.count, past[next].exchange.id < wanted.exchange.id { next += 1 }
            guard next < past.count, past[next].exchange == wanted.exchange else { return nil }
            if wanted.btc != nil {
                guard let share = past[next].btc else { return nil }
                shares[0].append(share)
            }
            if wanted.eth != nil {
                guard let share = past[next].eth else { return nil }
                shares[1].append(share)
            }
        }
        return LongFraction(shares).fraction
    }

    /// The longs over shorts among OKX's BTC accounts, as sent where it was: what seed-v1 reads.
    static func seedRatio(hour: Hour, exchanges: [ExchangeFacts]) -> Double? {
        exchanges.first { $0.exchange == .okx }
            .flatMap { accounts("BTC", of: $0, hour: hour) }
            .map { $0.ratio ?? $0.longFraction / $0.shortFraction }
    }

    /// The latest observation of a coin's accounts, of the smaller symbol on a tie.
    private static func accounts(_ asset: String, of facts: ExchangeFacts, hour: Hour) -> LongShortRatio? {
        let from = Timestamp(seconds: hour.start - oldest)
        let fresh = facts.longShortRatios.filter {
            $0.population == .accounts && $0.asset == asset && $0.observedAt >= from
                && $0.observedAt < hour.end && $0.longFraction > 0 && $0.longFraction < 1
        }
        return fresh.min { ($1.observedAt, $0.symbol) < ($0.observedAt, $1.symbol) }
    }
}
