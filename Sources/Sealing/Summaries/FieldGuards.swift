import PerpCore

/// Sets aside values that cannot be true, before anything is summed.
public enum FieldGuards {
    /// Quotes that count as one dollar.
    public static let dollarQuotes = ["USDT", "USDC", "USD"]

    static let largestFundingRate8h = 0.40
    static let priceChangeRange = -1.0...10.0
    static let implausibleOpenInterest = (above: 1e9, timesVolume: 20.0)
    static let priceTolerance = 0.20
    static let venuesForPriceCheck = 3

    /// The exchanges in byte order of their ids, the order in which their figures are summed.
    public static func apply(to venues: [ExchangeFacts]) -> [GuardedExchange] {
        var guarded = venues.map(guardFields).sorted { $0.exchange.id < $1.exchange.id }
        markPriceOutliers(in: &guarded)
        return guarded
    }

    private static func guardFields(of venue: ExchangeFacts) -> GuardedExchange {
        let status = venue.tickers.isEmpty ? .failed : venue.status
        var result = GuardedExchange(
            exchange: venue.exchange, status: status, reason: venue.reason, instruments: [], findings: [],
            knowsClasses: venue.knowsClasses)
        guard status != .failed else { return result }
        result.instruments.reserveCapacity(venue.tickers.count)
        let lacksVolumes = lacksVolumes(venue.tickers)
        for ticker in inSymbolOrder(venue.tickers) {
            var ticker = ticker
            for (field, reason) in setAside(in: &ticker, lacksVolumes: lacksVolumes) {
                result.findings.append(
                    FieldFinding(
                        exchange: venue.exchange, symbol: ticker.symbol, field: field, reason: reason))
            }
            let trades = ticker.contract == .perpetual && !venue.notTrading.contains(ticker.symbol)
            result.instruments.append(GuardedInstrument(ticker: ticker, isTradingPerpetual: trades))
        }
        return result
    }

    /// Sums run by symbol; a list that comes sorted, as from a staged file, is not sorted again.
    private static func inSymbolOrder(_ tickers: [Ticker]) -> [Ticker] {
        let isSorted = zip(tickers, tickers.dropFirst()).allSatisfy { $0.symbol <= $1.symbol }
        return isSorted ? tickers : tickers.sorted { $0.symbol < $1.symbol }
    }

    /// - Parameter lacksVolumes: whether the exchange's volumes are missing: then nothing can be said against open interest.
    private static func setAside(in ticker: inout Ticker, lacksVolumes: Bool) -> [(String, FieldFinding.Reason)] {
        var findings: [(String, FieldFinding.Reason)] = []
        func check(_ field: String, _ value: inout Double?, _ isGood: (Double) -> Bool) {
            guard let found = value, !(found.isFinite && isGood(found)) else { return }
            value = nil
            findings.append((field, .outOfRange))
        }
        check("mark_price", &ticker.markPrice) { $0 > 0 }
        check("last_price", &ticker.lastPrice) { $0 > 0 }
        check("volume_usd_24h", &ticker.volumeUSD24h) { $0 >= 0 }
        check("open_interest_usd", &ticker.openInterestUSD) { $0 >= 0 }
        check("price_change_24h", &ticker.priceChange24h) {
            $0 > priceChangeRange.lowerBound && $0 <= priceChangeRange.upperBound
        }
        let hours = ticker.fundingIntervalHours ?? 8
        check("funding_rate", &ticker.fundingRate) { abs($0 * 8 / hours) <= largestFundingRate8h }
        if !lacksVolumes, hasImplausibleOpenInterest(ticker) {
            ticker.openInterestUSD = nil
            findings.append(("open_interest_usd", .implausibleOpenInterest))
        }
        return findings
    }

    /// One contract without a volume is a dead one; many are a field, or a response, that is missing.
    private static func lacksVolumes(_ tickers: [Ticker]) -> Bool {
        let missing = tickers.withUnsafeBufferPointer { rows in rows.indices.count { rows[$0].volumeUSD24h == nil } }
        return missing >= 5 && 3 * missing > tickers.count
    }

    private static func hasImplausibleOpenInterest(_ ticker: Ticker) -> Bool {
        guard let openInterest = ticker.openInterestUSD else { return false }
        return openInterest > implausibleOpenInterest.above
            && openInterest > implausibleOpenInterest.timesVolume * (ticker.volumeUSD24h ?? 0)
    }

    /// Marks contracts far from the median over the exchanges, one mark price per exchange: that of its
    /// reference perpetual. Prices in other quotes than dollars cannot be compared.
    private static func markPriceOutliers(in venues: inout [GuardedExchange]) {
        let coins = CoinNumbers(of: venues)
        let medians = medianMarks(of: venues, coins)
        for place in venues.indices {
            for row in venues[place].instruments.indices {
                guard let coin = coins.numbers[place][row], let median = medians[coin],
                    let price = venues[place].instruments[row].price,
                    abs(price / median - 1) > priceTolerance
                else { continue }
                venues[place].instruments[row].isPriceOutlier = true
                venues[place].findings.append(
                    FieldFinding(
                        exchange: venues[place].exchange, symbol: venues[place].instruments[row].symbol,
                        field: "mark_price", reason: .priceOutlier))
            }
        }
    }

    /// Small numbers instead of the names of coins, which are looked up once per instrument.
    private struct CoinNumbers {
        private(set) var count = 0
        /// By exchange and instrument; `nil` where the price is not in dollars.
        private(set) var numbers: [[Int?]] = []

        init(of venues: [GuardedExchange]) {
            var known: [String: Int] = Dictionary(minimumCapacity: venues.map(\.instruments.count).max() ?? 0)
            for venue in venues {
                numbers.append(
                    venue.instruments.indices.map { row in
                        guard dollarQuotes.contains(venue.instruments[row].ticker.quote) else { return nil }
                        let number = known[venue.instruments[row].asset, default: known.count]
                        if number == known.count { known[venue.instruments[row].asset] = number }
                        return number
                    })
            }
            count = known.count
        }
    }

    /// By the number of the coin; `nil` where too few exchanges have a price.
    private static func medianMarks(of venues: [GuardedExchange], _ coins: CoinNumbers) -> [Double?] {
        // One row per coin, filled from its start.
        var marks = Array(repeating: 0.0, count: coins.count * venues.count)
        var counts = Array(repeating: 0, count: coins.count)
        for (venue, numbers) in zip(venues, coins.numbers) {
            for (coin, row) in references(of: venue, numbers, coins.count).enumerated() {
                guard let row, let price = venue.instruments[row].price else { continue }
                marks[coin * venues.count + counts[coin]] = price
                counts[coin] += 1
            }
        }
        return marks.withUnsafeMutableBufferPointer { marks in
            counts.indices.map { coin in
                let first = coin * venues.count
                guard counts[coin] >= venuesForPriceCheck else { return nil }
                return median(of: UnsafeMutableBufferPointer(rebasing: marks[first..<first + counts[coin]]))
            }
        }
    }

    /// The indices of an exchange's reference perpetuals, by the number of the coin.
    private static func references(of venue: GuardedExchange, _ numbers: [Int?], _ count: Int) -> [Int?] {
        var references: [Int?] = Array(repeating: nil, count: count)
        for row in venue.instruments.indices where venue.instruments[row].isTradingPerpetual {
            guard let coin = numbers[row] else { continue }
            if let leader = references[coin], !venue.instruments[row].isPreferred(to: venue.instruments[leader]) {
                continue
            }
            references[coin] = row
        }
        return references
    }

    /// Sorts the values.
    private static func median(of values: UnsafeMutableBufferPointer<Double>) -> Double {
        var values = values
        values.sort()
        let middle = values.count / 2
        return values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
    }
}
