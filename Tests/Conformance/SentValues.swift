import PerpCore

/// Checks that staged values follow from the body by the pages of `docs/exchanges`, with calculations of its own.
///
/// It adds to the comparison with expected values, which do not exist for every exchange and do not halve two-sided
/// figures.
struct SentCheck {
    private(set) var compared = 0
    private(set) var problems: [String] = []

    init(_ rows: [[String: Any]], bodyTime: Double?, exchange: Exchange, endpoint: String, staged: StagedLines) {
        guard let meaning = RowMeaning(exchange, endpoint), let key = meaning.symbolKey else { return }
        let tickers = staged.bySymbol("ticker")
        let instruments = staged.bySymbol("instrument")
        var seen: Set<String> = []
        for row in rows {
            guard let symbol = row.text(key), seen.insert(symbol).inserted else { continue }
            let unit = MarketValues.unit(of: symbol, on: exchange)
            let mapping = SentMapping(row: row, unit: unit, bodyTime: bodyTime, symbol: symbol)
            if let instrument = instruments[symbol] {
                for (field, value) in mapping.words(exchange, endpoint).sorted(by: { $0.key < $1.key }) {
                    guard let value else { continue }
                    compared += 1
                    let ours = instrument.text(field) ?? "unknown"
                    if ours != value { problems.append("\(symbol) \(field): ours is \(ours), the body says \(value)") }
                }
            }
            let sets = [
                (tickers[symbol], mapping.ticker(exchange, endpoint)),
                (instruments[symbol], mapping.instrument(exchange, endpoint)),
            ]
            for case (let record?, let values) in sets {
                for (field, value) in values.sorted(by: { $0.key < $1.key }) {
                    guard let value else { continue }
                    compared += 1
                    let ours = record.number(field)
                    if let ours, ValueCheck.agree(ours, value) { continue }
                    problems.append("\(symbol) \(field): ours is \(ours.map { "\($0)" } ?? "unknown"), the body says \(value)")
                }
            }
        }
    }
}

/// The figures of one row, in our units.
struct SentMapping {
    let row: [String: Any]
    let unit: Double
    /// The time that the body states outside its rows, in milliseconds.
    let bodyTime: Double?
    let symbol: String

    func instrument(_ exchange: Exchange, _ endpoint: String) -> [String: Double?] {
        switch (exchange, endpoint) {
        case (.okx, "instruments"): ["contract_multiplier": product(row.number("ctVal"), row.number("ctMult") ?? 1)]
        case (.gate, "contracts"):
            [
                "contract_multiplier": positive("quanto_multiplier"),
                "funding_interval_hours": row.number("funding_interval").map { $0 / 3600 },
            ]
        case (.bitget, "contracts"): ["funding_interval_hours": row.number("fundInterval"), "contract_multiplier": 1]
        case (.binance, "exchange_info"), (.aster, "exchange_info"):
            ["listed_at_ms": positive("onboardDate"), "contract_multiplier": 1, "unit_multiplier": unit]
        case (.binanceCOINM, "exchange_info"):
            ["listed_at_ms": positive("onboardDate"), "contract_multiplier": row.number("contractSize"), "unit_multiplier": unit]
        case (.deribit, "instruments"):
            // Of a linear contract the size is the step of orders.
            [
                "contract_multiplier": symbol.contains("_") ? 1 : positive("contract_size"),
                "listed_at_ms": positive("creation_timestamp"),
            ]
        case (.krakenFutures, "instruments"): ["contract_multiplier": positive("contractSize")]
        case (.coinbase, _): ["contract_multiplier": positive("contract_size")]
        case (.hyperliquid, _), (.dydx, _): ["funding_interval_hours": 1, "unit_multiplier": unit]
        case (.mexc, "contracts"): ["contract_multiplier": positive("contractSize")]
        case (.kucoin, "contracts"):
            [
                "contract_multiplier": row.number("multiplier").map(abs), "listed_at_ms": positive("firstOpenDate"),
                "funding_interval_hours": quotient(
                    row.number("currentFundingRateGranularity") ?? row.number("fundingRateGranularity"), 3_600_000),
            ]
        case (.bingx, "contracts"): ["contract_multiplier": 1, "unit_multiplier": unit]
        case (.lighter, "order_book_details"): ["funding_interval_hours": 1, "unit_multiplier": unit]
        case (.htx, "contracts"):
            [
                "contract_multiplier": positive("contract_size"),
                "funding_interval_hours": row.number("settlement_period"),
            ]
        case (.edgex, "meta_data"):
            ["funding_interval_hours": row.number("fundingRateIntervalMin").map { $0 / 60 }, "contract_multiplier": 1]
        case (.pacifica, "info"): ["listed_at_ms": positive("created_at"), "unit_multiplier": unit]
        case (.backpack, "markets"): ["funding_interval_hours": row.number("fundingInterval").map { $0 / 3_600_000 }]
        case (.extended, "markets"): ["listed_at_ms": positive("createdAt"), "unit_multiplier": unit, "funding_interval_hours": 1]
        case (.grvt, "all_instruments"): ["funding_interval_hours": row.number("funding_interval_hours") ?? 8]
        case (.paradex, "markets"): ["funding_interval_hours": row.number("funding_period_hours"), "listed_at_ms": positive("open_at")]
        default: [:]
        }
    }

    /// The names and the state of an instrument. A state other than trading has several names, and is not compared.
    func words(_ exchange: Exchange, _ endpoint: String) -> [String: String?] {
        switch (exchange, endpoint) {
        case (.binance, "exchange_info"), (.aster, "exchange_info"):
            [
                "base": row.text("baseAsset"), "quote": row.text("quoteAsset"), "settle": row.text("marginAsset"),
                "kind": "linear", "status": row.text("status") == "TRADING" ? "trading" : nil,
            ]
        case (.binanceCOINM, "exchange_info"):
            [
                "base": row.text("baseAsset"), "quote": "USD", "settle": row.text("marginAsset"), "kind": "inverse",
                "contract": row.text("contractType") == "PERPETUAL" ? "perpetual" : "dated",
                "status": row.text("contractStatus") == "TRADING" ? "trading" : nil,
            ]
        case (.okx, "instruments"):
            [
                "kind": row.text("ctType"), "settle": row.text("settleCcy"), "contract": "perpetual",
                "status": row.text("state") == "live" ? "trading" : nil,
            ]
        case (.bybit, "instruments"), (.bybit, "instruments_inverse"):
            [
                "base": row.text("baseCoin"), "quote": row.text("quoteCoin"), "settle": row.text("settleCoin"),
                "contract": row.text("contractType").map { $0.hasSuffix("Futures") ? "dated" : "perpetual" },
                "status": row.text("status") == "Trading" ? "trading" : nil,
            ]
        case (.bitget, "contracts"):
            [
                "base": row.text("baseCoin"), "quote": row.text("quoteCoin"),
                "contract": row.text("symbolType").map { $0 == "delivery" ? "dated" : $0 },
            ]
        case (.hyperliquid, _):
            ["status": row["isDelisted"] as? Bool == true ? "delisted" : "trading", "quote": isInDollars ? "USDC" : nil]
        case (.deribit, "instruments"):
            [
                "base": row.text("base_currency"), "quote": row.text("quote_currency"),
                "kind": symbol.contains("_") ? "linear" : "inverse",
                "contract": symbol.hasSuffix("-PERPETUAL") ? "perpetual" : "dated",
            ]
        case (.krakenFutures, "instruments"):
            [
                "kind": row.text("type") == "futures_inverse" ? "inverse" : "linear",
                "contract": row["lastTradingTime"] == nil ? "perpetual" : "dated",
            ]
        case (.coinbase, _):
            ["contract": row.text("funding_rate").map { $0.isEmpty ? "dated" : "perpetual" }, "quote": "USD"]
        case (.dydx, _): ["status": row.text("status") == "ACTIVE" ? "trading" : nil, "settle": "USDC"]
        case (.mexc, "contracts"):
            [
                "quote": row.text("quoteCoin"), "settle": row.text("settleCoin"),
                "status": row.number("state") == 0 ? "trading" : nil,
                "kind": row.text("settleCoin") == row.text("baseCoin") ? "inverse" : nil,
            ]
        case (.kucoin, "contracts"):
            [
                "base": row.text("baseCurrency"), "quote": row.text("quoteCurrency"),
                "kind": row["isInverse"] as? Bool == true ? "inverse" : "linear",
                "contract": row.text("type") == "FFICSX" ? "dated" : "perpetual",
                "status": row.text("status") == "Open" ? "trading" : nil,
            ]
        case (.bingx, "contracts"):
            ["quote": row.text("currency"), "settle": row.text("currency"), "status": row.number("status") == 1 ? "trading" : nil]
        case (.lighter, "order_book_details"):
            ["quote": "USDC", "status": row.text("status") == "active" ? "trading" : "delisted"]
        case (.htx, "contracts"):
            [
                "settle": row.text("trade_partition"), "status": row.number("contract_status") == 1 ? "trading" : nil,
                "contract": row.text("business_type").map { $0 == "futures" ? "dated" : "perpetual" },
            ]
        case (.edgex, "meta_data"): ["base": row.text("base"), "quote": row.text("quote"), "settle": row.text("quote"), "kind": "linear"]
        case (.pacifica, "info"): ["quote": "USDC", "settle": "USDC", "status": "trading", "contract": "perpetual"]
        case (.backpack, "markets"):
            [
                "base": row.text("baseSymbol").map { $0.replacing(".US", with: "") }, "settle": row.text("quoteSymbol"),
                "status": row.text("orderBookState") == "Open" ? "trading" : nil,
            ]
        case (.extended, "markets"):
            ["quote": row.text("collateralAssetName"), "status": row.text("status") == "ACTIVE" ? "trading" : nil]
        case (.grvt, "all_instruments"): ["base": row.text("base"), "quote": row.text("quote"), "status": "trading"]
        case (.paradex, "markets"):
            ["base": row.text("base_currency"), "quote": row.text("quote_currency"), "settle": row.text("settlement_currency")]
        default: [:]
        }
    }

    func ticker(_ exchange: Exchange, _ endpoint: String) -> [String: Double?] {
        switch (exchange, endpoint) {
        case (.binance, "book_ticker"), (.aster, "book_ticker"), (.binanceCOINM, "book_ticker"):
            ["bid_price": price("bidPrice"), "ask_price": price("askPrice")]
        case (.binance, "premium_index"), (.aster, "premium_index"), (.binanceCOINM, "premium_index"):
            [
                "mark_price": price("markPrice"), "index_price": price("indexPrice"),
                "funding_rate": positive("nextFundingTime") == nil ? nil : row.number("lastFundingRate"),
                "observed_at_ms": row.number("time"),
            ]
        case (.binance, "ticker_24hr"), (.aster, "ticker_24hr"):
            [
                "last_price": price("lastPrice"), "price_change_24h": row.number("priceChangePercent").map { $0 / 100 },
                "volume_base_24h": product(row.number("volume"), unit), "trades_24h": row.number("count"),
            ]
        case (.binanceCOINM, "ticker_24hr"):
            [
                "last_price": price("lastPrice"), "price_change_24h": row.number("priceChangePercent").map { $0 / 100 },
                "volume_base_24h": product(row.number("baseVolume"), unit), "trades_24h": row.number("count"),
                "volume_usd_24h": product(row.number("volume"), dollars),
            ]
        case (.binanceCOINM, "open_interest"):
            [
                "open_interest_contracts": row.number("openInterest"),
                "open_interest_usd": product(row.number("openInterest"), dollars),
            ]
        case (.okx, "tickers"):
            [
                "last_price": price("last"), "volume_base_24h": row.number("volCcy24h"),
                "price_change_24h": quotient(row.number("last"), positive("open24h")).map { $0 - 1 },
            ]
        case (.okx, "open_interest"):
            [
                "open_interest_contracts": row.number("oi"), "open_interest_base": row.number("oiCcy"),
                "open_interest_usd": row.number("oiUsd"),
            ]
        case (.okx, "funding_rate"):
            [
                "funding_rate": row.number("fundingRate"), "next_funding_at_ms": row.number("fundingTime"),
                // The period that the rate covers; before 2026 only the next period was sent.
                "funding_interval_hours": hours("prevFundingTime", "fundingTime")
                    ?? hours("fundingTime", "nextFundingTime"),
            ]
        case (.okx, "mark_price"): ["mark_price": price("markPx")]
        case (.bybit, "tickers"), (.bybit, "tickers_inverse"): bybit
        case (.gate, "contracts"):
            ["open_interest_contracts": row.number("position_size"), "funding_rate": row.number("funding_rate")]
        case (.gate, "tickers"):
            [
                // Counts both sides; we count one.
                "open_interest_contracts": row.number("total_size").map { $0 / 2 },
                "volume_base_24h": product(
                    product(row.number("volume_24h"), positive("quanto_multiplier")), unit),
            ]
        case (.bitget, "tickers"):
            [
                "last_price": price("lastPr"), "mark_price": price("markPrice"), "bid_price": price("bidPr"),
                "price_change_24h": row.number("change24h"), "observed_at_ms": row.number("ts"),
                "open_interest_contracts": row.number("holdingAmount"),
            ]
        case (.bitget, "current_fund_rate"):
            [
                "funding_rate": row.number("fundingRate"), "next_funding_at_ms": row.number("nextUpdate"),
                "funding_interval_hours": row.number("fundingRateInterval"),
                "funding_rate_8h": quotient(product(row.number("fundingRate"), 8), row.number("fundingRateInterval")),
            ]
        case (.hyperliquid, _): hyperliquid
        case (.dydx, _): dydx
        case (.deribit, "book_summary"): deribit
        case (.krakenFutures, "tickers"): kraken
        case (.coinbase, _): coinbase
        case (.mexc, "tickers"):
            [
                "last_price": price("lastPrice"), "mark_price": price("fairPrice"), "index_price": price("indexPrice"),
                "open_interest_contracts": row.number("holdVol"), "funding_rate": row.number("fundingRate"),
                "observed_at_ms": row.number("timestamp"),
                "volume_usd_24h": symbol.hasSuffix("_USDT") || symbol.hasSuffix("_USDC") ? row.number("amount24") : nil,
            ]
        case (.mexc, "funding_rates"), (.mexc, "funding_rate"):
            [
                "funding_rate": row.number("fundingRate"), "funding_interval_hours": positive("collectCycle"),
                "next_funding_at_ms": positive("nextSettleTime"),
            ]
        case (.kucoin, "contracts"): kucoin
        case (.bingx, "tickers"):
            [
                "last_price": price("lastPrice"), "volume_base_24h": product(row.number("volume"), unit),
                "volume_usd_24h": row.number("quoteVolume"), "observed_at_ms": row.number("closeTime"),
                "price_change_24h": row.number("priceChangePercent").map { $0 / 100 },
            ]
        case (.bingx, "premium_index"):
            [
                "mark_price": price("markPrice"), "index_price": price("indexPrice"),
                "funding_rate": row.number("lastFundingRate"), "next_funding_at_ms": positive("nextFundingTime"),
                "funding_interval_hours": row.number("fundingIntervalHours"),
            ]
        case (.bingx, "open_interest"): ["open_interest_usd": row.number("openInterest")]
        case (.lighter, "order_book_details"):
            [
                "mark_price": price("mark_price"), "index_price": price("index_price"),
                "volume_usd_24h": row.number("daily_quote_token_volume"),
                "open_interest_base": product(row.number("open_interest"), unit),
                "open_interest_usd": product(row.number("open_interest"), row.number("mark_price")),
            ]
        case (.lighter, "funding_rates"):
            [
                // Stated for eight hours, paid by the hour.
                "funding_rate": row.number("rate").map { $0 / 8 }, "funding_rate_8h": row.number("rate"),
                "funding_interval_hours": 1,
            ]
        case (.htx, "tickers"):
            [
                "last_price": price("close"), "observed_at_ms": row.number("ts"),
                // Both sides are sent; we count one.
                "volume_base_24h": row.number("amount").map { $0 * unit / 2 },
                "volume_usd_24h": row.number("trade_turnover").map { $0 / 2 },
            ]
        case (.htx, "open_interest"):
            [
                "open_interest_contracts": row.number("volume"), "open_interest_base": product(row.number("amount"), unit),
                "open_interest_usd": row.number("value"),
            ]
        case (.edgex, "ticker"): edgex
        case (.edgex, "latest_funding_rate"):
            [
                "mark_price": price("markPrice"), "index_price": price("indexPrice"),
                "funding_rate": row.number("forecastFundingRate"),
                // A settlement stands only beside a rate.
                "next_funding_at_ms": row.number("forecastFundingRate") == nil
                    ? nil
                    : row.number("fundingTime").flatMap { last in
                        row.number("fundingRateIntervalMin").map { last + $0 * 60_000 }
                    },
            ]
        case (.pacifica, "prices"): pacifica
        case (.backpack, "mark_prices"):
            [
                "mark_price": price("markPrice"), "index_price": price("indexPrice"),
                "funding_rate_8h": product(row.number("fundingRate"), 8),
                "next_funding_at_ms": row.number("nextFundingTimestamp"),
            ]
        case (.backpack, "open_interest"):
            [
                "open_interest_contracts": row.number("openInterest"),
                "open_interest_base": product(row.number("openInterest"), unit),
            ]
        case (.backpack, "tickers"):
            [
                "last_price": price("lastPrice"), "price_change_24h": row.number("priceChangePercent"),
                "volume_usd_24h": row.number("quoteVolume"), "volume_base_24h": product(row.number("volume"), unit),
                "trades_24h": row.number("trades"),
            ]
        case (.extended, "markets"): extended
        case (.grvt, "ticker"): grvt
        case (.paradex, "markets_summary"): paradex
        default: [:]
        }
    }

    /// Dollars per contract of a COIN-M symbol.
    private var dollars: Double { symbol.hasPrefix("BTCUSD_") ? 100 : 10 }

    // MARK: - Exchanges

    private var bybit: [String: Double?] {
        // Open interest is taken as sent before 2023-11-14, and halved from then on (`exchanges/bybit.md`).
        let sides = (bodyTime ?? .infinity) < 1_699_920_000_000 ? 1.0 : 2.0
        let contracts = row.number("singleOpenInterest") ?? row.number("openInterest").map { $0 / sides }
        // An inverse symbol ends in its quote, or in its quote, month and year; its figures are dollars.
        let isInverse = symbol.contains(/USD([A-Z][0-9]{2})?$/)
        return [
            "open_interest_contracts": contracts,
            "open_interest_usd": isInverse
                ? contracts : row.number("singleOpenInterestValue") ?? row.number("openInterestValue").map { $0 / sides },
            "price_change_24h": row.number("price24hPcnt"), "observed_at_ms": bodyTime,
        ]
    }

    /// Whether a market of Hyperliquid is priced in USDC: its own, and those of one builder among the recorded ones.
    private var isInDollars: Bool { symbol.hasPrefix("xyz:") || !symbol.contains(":") }

    private var hyperliquid: [String: Double?] {
        let rate = row.number("funding")
        return [
            "open_interest_contracts": row.number("openInterest"),
            "open_interest_base": product(row.number("openInterest"), unit),
            "open_interest_usd": isInDollars ? product(row.number("openInterest"), row.number("markPx")) : nil,
            "volume_base_24h": product(row.number("dayBaseVlm"), unit),
            "price_change_24h": quotient(row.number("markPx"), positive("prevDayPx")).map { $0 - 1 },
            "funding_rate_8h": product(rate, 8),
        ]
    }

    private var dydx: [String: Double?] {
        let price = row.number("oraclePrice")
        let change = row.number("priceChange24H")
        return [
            "mark_price": price, "volume_usd_24h": row.number("volume24H"), "trades_24h": row.number("trades24H"),
            "open_interest_base": row.number("openInterest"),
            "open_interest_usd": product(row.number("openInterest"), price),
            "funding_rate_8h": product(row.number("nextFundingRate"), 8),
            // The change in dollars over the price a day ago.
            "price_change_24h": price.flatMap { now in change.map { $0 / (now - $0) } },
        ]
    }

    private var deribit: [String: Double?] {
        let size = row.number("open_interest")
        let isInverse = !symbol.contains("_")
        return [
            "open_interest_usd": isInverse ? size : product(size, row.number("mark_price")),
            "open_interest_base": isInverse ? quotient(size, row.number("mark_price")) : size,
            "volume_usd_24h": row.number("volume_usd"), "funding_rate_8h": row.number("funding_8h"),
            "price_change_24h": row.number("price_change").map { $0 / 100 },
            "observed_at_ms": row.number("creation_timestamp"),
        ]
    }

    private var kraken: [String: Double?] {
        let name = symbol.uppercased()
        let (mark, size) = (row.number("markPrice"), row.number("openInterest"))
        let isInverse = name.hasPrefix("PI_") || name.hasPrefix("FI_")
        let rate = row.number("fundingRate")
        let isDollar = name.contains("USD")
        return [
            "mark_price": mark, "open_interest_contracts": size,
            "open_interest_usd": isDollar ? (isInverse ? size : product(size, mark)) : nil,
            // Absolute, per contract: dollars of a linear contract, coins of an inverse one.
            "funding_rate": isInverse ? product(rate, mark) : quotient(rate, mark),
            "price_change_24h": row.number("change24h").map { $0 / 100 }
                ?? quotient(row.number("last"), positive("open24h")).map { $0 - 1 },
        ]
    }

    private var coinbase: [String: Double?] {
        let coins = product(row.number("open_interest"), positive("contract_size"))
        return [
            "last_price": positive("price"), "open_interest_base": coins,
            "open_interest_usd": product(coins, positive("price")),
            "volume_base_24h": product(row.number("volume_24h"), positive("contract_size")),
            "price_change_24h": row.number("price_percentage_change_24h").map { $0 / 100 },
            "funding_rate_8h": product(row.number("funding_rate"), 8),
        ]
    }

    private var kucoin: [String: Double?] {
        let isInverse = row["isInverse"] as? Bool == true
        let isDated = row.text("type") == "FFICSX"
        let coins = isInverse ? nil : product(row.number("openInterest"), row.number("multiplier"))
        return [
            "last_price": price("lastTradePrice"), "mark_price": price("markPrice"), "index_price": price("indexPrice"),
            "open_interest_contracts": row.number("openInterest"), "open_interest_base": product(coins, unit),
            "open_interest_usd": isInverse ? row.number("openInterest") : product(coins, row.number("markPrice")),
            "volume_usd_24h": isInverse ? nil : row.number("turnoverOf24h"),
            "price_change_24h": row.number("priceChgPct"), "funding_rate": isDated ? nil : row.number("fundingFeeRate"),
        ]
    }

    private var edgex: [String: Double?] {
        [
            "last_price": price("lastPrice"), "mark_price": price("markPrice"), "trades_24h": row.number("trades"),
            "open_interest_base": product(row.number("openInterest"), unit),
            "open_interest_usd": product(row.number("openInterest"), row.number("markPrice")),
            "volume_usd_24h": row.number("value"), "volume_base_24h": product(row.number("size"), unit),
            "price_change_24h": row.number("priceChangePercent"), "funding_rate": row.number("fundingRate"),
            "next_funding_at_ms": row.number("nextFundingTime"),
        ]
    }

    private var pacifica: [String: Double?] {
        [
            "mark_price": price("mark"), "index_price": price("oracle"), "volume_usd_24h": row.number("volume_24h"),
            "open_interest_base": product(row.number("open_interest"), unit),
            "open_interest_usd": product(row.number("open_interest"), row.number("mark")),
            "funding_rate_8h": product(row.number("funding"), 8), "observed_at_ms": row.number("timestamp"),
            "price_change_24h": quotient(row.number("mark"), positive("yesterday_price")).map { $0 - 1 },
        ]
    }

    private var extended: [String: Double?] {
        [
            "last_price": price("lastPrice"), "mark_price": price("markPrice"), "bid_price": price("bidPrice"),
            "open_interest_usd": row.number("openInterest"),
            "open_interest_base": product(row.number("openInterestBase"), unit),
            "volume_usd_24h": row.number("dailyVolume"), "volume_base_24h": product(row.number("dailyVolumeBase"), unit),
            "price_change_24h": row.number("dailyPriceChangePercentage"),
            "funding_rate_8h": product(row.number("fundingRate"), 8), "next_funding_at_ms": row.number("nextFundingRate"),
        ]
    }

    private var grvt: [String: Double?] {
        func both(_ unit: String) -> Double? {
            row.number("buy_volume_24h_" + unit).flatMap { bought in row.number("sell_volume_24h_" + unit).map { bought + $0 } }
        }
        return [
            "last_price": price("last_price"), "mark_price": price("mark_price"), "ask_price": price("best_ask_price"),
            "open_interest_base": product(row.number("open_interest"), unit),
            "open_interest_usd": product(row.number("open_interest"), positive("mark_price")),
            "volume_usd_24h": both("q"), "volume_base_24h": product(both("b"), unit),
            // Percent.
            "funding_rate": row.number("funding_rate").map { $0 / 100 },
            "next_funding_at_ms": positive("next_funding_time").map { ($0 / 1e6).rounded() },
        ]
    }

    private var paradex: [String: Double?] {
        [
            "last_price": price("last_traded_price"), "mark_price": price("mark_price"), "bid_price": price("bid"),
            "index_price": price("underlying_price"), "volume_usd_24h": row.number("volume_24h"),
            "open_interest_base": product(row.number("open_interest"), unit),
            "open_interest_usd": product(row.number("open_interest"), positive("mark_price")),
            "funding_rate": row.number("funding_rate"), "price_change_24h": row.number("price_change_rate_24h"),
            "observed_at_ms": row.number("created_at"),
        ]
    }

    // MARK: - Arithmetic

    private func price(_ key: String) -> Double? { positive(key).map { $0 / unit } }

    private func positive(_ key: String) -> Double? { row.number(key).flatMap { $0 > 0 ? $0 : nil } }

    private func hours(_ from: String, _ to: String) -> Double? {
        guard let from = positive(from), let to = positive(to), to > from else { return nil }
        return (to - from) / 3_600_000
    }

    private func product(_ left: Double?, _ right: Double?) -> Double? {
        guard let left, let right else { return nil }
        return left * right
    }

    private func quotient(_ left: Double?, _ right: Double?) -> Double? {
        guard let left, let right, right != 0 else { return nil }
        return left / right
    }
}
