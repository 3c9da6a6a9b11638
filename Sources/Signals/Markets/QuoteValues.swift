import PerpCore
import Sealing

/// What the dollar tokens are worth in dollars in one hour.
public struct QuoteValues: Hashable, Sendable {
    /// Dollars of one unit, where it was observed.
    public var observed: [String: Double]

    /// Takes dollars per unit, by token.
    public init(observed: [String: Double] = [:]) { self.observed = observed }

    /// The median over exchanges of each token's spot price in dollars.
    public init(_ exchanges: [ExchangeFacts]) {
        observed = [:]
        for quote in FieldGuards.dollarQuotes where quote != "USD" {
            let prices = exchanges.flatMap(\.spotTickers)
                .filter { $0.asset == quote && $0.quote == "USD" }
                .compactMap { MidPrice.of($0)?.price }
            observed[quote] = Quantiles.median(prices)
        }
    }

    /// Dollars of one unit of `quote`, and whether that is assumed; `nil` for other quotes.
    public func dollars(_ quote: String) -> (value: Double, isAssumed: Bool)? {
        if quote == "USD" { return (1, false) }
        if let value = observed[quote] { return (value, false) }
        return FieldGuards.dollarQuotes.contains(quote) ? (1, true) : nil
    }
}
