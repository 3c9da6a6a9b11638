extension Exchange {
    /// The widest funding rate that the exchange allows for one interval: a fraction of notional, of either sign.
    ///
    /// The exchange clamps a rate beyond it, so a stored one is a mistake: a percentage taken for a fraction, or the rate
    /// of a day taken for that of an interval. The check `funding_beyond_cap` has the same figures in SQL, and a test
    /// compares the two.
    public var widestFundingRate: Double {
        switch self {
        case .binance, .okx, .bybit, .bitget, .hyperliquid, .aster, .binanceCOINM: 0.04
        case .gate: 0.05
        case .dydx: 0.15
        // No cap is documented for all contracts (Kraken Futures states one per contract, up to 0.02 per hour in 2026): the
        // commonest one stands in, since a rate beyond it has another unit.
        case .deribit, .krakenFutures, .mexc, .kucoin, .bingx, .lighter, .htx, .edgex, .pacifica, .backpack, .extended,
            .grvt, .paradex, .coinbase:
            0.04
        }
    }
}
