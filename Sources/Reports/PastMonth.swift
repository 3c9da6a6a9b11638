import PerpCore
import Sealing

extension Statistics {
    /// How one contract moved over the last days of which history is stored.
    public struct PastMonth: Hashable, Sendable, Codable {
        /// The most days that are shown.
        public static let days = 30

        var exchange: Exchange
        var symbol: String
        var asset: String
        /// The first and the last day, `2026-11-28`.
        var from: String
        var to: String
        /// The last price of each day, in quote units for a coin; `nil` for a day without a candle.
        var closes: [Double?]
        /// The mean rate that was settled on each day as a fraction of notional for 8 hours; `nil` for a day without one.
        var fundingRates: [Double?]

        /// The days up to that of the last candle; `nil` without a candle.
        ///
        /// - Parameters:
        ///   - candles: hourly ones of one contract, ascending.
        ///   - settlements: of the same contract, each with its interval where that is known.
        public init?(_ exchange: Exchange, candles: [Candle], settlements: [FundingSettlement]) {
            guard let last = candles.last else { return nil }
            let end = Hour(containing: last.from).day
            let days = (0..<Int64(Self.days)).map { CalendarDay(number: end.number - Int64(Self.days) + 1 + $0) }
            let byDay = Dictionary(grouping: candles) { Hour(containing: $0.from).day }
            let first = days.first { byDay[$0] != nil } ?? end
            let shown = days.filter { $0 >= first }
            let rates = Dictionary(grouping: settlements.withPeriods) { Hour(containing: $0.settledAt).day }
            self.exchange = exchange
            symbol = last.symbol
            asset = last.asset
            from = "\(first)"
            to = "\(end)"
            closes = shown.map { byDay[$0]?.last?.close }
            fundingRates = shown.map { day in
                mean((rates[day] ?? []).compactMap { row in row.fundingIntervalHours.map { row.fundingRate * 8 / $0 } })
            }
        }
    }
}

extension Statistics.PastMonth {
    var lines: [String] {
        let prices = closes.compactMap { $0 }
        let change = prices.first.flatMap { first in prices.last.map { 100 * ($0 / first - 1) } }
        var lines = [
            "\(asset) at \(exchange.displayName) (\(symbol)), closes of \(Numbers.counted(closes.count, "day")) to \(to):",
            "  \(Self.bars(closes))  \(Self.span(prices, places: 2))"
                + (change.map { " (\($0 < 0 ? "" : "+")\(Numbers.fixed($0, 1)) %)" } ?? ""),
        ]
        let rates = fundingRates.compactMap { $0 }
        if !rates.isEmpty {
            lines += [
                "Settled funding, percent for 8 hours, mean of each day:",
                "  \(Self.bars(fundingRates))  \(Self.span(rates.map { $0 * 100 }, places: 4))",
            ]
        }
        return lines
    }

    private static func span(_ values: [Double], places: Int) -> String {
        guard let first = values.first, let last = values.last else { return "" }
        return "\(Numbers.fixed(first, places)) → \(Numbers.fixed(last, places))"
    }

    /// A bar for each value, from the lowest to the highest; a gap for a day without one.
    static func bars(_ values: [Double?]) -> String {
        let known = values.compactMap { $0 }
        guard let low = known.min(), let high = known.max() else { return "" }
        let blocks = Array("▁▂▃▄▅▆▇█")
        return String(
            values.map { value -> Character in
                guard let value else { return " " }
                guard high > low else { return blocks[3] }
                return blocks[min(7, Int((value - low) / (high - low) * 8))]
            })
    }
}
