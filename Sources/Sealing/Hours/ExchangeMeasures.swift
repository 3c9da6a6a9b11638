import PerpCore

/// An exchange's hour in one row.
enum ExchangeMeasures {
    static func summary(of guarded: GuardedExchange, hour: Hour) -> ExchangeSummary {
        var row = ExchangeSummary(
            hour: hour, exchange: guarded.exchange, status: guarded.status, reason: guarded.reason,
            knowsClasses: guarded.knowsClasses)
        guard guarded.status != .failed else { return row }
        countMarkets(guarded, into: &row)
        row.filledFields = fields(of: guarded).filled
        sumVolumes(guarded, into: &row)
        addFunding(guarded, to: &row)
        addPriceChange(guarded, to: &row)
        addSeedReference(guarded, to: &row)
        return row
    }

    private static func countMarkets(_ guarded: GuardedExchange, into row: inout ExchangeSummary) {
        guarded.forEachPerpetual { instrument in
            row.markets += 1
            if let trades = instrument.ticker.trades24h { row.tradeCount = (row.tradeCount ?? 0) + trades }
        }
        row.otherMarkets = guarded.instruments.count - row.markets
    }

    /// A field counts as filled when so many tickers of trading perpetuals have it.
    private static let filledShare = 0.95

    /// The fields that nearly all tickers of trading perpetuals have, and those that any of them has.
    static func fields(of guarded: GuardedExchange) -> (filled: TickerFields, present: TickerFields) {
        var counts = Array(repeating: 0, count: TickerFields.all.count)
        var tickers = 0
        guarded.instruments.withUnsafeBufferPointer { rows in
            for index in rows.indices where rows[index].isTradingPerpetual {
                tickers += 1
                rows[index].ticker.countFields(into: &counts)
            }
        }
        var (filled, present) = (TickerFields(), TickerFields())
        for (index, (_, field)) in TickerFields.all.enumerated() where counts[index] > 0 {
            present.insert(field)
            if Double(counts[index]) >= filledShare * Double(tickers) { filled.insert(field) }
        }
        return (filled, present)
    }

    /// Totals by class, coins among them, of what the exchange lists and of what others run on it; only of classes that
    /// the exchange has.
    static func classes(of guarded: GuardedExchange) -> [ClassSummary] {
        var sums = AssetClass.allCases.flatMap {
            [ClassSums(assetClass: $0, isCore: true), ClassSums(assetClass: $0, isCore: false)]
        }
        guarded.instruments.withUnsafeBufferPointer { rows in
            for index in rows.indices where rows[index].isTradingPerpetual {
                let place = 2 * (rows[index].ticker.assetClass ?? .other).index + (rows[index].ticker.isCore ? 0 : 1)
                sums[place].markets += 1
                sums[place].volume.add(rows[index].ticker.volumeUSD24h)
                sums[place].openInterest.add(rows[index].ticker.openInterestUSD)
            }
        }
        return sums.filter { $0.markets > 0 }.map {
            ClassSummary(
                exchange: guarded.exchange, assetClass: $0.assetClass, isCore: $0.isCore, markets: $0.markets,
                volumeUSD: $0.volume.value, openInterestUSD: $0.openInterest.value)
        }
    }

    private struct ClassSums {
        let assetClass: AssetClass
        let isCore: Bool
        var markets = 0
        var volume = Total()
        var openInterest = Total()
    }

    private static func sumVolumes(_ guarded: GuardedExchange, into row: inout ExchangeSummary) {
        var volume = Total()
        var openInterest = Total()
        var matched = Total()
        // Through the buffer: an element taken out of the array would be copied with its strings.
        guarded.instruments.withUnsafeBufferPointer { rows in
            for place in rows.indices where rows[place].isCounted {
                let (traded, open) = (rows[place].ticker.volumeUSD24h, rows[place].ticker.openInterestUSD)
                volume.add(traded)
                openInterest.add(open)
                if let traded, traded > 0 { row.volumeMarkets += 1 }
                if let open, open > 0 { row.openInterestMarkets += 1 }
                if open != nil { matched.add(traded) }
            }
        }
        row.volumeUSD = volume.value
        row.openInterestUSD = openInterest.value
        row.matchedVolumeUSD = matched.value
        row.volumeLeaders = leaders(guarded, row.volumeUSD) { $0.volumeUSD24h }
        row.openInterestLeaders = leaders(guarded, row.openInterestUSD) { $0.openInterestUSD }
        row.openInterestCoverage = ratio(matched.value, volume.value)
        row.openInterestToVolume = ratio(openInterest.value, matched.value)
    }

    /// The least share of a leader.
    private static let leadingShare = 0.05

    private static func leaders(_ guarded: GuardedExchange, _ total: Double?, _ value: (Ticker) -> Double?) -> String {
        guard let total, total > 0 else { return "" }
        var leaders: [String] = []
        guarded.forEachPerpetual { instrument in
            if let value = value(instrument.ticker), value >= leadingShare * total { leaders.append(instrument.symbol) }
        }
        return leaders.joined(separator: " ")
    }

    private static func addFunding(_ guarded: GuardedExchange, to row: inout ExchangeSummary) {
        let funding = FundingMean(guarded)
        row.fundingPercent8h = funding.rate
        row.fundingBasis = funding.basis
        row.fundingWeightUSD = funding.weight
        row.fundingCoverage = ratio(funding.usedVolume, row.volumeUSD)
    }

    private static func addPriceChange(_ guarded: GuardedExchange, to row: inout ExchangeSummary) {
        var changes: [PriceChange.Change] = []
        changes.reserveCapacity(guarded.instruments.count)
        guarded.forEachPerpetual { instrument in
            guard let change = instrument.ticker.priceChange24h, let volume = instrument.ticker.volumeUSD24h
            else { return }
            changes.append((change, volume))
        }
        guard let mean = PriceChange.robustMean(changes) else { return }
        row.priceChangePercent = 100 * mean
        row.priceCoverage = ratio(changes.reduce(0) { $0 + $1.volume }, row.volumeUSD)
    }

    private static func addSeedReference(_ guarded: GuardedExchange, to row: inout ExchangeSummary) {
        guard let bitcoin = guarded.reference("BTC") else { return }
        row.seedFundingPercent = bitcoin.ticker.fundingRate.map { 100 * $0 }
        row.seedPriceChangePercent = bitcoin.ticker.priceChange24h.map { 100 * $0 }
    }
}

extension Ticker {
    /// One count more for each field of `TickerFields.all` that it has, in that order.
    fileprivate func countFields(into counts: inout [Int]) {
        if lastPrice != nil { counts[0] += 1 }
        if markPrice != nil { counts[1] += 1 }
        if indexPrice != nil { counts[2] += 1 }
        if bidPrice != nil { counts[3] += 1 }
        if askPrice != nil { counts[4] += 1 }
        if volumeUSD24h != nil { counts[5] += 1 }
        if openInterestUSD != nil { counts[6] += 1 }
        if fundingRate != nil { counts[7] += 1 }
        if priceChange24h != nil { counts[8] += 1 }
    }
}

extension AssetClass {
    fileprivate var index: Int {
        switch self {
        case .crypto: 0
        case .stock: 1
        case .commodity: 2
        case .index: 3
        case .fx: 4
        case .other: 5
        }
    }
}
