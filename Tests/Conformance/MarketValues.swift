import PerpCore

/// The values of an instrument and its ticker, in the units of the library that the expected values come from.
struct MarketValues {
    let exchange: Exchange
    let endpoint: String
    let symbol: String
    /// The row of the body.
    let sent: [String: Any]
    let instrument: [String: Any]?
    let ticker: [String: Any]?
    private var unit: Double { Self.unit(of: symbol, on: exchange) }

    func value(_ field: String, of row: [String: Any]) -> Comparison {
        switch field {
        case "symbol": return .leftOut("the library's own spelling of the symbol")
        case "fundingDatetime": return .leftOut("the funding time again, as text")
        case "contractSize", "linear", "inverse", "settle", "active", "expiry": return listed(field)
        case "interval": return interval(row)
        default: return traded(field, row)
        }
    }

    // MARK: - The instrument

    private func listed(_ field: String) -> Comparison {
        guard let instrument else {
            return .leftOut("the contract's description stands in the instruments response, not in this file")
        }
        return switch field {
        case "contractSize": .number(instrument.number("contract_multiplier"))
        case "linear": .bool(instrument.text("kind") == "linear")
        case "inverse": .bool(instrument.text("kind") == "inverse")
        case "settle": .text(instrument.text("settle"))
        case "active":
            if exchange == .gate, sent["in_delisting"] as? Bool == true, instrument.text("status") == "settling" {
                .leftOut("gate: the library calls a contract active that is being delisted")
            } else {
                .bool(instrument.text("status") == "trading")
            }
        // A contract that expires is dated; its date is not staged.
        default: instrument.text("contract") == "dated" ? .none("the date of expiry is not staged") : .number(nil)
        }
    }

    private func interval(_ row: [String: Any]) -> Comparison {
        guard let text = row.text("interval"), text.hasSuffix("h"), let hours = Double(text.dropLast()) else {
            return .leftOut("an interval that is not in hours")
        }
        if exchange == .bybit, sent.number("fundingIntervalHour") == nil {
            return .leftOut("bybit: the body has no interval; the library knows it from elsewhere")
        }
        let record = instrument ?? ticker
        if exchange == .krakenFutures, record?.text("contract") == "dated" { return .none("dated: no funding") }
        return .number(record?.number("funding_interval_hours"), against: hours)
    }

    // MARK: - The ticker

    private func traded(_ field: String, _ row: [String: Any]) -> Comparison {
        if exchange == .hyperliquid, ["last", "bid", "ask"].contains(field) {
            return .leftOut("hyperliquid: last is the mid price, bid and ask are impact prices")
        }
        if exchange == .krakenFutures, let rule = Self.krakenRule(field, sent, symbol) { return .leftOut(rule) }
        guard let ticker else {
            if let instrument, instrument.text("status") != "trading" {
                return .leftOut("not trading: an instrument and no ticker")
            }
            return .number(nil)
        }
        switch field {
        case "last": return price("last_price", field, row)
        case "bid": return price("bid_price", field, row)
        case "ask": return price("ask_price", field, row)
        case "markPrice": return price("mark_price", field, row)
        case "indexPrice": return price("index_price", field, row)
        case "percentage" where exchange == .htx:
            return .leftOut("htx: the change since midnight in UTC+8 is not that of a day")
        case "percentage": return .number(ticker.number("price_change_24h").map { $0 * 100 })
        case "baseVolume", "quoteVolume": return volume(field, row)
        case "fundingRate": return funding("funding_rate")
        case "fundingTimestamp": return funding("next_funding_at_ms")
        case "openInterestAmount": return .number(ticker.number("open_interest_contracts"))
        case "openInterestValue": return .number(ticker.number("open_interest_usd"))
        case "timestamp":
            if endpoint == "open_interest" { return .leftOut("the time of open interest: ours is the price's") }
            return .number(ticker.number("observed_at_ms"))
        default: return .leftOut("no staged field: \(field)")
        }
    }

    /// Why the library's value of a field is another one on Kraken Futures; `nil` when it is not.
    private static func krakenRule(_ field: String, _ sent: [String: Any], _ symbol: String) -> String? {
        switch field {
        case "timestamp": "kraken-futures: the time of the last trade; ours is that of the response"
        case "percentage" where sent.number("change24h") != nil:
            "kraken-futures: worked out from the price a day ago, where the exchange states a rounded change"
        case "fundingRate" where symbol.uppercased().hasPrefix("PI_"):
            "kraken-futures: the library divides the rate of an inverse contract by the price, which multiplies it"
        default: nil
        }
    }

    /// A price per base unit of the exchange, as the library states it; ours are per coin.
    private func price(_ key: String, _ field: String, _ row: [String: Any]) -> Comparison {
        let ours = ticker?.number(key)
        if ours == nil, row.number(field) == 0 { return .none("a price of 0 is none") }
        return .number(ours.map { $0 * unit })
    }

    private func volume(_ field: String, _ row: [String: Any]) -> Comparison {
        if exchange == .htx { return htxVolume(field) }
        let base = ticker?.number("volume_base_24h").map { $0 / unit }
        let dollars = ticker?.number("volume_usd_24h")
        if endpoint == "open_interest" { return .number(ticker?.number("open_interest_base").map { $0 / unit }) }
        // For an inverse contract, the library calls dollars the base and coins the quote.
        if ticker?.text("kind") == "inverse", exchange != .krakenFutures { return .number(field == "baseVolume" ? dollars : base) }
        if field == "baseVolume" {
            // The exchange rounds this figure down to whole coins; ours is contracts times their size.
            return .number(exchange == .gate ? base?.rounded(.down) : base)
        }
        if dollars == nil, !["USD", "USDT", "USDC"].contains(ticker?.text("quote") ?? "") {
            return .none("quoted in something else than dollars: no dollar volume")
        }
        return .number(dollars)
    }

    /// The exchange counts both sides of a trade, and the library takes contracts for coins.
    private func htxVolume(_ field: String) -> Comparison {
        if endpoint == "open_interest" { return .leftOut("htx: of open interest, the library's volume counts contracts") }
        if field == "baseVolume" { return .number(ticker?.number("volume_base_24h").map { $0 * 2 }) }
        guard sent.number("trade_turnover") != nil else { return .leftOut("htx: the body has no turnover") }
        return .number(ticker?.number("volume_usd_24h").map { $0 * 2 })
    }

    private func funding(_ key: String) -> Comparison {
        let ours = ticker?.number(key)
        if ours == nil, ticker?.text("contract") == "dated" { return .none("dated: no funding") }
        if ours == nil, exchange == .htx { return .none("htx: the settlement is long past: a dead contract") }
        return .number(ours)
    }

    /// Canonical coins per base unit, read from the symbol by rules that the adapters do not share.
    static func unit(of symbol: String, on exchange: Exchange) -> Double {
        switch exchange {
        // Prices are per coin, whatever the size of a contract; one symbol only is priced per million coins.
        case .okx, .gate, .dydx, .deribit, .krakenFutures, .coinbase:
            return symbol.hasPrefix("MBABYDOGE_") ? 1_000_000 : 1
        case .grvt: return ["KPEPE_", "KBONK_", "KSHIB_"].contains(where: symbol.hasPrefix) ? 1000 : 1
        case .hyperliquid, .pacifica, .backpack, .paradex:
            let symbol = symbol.split(separator: ":").last ?? ""
            let isThousand = symbol.hasPrefix("k") && symbol.dropFirst().first?.isUppercase == true
            return isThousand ? 1000 : 1
        case .binance, .bybit, .bitget, .aster, .binanceCOINM, .mexc, .kucoin, .bingx, .lighter, .htx, .edgex, .extended:
            if symbol.hasPrefix("SHIB1000") { return 1000 }
            if symbol.hasPrefix("1MBABYDOGE") { return 1_000_000 }
            guard let match = symbol.prefixMatch(of: /1(000+)(?=[^0-9])/) else { return 1 }
            return Double(match.output.0) ?? 1
        }
    }
}
