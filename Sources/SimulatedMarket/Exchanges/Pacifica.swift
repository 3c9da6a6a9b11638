import PerpCore

/// Pacifica: two lists in an envelope, without a state of the markets.
struct SimulatedPacifica {
    let moment: Moment
    let request: SimulatedRequest

    func respond() -> ExchangeReply {
        switch request.path {
        case "/api/v1/info": return list(info)
        case "/api/v1/info/prices": return list(prices)
        default:
            return ExchangeReply(
                text: #"{"success":false,"data":null,"error":"Not found","code":404}"#, status: 404,
                contentType: "application/json")
        }
    }

    private func list(_ row: (inout JSONBytes, SimulatedListing) -> Void) -> ExchangeReply {
        var json = JSONBytes(capacity: 16_384)
        json.begin()
        json.bool("success", true)
        json.list("data")
        for listing in moment.listings() where listing.isTrading(at: moment.time) {
            json.begin()
            row(&json, listing)
            json.end()
        }
        json.endList()
        json.null("error")
        json.null("code")
        json.end()
        return ExchangeReply(json, weight: 10)
    }

    private func info(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let isSpot = listing.tag == "spot"
        json.text("symbol", listing.symbol)
        json.short("tick_size", 1 / powersOfTen[listing.pricePlaces], listing.pricePlaces)
        json.raw(#""min_tick":"0","max_tick":"1000000","#)
        json.short("lot_size", 1 / powersOfTen[listing.quantityPlaces], listing.quantityPlaces)
        json.integer("max_leverage", listing.coin == 0 ? 50 : 10)
        json.bool("isolated_only", false)
        json.raw(#""min_order_size":"10","max_order_size":"5000000","#)
        json.short("funding_rate", isSpot ? 0 : fixedRate(listing), 8)
        json.short("next_funding_rate", isSpot ? 0 : quote.fundingRate, 8)
        json.integer("created_at", listing.listedAt)
        json.text("instrument_type", isSpot ? "spot" : "perpetual")
        json.text("base_asset", listing.base)
    }

    private func prices(_ json: inout JSONBytes, _ listing: SimulatedListing) {
        let quote = moment.quote(listing)
        let isSpot = listing.tag == "spot"
        json.short("funding", isSpot ? 0 : fixedRate(listing), 8)
        json.short("mark", quote.mark, listing.pricePlaces)
        json.short("mid", quote.last, listing.pricePlaces)
        json.short("next_funding", isSpot ? 0 : quote.fundingRate, 8)
        json.short("open_interest", isSpot ? 0 : quote.openInterest, listing.quantityPlaces)
        json.short("oracle", quote.index, listing.pricePlaces + 2)
        json.text("symbol", listing.symbol)
        json.integer("timestamp", moment.time)
        json.short("volume_24h", quote.turnover, 6)
        json.short("yesterday_price", quote.open, listing.pricePlaces)
    }

    /// The rate that was fixed at the last full hour, for the next settlement.
    private func fixedRate(_ listing: SimulatedListing) -> Double {
        moment.fundingRate(listing, at: moment.time / 3_600_000 * 3_600_000)
    }
}
