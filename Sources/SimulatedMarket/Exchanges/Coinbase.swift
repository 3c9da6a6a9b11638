import PerpCore

/// Coinbase's list of American futures: one response with everything, where numbers are text and blank means none.
struct SimulatedCoinbase {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        guard request.path == "/api/v3/brokerage/market/products" else {
            return error("NOT_FOUND", "not found", status: 404)
        }
        guard request.query["product_type"] == "FUTURE" else {
            return error("INVALID_ARGUMENT", "unknown product type", status: 400)
        }
        return products()
    }

    private func error(_ code: String, _ message: String, status: Int) -> ExchangeReply {
        var json = JSONBytes()
        json.begin()
        json.text("error", code)
        json.text("error_details", message)
        json.text("message", message)
        json.end()
        return ExchangeReply(json, status: status)
    }

    private func products() -> ExchangeReply {
        let listings = moment.listings()
        var json = JSONBytes(capacity: 1500 * listings.count + 64)
        json.begin()
        json.list("products")
        for listing in listings { product(&json, listing) }
        json.endList()
        json.integer("num_products", Int64(listings.count))
        json.end()
        return ExchangeReply(json)
    }

    private func product(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let name = listing.isPerpetual ? "\(listing.base) PERP" : "\(listing.base) FUT"
        let contracts = (quote.volume / listing.contractSize).rounded()
        json.begin()
        json.text("product_id", listing.symbol)
        json.short("price", quote.last, listing.pricePlaces)
        json.short("price_percentage_change_24h", quote.change * 100, 12)
        json.short("volume_24h", contracts, 0)
        json.raw(#""base_increment":"1","quote_increment":"0.01","base_name":"","quote_name":"US Dollar","#)
        json.bool("is_disabled", !listing.isTrading(at: moment.time))
        json.raw(#""status":"","cancel_only":false,"limit_only":false,"post_only":false,"trading_disabled":false,"#)
        json.raw(#""auction_mode":false,"product_type":"FUTURE","quote_currency_id":"USD","base_currency_id":"","#)
        json.raw(#""fcm_trading_session_details":{"is_session_open":true},"#)
        json.short("mid_market_price", (quote.bid + quote.ask) / 2, listing.pricePlaces)
        json.raw(#""view_only":false,"#)
        json.text("display_name", name)
        json.text("product_venue", "FCM")
        json.short("approximate_quote_24h_volume", contracts * listing.contractSize * quote.last, 2)
        json.raw(#""best_bid_price":"","best_ask_price":"","#)
        details(&json, listing, quote, name: name)
        json.end()
    }

    private func details(
        _ json: inout JSONBytes, _ listing: SimulatedListing, _ quote: SimulatedQuote, name: String
    ) {
        let isCoin = listing.tag.isEmpty
        let hour: Int64 = 3_600_000
        json.begin("future_product_details")
        json.text("venue", "cde")
        json.text("contract_code", String(decoding: listing.symbol.prefix { $0 != UInt8(ascii: "-") }, as: UTF8.self))
        if case .dated(let delivery) = listing.contract {
            json.text("contract_expiry", "\(Timestamp(milliseconds: delivery))")
        } else {
            json.text("contract_expiry", "2030-12-20T16:00:00Z")
        }
        json.short("contract_size", listing.contractSize, listing.contractPlaces)
        json.text("contract_root_unit", listing.base)
        json.text("contract_expiry_type", "EXPIRING")
        json.text("contract_display_name", name)
        json.bool("non_crypto", !isCoin)
        json.bool("twenty_four_by_seven", isCoin)
        json.short("open_interest", (quote.openInterest / listing.contractSize).rounded(), 0)
        if listing.isPerpetual {
            json.text("funding_interval", "3600s")
            json.short("funding_rate", quote.fundingRate, 8)
            // The latest hour, not the coming one.
            json.text("funding_time", "\(Timestamp(milliseconds: moment.time / hour * hour))")
            json.short("index_price", quote.index, listing.pricePlaces + 2)
        } else {
            json.null("funding_interval")
            json.text("funding_rate", "")
            json.null("funding_time")
            json.text("index_price", "")
        }
        json.text("futures_asset_type", "FUTURES_ASSET_TYPE_\(isCoin ? "CRYPTO" : listing.tag)")
        json.end()
    }
}
