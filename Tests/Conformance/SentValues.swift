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
        case (.hyperliquid, _), (.dydx, _): ["funding_interval_hours": 1, "unit_multiplier": unit]
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
        case (.dydx, _): ["status": row.text("status") == "ACTIVE" ? "trading" : nil, "settle": "USDC"]
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
