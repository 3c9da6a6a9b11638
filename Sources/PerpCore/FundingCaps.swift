extension Exchange {
    /// The widest funding rate that the exchange allows for one interval: a fraction of notional, of either sign.
    ///
    /// The exchange clamps a rate beyond it, so a stored one is a mistake: a percentage taken for a fraction, or the rate
    /// of a day taken for that of an interval. The check `funding_beyond_cap` has the same figures in SQL, and a test
    /// compares the two.
    public var widestFundingRate: Double {
        switch self {
        case .binance, .okx, .bybit, .bitget, .hyperliquid, .aster: 0.04
        case .gate: 0.05
        case .dydx: 0.15
        // Not documented in one figure: the commonest cap stands in.
        case .edgex, .pacifica, .backpack, .extended, .grvt, .paradex: 0.04
        }
    }
}
