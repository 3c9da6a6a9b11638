import Foundation
import PerpCore

/// The responses around a recording: valid ones without rows, and the rows that its own rows depend on.
enum Companions {
    static func empty(_ exchange: Exchange, _ endpoint: String) -> Data {
        let text =
            switch (exchange, endpoint) {
            case (.binance, "exchange_info"), (.aster, "exchange_info"), (.binanceCOINM, "exchange_info"): #"{"symbols":[]}"#
            case (.okx, _): #"{"code":"0","msg":"","data":[]}"#
            case (.bybit, _): #"{"retCode":0,"retMsg":"OK","result":{"list":[],"nextPageCursor":""},"time":1735689600000}"#
            case (.bitget, "liquidations"): #"{"code":"00000","msg":"success","data":{"list":[]}}"#
            case (.bitget, _): #"{"code":"00000","msg":"success","data":[]}"#
            case (.hyperliquid, "meta_and_asset_ctxs"), (.hyperliquid, "builder_markets"): #"[{"universe":[]},[]]"#
            case (.hyperliquid, "spot_meta"): #"{"tokens":[]}"#
            case (.dydx, "perpetual_markets"): #"{"markets":{}}"#
            case (.dydx, "historical_funding"): #"{"historicalFunding":[]}"#
            case (.dydx, "trades"): #"{"trades":[]}"#
            default: "[]"
            }
        return Data(text.utf8)
    }

    /// An instruments response that lists these symbols, and Bitcoin's main perpetual, for which endpoints per symbol
    /// are requested. A symbol that cannot be split is left out, which makes it unlisted.
    static func listing(
        _ symbols: [String], on exchange: Exchange, size: (Listed) -> String = { _ in "" }
    ) -> [String: Data] {
        let listed = Set(symbols + [mainPerpetual(on: exchange)]).sorted().compactMap { Listed($0, on: exchange) }
        switch exchange {
        case .binance, .aster:
            return ["exchange_info": json(["symbols": listed.map(\.binance)])]
        case .binanceCOINM:
            return ["exchange_info": json(["symbols": listed.map(\.binanceCOINM)])]
        case .okx:
            return ["instruments": json(["code": "0", "msg": "", "data": listed.map { $0.okx(size: size($0)) }])]
        case .bybit:
            let result: [String: Any] = ["list": listed.map(\.bybit), "nextPageCursor": ""]
            let body: [String: Any] = ["retCode": 0, "retMsg": "OK", "result": result, "time": 1_735_689_600_000]
            return ["instruments": json(body)]
        case .gate:
            return ["contracts": json(listed.map { $0.gate(size: size($0)) })]
        case .bitget:
            return ["contracts": json(["code": "00000", "msg": "success", "data": listed.map { $0.bitget(size: size($0)) }])]
        case .hyperliquid:
            let context = [
                "funding": "0", "openInterest": "0", "prevDayPx": "1", "dayNtlVlm": "0", "oraclePx": "1", "markPx": "1",
                "dayBaseVlm": "0",
            ]
            return [
                "meta_and_asset_ctxs": json([["universe": [["name": "BTC"]]], [context]] as [Any]),
                "perp_dexs": builderLists(["xyz"]),
            ]
        case .dydx:
            let market = [
                "ticker": "BTC-USD", "status": "ACTIVE", "oraclePrice": "1", "priceChange24H": "0", "volume24H": "0",
                "nextFundingRate": "0", "openInterest": "0",
            ]
            return ["perpetual_markets": json(["markets": ["BTC-USD": market]])]
        }
    }

    private static func mainPerpetual(on exchange: Exchange) -> String {
        switch exchange {
        case .binance, .bybit, .bitget, .aster: "BTCUSDT"
        case .okx: "BTC-USDT-SWAP"
        case .gate: "BTC_USDT"
        case .hyperliquid: "BTC"
        case .dydx: "BTC-USD"
        case .binanceCOINM: "BTCUSD_PERP"
        }
    }

    /// The other responses that the rows of an endpoint need to become records: their instruments, and more where a row
    /// has no meaning by itself.
    static func needed(by endpoint: String, on exchange: Exchange, rows: [[String: Any]]) -> [String: Data] {
        guard let meaning = RowMeaning(exchange, endpoint) else { return [:] }
        if endpoint == "builder_markets" {
            let list = rows.first?.text("name")?.split(separator: ":").first.map(String.init)
            let tokens = [["name": "USDC", "index": 0], ["name": "USDE", "index": 235]] as [[String: Any]]
            let categories = rows.compactMap { $0.text("name") }.map { [$0, ["category": "crypto"]] as [Any] }
            return [
                "perp_dexs": builderLists(list.map { [$0] } ?? []), "spot_meta": json(["tokens": tokens]),
                "perp_annotations": json(categories),
            ]
        }
        switch (exchange, meaning) {
        case (_, .market), (_, .instrument): return [:]
        // An index price makes no record by itself: the swap that it prices needs a ticker.
        case (.okx, .index(let key)):
            let swaps = rows.compactMap { $0.text(key) }.map { $0 + "-SWAP" }
            let tickers = swaps.map { ["instId": $0, "last": "1", "ts": "1"] }
            return listing(swaps, on: exchange)
                .merging(["tickers": json(["code": "0", "msg": "", "data": tickers])]) { $1 }
        // A liquidation counts contracts, and their size is in the list of contracts.
        case (.okx, .events("liquidation", _)):
            return listing(rows.compactMap { $0.text("instId") }, on: exchange) { $0.contractSize }
        case (.gate, .events("liquidation", _)):
            return listing(rows.compactMap { $0.text("contract") }, on: exchange) { $0.contractSize }
        // The order step says whether a size counts coins or dollars.
        case (.bitget, .events("liquidation", _)):
            return listing(rows.compactMap { $0.text("symbol") }, on: exchange) { _ in "0.0001" }
        case (_, .ticker(let key)), (_, .interval(let key)):
            return listing(rows.compactMap { $0.text(key) }, on: exchange)
        default: return listing([], on: exchange)
        }
    }

    /// Names lists of builder markets; the first element stands for the exchange itself.
    private static func builderLists(_ names: [String]) -> Data { json([NSNull()] + names.map { ["name": $0] }) }

    private static func json(_ value: Any) -> Data {
        // Cannot fail: only strings, numbers, lists and objects are passed in.
        try! JSONSerialization.data(withJSONObject: value, options: .sortedKeys)
    }
}

/// A symbol split by rules that the adapters do not share, as a row of its exchange's instruments response.
struct Listed {
    let exchange: Exchange
    let symbol: String
    let base: String
    /// The asset that prices it; `USD` for OKX's USD-margined contracts.
    let quote: String
    var isDated = false
    var isInverse = false

    init?(_ symbol: String, on exchange: Exchange) {
        self.exchange = exchange
        self.symbol = symbol
        let parts = symbol.split(whereSeparator: { $0 == "-" || $0 == "_" }).map(String.init)
        switch exchange {
        case .okx:
            guard symbol.hasSuffix("-SWAP"), parts.count >= 3 else { return nil }
            (base, quote) = (parts[0], parts[1])
            isInverse = parts[1] == "USD" && parts.count == 3
        case .gate:
            guard parts.count == 2 else { return nil }
            (base, quote) = (parts[0], parts[1])
            isInverse = quote == "USD"
        case .dydx, .hyperliquid: return nil
        case .binanceCOINM:
            guard parts.count == 2, parts[0].hasSuffix("USD") else { return nil }
            (base, quote) = (String(parts[0].dropLast(3)), "USD")
            (isDated, isInverse) = (parts[1] != "PERP", true)
        case .binance, .bybit, .bitget, .aster:
            guard let pair = parts.first else { return nil }
            if exchange == .bybit, let end = symbol.firstMatch(of: /USD[A-Z][0-9]{2}$/) {
                (base, quote, isDated, isInverse) = (String(symbol[..<end.range.lowerBound]), "USD", true, true)
                return
            }
            isDated = parts.count == 2
            // Bybit's `BTCPERP` and `BTC-25AUG23` are priced in USDC.
            let suffixes = ["USDT", "USDC", "FDUSD", "BUSD", "USD1", "USD", "BTC", "PERP"]
            if let suffix = suffixes.first(where: { pair.hasSuffix($0) && pair.count > $0.count }) {
                base = String(pair.dropLast(suffix.count))
                quote = suffix == "PERP" ? "USDC" : suffix
            } else {
                guard exchange == .bybit, isDated else { return nil }
                (base, quote) = (pair, "USDC")
            }
            isInverse = quote == "USD" && exchange != .aster
        }
    }

    private var settle: String { isInverse ? base : quote }

    /// Coins per contract; dollars per contract when it is inverse.
    var contractSize: String { isInverse ? "100" : exchange == .gate ? "0.0001" : "0.01" }

    fileprivate var binance: [String: Any] {
        [
            "symbol": symbol, "status": "TRADING", "contractType": isDated ? "CURRENT_QUARTER" : "PERPETUAL",
            "baseAsset": base, "quoteAsset": quote, "marginAsset": quote,
        ]
    }

    fileprivate var binanceCOINM: [String: Any] {
        [
            "symbol": symbol, "contractStatus": "TRADING", "contractType": isDated ? "CURRENT_QUARTER" : "PERPETUAL",
            "contractSize": Self.dollars(of: base), "baseAsset": base, "quoteAsset": quote, "marginAsset": settle,
        ]
    }

    /// Dollars per contract of Binance COIN-M.
    static func dollars(of base: String) -> Double { base == "BTC" ? 100 : 10 }

    fileprivate func okx(size: String) -> [String: Any] {
        [
            "instType": "SWAP", "instId": symbol, "uly": "\(base)-\(quote)", "settleCcy": settle,
            "instFamily": String(symbol.dropLast("-SWAP".count)), "ctType": isInverse ? "inverse" : "linear",
            "ctVal": size, "ctMult": "1", "state": "live",
        ]
    }

    fileprivate var bybit: [String: Any] {
        [
            "symbol": symbol, "contractType": (isInverse ? "Inverse" : "Linear") + (isDated ? "Futures" : "Perpetual"),
            "status": "Trading", "baseCoin": base, "quoteCoin": quote, "settleCoin": settle,
        ]
    }

    fileprivate func gate(size: String) -> [String: Any] {
        ["name": symbol, "type": isInverse ? "inverse" : "direct", "quanto_multiplier": size]
    }

    fileprivate func bitget(size: String) -> [String: Any] {
        [
            "symbol": symbol, "baseCoin": base, "quoteCoin": quote, "supportMarginCoins": [settle],
            "symbolType": isDated ? "delivery" : "perpetual", "symbolStatus": "normal",
            "sizeMultiplier": size,
        ]
    }
}
