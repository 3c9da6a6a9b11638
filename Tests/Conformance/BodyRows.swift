import Foundation
import PerpCore

/// Finds the rows of a body with Foundation's parser, by the descriptions in `docs/exchanges`. It shares no code with
/// the adapters.
enum BodyRows {
    /// The rows as objects; throws when the body is an error. A row that is an array becomes an object with the key
    /// `row`.
    static func rows(of body: Data, exchange: Exchange, endpoint: String) throws -> [[String: Any]] {
        let json = try JSONSerialization.jsonObject(with: body, options: .fragmentsAllowed)
        try refuseError(json, exchange)
        switch (exchange, endpoint) {
        case (.binance, "exchange_info"), (.aster, "exchange_info"), (.binanceCOINM, "exchange_info"): return try objects(member(json, "symbols"))
        // One object per contract, which holds an array of its events.
        case (.okx, "liquidation_orders"):
            return try objects(member(json, "data")).flatMap { contract in
                try objects(member(contract, "details")).map { event in
                    event.merging(contract.filter { $0.key != "details" }) { mine, _ in mine }
                }
            }
        case (.okx, _): return try objects(member(json, "data"))
        case (.bybit, _): return try objects(member(member(json, "result"), "list"))
        case (.bitget, "liquidations"): return try objects(member(member(json, "data"), "list"))
        case (.bitget, _): return try objects(member(json, "data"))
        case (.hyperliquid, "meta_and_asset_ctxs"), (.hyperliquid, "builder_markets"):
            guard let pair = json as? [Any], pair.count == 2 else { throw ConformanceFailure("is no pair of lists") }
            let markets = try objects(member(pair[0], "universe"))
            let contexts = try objects(pair[1])
            return zip(markets, contexts).map { market, context in market.merging(context) { left, _ in left } }
        case (.hyperliquid, "spot_meta"): return try objects(member(json, "tokens"))
        case (.dydx, "perpetual_markets"):
            guard let markets = try member(json, "markets") as? [String: Any] else { throw ConformanceFailure("has no markets") }
            return try objects(Array(markets.values))
        case (.dydx, "historical_funding"): return try objects(member(json, "historicalFunding"))
        case (.deribit, "ticker"): return try objects([member(json, "result")])
        case (.deribit, "trades"): return try objects(member(member(json, "result"), "trades"))
        case (.deribit, _): return try objects(member(json, "result"))
        case (.krakenFutures, "historical_funding_rates"): return try objects(member(json, "rates"))
        case (.krakenFutures, _): return try objects(member(json, endpoint))
        // The figures of a future stand in an object of their own.
        case (.coinbase, _):
            return try objects(member(json, "products")).map { product in
                product.merging(product["future_product_details"] as? [String: Any] ?? [:]) { mine, _ in mine }
            }
        case (.mexc, "funding_history"): return try objects(member(member(json, "data"), "resultList"))
        // A paused symbol: no rows, and no fault.
        case (.bingx, _) where (json as? [String: Any])?.number("code") == 109_415: return []
        case (.mexc, _), (.kucoin, _), (.bingx, _):
            let data = try member(json, "data")
            return try (data as? [String: Any]).map { [$0] } ?? objects(data)
        case (.lighter, "order_book_details"): return try objects(member(json, "order_book_details"))
        // Rates of other exchanges stand among them.
        case (.lighter, "funding_rates"):
            return try objects(member(json, "funding_rates")).filter { $0.text("exchange") == "lighter" }
        case (.lighter, _): return try objects(member(json, "fundings"))
        case (.htx, "tickers"): return try objects(member(json, "ticks"))
        case (.htx, "funding_history"): return try objects(member(member(json, "data"), "data"))
        case (.htx, "long_short_top_accounts"), (.htx, "long_short_top_positions"):
            return try objects(member(member(json, "data"), "list"))
        case (.htx, _): return try objects(member(json, "data"))
        case (.edgex, "meta_data"): return try edgexContracts(member(json, "data"))
        // Only the number names the contract: the companion's list gives it a name.
        case (.edgex, "latest_funding_rate"):
            return try objects(member(json, "data")).map { row in
                row.merging(["contractName": row.text("contractId").map(EdgeXName.name) ?? ""]) { mine, _ in mine }
            }
        case (.edgex, _), (.pacifica, _): return try objects(member(json, "data"))
        case (.extended, _):
            return try objects(member(json, "data")).map { row in
                row.merging(row["marketStats"] as? [String: Any] ?? [:]) { mine, _ in mine }
            }
        case (.grvt, _):
            let result = try member(json, "result")
            if let one = result as? [String: Any] { return [one] }
            return try objects(result)
        case (.paradex, _): return try objects(member(json, "results"))
        default:
            if let one = json as? [String: Any] { return [one] }
            return try objects(json)
        }
    }

    /// The contracts of edgeX, with the names of their coins, which have a list of their own.
    private static func edgexContracts(_ data: Any) throws -> [[String: Any]] {
        let coins = Dictionary(
            try objects(member(data, "coinList")).compactMap { coin in coin.text("coinId").map { ($0, coin.text("coinName") ?? "") } }
        ) { first, _ in first }
        return try objects(member(data, "contractList")).map { row in
            var row = row
            for (name, id) in [("base", "baseCoinId"), ("quote", "quoteCoinId")] { row[name] = row.text(id).flatMap { coins[$0] } }
            return row
        }
    }

    /// Whether a row is about something that is no contract of the pipeline's: a test, a spot pair, a prediction, an option.
    static func isOtherProduct(_ row: [String: Any], _ exchange: Exchange, symbol: String) -> Bool {
        switch exchange {
        case .okx: row.text("state") == "test"
        case .pacifica: row.text("instrument_type") == "spot"
        case .backpack: !symbol.hasSuffix("_PERP")
        case .extended: row.text("type") == "SPOT"
        case .paradex: !symbol.hasSuffix("-PERP")
        // The list says what is an index; the tickers have a last price of it, and no other.
        case .krakenFutures:
            row.text("type")?.hasSuffix("index") ?? (row["lastTime"] != nil && row["markPrice"] == nil)
        case .coinbase: row.text("venue").map { $0 != "cde" } == true
        default: false
        }
    }

    /// Throws when the body is an envelope that reports an error of the exchange.
    private static func refuseError(_ json: Any, _ exchange: Exchange) throws {
        let body = json as? [String: Any] ?? [:]
        let isError =
            switch exchange {
            case .binance, .aster, .binanceCOINM: (body.number("code") ?? 0) < 0
            case .okx: body.text("code") != "0"
            case .bybit: body.number("retCode") != 0
            case .gate: body["label"] != nil
            case .bitget: body.text("code") != "00000"
            case .hyperliquid: json is NSNull
            case .dydx: body["errors"] != nil
            case .deribit, .coinbase: body["error"] != nil
            case .krakenFutures: body.text("result") != "success"
            case .mexc: body["success"] as? Bool != true
            case .kucoin: body.text("code") != "200000"
            case .bingx: ![0, 109_415].contains(body.number("code"))
            case .lighter: body.number("code") != 200
            case .htx: body.text("status") != "ok" && body.number("code") != 200
            case .edgex: body.text("code") != "SUCCESS"
            case .pacifica: body["success"] as? Bool != true
            case .backpack: json is [String: Any]
            case .extended: body.text("status") != "OK"
            case .grvt: body["code"] != nil
            case .paradex: body["error"] != nil
            }
        if isError { throw ConformanceFailure("is an error") }
    }

    /// The time that a body states outside its rows, in milliseconds.
    static func time(of body: Data) -> Double? {
        // A body that is not an object has no such member.
        (try? JSONSerialization.jsonObject(with: body) as? [String: Any])?.number("time")
    }

    private static func member(_ json: Any, _ name: String) throws -> Any {
        guard let value = (json as? [String: Any])?[name] else { throw ConformanceFailure("has no member '\(name)'") }
        return value
    }

    private static func objects(_ json: Any) throws -> [[String: Any]] {
        guard let list = json as? [Any] else { throw ConformanceFailure("is no list") }
        return list.map { $0 as? [String: Any] ?? ["row": $0] }
    }
}

/// The kind of record that the rows of an endpoint become.
enum RowMeaning {
    /// An instrument, and also a ticker when it is trading.
    case market(symbol: String)
    case instrument(symbol: String)
    case ticker(symbol: String)
    /// The funding interval of an instrument.
    case interval(symbol: String)
    /// The index price of an instrument, whose symbol is the name in `pair` and a suffix.
    case index(pair: String, price: String, suffix: String)
    /// One record of this kind per row, or as many as stated; such events have no id.
    case events(record: String, each: Int)
    /// No record: rows of other responses need it.
    case fact

    init?(_ exchange: Exchange, _ endpoint: String) {
        switch (exchange, endpoint) {
        case (_, "long_short_accounts"), (_, "long_short_top_accounts"), (_, "long_short_top_positions"),
            (_, "taker_volume"):
            self = .events(record: "long_short", each: 1)
        case (_, "contract_stats"): self = .events(record: "long_short", each: 4)
        case (.okx, "funding_rate"): self = .ticker(symbol: "instId")
        case (.htx, "contracts"): self = .instrument(symbol: "contract_code")
        case (.htx, "tickers"), (.htx, "open_interest"), (.htx, "funding_rates"): self = .ticker(symbol: "contract_code")
        case (.htx, "index_prices"): self = .index(pair: "contract_code", price: "index_price", suffix: "")
        case (.lighter, "order_book_details"): self = .market(symbol: "symbol")
        case (.mexc, "funding_rate"), (.mexc, "funding_rates"), (.lighter, "funding_rates"): self = .ticker(symbol: "symbol")
        case (.lighter, "fundings"): self = .events(record: "funding_settlement", each: 1)
        case (_, "funding_rate"), (_, "funding_rate_history"), (_, "funding_history"), (_, "history_fund_rate"),
            (_, "historical_funding"), (_, "funding_rates"), (_, "funding"):
            self = .events(record: "funding_settlement", each: 1)
        case (_, "liq_orders"), (_, "liquidation_orders"), (_, "liquidations"):
            self = .events(record: "liquidation", each: 1)
        case (_, "spot_ticker"): self = .events(record: "spot_ticker", each: 1)
        case (_, "funding_info"): self = .interval(symbol: "symbol")
        case (.okx, "index_tickers"): self = .index(pair: "instId", price: "idxPx", suffix: "-SWAP")
        case (.deribit, "ticker"): self = .index(pair: "instrument_name", price: "index_price", suffix: "")
        case (.deribit, "instruments"): self = .instrument(symbol: "instrument_name")
        case (.deribit, "book_summary"): self = .ticker(symbol: "instrument_name")
        case (.coinbase, "products"): self = .market(symbol: "product_id")
        case (.okx, "instruments"): self = .instrument(symbol: "instId")
        case (.okx, _): self = .ticker(symbol: "instId")
        case (.gate, "contracts"): self = .market(symbol: "name")
        case (.gate, "tickers"): self = .ticker(symbol: "contract")
        case (.hyperliquid, "meta_and_asset_ctxs"), (.hyperliquid, "builder_markets"): self = .market(symbol: "name")
        case (.hyperliquid, "perp_dexs"), (.hyperliquid, "spot_meta"), (.hyperliquid, "perp_annotations"): self = .fact
        case (.dydx, "perpetual_markets"): self = .market(symbol: "ticker")
        case (.edgex, "meta_data"): self = .instrument(symbol: "contractName")
        case (.edgex, _): self = .ticker(symbol: "contractName")
        case (.extended, "markets"): self = .market(symbol: "name")
        case (.grvt, "all_instruments"): self = .instrument(symbol: "instrument")
        case (.grvt, _): self = .ticker(symbol: "instrument")
        case (.pacifica, "info"), (.backpack, "markets"), (.paradex, "markets"): self = .instrument(symbol: "symbol")
        case (.pacifica, _), (.backpack, _), (.paradex, "markets_summary"): self = .ticker(symbol: "symbol")
        case (_, "exchange_info"), (_, "instruments"), (_, "instruments_inverse"), (_, "instruments_prelaunch"), (_, "contracts"):
            self = .instrument(symbol: "symbol")
        case (_, "tickers"), (_, "tickers_inverse"), (_, "ticker_24hr"), (_, "premium_index"), (_, "book_ticker"), (_, "open_interest"),
            (_, "current_fund_rate"):
            self = .ticker(symbol: "symbol")
        default: return nil
        }
    }

    /// The kind of record that only these rows make; `nil` when they add to the records of other rows.
    var recordKind: String? {
        switch self {
        case .instrument, .market: "instrument"
        case .ticker: "ticker"
        case .events(let record, _): record
        case .interval, .index, .fact: nil
        }
    }

    /// Whether rows have no order: they are members of an object, whose order the parser does not keep.
    var isUnordered: Bool { symbolKey == "ticker" }

    /// The key of the market's name in a row; `nil` for events.
    var symbolKey: String? {
        switch self {
        case .market(let key), .instrument(let key), .ticker(let key), .interval(let key), .index(let key, _, _): key
        case .events, .fact: nil
        }
    }
}
