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
        row.isOpenInterestWhole = isOpenInterestWhole(row, history)
        tellEmptyFields(of: &row, history)
    }

    private static func addUsual(to row: inout ExchangeSummary, _ before: ExchangeSummary?, _ history: History) {
        let exchange = row.exchange
        let volumes = history.recent(History.usualHours, within: History.summaryHours, before: row.hour) { past in
            past.exchange(exchange) { $0.volume }
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

    /// Contracts whose open interest may be missing before it is not whole, as a share of volume.
    private static let wholeShare = 0.95
    /// How long a smaller coverage is taken for a hole; then it is the new measure.
    private static let wholeHours = 24

    private static func isOpenInterestWhole(_ row: ExchangeSummary, _ history: History) -> Bool {
        guard row.openInterest != nil, let coverage = row.oiCoverage else { return row.usualOpenInterest == nil }
        let before = history.recent(1, within: wholeHours, before: row.hour) { past in
            past.exchange(row.exchange) { $0.isOpenInterestWhole ? $0.oiCoverage : nil }
        }
        return before.first.map { coverage >= wholeShare * $0 } ?? true
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
        guard row.status == .ok else { return }
        let empty = usual.subtracting(row.presentFields)
        guard !empty.isEmpty else { return }
        row.status = .partial
        row.reason = empty.names.map { "\($0): empty in all \(row.markets + row.otherMarkets) tickers" }
            .joined(separator: "; ")
    }
}
