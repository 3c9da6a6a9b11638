import PerpCore

/// A spot pair against USDT at one exchange: the coin's price with a spread of its own.
struct SpotPair {
    let symbol: String
    let base: String
    let last, bid, ask, open, high, low: Double
    /// Traded in 24 hours: volume in coins, turnover in USDT.
    let volume, turnover: Double
    let trades: Int64
    /// Digits after the point in prices.
    let places: Int

    /// The pair with a symbol such as `BTCUSDT`, `BTC-USDT` or `BTC_USDT`; `nil` when no simulated coin has that name.
    init?(_ symbol: String, in moment: Moment) {
        guard symbol.hasSuffix("USDT") else { return nil }
        var base = symbol.dropLast(4)
        if base.last == "-" || base.last == "_" { base = base.dropLast() }
        guard let coinIndex = moment.market.coins.all.firstIndex(where: { $0.name == base }) else { return nil }
        let coin = moment.market.coins.all[coinIndex]
        let key = Noise.hash(symbol, seed: moment.market.seed ^ UInt64(moment.exchange.position))
        let hours = Double(moment.time) / 3_600_000
        let spread = 0.0003 * Noise.wave(key, 1, hours: 2, at: hours)
        let last = moment.coinPrice(coinIndex, at: moment.time) * (1 + spread)
        let open = moment.coinPrice(coinIndex, at: moment.time - 86_400_000)
        self.symbol = symbol
        self.base = String(base)
        self.last = last
        self.open = open
        bid = last * 0.99999
        ask = last * 1.00001
        high = max(last, open) * 1.008
        low = min(last, open) * 0.992
        turnover = coin.dailyTurnover * 0.02 * exponential(0.4 * Noise.wave(key, 2, hours: 30, at: hours))
        volume = turnover / last
        trades = Int64(turnover / 700) + 1
        places = max(2, min(10, 4 - Int(logarithm10(coin.price).rounded(.down))))
    }
}
