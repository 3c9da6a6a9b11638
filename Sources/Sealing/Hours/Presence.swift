import PerpCore

/// Who belongs to an hour's market, and since when who is absent.
///
/// Nobody is forgotten: an exchange that was ever loaded stays, whether or not it is asked or responds.
enum Presence {
    /// The enabled exchanges, and those that were loaded before and are not asked; in byte order of their ids.
    static func exchanges(_ input: HourInput) -> [ExchangeFacts] {
        let enabled = Set(input.exchanges.map(\.exchange))
        let known = input.history.last(before: input.hour)?.exchanges ?? []
        let others = known.filter {
            !enabled.contains($0.exchange) && $0.wasLoaded
        }
        let absent = others.map {
            ExchangeFacts(
                exchange: $0.exchange, status: .failed, reason: "not asked: EXCHANGES does not name it",
                cause: ExchangeFacts.notAsked)
        }
        return (input.exchanges + absent).sorted { $0.exchange.id < $1.exchange.id }
    }

    /// Adds to a row what only the hours before can tell.
    static func complete(
        _ row: inout ExchangeSummary, _ facts: ExchangeFacts, _ guarded: GuardedExchange, _ history: History
    ) {
        let before = history.last(before: row.hour).flatMap { $0.exchange(row.exchange) }
        addUsual(to: &row, before, history)
        addAbsence(to: &row, facts, before)
        addWholeness(to: &row, facts, guarded, history)
        tellEmptyFields(of: &row, guarded, history)
    }

    private static func addUsual(to row: inout ExchangeSummary, _ before: ExchangeSummary?, _ history: History) {
        let exchange = row.exchange
        let volumes = history.recent(History.usualHours, within: History.summaryHours, before: row.hour) { past in
            past.pointee.wholeVolumeUSD(of: exchange)
        }
        let openInterests = history.recent(History.usualHours, within: History.summaryHours, before: row.hour) { past in
            past.pointee.wholeOpenInterestUSD(of: exchange)
        }
        row.usualVolumeUSD = Quantiles.median(volumes) ?? before?.usualVolumeUSD
        row.usualOpenInterestUSD = Quantiles.median(openInterests) ?? before?.usualOpenInterestUSD
    }

    private static func addAbsence(to row: inout ExchangeSummary, _ facts: ExchangeFacts, _ before: ExchangeSummary?) {
        guard row.status == .failed else { return }
        row.cause = facts.cause
        row.absentSince = before?.absentSince ?? row.hour
        let isBlocked = facts.cause == ExchangeFacts.notAsked || facts.cause == RunReport.Cause.blocked.rawValue
        if isBlocked { row.blockedSince = before?.blockedSince ?? row.hour }
    }

    /// After so many stored hours fewer contracts are no hole any more, but the new measure.
    private static let wholeHours = 24
    /// The least part of the coverage of before, by volume, that is still whole.
    private static let wholeShareOfCoverage = 0.95
    /// Where it is not known of how many contracts a figure of before is: the least part of it that may be whole.
    private static let wholeShareOfDollars = 0.5

    /// One measure of a row, as far as its wholeness goes.
    private struct Extent {
        var name: String
        var dollars: Double
        var markets: Int
        var leaders: String
        /// Open interest only: of how much of the volume.
        var coverage: Double?

        static func volume(_ row: ExchangeSummary) -> Extent? {
            row.volumeUSD.map {
                Extent(name: "volume_usd_24h", dollars: $0, markets: row.volumeMarkets, leaders: row.volumeLeaders)
            }
        }

        static func openInterest(_ row: ExchangeSummary) -> Extent? {
            row.openInterestUSD.map {
                Extent(
                    name: "open_interest_usd", dollars: $0, markets: row.openInterestMarkets,
                    leaders: row.openInterestLeaders, coverage: row.openInterestCoverage)
            }
        }
    }

    /// Says whether the figures are of the contracts that those of the last hour with whole ones are of.
    private static func addWholeness(
        to row: inout ExchangeSummary, _ facts: ExchangeFacts, _ guarded: GuardedExchange, _ history: History
    ) {
        func loss(_ extent: (ExchangeSummary) -> Extent?, isWhole: (ExchangeSummary) -> Bool) -> String? {
            guard let now = extent(row) else { return nil }
            var looks = 0
            let earlier = history.recent(1, within: History.usualHours, before: row.hour) { past in
                past.pointee.exchange(row.exchange) { row -> (knowsClasses: Bool, Extent)? in
                    guard looks < wholeHours, let then = extent(row) else { return nil }
                    looks += 1
                    return isWhole(row) ? (row.knowsClasses, then) : nil
                }
            }
            guard let (knowsClasses, before) = earlier.first else { return nil }
            return missing(now, before, facts, guarded, isSameRules: knowsClasses == row.knowsClasses)
        }
        let volume = loss(Extent.volume) { $0.isVolumeWhole }
        let openInterest = loss(Extent.openInterest) { $0.isOpenInterestWhole }
        row.isVolumeWhole = row.volumeUSD == nil ? row.usualVolumeUSD == nil : volume == nil
        row.isOpenInterestWhole = row.openInterestUSD == nil ? row.usualOpenInterestUSD == nil : openInterest == nil
        for reason in [volume, openInterest] {
            if let reason { addReason(reason, to: &row) }
        }
    }

    /// What is missing against an earlier hour; `nil` when nothing is.
    private static func missing(
        _ now: Extent, _ before: Extent, _ facts: ExchangeFacts, _ guarded: GuardedExchange, isSameRules: Bool
    ) -> String? {
        guard before.markets > 0 else {
            guard isSameRules, now.dollars < wholeShareOfDollars * before.dollars else { return nil }
            return "\(now.name): \(Numbers.dollars(now.dollars)), \(Numbers.dollars(before.dollars)) before"
        }
        if now.markets < before.markets,
            now.markets == 0 || !ExchangeSummary.areSame(markets: now.markets, before.markets)
        {
            return "\(now.name): in \(now.markets) markets, \(before.markets) before"
        }
        let missing = before.leaders.split(separator: " ").map(String.init).filter {
            !facts.notTrading.contains($0) && !guarded.tells(now.name, of: $0)
        }
        if !missing.isEmpty { return "\(now.name): without \(missing.joined(separator: ", "))" }
        guard let coverage = now.coverage, let earlier = before.coverage, coverage < wholeShareOfCoverage * earlier
        else { return nil }
        return "\(now.name): of \(Numbers.fixed(100 * coverage, 0)) % of volume, "
            + "\(Numbers.fixed(100 * earlier, 0)) % before"
    }

    private static func addReason(_ reason: String, to row: inout ExchangeSummary) {
        row.status = .partial
        row.reason = [row.reason, reason].compactMap { $0 }.joined(separator: "; ")
    }

    /// A field that nearly all tickers had within a week, and none has now, makes an hour partial.
    private static func tellEmptyFields(of row: inout ExchangeSummary, _ guarded: GuardedExchange, _ history: History) {
        guard row.status != .failed else { return }
        let missing = row.fieldsBefore(history, hours: History.usualHours).subtracting(row.filledFields)
        guard !missing.isEmpty else { return }
        for name in missing.subtracting(ExchangeMeasures.fields(of: guarded).present).names {
            addReason("\(name): empty in all \(row.markets + row.otherMarkets) tickers", to: &row)
        }
    }
}

extension GuardedExchange {
    /// Whether a contract that counts has a measure.
    fileprivate func tells(_ measure: String, of symbol: String) -> Bool {
        instruments.withUnsafeBufferPointer { rows in
            let place = rows.indices.partitioningIndex { rows[$0].symbol >= symbol }
            guard place < rows.count, rows[place].symbol == symbol, rows[place].isCounted else { return false }
            let ticker = rows[place].ticker
            return (measure == "volume_usd_24h" ? ticker.volumeUSD24h : ticker.openInterestUSD) ?? 0 > 0
        }
    }
}
