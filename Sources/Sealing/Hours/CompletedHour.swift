import PerpCore

extension HourInput {
    /// The hour as if no exchange were missing in it: what an exchange lacks is taken from its latest earlier hour, at
    /// most `ExchangeSummary.standInHours` old. Liquidations are not taken from earlier hours.
    ///
    /// - Parameters:
    ///   - summary: the rows of this hour, which say who is missing.
    ///   - earlier: returns what the exchanges said in an earlier hour.
    /// - Throws: What `earlier` throws.
    public func completed(
        _ summary: HourSummary, by earlier: (Hour) throws -> [ExchangeFacts]
    ) rethrows -> HourInput {
        var result = self
        var missing = Set(summary.exchanges.filter { $0.isInGates && !$0.isWhole(after: history) }.map(\.exchange))
        for past in history.trailing(ExchangeSummary.standInHours, before: hour).reversed() where !missing.isEmpty {
            let said = past.exchanges.filter { missing.contains($0.exchange) && $0.status != .failed }
            if said.isEmpty { continue }
            for facts in try earlier(past.hour) where said.contains(where: { $0.exchange == facts.exchange }) {
                missing.remove(facts.exchange)
                if let index = result.exchanges.firstIndex(where: { $0.exchange == facts.exchange }) {
                    result.exchanges[index].complete(by: facts)
                } else {
                    result.exchanges.append(facts.withoutLiquidations)
                }
            }
        }
        return result
    }
}

extension ExchangeFacts {
    fileprivate var withoutLiquidations: ExchangeFacts {
        var facts = self
        facts.liquidations = .unknown
        return facts
    }

    fileprivate mutating func complete(by earlier: ExchangeFacts) {
        guard status != .failed else {
            let mine = liquidations
            self = earlier
            liquidations = mine
            return
        }
        let known = Dictionary(earlier.tickers.map { ($0.symbol, $0) }) { first, _ in first }
        for index in tickers.indices {
            if let ticker = known[tickers[index].symbol] { tickers[index].complete(by: ticker) }
        }
        let told = Set(tickers.map(\.symbol))
        tickers += earlier.tickers.filter { !told.contains($0.symbol) }
        if longShortRatios.isEmpty { longShortRatios = earlier.longShortRatios }
        if spotTickers.isEmpty { spotTickers = earlier.spotTickers }
    }
}

extension Ticker {
    fileprivate mutating func complete(by earlier: Ticker) {
        lastPrice = lastPrice ?? earlier.lastPrice
        markPrice = markPrice ?? earlier.markPrice
        indexPrice = indexPrice ?? earlier.indexPrice
        bidPrice = bidPrice ?? earlier.bidPrice
        askPrice = askPrice ?? earlier.askPrice
        volumeUSD24h = volumeUSD24h ?? earlier.volumeUSD24h
        openInterestUSD = openInterestUSD ?? earlier.openInterestUSD
        priceChange24h = priceChange24h ?? earlier.priceChange24h
        if fundingRate == nil || fundingIntervalHours == nil {
            fundingRate = earlier.fundingRate
            fundingIntervalHours = earlier.fundingIntervalHours
        }
    }
}
