import PerpCore

/// What a net rate is after: taker fees to open and close two legs, shared out over the days between.
public struct TradeCosts: Hashable, Sendable {
    /// Fractions of notional, each paid twice.
    public var shortFee: Double
    /// Fraction of notional that the long leg's taker pays.
    public var longFee: Double
    /// Days between opening and closing.
    public var holdDays: Double

    /// Takes fees as fractions of notional, and days.
    public init(shortFee: Double, longFee: Double, holdDays: Double) {
        self.shortFee = shortFee
        self.longFee = longFee
        self.holdDays = holdDays
    }

    /// `after fees of 0.055% + 0.050% per leg, held 7 d`: the short leg's fee first.
    public var words: String {
        let days = holdDays == holdDays.rounded() ? Numbers.fixed(holdDays, 0) : Numbers.fixed(holdDays, 1)
        return "after fees of \(TakerFees.percent(shortFee)) + \(TakerFees.percent(longFee)) per leg, held \(days) d"
    }
}
