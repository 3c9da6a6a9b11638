import PerpCore

/// A venue's hour in one row.
enum ExchangeMeasures {
    static func summary(of venue: GuardedVenue, hour: Hour) -> ExchangeSummary {
        var row = ExchangeSummary(
            hour: hour, exchange: venue.exchange, status: venue.status, reason: venue.reason)
        guard venue.status != .failed else { return row }
        countMarkets(venue, into: &row)
        sumVolumes(venue, into: &row)
        addFunding(venue, to: &row)
        addPriceChange(venue, to: &row)
        addSeedReference(venue, to: &row)
        return row
    }

    private static func countMarkets(_ venue: GuardedVenue, into row: inout ExchangeSummary) {
        venue.forEachPerpetual { instrument in
            row.markets += 1
            if let trades = instrument.ticker.trades24h { row.numTrades = (row.numTrades ?? 0) + trades }
        }
        row.otherMarkets = venue.instruments.count - row.markets
    }

    private static func sumVolumes(_ venue: GuardedVenue, into row: inout ExchangeSummary) {
        var volume = Total()
        var openInterest = Total()
        var matched = Total()
        venue.forEachPerpetual { instrument in
            volume.add(instrument.ticker.volumeUSD24h)
            openInterest.add(instrument.ticker.openInterestUSD)
            if instrument.ticker.openInterestUSD != nil { matched.add(instrument.ticker.volumeUSD24h) }
        }
        row.volume = volume.value
        row.openInterest = openInterest.value
        row.matchedVolume = matched.value
        row.oiCoverage = ratio(matched.value, volume.value)
        row.oiVolRatio = ratio(openInterest.value, matched.value)
    }

    private static func addFunding(_ venue: GuardedVenue, to row: inout ExchangeSummary) {
        let funding = FundingMean(venue)
        row.fundingRate = funding.rate
        row.fundingBasis = funding.basis
        row.fundingWeight = funding.weight
        row.fundingCoverage = ratio(funding.usedVolume, row.volume)
    }

    private static func addPriceChange(_ venue: GuardedVenue, to row: inout ExchangeSummary) {
        var changes: [PriceChange.Change] = []
        changes.reserveCapacity(venue.instruments.count)
        venue.forEachPerpetual { instrument in
            guard let change = instrument.ticker.priceChange24h, let volume = instrument.ticker.volumeUSD24h
            else { return }
            changes.append((change, volume))
        }
        guard let mean = PriceChange.robustMean(changes) else { return }
        row.priceChange = 100 * mean
        row.priceCoverage = ratio(changes.reduce(0) { $0 + $1.volume }, row.volume)
    }

    private static func addSeedReference(_ venue: GuardedVenue, to row: inout ExchangeSummary) {
        guard let bitcoin = venue.reference("BTC") else { return }
        row.seedFundingRate = bitcoin.ticker.fundingRate.map { 100 * $0 }
        row.seedPriceChange = bitcoin.ticker.priceChange24h.map { 100 * $0 }
    }
}
