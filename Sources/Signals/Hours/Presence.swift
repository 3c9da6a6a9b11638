import PerpCore

/// Who belongs to an hour's market, and since when who is absent.
///
/// Nobody is forgotten: a venue that was ever loaded stays, whether it answers, is asked, or not.
enum Presence {
    /// The enabled venues, and those that were loaded before and are not asked; in byte order of their ids.
    static func venues(_ input: HourInput) -> [VenueHour] {
        let enabled = Set(input.venues.map(\.exchange))
        let known = input.history.last(before: input.hour)?.exchanges ?? []
        let others = known.filter {
            !enabled.contains($0.exchange) && ($0.usualVolume != nil || $0.usualOpenInterest != nil)
        }
        let absent = others.map {
            VenueHour(
                exchange: $0.exchange, status: .failed, reason: "not asked: EXCHANGES does not name it",
                cause: VenueHour.notAsked)
        }
        return (input.venues + absent).sorted { $0.exchange.id < $1.exchange.id }
    }

    /// Adds to a row what only the hours before can tell.
    static func complete(_ row: inout ExchangeSummary, _ venue: VenueHour, _ history: History) {
        let before = history.last(before: row.hour).flatMap { $0.exchange(row.exchange) }
        addUsual(to: &row, before, history)
        addAbsence(to: &row, venue, before)
        addWholeness(to: &row, history)
        tellEmptyFields(of: &row, history)
    }

    private static func addUsual(to row: inout ExchangeSummary, _ before: ExchangeSummary?, _ history: History) {
        let exchange = row.exchange
        let volumes = history.recent(History.usualHours, within: History.summaryHours, before: row.hour) { past in
            past.exchange(exchange) { $0.wholeVolume }
        }
        let openInterests = history.recent(History.usualHours, within: History.summaryHours, before: row.hour) { past in
            past.exchange(exchange) { $0.wholeOpenInterest }
        }
        row.usualVolume = Quantiles.median(volumes) ?? before?.usualVolume
        row.usualOpenInterest = Quantiles.median(openInterests) ?? before?.usualOpenInterest
    }

    private static func addAbsence(to row: inout ExchangeSummary, _ venue: VenueHour, _ before: ExchangeSummary?) {
        guard row.status == .failed else { return }
        row.cause = venue.cause
        row.absentSince = before?.absentSince ?? row.hour
        let isBlocked = venue.cause == VenueHour.notAsked || venue.cause == RunReport.Cause.blocked.rawValue
        if isBlocked { row.blockedSince = before?.blockedSince ?? row.hour }
    }

    /// How long fewer contracts are taken for a hole; then they are the new measure.
    private static let wholeHours = 24
    /// The least part of the contracts of before that is still all of them: a few are delisted in any hour.
    private static let wholeShareOfMarkets = 0.9
    /// The least part of the coverage of before, by volume, that is still whole.
    private static let wholeShareOfCoverage = 0.95

    /// Says whether the figures are of as many contracts as those of the last hour that had them whole.
    private static func addWholeness(to row: inout ExchangeSummary, _ history: History) {
        func before(_ isWhole: (ExchangeSummary) -> Bool) -> ExchangeSummary? {
            history.recent(1, within: wholeHours, before: row.hour) { past in
                past.exchange(row.exchange) { isWhole($0) ? $0 : nil }
            }.first
        }
        if row.volume == nil {
            row.isVolumeWhole = row.usualVolume == nil
        } else if let before = before({ $0.wholeVolume != nil }), !areAll(row.volumeMarkets, of: before.volumeMarkets) {
            row.isVolumeWhole = false
            addReason("volume_usd_24h: in \(row.volumeMarkets) markets, \(before.volumeMarkets) before", to: &row)
        }
        if row.openInterest == nil {
            row.isOpenInterestWhole = row.usualOpenInterest == nil
        } else if let before = before({ $0.wholeOpenInterest != nil }) {
            addOpenInterestWholeness(to: &row, before)
        }
    }

    private static func addOpenInterestWholeness(to row: inout ExchangeSummary, _ before: ExchangeSummary) {
        if !areAll(row.openInterestMarkets, of: before.openInterestMarkets) {
            addReason(
                "open_interest_usd: in \(row.openInterestMarkets) markets, \(before.openInterestMarkets) before",
                to: &row)
        } else if let coverage = row.oiCoverage, let earlier = before.oiCoverage,
            coverage < wholeShareOfCoverage * earlier
        {
            addReason(
                "open_interest_usd: of \(Phrases.plainPercent(100 * coverage, 0)) of volume, "
                    + "\(Phrases.plainPercent(100 * earlier, 0)) before", to: &row)
        } else {
            return
        }
        row.isOpenInterestWhole = false
    }

    /// One contract less is no hole, as long as any is left.
    private static func areAll(_ markets: Int, of before: Int) -> Bool {
        if markets == 0 { return before == 0 }
        return before - markets < 2 || Double(markets) >= wholeShareOfMarkets * Double(before)
    }

    private static func addReason(_ reason: String, to row: inout ExchangeSummary) {
        row.status = .partial
        row.reason = [row.reason, reason].compactMap { $0 }.joined(separator: "; ")
    }

    /// A field that nearly all tickers had within a week, and none has now, makes an hour partial.
    private static func tellEmptyFields(of row: inout ExchangeSummary, _ history: History) {
        guard row.status != .failed else { return }
        let exchange = row.exchange
        let earlier = history.recent(History.usualHours, within: History.usualHours, before: row.hour) { past in
            past.exchange(exchange) { $0.status == .failed ? nil : $0.filledFields }
        }
        // What any of its last hours had: a hole is not the measure of the hour behind it.
        row.lostFields = earlier.prefix(ExchangeSummary.freshHours).reduce(into: TickerFields()) { $0.formUnion($1) }
            .subtracting(row.filledFields)
        let usual = earlier.reduce(into: TickerFields()) { $0.formUnion($1) }
        for name in usual.subtracting(row.presentFields).names {
            addReason("\(name): empty in all \(row.markets + row.otherMarkets) tickers", to: &row)
        }
    }
}
