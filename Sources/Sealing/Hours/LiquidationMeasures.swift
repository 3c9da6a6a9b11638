import PerpCore

/// The liquidation rows of an hour.
struct LiquidationMeasures {
    let hour: Hour
    /// The enabled exchanges and their rows, both in byte order of the exchanges' ids.
    let exchanges: [ExchangeFacts]
    let rows: [ExchangeSummary]
    let market: MarketMeasures
    let history: History

    /// One row per exchange that reports, in the order of `Exchange`.
    func byExchange() -> [LiquidationSummary] {
        zip(exchanges, rows)
            .filter { $0.0.liquidations.coverageClass != .none }
            .map(summary)
            .sorted { $0.exchange < $1.exchange }
    }

    /// One row per window; none when no exchange reports.
    func ofMarket() -> [MarketLiquidation] {
        MarketLiquidation.windows.compactMap(summary(hours:))
    }

    private func summary(of facts: ExchangeFacts, _ row: ExchangeSummary) -> LiquidationSummary {
        let earlier = history.trailing(History.summaryHours, before: hour) { past in
            past.pointee.liquidatedShare(of: facts.exchange)
        }
        let window = CascadeWindow(
            hour: hour, hours: 1, exchanges: [facts], rows: [row], openInterestToVolume: market.openInterestToVolume,
            history: history, earlier: earlier)
        let liquidations = facts.liquidations
        var summary = LiquidationSummary(
            hour: hour, exchange: facts.exchange, coverageClass: liquidations.coverageClass,
            longUSD: liquidations.longUSD, shortUSD: liquidations.shortUSD,
            totalUSD: window.score.totalUSD, count: liquidations.count,
            openInterestShare: window.score.openInterestShare,
            seedCascadeScore: CascadeSeedV1.score(
                longUSD: liquidations.longUSD, shortUSD: liquidations.shortUSD, volumeUSD24h: row.volumeUSD ?? 0),
            cascadeScore: window.score.score, flags: window.flags)
        summary.heardShare = liquidations.heardShare
        return summary
    }

    private func summary(hours: Int) -> MarketLiquidation? {
        let window = CascadeWindow(
            hour: hour, hours: hours, exchanges: exchanges, rows: rows,
            openInterestToVolume: market.openInterestToVolume,
            history: history, earlier: history.usualShares(hours: hours, before: hour))
        guard window.reportingExchanges > 0 else { return nil }
        let score = window.score
        return MarketLiquidation(
            hour: hour, windowHours: hours, longUSD: score.longUSD, shortUSD: score.shortUSD,
            totalUSD: score.totalUSD, count: window.count, volumeUSD: score.volumeUSD,
            openInterestUSD: score.openInterestUSD, volumeShare: score.volumeShare,
            openInterestShare: score.openInterestShare,
            imbalance: score.imbalance, coverage: score.coverage, reportingExchanges: window.reportingExchanges,
            seedScore: CascadeSeedV1.score(
                longUSD: score.longUSD, shortUSD: score.shortUSD, volumeUSD24h: market.volumeUSD ?? 0),
            score: score.score, level: score.score.map(CascadeLevel.init(score:)), flags: window.flags)
    }
}
