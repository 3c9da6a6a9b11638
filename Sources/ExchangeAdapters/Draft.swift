import PerpCore

/// The market of one symbol, in the exchange's units.
///
/// Exchanges spread an instrument over several endpoints; each fills in what it states.
struct MarketDraft {
    @Packed var lastPrice: Double?
    @Packed var markPrice: Double?
    @Packed var indexPrice: Double?
    @Packed var bidPrice: Double?
    @Packed var askPrice: Double?
    @Packed var volumeContracts: Double?
    @Packed var volumeBase: Double?
    /// Turnover of 24 hours in quote units.
    @Packed var volumeQuote: Double?
    /// Open interest as the exchange counts it: contracts, or coins.
    @Packed var openInterestContracts: Double?
    /// Open interest in base units, where the exchange states it.
    @Packed var openInterestBase: Double?
    @Packed var openInterestQuote: Double?
    /// Fraction of notional per interval; positive when longs pay shorts.
    @Packed var fundingRate: Double?
    @Packed var fundingIntervalHours: Double?
    var nextFundingAt: Timestamp?
    /// Change in 24 hours, as a fraction.
    @Packed var priceChange: Double?
    var trades: Int64?
    var observedAt: Timestamp?

    /// Whether there is enough for a ticker: an index price or an interval alone is not.
    var isMarket: Bool {
        lastPrice != nil || markPrice != nil || bidPrice != nil || askPrice != nil || volumeContracts != nil
            || volumeBase != nil || volumeQuote != nil || openInterestContracts != nil || openInterestQuote != nil
            || fundingRate != nil
    }

    /// Returns this market with missing values from `other`, a less direct source.
    func completed(by other: MarketDraft) -> MarketDraft {
        var market = self
        market.lastPrice = lastPrice ?? other.lastPrice
        market.markPrice = markPrice ?? other.markPrice
        market.indexPrice = indexPrice ?? other.indexPrice
        market.bidPrice = bidPrice ?? other.bidPrice
        market.askPrice = askPrice ?? other.askPrice
        market.volumeContracts = volumeContracts ?? other.volumeContracts
        market.volumeBase = volumeBase ?? other.volumeBase
        market.volumeQuote = volumeQuote ?? other.volumeQuote
        market.openInterestContracts = openInterestContracts ?? other.openInterestContracts
        market.openInterestBase = openInterestBase ?? other.openInterestBase
        market.openInterestQuote = openInterestQuote ?? other.openInterestQuote
        market.fundingRate = fundingRate ?? other.fundingRate
        market.fundingIntervalHours = fundingIntervalHours ?? other.fundingIntervalHours
        market.nextFundingAt = nextFundingAt ?? other.nextFundingAt
        market.priceChange = priceChange ?? other.priceChange
        market.trades = trades ?? other.trades
        market.observedAt = observedAt ?? other.observedAt
        return market
    }
}

/// What the list of instruments says of one symbol.
///
/// A class, and never changed: drafts are copied for each row, and hours whose lists are the same share it.
final class InstrumentDraft: Sendable {
    let parts: SymbolParts
    /// The class that the exchange states; `nil` where its field is absent. An exchange without such a field lists coins.
    let statedClass: AssetClass?
    /// Whether a field says that it is not a coin without saying what it is.
    let isNoCoin: Bool
    /// The class that the name of such an asset suggests; `nil` when it suggests none.
    let likelyClass: AssetClass?
    /// As in `Instrument.isCore`.
    let isCore: Bool
    let status: InstrumentStatus
    /// The exchange's id for the symbol, where other responses, calls or its stream name it so; `nil` where none does.
    let id: String?
    /// As in `Instrument.contractMultiplier`.
    let contractMultiplier: Double?
    let fundingIntervalHours: Double?
    let listedAt: Timestamp?
    /// The step of order sizes in base units, where it is needed to find the unit of liquidations.
    let sizeStep: Double?
    /// The symbol whose index price this instrument uses; `nil` when it has its own.
    let indexedAs: String?
    /// The class that the list states, or that the base always has; `nil` where it states none.
    let assetClass: AssetClass?

    init(
        parts: SymbolParts, assetClass: AssetClass? = .crypto, isNoCoin: Bool = false, likelyClass: AssetClass? = nil,
        isCore: Bool = true, status: InstrumentStatus, id: String? = nil, contractMultiplier: Double? = nil,
        fundingIntervalHours: Double? = nil, listedAt: Timestamp? = nil, sizeStep: Double? = nil,
        indexedAs: String? = nil
    ) {
        self.parts = parts
        statedClass = assetClass
        self.isNoCoin = isNoCoin
        self.likelyClass = likelyClass
        self.isCore = isCore
        self.status = status
        self.id = id
        self.contractMultiplier = contractMultiplier
        self.fundingIntervalHours = fundingIntervalHours
        self.listedAt = listedAt
        self.sizeStep = sizeStep
        self.indexedAs = indexedAs
        self.assetClass = Assets.assetClass(assetClass, of: parts.base)
    }

    /// The stated class, or the one to assume when none is stated.
    var presumedClass: AssetClass { assetClass ?? (isNoCoin ? likelyClass ?? .other : .crypto) }
}

/// One symbol while responses are read; it becomes records afterwards.
struct Draft {
    let symbol: String
    var listing: InstrumentDraft?
    /// What responses about the market state.
    var market = MarketDraft()
    /// What responses about something else state about the market, used where `market` has none.
    var fallback = MarketDraft()
    /// The contract size in the market's response, used when the list of instruments is missing.
    var tickerMultiplier: Double?
    /// Whether a response about instruments or markets names the symbol; one about index prices does not count.
    var isNamed = false
    /// Whether the list of instruments names it in a row that could not be read.
    var isListedUnread = false
    /// Whether it is no contract of the pipeline's and not kept: a test instrument, a spot pair, an option, an index, a
    /// contract of another exchange.
    var isOtherProduct = false
    /// Whether a response about the market says that trading is halted.
    var isHalted = false
    var receivedAt: Timestamp
    /// One bit per endpoint that has a row for the symbol.
    var endpoints: UInt32 = 0

    var isTradingPerpetual: Bool { status == .trading && listing?.parts.contract == .perpetual }

    /// The status that the list of instruments states, unless the market is halted; `nil` where neither says anything.
    private var status: InstrumentStatus? {
        isHalted && listing?.status ?? .trading == .trading ? .suspended : listing?.status
    }

    /// The class that the list of instruments states; `nil` where it states none.
    var assetClass: AssetClass? { listing?.assetClass }

    /// The stated class, or the one to assume when none is stated; `nil` where the list does not name the symbol.
    var presumedClass: AssetClass? { listing?.presumedClass }

    /// Adds the symbol's records in canonical units.
    ///
    /// - Returns: Whether there are any.
    @inline(never)  // inlined into the loop, it copies its records once more
    func append(
        to staged: inout StagedHour, _ parts: SymbolParts, _ coin: CanonicalAsset, _ assetClass: AssetClass?,
        unstatedInterval: Double?
    ) -> Bool {
        let market = self.market.completed(by: fallback)
        let isDated = parts.contract == .dated
        let interval = isDated ? nil : market.fundingIntervalHours ?? listing?.fundingIntervalHours ?? unstatedInterval
        if let listing {
            staged.instruments.append(
                Instrument(
                    symbol: symbol, asset: coin.asset, assetClass: presumedClass,
                    isClassStated: assetClass != nil, base: parts.base,
                    quote: parts.quote, settle: parts.settle, kind: parts.kind, contract: parts.contract,
                    status: status ?? listing.status, isCore: listing.isCore,
                    contractMultiplier: listing.contractMultiplier, unitMultiplier: coin.unitMultiplier,
                    fundingIntervalHours: interval, listedAt: listing.listedAt))
        }
        guard market.isMarket, status ?? .trading == .trading else { return listing != nil }
        var ticker = Ticker(
            symbol: symbol, asset: coin.asset, assetClass: assetClass, kind: parts.kind, contract: parts.contract,
            quote: parts.quote, observedAt: market.observedAt ?? receivedAt)
        ticker.isCore = listing?.isCore ?? true
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
    /// whatever the price. A missing turnover is the base volume at the last price, missing coins of open interest are its
    /// value at the mark price.
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
            let openInterest =
                market.openInterestBase ?? scaled(market.openInterestContracts)
                ?? quotient(openInterestQuote, price)
            volumeBase24h = volume.map { $0 * unit }
            openInterestBase = openInterest.map { $0 * unit }
            volumeQuote = volumeQuote ?? product(volume, market.lastPrice)
            openInterestQuote = openInterestQuote ?? product(openInterest, price)
        case .inverse:
            volumeQuote = volumeQuote ?? scaled(market.volumeContracts)
            openInterestQuote = openInterestQuote ?? scaled(market.openInterestContracts)
            openInterestContracts = openInterestContracts ?? quotient(openInterestQuote, multiplier)
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
