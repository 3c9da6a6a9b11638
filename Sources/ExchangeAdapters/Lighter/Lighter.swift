import JSONReader
import PerpCore

/// Lighter perpetuals, quoted and settled in USDC.
///
/// Source: https://apidocs.lighter.xyz/reference
/// `open_interest` counts coins of one side. A rate is stated for eight hours, and an eighth of it is paid each hour.
enum Lighter {
    static let host = "https://mainnet.zklighter.elliot.ai"
    /// The exchange's own name among the rates, which also quote other exchanges.
    private static let ownName = "lighter"
    /// A stated rate covers so many settlements.
    private static let settlementsPerRate = 8.0

    static let adapter = Adapter(
        exchange: .lighter, limits: [RateLimit("requests", limit: 60, windowSeconds: 60)],
        errorText: { envelopeError($0, code: "code", success: "200", message: "message") },
        parts: parts, perpetual: { $0 },
        endpoints: [
            Endpoint(
                "order_book_details", host, phase: .instruments, essential: true, limit: "requests",
                calls: { _ in [EndpointCall("/api/v1/orderBookDetails")] }, read: readMarkets),
            Endpoint(
                "funding_rates", host, phase: .market, limit: "requests",
                calls: { _ in [EndpointCall("/api/v1/funding-rates")] }, read: readFundingRates),
            Endpoint(
                "fundings", host, phase: .details, typicalCalls: 3, limit: "requests", calls: fundingCalls,
                read: readFundings),
        ])

    private static func fundingCalls(_ plan: Plan) -> [EndpointCall] {
        let end = plan.hour.start
        return plan.focusPerpetuals.compactMap { plan.batch.listing(of: $0)?.id }.map {
            EndpointCall(
                "/api/v1/fundings?market_id=\($0)&resolution=1h&start_timestamp=\(end - 3 * Hour.seconds)"
                    + "&end_timestamp=\(end)&count_back=3")
        }
    }

    /// A symbol is the asset: `BTC`; currencies are pairs: `EURUSD`.
    static func parts(_ symbol: String) -> SymbolParts? {
        SymbolParts(base: underlying(symbol).name, quote: "USDC", settle: "USDC")
    }

    // MARK: - Classes

    /// What a symbol stands for. No field says it, so names do: coins that are known, then the table of names that are no
    /// coins; all others are of unknown class, and so are names that are a coin and something else.
    static func underlying(_ symbol: String) -> (name: String, assetClass: AssetClass) {
        if coins.contains(symbol) { return (symbol, .crypto) }
        if let pair = currencyPair(symbol) { return (pair, .fx) }
        return (symbol, AssetClasses.suggested(by: symbol).flatMap { ambiguous.contains(symbol) ? nil : $0 } ?? .other)
    }

    /// The name of a pair of currencies against the dollar: `EUR` for dollars per euro, `USDJPY` for yen per dollar; `nil`
    /// for other symbols.
    private static func currencyPair(_ symbol: String) -> String? {
        guard symbol.utf8.count == 6 else { return nil }
        let (first, second) = (String(symbol.prefix(3)), String(symbol.suffix(3)))
        if second == "USD", AssetClasses.suggested(by: first) == .fx { return first }
        return first == "USD" && AssetClasses.suggested(by: second) == .fx ? symbol : nil
    }

    /// Names that are a coin on some exchanges and a share or an index on others.
    private static let ambiguous: Set<String> = [
        "AI", "BB", "C", "CAT", "COP", "CVX", "DASH", "F", "META", "ON", "OPEN", "QNT", "RTX", "SPX", "STRC", "STX",
        "T", "U",
        "W", "XYZ", "Z",
    ]

    /// Coins that the exchange lists.
    private static let coins: Set<String> = Set(
        """
        BTC ETH SOL XRP DOGE BNB HYPE ADA SUI LINK AVAX TRX LTC BCH TON DOT NEAR APT ARB OP POL UNI AAVE ENA LDO CRV MKR SKY \
        PENDLE ONDO TAO TIA SEI INJ ICP FIL ETC XLM HBAR ATOM STRK ZK ZRO EIGEN ETHFI MORPHO AERO GMX DYDX JUP PYTH JTO RAY \
        WLD WIF TRUMP FARTCOIN POPCAT PENGU PUMP USELESS GRASS VIRTUAL AI16Z KAITO IP BERA S VVV SYRUP RESOLV ZORA PROVE \
        LAUNCHCOIN SPK MNT CRO NMR DOLO LINEA WLFI XPL AVNT ASTER 0G 2Z STBL APEX FF EDEN ZEC XMR MON MET MEGA LIT YZY MYX \
        PIPPIN RIVER ORDI KAS ALGO VET SAND GALA IMX RENDER FET BONK PEPE SHIB FLOKI PAXG XAUT \
        1000PEPE 1000SHIB 1000BONK 1000FLOKI 1000TOSHI
        """
        .split(whereSeparator: \.isWhitespace).map(String.init))

    // MARK: - Readers

    /// Shape: `order_book_details[]`. Spot markets, which some responses mix in, are passed over.
    static func readMarkets(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "order_book_details") where row.text("market_type") != "spot" {
            batch.add(row) { (row, draft) throws(FieldError) in
                let symbol = draft.symbol
                guard let number = row.value("market_id")?.summary else { throw .missing(field: "market_id") }
                let type = try row.optionalString("market_type")
                guard type ?? "perp" == "perp" else { throw .unknown(field: "market_type", value: type ?? "") }
                let status = try row.string("status")
                let (name, assetClass) = underlying(symbol)
                draft.listing = InstrumentDraft(
                    parts: SymbolParts(base: name, quote: "USDC", settle: "USDC"), assetClass: assetClass,
                    status: instrumentStatus(status), id: number, contractMultiplier: 1, fundingIntervalHours: 1)
                draft.market.observedAt = response.receivedAt
                draft.market.lastPrice = try row.price("last_trade_price")
                draft.market.trades = try row.optionalCount("daily_trades_count")
                draft.market.volumeBase = try row.optionalNonNegative("daily_base_token_volume")
                draft.market.volumeQuote = try row.optionalNonNegative("daily_quote_token_volume")
                draft.market.openInterestContracts = try row.optionalNonNegative("open_interest")
                draft.market.openInterestBase = draft.market.openInterestContracts
                draft.market.markPrice = try row.price("mark_price")
                draft.market.indexPrice = try row.price("index_price")
            }
        }
    }

    private static func instrumentStatus(_ status: String) -> InstrumentStatus {
        switch status {
        case "active": .trading
        case "inactive": .delisted
        default: .suspended
        }
    }

    /// Shape: `funding_rates[]`, which also quotes other exchanges. `rate` covers eight hours; the next eighth of it is paid
    /// at the full hour.
    static func readFundingRates(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        for row in try list(response.body, in: "funding_rates") where row.text("exchange") == ownName {
            batch.add(row) { (row, draft) throws(FieldError) in
                draft.market.fundingRate = try row.optionalNumber("rate").map { $0 / settlementsPerRate }
                draft.market.fundingIntervalHours = 1
                draft.market.nextFundingAt = response.receivedAt.nextFullHour
            }
        }
    }

    /// Shape: `fundings[]`, `null` without rows; only the request names the market, by its number. `rate` is percent per hour
    /// without a sign, and `direction` says who paid; times are seconds.
    static func readFundings(_ response: Response, into batch: inout Batch) throws(AdapterError) {
        let number = response.parameter("market_id") ?? ""
        let symbol = response.symbol ?? batch.symbol(withID: number)
        for row in try listOrNull(response.body, in: "fundings") {
            batch.addSettlement(row) { (row) throws(FieldError) in
                guard let symbol else { throw .unknown(field: "market_id", value: number) }
                let time = try row.seconds("timestamp")
                let rate = try row.nonNegative("rate") / 100
                let direction = try row.string("direction")
                guard direction == "long" || direction == "short" else {
                    throw .unknown(field: "direction", value: direction)
                }
                return SettlementDraft(
                    symbol: symbol, settledAt: time, fundingRate: direction == "long" ? rate : -rate,
                    fundingIntervalHours: 1)
            }
        }
    }
}
