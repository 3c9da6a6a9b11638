import PerpCore

/// The class of an asset from the fields of each exchange.
///
/// An absent key gives `nil`: the body is older than the key, or the exchange has dropped it, and only an earlier
/// statement can tell. A value that is not known here is `other`, never a coin.
enum AssetClasses {
    /// Binance: `contractType` and `underlyingType`. Indices of coins are coins.
    static func binance(contractType: String, underlyingType: String?) -> AssetClass? {
        let isTraditional = contractType.hasPrefix("TRADIFI")
        switch underlyingType {
        case nil: return nil
        case "COIN": return .crypto
        case "EQUITY", "ETF", "STOCK": return .stock
        case "COMMODITY", "METAL": return .commodity
        case "FX", "FOREX", "CURRENCY": return .fx
        case "INDEX": return isTraditional ? .index : .crypto
        // A coin or a share that is not listed anywhere yet.
        case "PREMARKET": return isTraditional ? .stock : .crypto
        default: return .other
        }
    }

    /// AsterDEX: `symbolType` is 0 for coins; `underlyingSubType` says what the others are.
    static func aster(symbolType: Double?, subTypes: [String]) -> AssetClass? {
        if subTypes.contains("STOCK") || subTypes.contains("ETF") { return .stock }
        if subTypes.contains("RWA") || subTypes.contains("COMMODITY") || subTypes.contains("METAL") {
            return .commodity
        }
        if subTypes.contains("FOREX") || subTypes.contains("FX") { return .fx }
        guard let symbolType else { return nil }
        if symbolType == 0 { return .crypto }
        if subTypes.isEmpty { return nil }
        return subTypes.contains("INDEX") ? .index : .other
    }

    /// OKX: `instCategory`.
    static func okx(_ category: String?) -> AssetClass? {
        switch category {
        case nil: nil
        case "1": .crypto
        case "3": .stock
        case "4": .commodity
        case "5": .fx
        default: .other
        }
    }

    /// Bybit: `symbolType`.
    static func bybit(_ symbolType: String?) -> AssetClass? {
        switch symbolType?.lowercased() {
        case nil: nil
        case "", "innovation", "adventure": .crypto
        case "stock", "stocks", "xstocks", "etf": .stock
        case "commodity", "metal": .commodity
        case "index": .index
        case "forex", "fx": .fx
        default: .other
        }
    }

    /// Gate: `contract_type`.
    static func gate(_ contractType: String?) -> AssetClass? {
        switch contractType {
        case nil: nil
        case "": .crypto
        case "stocks", "etf": .stock
        case "metals", "commodities": .commodity
        case "indices": .index
        case "forex": .fx
        default: .other
        }
    }

    /// Bitget: `isRwa` says whether it is a coin; for anything else the class comes from its name.
    static func bitget(base: String, isRWA: String?) -> AssetClass? {
        guard let isRWA else { return nil }
        guard isRWA.uppercased() == "YES" else { return .crypto }
        return named[base] ?? .other
    }

    /// Hyperliquid's builder markets: the category of an annotation, as its author spells it; "preipo" are shares before
    /// they are listed.
    static func hyperliquid(category: String) -> AssetClass {
        switch category.lowercased() {
        case "crypto": .crypto
        case "stocks", "stock", "preipo": .stock
        case "commodities", "commodity": .commodity
        case "indices", "index": .index
        case "fx": .fx
        default: .other
        }
    }

    /// The class that the name of something that is no coin suggests; `nil` when it is not listed.
    static func suggested(by base: String) -> AssetClass? { named[base] }

    /// Kraken Futures: `tradfi` says whether it is something else than a coin; the class then comes from its name.
    static func krakenFutures(base: String, isTraditional: Bool?) -> AssetClass? {
        guard let isTraditional else { return nil }
        return isTraditional ? named[base] ?? .other : .crypto
    }

    /// Coinbase: `futures_asset_type`, and `non_crypto`, which must agree with it.
    static func coinbase(_ type: String?, isNoCoin: Bool?) -> AssetClass? {
        switch type {
        case nil: isNoCoin.map { $0 ? .other : .crypto }
        case "FUTURES_ASSET_TYPE_CRYPTO": isNoCoin == true ? .other : .crypto
        case "FUTURES_ASSET_TYPE_STOCKS": .stock
        case "FUTURES_ASSET_TYPE_METALS", "FUTURES_ASSET_TYPE_ENERGY", "FUTURES_ASSET_TYPE_COMMODITIES": .commodity
        case "FUTURES_ASSET_TYPE_INDICES": .index
        default: .other
        }
    }

    /// MEXC: the zones in `conceptPlate`, and `type`, which is 2 for what is not a coin.
    static func mexc(base: String, type: Double?, zones: [String]?) -> AssetClass? {
        if type == nil, zones == nil { return nil }
        let words = Set((zones ?? []).map { $0.lowercased().replacing("mc-trade-zone-", with: "") })
        if type == 2 || words.contains("tradfi") { return traditional(base, words) }
        return type ?? 1 == 1 ? .crypto : .other
    }

    /// KuCoin: `assetClass`.
    static func kucoin(base: String, assetClass: String?) -> AssetClass? {
        switch assetClass {
        case nil: nil
        case "CRYPTO": .crypto
        case "STOCK": .stock
        case "METAL", "COMMODITY": goldTokens.contains(base) ? .crypto : .commodity
        case "INDEX": .index
        case "FOREX", "FX": .fx
        default: .other
        }
    }

    /// HTX: `tradfi_labels`, and where it is empty `labels`, which coins have too: `hot`, `common`.
    static func htx(base: String, tradfi: [String]?, labels: [String]?) -> AssetClass? {
        if tradfi == nil, labels == nil { return nil }
        if let tradfi, !tradfi.isEmpty { return traditional(base, Set(tradfi.map { $0.lowercased() })) }
        let words = Set((labels ?? []).map { $0.lowercased() })
        return words.isDisjoint(with: traditionalWords) ? .crypto : traditional(base, words)
    }

    /// The class of what an exchange does not call a coin, from its words in lower case. Funds of shares are among the
    /// shares and the indices, and some indices are among the shares.
    private static func traditional(_ base: String, _ words: Set<String>) -> AssetClass {
        if goldTokens.contains(base) { return .crypto }
        guard let (found, _) = wordsOfClasses.first(where: { !words.isDisjoint(with: $0.words) }) else {
            return named[base] ?? .other
        }
        return found == .stock && named[base] == .index ? .index : found
    }

    /// The words for each class, the first that fits counts.
    private static let wordsOfClasses: [(class: AssetClass, words: Set<String>)] = [
        (.stock, ["stock", "stocks", "etf"]),
        (.commodity, ["metal", "metals", "commodity", "commodities", "oil"]),
        (.fx, ["forex", "fx", "currency"]),
        (.index, ["indices", "index", "stockindex"]),
    ]

    private static let traditionalWords: Set<String> = wordsOfClasses.reduce(into: ["tradfi"]) {
        $0.formUnion($1.words)
    }

    /// Coins that stand for gold, which exchanges list among metals.
    private static let goldTokens: Set<String> = ["PAXG", "XAUT"]

    /// edgeX: `isStock` and `isFx`. Commodities have neither flag, so their class comes from the name.
    static func edgex(base: String, isStock: Bool?, isFX: Bool?) -> AssetClass? {
        if isFX == true { return .fx }
        if isStock == true { return .stock }
        if named[base] == .commodity { return .commodity }
        return isStock == nil && isFX == nil ? nil : .crypto
    }

    /// Backpack: `rwaMarketType`, which is `null` for coins. Names that end in `.US` are shares.
    static func backpack(_ marketType: String?, isStated: Bool, base: String) -> AssetClass? {
        let isShare = base.hasSuffix(".US")
        switch marketType?.uppercased() {
        case nil: return isShare ? .stock : isStated ? .crypto : nil
        case "STOCK", "ETF": return .stock
        // Most indices that it lists are funds on them, which are shares elsewhere.
        case "INDEX": return named[String(base.prefix { $0 != "." })] == .stock ? .stock : .index
        case "COMMODITY", "METAL": return .commodity
        case "FX", "FOREX": return .fx
        default: return .other
        }
    }

    /// Extended: `category`, and for what is no coin `subCategory`.
    static func extended(category: String?, subCategory: String?, base: String) -> AssetClass? {
        switch (category, subCategory) {
        case (nil, _): nil
        case ("Crypto", _): .crypto
        case ("RWA", "Equity"), ("RWA", "Pre-market"): .stock
        case ("RWA", "Commodity"): .commodity
        case ("RWA", "FX"): .fx
        case ("RWA", "ETF/Index"): named[base] == .stock ? .stock : .index
        default: .other
        }
    }

    /// GRVT: `asset_class`, which has been `UNSPECIFIED` for everything, shares too.
    static func grvt(_ stated: String?, base: String) -> AssetClass {
        switch stated?.uppercased() {
        case nil, "UNSPECIFIED": undeclared(base)
        case "CRYPTO": .crypto
        case "EQUITY", "STOCK": .stock
        case "COMMODITY": .commodity
        case "INDEX": .index
        case "FX", "FOREX": .fx
        default: .other
        }
    }

    /// Paradex: the tag `RWA` says that it is no coin, and the name what it is.
    static func paradex(tags: [String]?, base: String) -> AssetClass? {
        guard let tags else { return nil }
        guard tags.contains(where: { $0.uppercased() == "RWA" }) else { return .crypto }
        return named[base] ?? .other
    }

    /// Pacifica states no class: its own names for what is no coin, else the name alone.
    static func pacifica(_ base: String) -> AssetClass { pacificaNames[base] ?? undeclared(base) }

    /// What Pacifica's site files under shares, commodities and currencies, as far as `undeclared` does not know it.
    private static let pacificaNames: [String: AssetClass] = [
        "ANTHROPIC": .stock, "OPENAI": .stock, "COIN": .stock, "CRCL": .stock, "DRAM": .stock, "GME": .stock,
        "META": .stock, "SAMSUNG": .stock, "SKHYNIX": .stock, "SPCX": .stock, "URNM": .stock,
        "EURUSD": .fx, "GBPUSD": .fx, "AUDUSD": .fx, "NZDUSD": .fx, "USDJPY": .fx, "USDCAD": .fx, "USDCHF": .fx,
        "USDKRW": .fx,
    ]

    /// The class of a name where the exchange states none: a share, commodity, index or currency by its well-known name, and
    /// a coin otherwise. A name that is a share and a coin is `other`: nothing decides.
    private static func undeclared(_ base: String) -> AssetClass {
        guard let known = named[base] else { return .crypto }
        return known != .commodity && namesOfTwo.contains(base) ? .other : known
    }

    /// Names of shares and indices that are names of coins too.
    private static let namesOfTwo: Set<String> = [
        "AI", "BB", "BP", "C", "CAT", "CVX", "DASH", "F", "GME", "META", "ON", "OPEN", "RTX", "SPX", "STRC", "STX", "T",
        "U",
        "V",
        "W", "WEN", "Z",
    ]

    /// Assets that are commodities on every exchange, whatever its fields say.
    static let alwaysCommodity: Set<String> = ["XAU", "XAG", "XPT", "XPD"]

    /// Classes by name, where no field states one.
    private static let named: [String: AssetClass] = {
        var classes: [String: AssetClass] = [:]
        func add(_ names: String, _ assetClass: AssetClass) {
            for name in names.split(whereSeparator: \.isWhitespace) { classes[String(name)] = assetClass }
        }
        add(
            """
            XAU XAG XPT XPD XCU GOLD SILVER PLATINUM PALLADIUM COPPER WTI CL USOIL UKOIL BRENT BZ NATGAS NG COCOA \
            COFFEE SUGAR CORN WHEAT SOYBEAN
            """, .commodity)
        add(
            """
            SPX SPX500 SP500 US500 NDX NDX100 NAS100 US100 USTEC DJI DJ30 US30 RUT US2000 VIX DAX GER40 DE40 UK100 \
            JP225 JPN225 NIKKEI HK50 HSI CN50 FRA40 EU50 AUS200 XYZ100
            """, .index)
        add("EUR GBP JPY AUD CHF CAD NZD CNH SEK NOK MXN BRL INR KRW TRY ZAR SGD HKD", .fx)
        add(
            """
            AAPL ABBV ABNB ABT ACN ADBE ADI ADM AFRM AI ALAB AMAT AMC AMD AMGN AMZN ANET APLD APLX APP ARM ASML ASTS AVGO AXON \
            AXP BA BABA BAC BB BBAI BE BHP BIDU BITF BKNG BLK BLSH BMNR BMY BP BRKB BTDR BX C CAT CCL CEG CHTR CIFR \
            CLSK CMCSA CMG COIN COP COST CPNG CRCL CRDO CRM CRWD CRWV CSCO CVNA CVS CVX DAL DASH DDOG DE DELL DIS \
            DJT DKNG DOCU DUOL EBAY EL ENPH ETSY F FCX FDX FI FIG FSLR FUTU GD GE GEV GILD GLD GLXY GM GME GOOG GOOGL \
            GRAB GS GTLB HD HIMS HIMX HON HOOD HPE HUT HYMC IBIT IBM INTC INTU IONQ IREN ISRG IWM JD JNJ JPM KLAC KO \
            LCID LI LLY LMT LRCX LULU LUV LYFT MA MARA MCD MDB MELI META METAX MMM MNDY MO MRK MRNA MRVL MS MSFT MSTR MU NBIS \
            NEE NET NFLX NIO NKE NNE NOC NOW NVAX NVDA NVO NVTS OKLO ON OPEN ORCL OXY PANW PATH PDD PEP PFE PG PINS PKX \
            PLTR PLUG PM PYPL QBTS QCOM QQQ QUBT RBLX RDDT RGTI RIOT RIVN RKLB RKT ROKU RTX RUM SBET SBUX SE SHOP \
            SIRI SLV SMCI SMR SNAP SNDK SNOW SNPS SOFI SONY SOUN SOXL SOXX SPOT SPY SQ SQQQ STRC STX T TEAM TEM TGT TLT TM TMO \
            TMUS TQQQ TSLA TSM TTD TTWO TXN U UBER UNH UPST USO UPS V VALE VOO VRT VST VZ W WBD WDAY WDC WEN WFC WMT \
            WULF XOM XPEV XYZ Z ZM ZS
            """, .stock)
        return classes
    }()
}
