import PerpCore

/// Builds the permanent instruments of an exchange: unusual ones by name, ordinary ones by rank and chance.
struct CatalogueBuilder {
    let template: ListingTemplate
    let size: Market.Size
    private(set) var listings: [SimulatedListing] = []
    private var taken: Set<String> = []

    private static let hours: Int64 = 3_600_000
    /// The earliest time at which delisted instruments stopped trading, in UTC milliseconds: May 2024.
    private static let burial: Int64 = 1_715_590_800_000

    init(template: ListingTemplate, size: Market.Size) {
        self.template = template
        self.size = size
    }

    private var exchange: Exchange { template.exchange }
    private var coins: Coins { template.coins }

    /// - Parameter coinCount: how many ordinary coins there are, without anything unusual; `nil` for all and everything.
    mutating func build(coinCount: Int? = nil) {
        if let coinCount {
            for coin in ordinaryCoins().prefix(coinCount) { addPerpetual(coin) }
        } else {
            addAll()
        }
        for index in listings.indices { listings[index].number = index }
    }

    private mutating func addAll() {
        if exchange == .bybit { addShare() }
        let ordinary = ordinaryCoins()
        for coin in ordinary { addPerpetual(coin) }
        switch exchange {
        case .binance: addBinance()
        case .okx: addOKX()
        case .bybit: addBybit()
        case .gate: addGate()
        case .bitget: addBitget()
        case .hyperliquid: addHyperliquid()
        case .aster: addAster()
        case .dydx: addDydx()
        case .binanceCOINM: addBinanceCOINM()
        case .deribit: addDeribit()
        case .krakenFutures: addKrakenFutures()
        case .mexc: addMEXC()
        case .kucoin: addKuCoin()
        case .bingx: addBingX()
        case .lighter: addLighter()
        case .htx: addHTX()
        case .edgex: addEdgeX()
        case .pacifica: addPacifica()
        case .backpack: addBackpack()
        case .extended: addExtended()
        case .grvt: addGRVT()
        case .paradex: addParadex()
        case .coinbase: addCoinbase()
        }
    }

    // MARK: - Names

    static func symbol(base: String, quote: String, on exchange: Exchange) -> String {
        switch exchange {
        case .binance, .bitget, .aster: base + quote
        case .bybit: quote == "USDC" ? base + "PERP" : base + quote
        case .okx: "\(base)-\(quote)-SWAP"
        case .gate: "\(base)_\(quote)"
        case .hyperliquid: base
        case .dydx, .extended: "\(base)-USD"
        case .binanceCOINM: "\(base)USD_PERP"
        case .deribit: quote == "USD" ? "\(base)-PERPETUAL" : "\(base)_USDC-PERPETUAL"
        case .krakenFutures: "PF_\(base)USD"
        case .mexc: "\(base)_\(quote)"
        case .kucoin: "\(base)\(quote)M"
        case .bingx, .htx: "\(base)-\(quote)"
        case .lighter, .pacifica: base
        case .edgex: base + "USDC"
        case .backpack: "\(base)_USDC_PERP"
        case .grvt: "\(base)_USDT_Perp"
        case .paradex: "\(base)-USD-PERP"
        case .coinbase: "\(coinbaseCodes[base] ?? "\(base)P")-20DEC30-CDE"
        }
    }

    /// The contract codes of Coinbase's perpetuals; others are made up.
    private static let coinbaseCodes = ["BTC": "BIP", "ETH": "ETP", "SOL": "SLP", "XRP": "XPP", "DOGE": "DOP"]
    private static let thousands: [Exchange: Set<String>] = [
        .binance: [
            "SHIB", "PEPE", "FLOKI", "BONK", "LUNC", "XEC", "SATS", "RATS", "CAT", "CHEEMS", "WHY", "X",
        ],
        .bybit: ["PEPE", "FLOKI", "BONK", "LUNC", "XEC", "BTT", "CAT", "TURBO", "RATS", "X"],
        .bitget: ["BONK", "SATS", "RATS", "XEC", "CAT", "WHY", "X", "LUNC", "CHEEMS"],
        .hyperliquid: ["SHIB", "PEPE", "FLOKI", "BONK", "LUNC", "DOGS", "NEIRO"],
        .aster: ["SHIB", "PEPE", "FLOKI", "BONK", "LUNC", "CHEEMS"],
        .bingx: ["SHIB", "PEPE", "FLOKI", "BONK", "SATS", "RATS"],
        .lighter: ["SHIB", "PEPE", "FLOKI", "BONK"],
        .edgex: ["SHIB", "PEPE", "FLOKI", "BONK"],
        .pacifica: ["SHIB", "PEPE", "BONK"],
        .backpack: ["SHIB", "PEPE", "BONK"],
        .extended: ["SHIB", "PEPE", "FLOKI", "BONK"],
        .grvt: ["SHIB", "PEPE", "BONK"],
        .paradex: ["SHIB", "PEPE", "FLOKI", "BONK"],
    ]
    private static let others: [Exchange: [String: (String, Double)]] = [
        .binance: [
            "MOG": ("1000000MOG", 1e6), "BOB": ("1000000BOB", 1e6), "BABYDOGE": ("1MBABYDOGE", 1e6),
        ],
        .bybit: [
            "SHIB": ("SHIB1000", 1000), "LADYS": ("10000LADYS", 1e4), "NFT": ("10000NFT", 1e4),
            "SATS": ("10000SATS", 1e4), "MOG": ("1000000MOG", 1e6), "CHEEMS": ("1000000CHEEMS", 1e6),
            "BABYDOGE": ("1000000BABYDOGE", 1e6), "BOB": ("1000000BOB", 1e6), "WHY": ("10000WHY", 1e4),
        ],
        .krakenFutures: ["BTC": ("XBT", 1)],
        .bitget: ["BABYDOGE": ("1MBABYDOGE", 1e6), "MOG": ("1000000MOG", 1e6), "BOB": ("1000000BOB", 1e6)],
        .kucoin: ["BTC": ("XBT", 1)],
    ]

    /// The exchange's base for a coin, and the number of coins in one base unit.
    static func base(of coin: String, on exchange: Exchange) -> (name: String, unit: Double) {
        if let other = others[exchange]?[coin] { return other }
        guard thousands[exchange]?.contains(coin) == true else { return (coin, 1) }
        return switch exchange {
        case .hyperliquid, .pacifica, .backpack, .paradex: ("k\(coin)", 1000)
        case .grvt: ("K\(coin)", 1000)
        default: ("1000\(coin)", 1000)
        }
    }

    /// Sets contract size, quote and settlement currency on exchanges that do not count coins against USDT.
    static func fit(_ listing: inout SimulatedListing, to exchange: Exchange, coins: Coins) {
        let price = coins.all[listing.coin].price
        switch exchange {
        case .okx: setSize(&listing, contractExponent(of: listing, target: 50 / price))
        case .gate: setSize(&listing, contractExponent(of: listing, target: 10 / price))
        case .hyperliquid, .dydx, .lighter, .edgex, .pacifica, .backpack, .paradex: listing.settle = "USDC"
        case .binanceCOINM: listing.makeInverse(size: listing.base == "BTC" ? 100 : 10)
        case .deribit where listing.quote == .usdt: listing.settle = "USDC"
        case .krakenFutures where listing.quote == .usdt: listing.settle = "USD"
        case .mexc: setSize(&listing, contractExponent(of: listing, target: 10 / price, bitcoin: -4, ether: -2))
        case .kucoin, .htx:
            setSize(&listing, contractExponent(of: listing, target: 10 / price, bitcoin: -3, ether: -2))
        case .extended: listing.settle = "USD"
        case .coinbase:
            listing.settle = "USD"
            setSize(&listing, contractExponent(of: listing, target: 500 / price))
        default: break
        }
        listing.quote =
            switch exchange {
            case .hyperliquid, .lighter, .edgex, .pacifica, .backpack: .usdc
            case .dydx, .krakenFutures, .extended, .paradex, .coinbase: .usd
            case .deribit: listing.quote == .usdt ? .usdc : listing.quote
            default: listing.quote
            }
    }

    private static func contractExponent(
        of listing: SimulatedListing, target: Double, bitcoin: Int = -2, ether: Int = -1
    ) -> Int {
        switch listing.base {
        case "BTC", "XBT": bitcoin
        case "ETH": ether
        default: Int(logarithm10(target).rounded(.down))
        }
    }

    private static func setSize(_ listing: inout SimulatedListing, _ exponent: Int) {
        listing.contractSize = exponent < 0 ? 1 / powersOfTen[-exponent] : powersOfTen[exponent]
        listing.contractPlaces = max(0, -exponent)
    }

    // MARK: - Ordinary instruments

    /// Coins that an exchange lists explicitly, which chance must not list again.
    private static let special: Set<String> = [
        "USDC", "USD1", "XAU", "XAUT", "AAPL", "TSLA", "NVDA", "AMZN", "META", "GOOG", "MSFT", "QQQ", "BTCDOM",
        "DEFI", "ALL", "MATIC", "MKR",
    ]
    private static let rare: [String: Set<Exchange>] = [
        "LADYS": [.bybit, .gate], "BTT": [.bybit, .gate, .okx], "NFT": [.bybit, .gate, .okx],
        "BOB": [.binance, .bybit, .bitget], "BABYDOGE": [.binance, .bybit, .bitget, .okx, .gate],
        "RATS": [.binance, .bybit, .bitget], "WHY": [.binance, .bybit, .bitget],
        "SATS": [.binance, .bybit, .bitget, .okx, .gate],
    ]

    /// Exchanges that list large coins only.
    static let selective: Set<Exchange> = [.deribit, .coinbase]

    private var chance: Double {
        switch exchange {
        case .binance: 0.73
        case .okx: 0.33
        case .bybit: 0.83
        case .gate: 0.87
        case .bitget: 0.78
        case .hyperliquid: 0.18
        case .aster: 0.18
        case .dydx: 0.27
        case .binanceCOINM: 0.02
        case .deribit: 0
        case .krakenFutures: 0.45
        case .coinbase: 0
        case .mexc: 0.97
        case .kucoin: 0.755
        case .bingx: 0.87
        case .lighter: 0.1
        case .htx: 0.06
        case .edgex: 0.12
        case .backpack: 0.05
        case .pacifica, .paradex: 0.01
        case .extended: 0.3
        case .grvt: 0.2
        }
    }

    private func ordinaryCoins() -> [Int] {
        if size == .small {
            let names = ["BTC", "ETH", "SOL", "XRP", "DOGE", "LINK", "PEPE", "SHIB", "1INCH", "KAITO"]
            return names.map(coins.index(of:))
        }
        let known = coins.all.indices.prefix { coins.all[$0].name != "MKR" }.filter { index in
            let name = coins.all[index].name
            if Self.special.contains(name) { return false }
            if let exchanges = Self.rare[name] { return exchanges.contains(exchange) }
            return index < 24 || listed(index, chance: max(0.8, chance))
        }
        if Self.selective.contains(exchange) { return Array(known.prefix(24)) }
        return known + coins.tail.filter { listed($0, chance: chance) }
    }

    /// Whether the exchange lists a coin: the same for every seed, so that seeds differ only in prices.
    private func listed(_ index: Int, chance: Double) -> Bool {
        Noise.unit(Noise.hash(coins.all[index].name, seed: UInt64(exchange.position) + 77)) < chance
    }

    private mutating func add(_ listing: SimulatedListing) {
        guard taken.insert(String(decoding: listing.symbol, as: UTF8.self)).inserted else { return }
        listings.append(listing)
    }

    private func perpetual(_ index: Int, quote: SimulatedListing.QuoteCurrency = .usdt) -> SimulatedListing {
        let (base, unit) = Self.base(of: coins.all[index].name, on: exchange)
        var listing = template.listing(
            symbol: Self.symbol(base: base, quote: quote.rawValue, on: exchange), base: base, coin: index,
            unit: unit)
        listing.quote = quote
        listing.settle = quote.rawValue
        if quote != .usdt { listing.share *= 0.06 }
        Self.fit(&listing, to: exchange, coins: coins)
        return listing
    }

    private mutating func addPerpetual(_ index: Int, quote: SimulatedListing.QuoteCurrency = .usdt) {
        add(perpetual(index, quote: quote))
    }

    private mutating func addPerpetuals(_ names: [String], tag: String = "") {
        for name in names {
            var listing = perpetual(coins.index(of: name))
            listing.tag = tag
            add(listing)
        }
    }

    /// Adds instruments that are not traded.
    ///
    /// - Parameter state: the exchange's word for a live instrument that is halted.
    private mutating func addIdle(_ indices: some Sequence<Int>, life: SimulatedListing.Lifetime, state: String? = nil)
    {
        for index in indices {
            var listing = perpetual(index)
            listing.life = life
            if case .dead = life {
                let draw = Noise.unit(Noise.hash(coins.all[index].name), 9)
                listing.life = .dead(Self.burial + Int64(draw * 9000) * Self.hours)
            }
            listing.state = state
            add(listing)
        }
    }

    private func dead(_ count: Int) -> ArraySlice<Int> { coins.dead.prefix(size == .small ? 2 : count) }

    /// Coins of the tail that the exchange does not list.
    private func unlisted(_ count: Int) -> ArraySlice<Int> {
        coins.tail.filter { !listed($0, chance: chance) }.suffix(size == .small ? 1 : count)
    }

    // MARK: - Unusual instruments, per exchange

    private mutating func addBinance() {
        addPerpetuals(["BTCDOM"], tag: "INDEX")
        var cross = perpetual(coins.index(of: "ETH"))
        cross.symbol = Array("ETHBTC".utf8)
        cross.quote = .btc
        cross.settle = "BTC"
        cross.pricePlaces = 6
        cross.quantityPlaces = 2
        cross.share *= 0.002
        cross.key = Noise.hash("ETHBTC", seed: cross.key)
        add(cross)
        let dollars = size == .small ? ["BTC", "PEPE"] : Self.dollarCoins
        for name in dollars { addPerpetual(coins.index(of: name), quote: .usdc) }
        addPerpetuals(["MOG", "BABYDOGE", "0G", "4", "ON"])
        for name in CoinNames.foreign { addPerpetuals([name]) }
        if size == .full {
            addPerpetuals(["USDC", "2Z", "42"])
            addPerpetuals(["ALL"], tag: "INDEX")
            for index in listings.indices.suffix(60).prefix(9) { listings[index].tag = "PREMARKET" }
        }
        addIdle(dead(41), life: .dead(0))
        addIdle(unlisted(44), life: .pending)
        addIdle([coins.index(of: "DEFI")], life: .dead(0), state: "PRE_SETTLE")
    }

    private static let dollarCoins = [
        "BTC", "ETH", "SOL", "XRP", "DOGE", "BNB", "ADA", "SUI", "LINK", "AVAX", "PEPE", "ZEC", "ENA", "LTC",
        "BCH", "WIF", "BONK", "TRUMP", "PENGU", "SHIB", "AAVE", "UNI", "NEAR", "WLD", "ARB", "HBAR", "FIL",
        "TIA", "ORDI", "KAITO", "NEO", "BOME", "ETHFI", "CRV", "PNUT", "IP", "WLFI",
    ]

    private mutating func addOKX() {
        let inverse = ["BTC", "ETH", "SOL", "XRP", "DOGE", "LTC", "BCH", "ETC", "DOT", "ADA", "LINK", "TRX", "AVAX"]
        for name in inverse.prefix(size == .small ? 3 : inverse.count) {
            var listing = perpetual(coins.index(of: name), quote: .usd)
            listing.makeInverse(size: name == "BTC" ? 100 : 10)
            listing.share *= 2
            add(listing)
        }
        addPerpetual(coins.index(of: "BTC"), quote: .usdc)
        addPerpetuals(["BABYDOGE", "SATS", "0G"])
        addIdle(dead(3).prefix(1), life: .dead(0), state: "suspend")
        addIdle(unlisted(2), life: .pending)
    }

    /// A share with the ticker of a coin that Binance lists.
    private mutating func addShare() {
        var listing = template.listing(symbol: "ONUSDT", base: "ON", coin: coins.index(of: "AMZN"))
        listing.tag = "stock"
        listing.share *= 20
        add(listing)
    }

    private mutating func addBybit() {
        let dollars = ["BTC", "ETH", "SOL", "XRP", "BNB", "ETC", "OP", "DOGE"]
        for name in dollars.prefix(size == .small ? 2 : dollars.count) {
            addPerpetual(coins.index(of: name), quote: .usdc)
        }
        let inverse = ["BTC", "XRP", "ETH", "SOL", "LTC", "DOT", "ADA", "DOGE"].prefix(size == .small ? 2 : 8)
        for name in inverse {
            var listing = perpetual(coins.index(of: name), quote: .usd)
            listing.makeInverse()
            add(listing)
        }
        addPerpetuals(["LADYS", "MOG", "0G"])
        if size == .full {
            addPerpetuals(["USDC", "XAUT"])
            addTraditional(shares: 186)
        }
        addIdle(unlisted(4), life: .pending)
    }

    private mutating func addGate() {
        addPerpetuals(["LADYS", "BABYDOGE", "PYR", "ACH", "0G", "USDC"])
        if size == .full { addTraditional(shares: 330) }
        // Gate has contract sizes that are not powers of ten, and old contracts without a listing time.
        for index in listings.indices {
            switch listings[index].base {
            case "BTC": (listings[index].contractSize, listings[index].contractPlaces) = (0.0001, 4)
            case "ETH": (listings[index].contractSize, listings[index].contractPlaces) = (0.01, 2)
            case "PYR": (listings[index].contractSize, listings[index].contractPlaces) = (9.6, 1)
            case "ACH": (listings[index].contractSize, listings[index].contractPlaces) = (11, 0)
            case "XRP": listings[index].listedAt = 0
            default: break
            }
        }
        addIdle(dead(6), life: .dead(0))
        addIdle(unlisted(2), life: .pending)
        addIdle([coins.index(of: "MATIC")], life: .dead(0), state: "circuit_breaker")
    }

    private mutating func addBitget() {
        addPerpetuals(["BONK", "SATS", "BABYDOGE", "0G"])
        if size == .full { addPerpetuals(["AAPL", "TSLA", "NVDA"], tag: "RWA") }
        addIdle(unlisted(2), life: .pending)
        addIdle([coins.index(of: "MATIC")], life: .dead(0), state: "maintain")
        addIdle([coins.index(of: "MKR")], life: .dead(0), state: "limit_open")
    }

    private mutating func addHyperliquid() {
        addPerpetuals(["BONK", "KAS", "0G", "2Z"])
        addIdle([coins.index(of: "MATIC")] + dead(39), life: .dead(0))
        addBuilderMarket("xyz", "TSLA", coin: "TSLA", tag: "stocks")
        addBuilderMarket("xyz", "GOLD", coin: "XAU", tag: "commodities")
        addBuilderMarket("xyz", "XYZ100", coin: "QQQ", tag: "indices")
        addBuilderMarket("xyz", "OLD", coin: "MATIC", tag: "", life: .dead(Self.burial))
        addBuilderMarket("hyna", "BTC", coin: "BTC", tag: "crypto", quote: .usde)
    }

    /// Adds a market that somebody else runs on the exchange.
    ///
    /// - Parameter tag: what its builder calls the underlying; blank for nothing.
    private mutating func addBuilderMarket(
        _ list: String, _ base: String, coin: String, tag: String, quote: SimulatedListing.QuoteCurrency = .usdc,
        life: SimulatedListing.Lifetime = .always
    ) {
        var listing = template.listing(symbol: "\(list):\(base)", base: base, coin: coins.index(of: coin))
        listing.quote = quote
        listing.settle = quote.rawValue
        listing.tag = tag
        listing.life = life
        add(listing)
    }

    private mutating func addAster() {
        addPerpetuals(["AAPL", "TSLA"], tag: "STOCK")
        addPerpetuals(["XAU"], tag: "RWA")
        addPerpetuals(["ASTER", "42"])
        if size == .full {
            addPerpetuals(["NVDA", "AMZN", "META", "GOOG", "MSFT", "QQQ"], tag: "STOCK")
            addPerpetuals(["USD1"])
        }
        addIdle(dead(53), life: .dead(0))
        if size == .full { addIdle(unlisted(24).dropFirst(3), life: .dead(0)) }
        addIdle(unlisted(3).prefix(3), life: .pending)
    }

    private mutating func addBinanceCOINM() {
        addIdle([coins.index(of: "MATIC")], life: .dead(0))
        addIdle(unlisted(1), life: .pending)
    }

    private mutating func addEdgeX() {
        addPerpetuals(["TSLA", "AAPL"], tag: "isStock")
        addPerpetuals(["XAU", "0G"])
        addIdle(dead(3), life: .dead(0))
    }

    private mutating func addPacifica() {
        addPerpetuals(["NVDA", "XAU", "BONK", "2Z"])
        // A spot pair stands among the perpetuals.
        var spot = perpetual(coins.index(of: "SOL"))
        spot.symbol = Array("SOL-USDC".utf8)
        spot.tag = "spot"
        spot.share *= 0.01
        add(spot)
    }

    private mutating func addBackpack() {
        addShares(["AMZN", "TSLA"], ending: ".US", tag: "STOCK")
        addIdle(dead(11), life: .dead(0))
        addIdle([coins.index(of: "MATIC")], life: .dead(0), state: "PostOnly")
    }

    private mutating func addExtended() {
        addShares(["AAPL", "TSLA"], ending: "_24_5", tag: "Equity")
        addPerpetuals(["XAU"], tag: "Commodity")
        addPerpetuals(["PAXG"])
        addIdle(dead(40), life: .dead(0))
        addIdle([coins.index(of: "MKR")], life: .dead(0), state: "REDUCE_ONLY")
        addIdle(unlisted(12), life: .pending)
    }

    private mutating func addGRVT() { addPerpetuals(["AAPL", "XAU", "BONK"]) }

    private mutating func addParadex() { addPerpetuals(["XAU", "TSLA"], tag: "RWA") }

    /// Adds shares whose names have an ending of the exchange's.
    private mutating func addShares(_ names: [String], ending: String, tag: String) {
        for name in names {
            var listing = perpetual(coins.index(of: name))
            listing.base = name + ending
            listing.symbol = Array(Self.symbol(base: listing.base, quote: listing.quote.rawValue, on: exchange).utf8)
            listing.tag = tag
            add(listing)
        }
    }

    private mutating func addDydx() {
        addPerpetuals(["0G"])
        var odd = perpetual(coins.index(of: "TURBO"))
        odd.base = "TURBO,UNISWAP_V3,0XA35923162C49CF95E6BF26623385EB431AD920D3"
        odd.symbol = Array("\(odd.base)-USD".utf8)
        odd.share *= 0.2
        add(odd)
        addIdle([coins.index(of: "MATIC")], life: .dead(0))
        addIdle(dead(4).prefix(1), life: .dead(0), state: "PAUSED")
        addIdle(dead(5).suffix(1), life: .dead(0), state: "CANCEL_ONLY")
        addIdle(unlisted(1), life: .pending)
    }

    /// The inverse perpetuals of an exchange, which are settled in their coin.
    private mutating func addInverse(_ names: [String], size: (String) -> Double, symbol: (String) -> String) {
        for name in names {
            var listing = perpetual(coins.index(of: name), quote: .usd)
            listing.symbol = Array(symbol(listing.base).utf8)
            listing.key = Noise.hash(symbol(listing.base), seed: listing.key)
            listing.inverse = true
            listing.settle = listing.base
            listing.contractSize = size(name)
            listing.contractPlaces = 0
            listing.share *= 4
            add(listing)
        }
    }

    private mutating func addDeribit() {
        addInverse(["BTC", "ETH"]) {
            $0 == "BTC" ? 10 : 1
        } symbol: {
            "\($0)-PERPETUAL"
        }
        addIdle([coins.index(of: "MATIC")], life: .dead(0))
    }

    private mutating func addKrakenFutures() {
        addInverse(["BTC", "ETH", "XRP"]) { _ in
            1
        } symbol: {
            "PI_\($0)USD"
        }
        addPerpetuals(["AAPL", "XAU"], tag: "tradfi")
        addPerpetuals(["0G"])
        addIdle(dead(6), life: .dead(0))
        addIdle([coins.index(of: "MATIC")], life: .dead(0), state: "suspended")
        addIdle([coins.index(of: "MKR")], life: .dead(0), state: "postOnly")
    }

    private mutating func addCoinbase() {
        for (name, base, tag) in [("XAU", "GOLD", "METALS"), ("NVDA", "NVDA", "STOCKS")] {
            var listing = perpetual(coins.index(of: name))
            listing.symbol = Array("\(base)P-20DEC30-CDE".utf8)
            listing.base = base
            listing.tag = tag
            add(listing)
        }
        addIdle(dead(1), life: .dead(0))
    }

    /// Adds what is no coin: shares, and with them metals, oil, indices and currencies. The tag is the class.
    ///
    /// - Parameter shares: how many shares to add, of those that are not among the coins of the exchange.
    private mutating func addTraditional(shares: Int) {
        for (offset, name) in CoinNames.shares.prefix(shares).enumerated() {
            let path = CoinNames.sharePaths[offset % CoinNames.sharePaths.count]
            addTraditional(name, path: path, class: "stock")
        }
        let others =
            size == .small
            ? CoinNames.traditional.filter { ["XAU", "SPX500", "EUR"].contains($0.name) }
            : CoinNames.traditional
        for entry in others { addTraditional(entry.name, path: entry.path, class: entry.class) }
    }

    private mutating func addTraditional(_ name: String, path: String, class tag: String) {
        let base = Self.traditionalBase(name, class: tag, on: exchange)
        var listing = template.listing(
            symbol: Self.symbol(base: base, quote: "USDT", on: exchange), base: base, coin: coins.index(of: path))
        listing.tag = tag
        Self.fit(&listing, to: exchange, coins: coins)
        add(listing)
    }

    /// How an exchange writes the ticker of what is no coin.
    private static func traditionalBase(_ name: String, class tag: String, on exchange: Exchange) -> String {
        switch exchange {
        case .mexc: return tag == "stock" ? name + "STOCK" : name
        case .bingx:
            let codes = ["stock": "SK", "index": "SI", "commodity": "CO", "fx": "FX"]
            return "NC\(codes[tag] ?? "XX")\(name)2USD"
        case .lighter where tag == "fx": return name + "USD"
        default: return name
        }
    }

    private mutating func addMEXC() {
        addPerpetuals(["BABYDOGE", "SATS", "0G"])
        let dollars = size == .small ? ["BTC"] : Self.dollarCoins + Self.bridgeCoins
        for name in dollars { addPerpetual(coins.index(of: name), quote: .usdc) }
        for name in dollars.prefix(35) { addPerpetual(coins.index(of: name), quote: .usd1) }
        addInverse(size == .small ? ["BTC"] : ["BTC", "ETH", "SOL", "XRP"], size: 10)
        addTraditional(shares: size == .small ? 2 : 399)
        addIdle(dead(4), life: .dead(0))
        addIdle([coins.index(of: "MATIC")], life: .dead(0), state: "4")
    }

    private mutating func addKuCoin() {
        addPerpetuals(["BABYDOGE", "SATS", "0G"])
        let dollars = size == .small ? ["BTC"] : Array(Self.dollarCoins.prefix(12))
        for name in dollars { addPerpetual(coins.index(of: name), quote: .usdc) }
        addInverse(size == .small ? ["BTC"] : ["BTC", "ETH", "SOL", "XRP", "DOT"], size: 1)
        addTraditional(shares: size == .small ? 2 : 130)
        addIdle(unlisted(4), life: .pending)
        addIdle([coins.index(of: "MATIC")], life: .dead(0), state: "Paused")
    }

    private mutating func addBingX() {
        addPerpetuals(["BABYDOGE", "SATS", "0G"])
        let dollars = size == .small ? ["BTC"] : Self.dollarCoins
        for name in dollars { addPerpetual(coins.index(of: name), quote: .usdc) }
        addTraditional(shares: size == .small ? 2 : 350)
        addIdle(unlisted(4), life: .pending)
        addIdle([coins.index(of: "MATIC")], life: .dead(0), state: "25")
    }

    private mutating func addLighter() {
        addPerpetuals(["0G"])
        addTraditional(shares: size == .small ? 2 : 20)
        addIdle(dead(4), life: .dead(0))
    }

    private mutating func addHTX() {
        addPerpetuals(["BABYDOGE", "PAXG"])
        addTraditional(shares: size == .small ? 2 : 205)
        addIdle(unlisted(1), life: .pending)
        addIdle([coins.index(of: "MATIC")], life: .dead(0), state: "3")
    }

    /// More coins that are margined in dollar tokens besides USDT.
    private static let bridgeCoins = [
        "DOT", "OP", "APT", "XLM", "ETC", "ICP", "INJ", "SEI", "ONDO", "JUP", "LDO", "FLOKI", "KAS", "PAXG", "TURBO",
        "NEIRO",
        "1INCH", "TAO", "HYPE", "TRX", "FARTCOIN", "ASTER", "XMR", "DASH", "ATOM", "ALGO", "QNT", "GRT", "SAND", "MANA",
        "IMX",
        "APE", "STX", "PYTH", "JTO", "STRK", "ZRO", "EIGEN", "GOAT", "MOVE",
    ]

    /// Adds perpetuals that are margined in the coin, with contracts of so many dollars.
    private mutating func addInverse(_ names: [String], size dollars: Double) {
        for name in names {
            var listing = perpetual(coins.index(of: name), quote: .usd)
            listing.inverse = true
            listing.settle = listing.base
            listing.contractSize = dollars
            listing.contractPlaces = 0
            add(listing)
        }
    }
}
