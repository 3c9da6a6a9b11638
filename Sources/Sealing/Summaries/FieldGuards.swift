import PerpCore

/// Sets aside values that cannot be true, before anything is summed.
public enum FieldGuards {
    /// Quotes that count as one dollar.
    public static let dollarQuotes = ["USDT", "USDC", "USD"]

    static let largestFundingRate8h = 0.40
    static let priceChangeRange = -1.0...10.0
    static let implausibleOpenInterest = (above: 1e9, timesVolume: 20.0)
    static let priceTolerance = 0.20
    static let exchangesForPriceCheck = 3

    /// The exchanges in byte order of their ids, the order in which their figures are summed.
    public static func apply(to exchanges: [ExchangeFacts]) -> [GuardedExchange] {
        var guarded = exchanges.map(guardFields).sorted { $0.exchange.id < $1.exchange.id }
        markPriceOutliers(in: &guarded)
        return guarded
    }

    private static func guardFields(of facts: ExchangeFacts) -> GuardedExchange {
        let status = facts.tickers.isEmpty ? .failed : facts.status
        var result = GuardedExchange(
            exchange: facts.exchange, status: status, reason: facts.reason, instruments: [], findings: [],
            knowsClasses: facts.knowsClasses)
        guard status != .failed else { return result }
        result.instruments.reserveCapacity(facts.tickers.count)
        let lacksVolumes = lacksVolumes(facts.tickers)
        for ticker in inSymbolOrder(facts.tickers) {
            let trades = ticker.contract == .perpetual && !facts.notTrading.contains(ticker.symbol)
            // Guarded in its place: a copy would take its strings along.
            result.instruments.append(GuardedInstrument(ticker: ticker, isTradingPerpetual: trades))
            let place = result.instruments.count - 1
            for (field, reason) in setAside(in: &result.instruments[place].ticker, lacksVolumes: lacksVolumes) {
                result.findings.append(
                    FieldFinding(
                        exchange: facts.exchange, symbol: ticker.symbol, field: field, reason: reason))
            }
        }
        return result
    }

    /// Sums run by symbol; a list that comes sorted, as from a staged file, is not sorted again.
    private static func inSymbolOrder(_ tickers: [Ticker]) -> [Ticker] {
        let isSorted = tickers.withUnsafeBufferPointer { rows in
            rows.indices.dropFirst().allSatisfy { rows[$0 - 1].symbol <= rows[$0].symbol }
        }
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
    private static func markPriceOutliers(in exchanges: inout [GuardedExchange]) {
        let coins = CoinNumbers(of: exchanges)
        let medians = medianMarks(of: exchanges, coins)
        for place in exchanges.indices {
            let numbers = coins.numbers[place]
            for row in numbers.indices {
                guard let coin = numbers[row], let median = medians[coin],
                    let price = exchanges[place].instruments[row].price,
                    abs(price / median - 1) > priceTolerance
                else { continue }
                exchanges[place].instruments[row].isPriceOutlier = true
                exchanges[place].findings.append(
                    FieldFinding(
                        exchange: exchanges[place].exchange, symbol: exchanges[place].instruments[row].symbol,
                        field: "mark_price", reason: .priceOutlier))
            }
        }
    }

    /// Small numbers instead of the names of coins, which are looked up once per instrument.
    private struct CoinNumbers {
        private(set) var count = 0
        /// By exchange and instrument; `nil` where the price is not in dollars.
        private(set) var numbers: [[Int?]] = []

        init(of exchanges: [GuardedExchange]) {
            var known: [String: Int] = Dictionary(minimumCapacity: exchanges.map(\.instruments.count).max() ?? 0)
            for exchange in exchanges {
                numbers.append(
                    exchange.instruments.indices.map { row in
                        guard dollarQuotes.contains(exchange.instruments[row].ticker.quote) else { return nil }
                        let number = known[exchange.instruments[row].asset, default: known.count]
                        if number == known.count { known[exchange.instruments[row].asset] = number }
                        return number
                    })
            }
            count = known.count
        }
    }

    /// By the number of the coin; `nil` where too few exchanges have a price.
    private static func medianMarks(of exchanges: [GuardedExchange], _ coins: CoinNumbers) -> [Double?] {
        // One row per coin, filled from its start.
        var marks = Array(repeating: 0.0, count: coins.count * exchanges.count)
        var counts = Array(repeating: 0, count: coins.count)
        for (exchange, numbers) in zip(exchanges, coins.numbers) {
            for (coin, row) in references(of: exchange, numbers, coins.count).enumerated() {
                guard let row, let price = exchange.instruments[row].price else { continue }
                marks[coin * exchanges.count + counts[coin]] = price
                counts[coin] += 1
            }
        }
        return marks.withUnsafeMutableBufferPointer { marks in
            counts.indices.map { coin in
                let first = coin * exchanges.count
                guard counts[coin] >= exchangesForPriceCheck else { return nil }
                return median(of: UnsafeMutableBufferPointer(rebasing: marks[first..<first + counts[coin]]))
            }
        }
    }

    /// The indices of an exchange's reference perpetuals, by the number of the coin.
    private static func references(of exchange: GuardedExchange, _ numbers: [Int?], _ count: Int) -> [Int?] {
        var references: [Int?] = Array(repeating: nil, count: count)
        for row in exchange.instruments.indices where exchange.instruments[row].isTradingPerpetual {
            guard let coin = numbers[row] else { continue }
            if let leader = references[coin], !exchange.instruments[row].isPreferred(to: exchange.instruments[leader]) {
                continue
            }
            references[coin] = row
        }
        return references
    }

    /// Sorts the values in place. Not `Quantiles.median`: the mean of two may differ from it in the last bit.
    private static func median(of values: UnsafeMutableBufferPointer<Double>) -> Double {
        var values = values
        values.sort()
        let middle = values.count / 2
        return values.count.isMultiple(of: 2) ? (values[middle - 1] + values[middle]) / 2 : values[middle]
    }
}
