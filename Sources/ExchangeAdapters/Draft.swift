import PerpCore

/// What the responses say of one symbol's market, in the exchange's own units.
///
/// An exchange spreads an instrument over several endpoints; each fills what it knows.
struct MarketDraft {
    @Packed var lastPrice: Double?
    @Packed var markPrice: Double?
    @Packed var indexPrice: Double?
    @Packed var bidPrice: Double?
    @Packed var askPrice: Double?
    @Packed var volumeContracts: Double?
    @Packed var volumeBase: Double?
    /// The exchange's turnover, in quote units.
    @Packed var volumeQuote: Double?
    /// The exchange's own count; coins where it counts coins.
    @Packed var openInterestContracts: Double?
    /// Where the exchange states it beside the contracts.
    @Packed var openInterestBase: Double?
    @Packed var openInterestQuote: Double?
    /// Fraction of notional per interval.
    @Packed var fundingRate: Double?
    @Packed var fundingIntervalHours: Double?
    var nextFundingAt: Timestamp?
    /// Fraction.
    @Packed var priceChange: Double?
    var trades: Int64?
    var observedAt: Timestamp?

    /// Whether anything is said that makes a ticker: an index or an interval alone does not.
    var isMarket: Bool {
        lastPrice != nil || markPrice != nil || bidPrice != nil || askPrice != nil || volumeContracts != nil
            || volumeBase != nil || volumeQuote != nil || openInterestContracts != nil || fundingRate != nil
    }

    /// Takes what is unknown here from a less direct response.
    func completed(by other: MarketDraft) -> MarketDraft {
        var quote = self
        quote.lastPrice = lastPrice ?? other.lastPrice
        quote.markPrice = markPrice ?? other.markPrice
        quote.indexPrice = indexPrice ?? other.indexPrice
        quote.bidPrice = bidPrice ?? other.bidPrice
        quote.askPrice = askPrice ?? other.askPrice
        quote.volumeContracts = volumeContracts ?? other.volumeContracts
        quote.volumeBase = volumeBase ?? other.volumeBase
        quote.volumeQuote = volumeQuote ?? other.volumeQuote
        quote.openInterestContracts = openInterestContracts ?? other.openInterestContracts
        quote.openInterestBase = openInterestBase ?? other.openInterestBase
        quote.openInterestQuote = openInterestQuote ?? other.openInterestQuote
        quote.fundingRate = fundingRate ?? other.fundingRate
        quote.fundingIntervalHours = fundingIntervalHours ?? other.fundingIntervalHours
        quote.nextFundingAt = nextFundingAt ?? other.nextFundingAt
        quote.priceChange = priceChange ?? other.priceChange
        quote.trades = trades ?? other.trades
        quote.observedAt = observedAt ?? other.observedAt
        return quote
    }
}

/// What the instruments response says of one symbol.
struct InstrumentDraft {
    var parts: SymbolParts
    /// As the exchange's own field says, `nil` where it says nothing; an exchange without such a field lists coins.
    var assetClass: AssetClass? = .crypto
    /// Whether another field says that it is no coin, and not what it is.
    var isNoCoin = false
    var status: InstrumentStatus
    /// As in `Instrument.contractMultiplier`.
    var contractMultiplier: Double?
    var fundingIntervalHours: Double?
    var listedAt: Timestamp?
    /// The step of orders in base units, where units of liquidations are told apart by it.
    var sizeStep: Double?
    /// The symbol under which the index of this one is told, where that is not its own.
    var indexedAs: String?
}

/// One symbol while the responses are read; it becomes records when all have been.
struct Draft {
    let symbol: String
    var listing: InstrumentDraft?
    /// What the responses about the market say, and what answers about something else say besides.
    var quote = MarketDraft()
    var fallback = MarketDraft()
    /// The size of a contract as the market's response repeats it, for when the instruments response is missing.
    var tickerMultiplier: Double?
    /// Whether a response about instruments or markets names the symbol; an index alone is neither.
    var isNamed = false
    /// Whether the list of instruments names it in a row that could not be read.
    var isListedUnread = false
    /// Whether it is an instrument for tests, of which nothing is kept.
    var isTest = false
    var receivedAt: Timestamp
    /// One bit an endpoint that has given a row.
    var endpoints: UInt32 = 0

    var isTradingPerpetual: Bool { listing?.status == .trading && listing?.parts.contract == .perpetual }

    /// What the list of instruments says that the asset is; `nil` where it does not.
    var assetClass: AssetClass? {
        guard let listing else { return nil }
        return Assets.assetClass(listing.assetClass, of: listing.parts.base)
    }

    /// What the asset is taken for where nobody ever says it; `nil` where the list does not name the symbol.
    var presumedClass: AssetClass? { listing.map { assetClass ?? ($0.isNoCoin ? .other : .crypto) } }

    /// Adds the records of the symbol, from its parts, in canonical units.
    /// - Returns: whether there are any.
    @inline(never)  // within the loop its rows would be copied once more
    func append(
        to staged: inout StagedHour, _ parts: SymbolParts, _ coin: CanonicalAsset, _ assetClass: AssetClass?,
        unstatedInterval: Double?
    ) -> Bool {
        let market = quote.completed(by: fallback)
        let isDated = parts.contract == .dated
        let interval = isDated ? nil : market.fundingIntervalHours ?? listing?.fundingIntervalHours ?? unstatedInterval
        if let listing {
            staged.instruments.append(
                Instrument(
                    symbol: symbol, asset: coin.asset, assetClass: presumedClass,
                    isClassStated: assetClass != nil, base: parts.base,
                    quote: parts.quote, settle: parts.settle, kind: parts.kind, contract: parts.contract,
                    status: listing.status,
                    contractMultiplier: listing.contractMultiplier, unitMultiplier: coin.unitMultiplier,
                    fundingIntervalHours: interval, listedAt: listing.listedAt))
        }
        guard market.isMarket, listing?.status ?? .trading == .trading else { return listing != nil }
        var ticker = Ticker(
            symbol: symbol, asset: coin.asset, assetClass: assetClass, kind: parts.kind, contract: parts.contract,
            quote: parts.quote, observedAt: market.observedAt ?? receivedAt)
        ticker.setPrices(market, unit: coin.unitMultiplier)
        ticker.setSizes(market, unit: coin.unitMultiplier, multiplier: listing?.contractMultiplier ?? tickerMultiplier)
        if !isDated, let rate = market.fundingRate {
            ticker.fundingRate = rate
            ticker.fundingIntervalHours = interval
            ticker.nextFundingAt = market.nextFundingAt
        }
        ticker.priceChange24h = market.priceChange
        ticker.trades24h = market.trades
        staged.tickers.append(ticker)
        return true
    }
}

extension Ticker {
    fileprivate mutating func setPrices(_ market: MarketDraft, unit: Double) {
        lastPrice = market.lastPrice.map { $0 / unit }
        markPrice = market.markPrice.map { $0 / unit }
        indexPrice = market.indexPrice.map { $0 / unit }
        bidPrice = market.bidPrice.map { $0 / unit }
        askPrice = market.askPrice.map { $0 / unit }
    }

    /// Volume and open interest in coins and dollars.
    ///
    /// Linear: a contract is `multiplier` base units. Inverse: a contract is `multiplier` quote units,
    /// whatever the price. A turnover that the exchange does not send is its base volume at the last price.
    fileprivate mutating func setSizes(_ market: MarketDraft, unit: Double, multiplier: Double?) {
        let price = market.markPrice ?? market.lastPrice
        func scaled(_ contracts: Double?) -> Double? {
            guard let contracts, let multiplier else { return nil }
            return contracts * multiplier
        }
        openInterestContracts = market.openInterestContracts
        var volumeQuote = market.volumeQuote
        var openInterestQuote = market.openInterestQuote
        switch kind {
        case .linear:
            let volume = market.volumeBase ?? scaled(market.volumeContracts)
            let openInterest = market.openInterestBase ?? scaled(market.openInterestContracts)
            volumeBase24h = volume.map { $0 * unit }
            openInterestBase = openInterest.map { $0 * unit }
            volumeQuote = volumeQuote ?? product(volume, market.lastPrice)
            openInterestQuote = openInterestQuote ?? product(openInterest, price)
        case .inverse:
            volumeQuote = volumeQuote ?? scaled(market.volumeContracts)
            openInterestQuote = openInterestQuote ?? scaled(market.openInterestContracts)
            volumeBase24h = market.volumeBase.map { $0 * unit }
            openInterestBase = (market.openInterestBase ?? quotient(openInterestQuote, price)).map { $0 * unit }
        case .quanto:
            volumeBase24h = market.volumeBase.map { $0 * unit }
            openInterestBase = market.openInterestBase.map { $0 * unit }
        }
        guard Assets.isDollar(quote) else { return }
        volumeUSD24h = volumeQuote
        openInterestUSD = openInterestQuote
    }
}

private func product(_ left: Double?, _ right: Double?) -> Double? {
    guard let left, let right else { return nil }
    return left * right
}

private func quotient(_ left: Double?, _ right: Double?) -> Double? {
    guard let left, let right, right != 0 else { return nil }
    return left / right
}
