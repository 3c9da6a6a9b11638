import PerpCore

/// Paradex: lists in `results`, with options among the perpetuals, and trades that say which were liquidations.
struct SimulatedParadex {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        switch request.path {
        case "/v1/markets": return markets()
        case "/v1/markets/summary": return summaries()
        case "/v1/trades": return trades()
        default: return error("NOT_FOUND", "not found", status: 404)
        }
    }

    private func error(_ code: String, _ message: String, status: Int) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.text("error", code)
        json.text("message", message)
        json.end()
        return ExchangeReply(json, status: status)
    }

    private var trading: [SimulatedListing] { moment.listings().filter { $0.isTrading(at: moment.time) } }

    private func markets() -> ExchangeReply {
        var json = JSONBytes(capacity: 32_768)
        json.begin()
        json.list("results")
        for listing in trading { market(&json, listing) }
        json.raw(
            #"{"symbol":"BTC-USD-100000-C","base_currency":"BTC","quote_currency":"USD","settlement_currency":"USDC","#)
        json.raw(#""open_at":0,"expiry_at":0,"asset_kind":"PERP_OPTION","market_kind":"cross","option_type":"CALL","#)
        json.raw(#""strike_price":"100000","funding_period_hours":24,"tags":[]},"#)
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private func market(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        json.begin()
        json.text("symbol", listing.symbol)
        json.text("base_currency", listing.base)
        json.raw(#""quote_currency":"USD","settlement_currency":"USDC","#)
        json.short("order_size_increment", 1 / powersOfTen[listing.quantityPlaces], listing.quantityPlaces)
        json.short("price_tick_size", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.text("min_notional", "10")
        json.integer("open_at", listing.listedAt)
        json.raw(#""expiry_at":0,"asset_kind":"PERP","market_kind":"cross","max_funding_rate":"0.02","#)
        json.integer("funding_period_hours", Int64(listing.interval))
        json.raw(#""funding_multiplier":"1","#)
        json.list("tags")
        json.text(listing.tag.isEmpty ? "LAYER-1" : listing.tag)
        json.endList()
        json.end()
    }

    private func summaries() -> ExchangeReply {
        guard request.query["market"] == "ALL" else {
            return error("VALIDATION_ERROR", "market is required", status: 400)
        }
        var json = JSONBytes(capacity: 32_768)
        json.begin()
        json.list("results")
        for listing in trading { summary(&json, listing) }
        json.raw(#"{"symbol":"BTC-USD-100000-C","mark_price":"9531.85","last_traded_price":"","bid":"","ask":"","#)
        json.raw(#""volume_24h":"0","total_volume":"0","open_interest":"0","funding_rate":"","underlying_price":"1","#)
        json.integer("created_at", moment.time)
        json.end()
        json.endList()
        json.end()
        return ExchangeReply(json)
    }

    private func summary(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let price = listing.pricePlaces
        json.begin()
        json.text("symbol", listing.symbol)
        json.short("mark_price", quote.mark, price + 4)
        json.text("delta", "1")
        json.short("last_traded_price", quote.last, price)
        json.short("bid", quote.bid, price)
        json.short("ask", quote.ask, price)
        json.short("volume_24h", quote.turnover, 12)
        json.short("total_volume", quote.turnover * 700, 6)
        json.integer("created_at", moment.time)
        json.short("underlying_price", quote.index, price + 4)
        json.short("open_interest", quote.openInterest, listing.quantityPlaces)
        json.short("funding_rate", quote.fundingRate, 14)
        json.short("price_change_rate_24h", quote.change, 6)
        json.end()
    }

    /// The trades of a span, newest first: a few of the market's, and its liquidations.
    private func trades() -> ExchangeReply {
        guard let symbol = request.query["market"], let listing = moment.listing(symbol) else {
            return error("NOT_FOUND", "market not found", status: 404)
        }
        let to = min(moment.time, (request.number("end_at") ?? moment.time) + 1)
        let from = max(to - 3_600_000, request.number("start_at") ?? 0)
        let forced = moment.liquidations([listing], from: from, to: to).map { event in
            (
                time: event.time, isSale: event.isLong, size: event.quantity, price: event.price, kind: "LIQUIDATION",
                id: event.id
            )
        }
        let usual = stride(from: from, to: to, by: 600_000).map { time in
            let key = Noise.hash(listing.key ^ 0x7_2ADE, time)
            return (
                time: time, isSale: key % 2 == 0, size: 0.01 + Noise.unit(key, 2),
                price: moment.index(of: listing, at: time), kind: "FILL", id: key
            )
        }
        var json = JSONBytes()
        json.begin()
        json.null("next")
        json.null("prev")
        json.list("results")
        for trade in (forced + usual).sorted(by: { ($0.time, $0.id) > ($1.time, $1.id) }) {
            json.begin()
            json.text("id", String(trade.id))
            json.text("market", listing.symbol)
            json.text("side", trade.isSale ? "SELL" : "BUY")
            json.short("size", trade.size, listing.quantityPlaces + 2)
            json.short("price", trade.price, listing.pricePlaces)
            json.integer("created_at", trade.time)
            json.text("trade_type", trade.kind)
            json.end()
        }
        json.endList()
        json.end()
        return ExchangeReply(json)
    }
}
