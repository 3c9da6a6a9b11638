import PerpCore

/// The cascade score of one window, from the hour's exchanges and the hours before.
struct CascadeWindow {
    let score: CascadeScore
    let count: Int64?
    let reportingExchanges: Int
    let flags: [CascadeFlag]

    /// - Parameters:
    ///   - exchanges: the enabled exchanges that are looked at, in byte order of their ids.
    ///   - rows: their rows of this hour, in the same order.
    ///   - openInterestToVolume: the market's, for exchanges without open interest.
    ///   - earlier: earlier windows of the same length.
    init(
        hour: Hour, hours: Int, exchanges: [ExchangeFacts], rows: [ExchangeSummary], openInterestToVolume: Double?,
        history: History, earlier: [(oiShare: Double, coverage: Double)]
    ) {
        var parts: [CascadeScore.ExchangeWindow] = []
        var counts: [Int64?] = []
        var isImputed = false
        for (facts, row) in zip(exchanges, rows) {
            let window = Self.liquidations(of: facts, hour: hour, hours: hours, history: history)
            let openInterest = Self.openInterest(
                row, hours: hours, openInterestToVolume: openInterestToVolume, history: history)
            isImputed = isImputed || openInterest.isImputed
            parts.append(
                CascadeScore.ExchangeWindow(
                    coverageClass: window.sum.coverageClass, longUSD: window.sum.longUSD, shortUSD: window.sum.shortUSD,
                    volumeUSD: row.proratedVolumeUSD(hours: hours, reportedShare: window.share),
                    openInterestUSD: openInterest.value, reportedShare: window.share))
            if window.sum.coverageClass != .none { counts.append(window.sum.count) }
        }
        score = CascadeScore(hours: hours, exchanges: parts) { CascadeScore.UsualShares.among(earlier, coverage: $0) }
        count = counts.contains { $0 != nil } ? counts.reduce(0) { $0 + ($1 ?? 0) } : nil
        reportingExchanges = counts.count
        flags = Self.flags(score, parts: parts, isImputed: isImputed)
    }

    /// The hours that the exchange reported in the window, summed, and the share of the window that was heard.
    private static func liquidations(
        of facts: ExchangeFacts, hour: Hour, hours: Int, history: History
    ) -> (sum: LiquidationWindow, share: Double) {
        var known = facts.liquidations.coverageClass == .none ? [] : [facts.liquidations]
        for past in history.trailing(hours - 1, before: hour).reversed() {
            guard let row = past.liquidation(facts.exchange) else { continue }
            known.append(row.window)
        }
        let sum = LiquidationWindow.sum(known)
        return (sum, sum.heardShare * Double(known.count) / Double(hours))
    }

    /// The exchange's open interest for a window, and whether it was imputed from its volume.
    private static func openInterest(
        _ row: ExchangeSummary, hours: Int, openInterestToVolume: Double?, history: History
    ) -> (value: Double?, isImputed: Bool) {
        let start = history.at(row.hour.advanced(by: -hours))?.exchange(row.exchange)
        return ExchangeSummary.openInterestOfWindow(start: start, now: row, openInterestToVolume: openInterestToVolume)
    }

    private static func flags(
        _ score: CascadeScore, parts: [CascadeScore.ExchangeWindow], isImputed: Bool
    ) -> [CascadeFlag] {
        var flags: [CascadeFlag] = []
        if score.volumeUSD != nil { flags.append(.prorated) }
        if isImputed { flags.append(.openInterestImputed) }
        if score.historyPart == nil { flags.append(.noHistory) }
        if parts.contains(where: \.isFloor) { flags.append(.floor) }
        return flags
    }
}
