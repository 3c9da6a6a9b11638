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
            case (.deribit, "ticker"): #"{"jsonrpc":"2.0","result":null}"#
            case (.deribit, "trades"): #"{"jsonrpc":"2.0","result":{"trades":[],"has_more":false}}"#
            case (.deribit, _): #"{"jsonrpc":"2.0","result":[]}"#
            case (.krakenFutures, _): #"{"result":"success","instruments":[],"tickers":[],"rates":[],"history":[]}"#
            case (.coinbase, _): #"{"products":[]}"#
            case (.mexc, "funding_history"): #"{"success":true,"code":0,"data":{"resultList":[]}}"#
            case (.mexc, _): #"{"success":true,"code":0,"data":[]}"#
            case (.kucoin, _): #"{"code":"200000","data":[]}"#
            case (.bingx, _): #"{"code":0,"msg":"","data":[]}"#
            case (.lighter, "order_book_details"): #"{"code":200,"order_book_details":[]}"#
            case (.lighter, "funding_rates"): #"{"code":200,"funding_rates":[]}"#
            case (.lighter, _): #"{"code":200,"resolution":"1h","fundings":[]}"#
            case (.htx, "tickers"): #"{"status":"ok","ticks":[],"ts":1735689600000}"#
            case (.htx, "funding_history"): #"{"status":"ok","data":{"data":[]},"ts":1735689600000}"#
            case (.htx, "long_short_top_accounts"), (.htx, "long_short_top_positions"):
                #"{"status":"ok","data":{"list":[],"contract_code":"BTC-USDT"},"ts":1735689600000}"#
            case (.htx, "liquidation_orders"): #"{"code":200,"msg":"","data":[],"ts":1735689600000}"#
            case (.htx, _): #"{"status":"ok","data":[],"ts":1735689600000}"#
            case (.edgex, "meta_data"): #"{"code":"SUCCESS","data":{"coinList":[],"contractList":[]},"msg":null}"#
            case (.edgex, _): #"{"code":"SUCCESS","data":[],"msg":null}"#
            case (.pacifica, _): #"{"success":true,"data":[],"error":null,"code":null}"#
            case (.extended, _): #"{"status":"OK","data":[]}"#
            case (.grvt, "ticker"): #"{"result":{"instrument":"NONE_USDT_Perp"}}"#
            case (.grvt, _): #"{"result":[]}"#
            case (.paradex, _): #"{"results":[]}"#
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
        case .deribit:
            return ["instruments": json(["jsonrpc": "2.0", "result": listed.map(\.deribit)] as [String: Any])]
        case .krakenFutures:
            return [
                "instruments": json(["result": "success", "instruments": listed.map(\.kraken)] as [String: Any])
            ]
        case .coinbase:
            return ["products": json(["products": [Listed.coinbasePerpetual]])]
        case .mexc:
            return ["contracts": json(["success": true, "code": 0, "data": listed.map { $0.mexc(size: size($0)) }])]
        case .kucoin: return ["contracts": json(["code": "200000", "data": listed.map(\.kucoin)])]
        case .bingx: return ["contracts": json(["code": 0, "msg": "", "data": listed.map(\.bingx)])]
        case .lighter:
            let markets = listed.enumerated().map { number, one in one.lighter(number: one.symbol == "BTC" ? 1 : number + 2) }
            return ["order_book_details": json(["code": 200, "order_book_details": markets])]
        case .htx: return ["contracts": json(["status": "ok", "data": listed.map(\.htx), "ts": 1_735_689_600_000])]
        case .edgex:
            let coins = listed.map { ["coinId": "coin " + $0.base, "coinName": $0.base] }
            let data: [String: Any] = ["coinList": coins + [["coinId": "coin USDC", "coinName": "USDC"]], "contractList": listed.map(\.edgex)]
            return ["meta_data": json(["code": "SUCCESS", "data": data])]
        case .pacifica:
            let rows = listed.map { ["symbol": $0.symbol, "instrument_type": "perpetual"] }
            return ["info": json(["success": true, "data": rows])]
        case .backpack: return ["markets": json(listed.map(\.backpack))]
        case .extended: return ["markets": json(["status": "OK", "data": listed.map(\.extended)])]
        case .grvt:
            // A ticker is never without a row, so only those of the symbols are asked for.
            let asked = symbols.isEmpty ? listed : listed.filter { symbols.contains($0.symbol) }
            return ["all_instruments": json(["result": asked.map(\.grvt)])]
        case .paradex: return ["markets": json(["results": listed.map(\.paradex)])]
        }
    }

    private static func mainPerpetual(on exchange: Exchange) -> String {
        switch exchange {
        case .binance, .bybit, .bitget, .aster: "BTCUSDT"
        case .okx: "BTC-USDT-SWAP"
        case .gate: "BTC_USDT"
        case .hyperliquid: "BTC"
        case .dydx, .extended: "BTC-USD"
        case .binanceCOINM: "BTCUSD_PERP"
        case .deribit: "BTC-PERPETUAL"
        case .krakenFutures: "PF_XBTUSD"
        case .mexc: "BTC_USDT"
        case .kucoin: "XBTUSDTM"
        case .bingx, .htx: "BTC-USDT"
        case .lighter, .pacifica: "BTC"
        case .edgex: "BTCUSDC"
        case .backpack: "BTC_USDC_PERP"
        case .grvt: "BTC_USDT_Perp"
        case .paradex: "BTC-USD-PERP"
        case .coinbase: "BIP-20DEC30-CDE"
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
        case (.okx, .index(let key, _, _)):
            let swaps = rows.compactMap { $0.text(key) }.map { $0 + "-SWAP" }
            let tickers = swaps.map { ["instId": $0, "last": "1", "ts": "1"] }
            return listing(swaps, on: exchange)
                .merging(["tickers": json(["code": "0", "msg": "", "data": tickers])]) { $1 }
        case (.deribit, .index(let key, _, _)):
            let symbols = rows.compactMap { $0.text(key) }
            let summaries = symbols.map { ["instrument_name": $0, "last": 1, "creation_timestamp": 1] as [String: Any] }
            return listing(symbols, on: exchange)
                .merging(["book_summary": json(["jsonrpc": "2.0", "result": summaries] as [String: Any])]) { $1 }
        // A rate of a dead contract is none, so that its row makes no record by itself either.
        case (.htx, .index(let key, _, _)),
            (.htx, .ticker(let key)) where endpoint != "tickers" && endpoint != "open_interest":
            let ticks = rows.compactMap { $0.text(key) }.map { ["contract_code": $0, "close": "1", "ts": 1] as [String: Any] }
            return listing(ticks.compactMap { $0.text("contract_code") }, on: exchange)
                .merging(["tickers": json(["status": "ok", "ticks": ticks, "ts": 1_735_689_600_000])]) { $1 }
        case (.htx, .events("liquidation", _)):
            return listing(rows.compactMap { $0.text("contract_code") }, on: exchange)
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
        case .binanceCOINM:
            guard parts.count == 2, parts[0].hasSuffix("USD") else { return nil }
            (base, quote) = (String(parts[0].dropLast(3)), "USD")
            (isDated, isInverse) = (parts[1] != "PERP", true)
        case .dydx, .hyperliquid, .coinbase: return nil
        case .deribit:
            // `BTC-PERPETUAL` is inverse, `BTC_USDC-PERPETUAL` linear; options have more parts.
            let isLinear = symbol.contains("_")
            guard parts.count == (isLinear ? 3 : 2), let last = parts.last else { return nil }
            (base, quote) = (parts[0], isLinear ? parts[1] : "USD")
            isDated = last != "PERPETUAL"
            isInverse = !isLinear
        case .krakenFutures:
            let kind = parts[0].uppercased()
            let pair = parts.count > 1 ? parts[1].uppercased() : ""
            guard ["PF", "PI", "PV", "FF", "FI", "FV"].contains(kind), pair.count > 3 else { return nil }
            (base, quote) = (String(pair.dropLast(3)), String(pair.suffix(3)))
            isDated = kind.hasPrefix("F")
            isInverse = kind.hasSuffix("I")
        case .mexc, .bingx, .htx:
            guard parts.count == 2 || exchange == .htx && parts.count == 3 else { return nil }
            (base, quote) = (parts[0], parts[1])
            isInverse = quote == "USD"
            isDated = parts.count == 3
        case .kucoin:
            guard let suffix = ["USDTM", "USDCM", "USDM"].first(where: symbol.hasSuffix) else { return nil }
            (base, quote) = (String(symbol.dropLast(suffix.count)), String(suffix.dropLast()))
            isInverse = quote == "USD"
        case .lighter: (base, quote) = (symbol, "USDC")
        case .edgex:
            guard symbol.hasSuffix("USDC") else { return nil }
            (base, quote) = (String(symbol.dropLast(4)), "USDC")
        case .pacifica:
            guard parts.count == 1 else { return nil }
            (base, quote) = (symbol, "USDC")
        case .backpack, .grvt, .paradex:
            guard parts.count == 3, parts[2].uppercased() == "PERP" else { return nil }
            (base, quote) = (parts[0], parts[1])
        case .extended:
            guard symbol.hasSuffix("-USD") else { return nil }
            (base, quote) = (String(symbol.dropLast(4)), "USD")
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

    fileprivate var edgex: [String: Any] {
        [
            "contractId": EdgeXName.id(of: symbol), "contractName": symbol, "baseCoinId": "coin " + base,
            "quoteCoinId": "coin USDC", "enableTrade": true, "enableDisplay": true, "enableOpenPosition": true,
            "isStock": false, "isFx": false,
        ]
    }

    fileprivate var backpack: [String: Any] {
        ["symbol": symbol, "baseSymbol": base, "quoteSymbol": quote, "marketType": "PERP", "orderBookState": "Open"]
    }

    fileprivate var extended: [String: Any] {
        [
            "name": symbol, "type": "PERPETUAL", "assetName": base, "collateralAssetName": quote, "status": "ACTIVE",
            "category": "Crypto", "marketStats": ["markPrice": "1"],
        ]
    }

    fileprivate var grvt: [String: Any] {
        ["instrument": symbol, "base": base, "quote": quote, "kind": "PERPETUAL", "funding_interval_hours": 8]
    }

    fileprivate var paradex: [String: Any] {
        [
            "symbol": symbol, "base_currency": base, "quote_currency": quote, "settlement_currency": "USDC",
            "asset_kind": "PERP", "funding_period_hours": 8, "tags": [],
        ]
    }

    fileprivate var bybit: [String: Any] {
        [
            "symbol": symbol, "contractType": (isInverse ? "Inverse" : "Linear") + (isDated ? "Futures" : "Perpetual"),
            "status": "Trading", "baseCoin": base, "quoteCoin": quote, "settleCoin": settle,
        ]
    }

    fileprivate var deribit: [String: Any] {
        [
            "instrument_name": symbol, "kind": "future", "future_type": isInverse ? "reversed" : "linear",
            "is_active": true, "settlement_period": isDated ? "month" : "perpetual", "base_currency": base,
            "quote_currency": quote, "settlement_currency": settle, "contract_size": 10,
        ]
    }

    fileprivate var kraken: [String: Any] {
        var row: [String: Any] = [
            "symbol": symbol, "type": isInverse ? "futures_inverse" : "flexible_futures", "contractSize": 1,
            "tradeable": true,
        ]
        if isDated { row["lastTradingTime"] = "2027-06-25T15:00:00.000Z" }
        return row
    }

    fileprivate static var coinbasePerpetual: [String: Any] {
        [
            "product_id": "BIP-20DEC30-CDE", "product_type": "FUTURE", "quote_currency_id": "USD", "price": "1",
            "display_name": "BTC PERP",
            "future_product_details": [
                "venue": "cde", "contract_root_unit": "BTC", "contract_size": "0.01", "contract_expiry_type": "EXPIRING",
                "funding_interval": "3600s", "funding_rate": "0", "futures_asset_type": "FUTURES_ASSET_TYPE_CRYPTO",
            ],
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

    fileprivate func mexc(size: String) -> [String: Any] {
        [
            "symbol": symbol, "baseCoin": base, "quoteCoin": quote, "settleCoin": settle,
            "contractSize": Double(size) ?? 1, "state": 0, "futureType": 1,
        ]
    }

    fileprivate var kucoin: [String: Any] {
        [
            "symbol": symbol, "type": "FFWCSX", "baseCurrency": base, "quoteCurrency": quote, "settleCurrency": settle,
            "isInverse": isInverse, "multiplier": isInverse ? -1 : 1, "status": "Open",
        ]
    }

    fileprivate var bingx: [String: Any] { ["symbol": symbol, "asset": base, "currency": quote, "status": 1] }

    fileprivate func lighter(number: Int) -> [String: Any] {
        ["symbol": symbol, "market_id": number, "market_type": "perp", "status": "active"]
    }

    fileprivate var htx: [String: Any] {
        [
            "symbol": base, "contract_code": symbol, "contract_size": 1, "contract_status": 1,
            "business_type": isDated ? "futures" : "swap", "trade_partition": settle,
        ]
    }
}

/// Names for contracts of edgeX that a row names by number only, and numbers for names.
enum EdgeXName {
    static func name(_ id: String) -> String { "ID\(id)USDC" }

    static func id(of name: String) -> String {
        let digits = name.hasPrefix("ID") ? name.dropFirst(2).dropLast(4) : ""
        return digits.isEmpty ? "number of \(name)".replacing(" ", with: "-") : String(digits)
    }
}
