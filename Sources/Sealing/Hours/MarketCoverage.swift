import PerpCore

/// How much of the usual market reported in an hour, what stands in for the rest, and what the hour can be compared
/// with: like with like.
struct MarketCoverage {
    static let neededComparedShare = 0.5

    let hour: Hour
    /// In byte order of the exchanges' ids; absent exchanges are among them.
    let rows: [ExchangeSummary]
    let history: History

    /// One measure of an exchange: what it said, and what it usually says.
    private enum Measure {
        case volume, openInterest

        func said(_ row: ExchangeSummary) -> Double? {
            switch self {
            case .volume: row.wholeVolumeUSD
            case .openInterest: row.wholeOpenInterestUSD
            }
        }

        func usual(_ row: ExchangeSummary) -> Double? {
            switch self {
            case .volume: row.usualVolumeUSD
            case .openInterest: row.usualOpenInterestUSD
            }
        }

        func isMissing(_ row: ExchangeSummary) -> Bool {
            switch self {
            case .volume: row.lacksVolume
            case .openInterest: row.lacksOpenInterest
            }
        }
    }

    /// Share of the usual volume that reported, 0 to 1; of the number of exchanges while none is known.
    var volumeShare: Double { share(.volume, rows) ?? share(ofNumber: rows) }

    var holes: MarketCompleteness {
        var holes = MarketCompleteness()
        let inGates = rows.filter(\.isInGates)
        holes.reportedVolumeUSD = Total.of(rows.map(\.volumeUSD))
        holes.reportedOpenInterestUSD = Total.of(rows.map(\.openInterestUSD))
        holes.openInterestCoverage = share(.openInterest, rows)
        holes.gateCoverage = gateShare(inGates)
        holes.expectedExchanges = rows.count
        holes.unknownExchanges = rows.count(where: isUnknown)
        holes.exchangesMissingVolume = missing(.volume, inGates).count
        holes.exchangesMissingOpenInterest = missing(.openInterest, inGates).count
        let volume = carried(.volume, inGates)
        let openInterest = carried(.openInterest, inGates)
        holes.carriedVolumeUSD = Total.of(volume.map(\.value))
        holes.carriedOpenInterestUSD = Total.of(openInterest.map(\.value))
        holes.carriedAgeHours = (volume + openInterest).map(\.age).max()
        let (volumeChange, ofVolume) = change(.volume)
        let (openInterestChange, ofOpenInterest) = change(.openInterest)
        holes.volumeChangePercent24h = volumeChange
        holes.openInterestChangePercent24h = openInterestChange
        holes.comparedExchanges = [ofVolume, ofOpenInterest].compactMap { $0 }.min()
        return holes
    }

    /// Dollars of all exchanges in the gates, absent ones with their last figures; `nil` when one's is too old.
    var totalVolume: Double? { total(.volume) }
    var totalOpenInterest: Double? { total(.openInterest) }

    // MARK: - Shares

    private func share(_ measure: Measure, _ rows: [ExchangeSummary]) -> Double? {
        var present = 0.0
        var whole = 0.0
        for row in rows {
            let said = measure.said(row)
            // A new exchange counts with what it says.
            guard let reference = measure.usual(row) ?? said else { continue }
            whole += reference
            if said != nil { present += reference }
        }
        return ratio(present, whole)
    }

    private func share(ofNumber rows: [ExchangeSummary]) -> Double {
        rows.isEmpty ? 0 : Double(rows.count { $0.status != .failed }) / Double(rows.count)
    }

    /// Whether it never said a volume: it did not answer, or what it lists is of no known class.
    private func isUnknown(_ row: ExchangeSummary) -> Bool {
        Measure.volume.said(row) == nil && Measure.volume.usual(row) == nil
    }

    /// Exchanges of which nothing is known weigh as the others do.
    private func gateShare(_ rows: [ExchangeSummary]) -> Double {
        guard !rows.isEmpty else { return 0 }
        let known = rows.filter { !isUnknown($0) }
        guard let share = share(.volume, known) else { return share(ofNumber: rows) }
        return share * Double(known.count) / Double(rows.count)
    }

    // MARK: - What is missing, and carried

    private func missing(_ measure: Measure, _ rows: [ExchangeSummary]) -> [ExchangeSummary] {
        rows.filter(measure.isMissing)
    }

    private func carried(_ measure: Measure, _ rows: [ExchangeSummary]) -> [(
        exchange: Exchange, value: Double, age: Int
    )] {
        missing(measure, rows).compactMap { row in last(measure, of: row).map { (row.exchange, $0.value, $0.age) } }
    }

    /// The exchange's last figure and its age in hours, where it is not too old.
    private func last(_ measure: Measure, of row: ExchangeSummary) -> (value: Double, age: Int)? {
        history.recent(1, within: ExchangeSummary.standInHours, before: hour) { past in
            past.pointee.exchange(row.exchange) { then in
                measure.said(then).map { (value: $0, age: past.pointee.hour.distance(to: hour)) }
            }
        }.first
    }

    private func total(_ measure: Measure) -> Double? {
        var total = Total()
        for row in rows {
            if let said = measure.said(row) {
                total.add(said)
            } else if row.isInGates, measure.usual(row) != nil {
                guard let last = last(measure, of: row) else { return nil }
                total.add(last.value)
            }
        }
        return total.value
    }

    // MARK: - Changes

    /// Whether two hours of an exchange tell of about the same contracts.
    private func areOfSameContracts(_ measure: Measure, _ row: ExchangeSummary, _ past: ExchangeSummary) -> Bool {
        switch measure {
        case .volume: ExchangeSummary.areSame(markets: row.volumeMarkets, past.volumeMarkets)
        case .openInterest: ExchangeSummary.areSame(markets: row.openInterestMarkets, past.openInterestMarkets)
        }
    }

    /// Percent against a day ago over the exchanges that both hours have, and their number.
    private func change(_ measure: Measure) -> (percent: Double?, exchanges: Int?) {
        guard let then = history.dayBefore(hour) else { return (nil, nil) }
        var (now, before, whole) = (0.0, 0.0, 0.0)
        var exchanges = 0
        for row in rows {
            let past = then.exchange(row.exchange).flatMap {
                $0.knowsClasses == row.knowsClasses && areOfSameContracts(measure, row, $0) ? measure.said($0) : nil
            }
            whole += past ?? measure.usual(row) ?? 0
            guard let said = measure.said(row), let past else { continue }
            now += said
            before += past
            exchanges += 1
        }
        guard before > 0, before >= Self.neededComparedShare * whole else { return (nil, nil) }
        return (100 * (now / before - 1), exchanges)
    }
}
