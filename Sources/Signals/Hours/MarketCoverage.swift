import PerpCore

/// How much of the usual market reported in an hour.
enum MarketCoverage {
    static let trailingHours = History.venueHoursOfSealing
    static let neededRows = 6

    /// Share of the enabled venues' usual volume, 0 to 1; of their number while no venue is known
    /// long enough. A new venue counts with its volume once it reports.
    static func share(_ rows: [ExchangeSummary], history: History, hour: Hour) -> Double {
        guard !rows.isEmpty else { return 0 }
        let rows = rows.sorted { $0.exchange.id < $1.exchange.id }
        let usual = rows.map { usualVolume(of: $0.exchange, history: history, hour: hour) }
        guard usual.contains(where: { $0 != nil }) else {
            return Double(rows.count { $0.status != .failed }) / Double(rows.count)
        }
        var present = 0.0
        var enabled = 0.0
        for (row, usual) in zip(rows, usual) {
            let hasReported = row.status != .failed
            let reference = usual ?? (hasReported ? row.volume ?? 0 : 0)
            enabled += reference
            if hasReported { present += reference }
        }
        return ratio(present, enabled) ?? 0
    }

    private static func usualVolume(of exchange: Exchange, history: History, hour: Hour) -> Double? {
        let volumes = history.trailing(trailingHours, before: hour) { past in
            past.exchange(exchange) { $0.volume }
        }
        return volumes.count >= neededRows ? Quantiles.median(volumes) : nil
    }
}
