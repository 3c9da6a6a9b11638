import GRDB
import PerpCore
import Sealing

extension HourReader {
    /// What the measure of each scope was in a sealed hour, without what the field guards rejected, as its findings say: a
    /// later hour is compared with it. Funding is left out.
    func scopes(at hour: Hour) throws -> [ScopeMeasure] {
        try ScopeMeasure.all(market: snapshot(at: hour), fundingPercent8h: nil, exchanges: coins(at: hour))
    }

    /// The contracts of the coins of `TrendScope` on the expected exchanges, with mark price, open interest and volume, in
    /// byte order of the exchanges' ids.
    private func coins(at hour: Hour) throws -> [GuardedExchange] {
        let doubts = Dictionary(grouping: try readFindings(at: hour), by: \.exchange)
        var states = try exchangeStates(at: hour)
        try readNotTrading(at: hour, into: &states)
        let notCore = try readNotCore(at: hour)
        let tickers = try coinTickers(at: hour)
        return states.values.map(\.facts).sorted { $0.exchange.id < $1.exchange.id }.map { facts in
            let found = Dictionary(grouping: doubts[facts.exchange] ?? [], by: \.symbol)
            let rows = (tickers[facts.exchange] ?? []).sorted { $0.symbol < $1.symbol }
            return GuardedExchange(
                exchange: facts.exchange, status: facts.status,
                instruments: rows.map { ticker in
                    var ticker = ticker
                    if !facts.knowsClasses { ticker.assetClass = .crypto }
                    ticker.isCore = !(notCore[facts.exchange]?.contains(ticker.symbol) ?? false)
                    let isTrading = ticker.contract == .perpetual && !facts.notTrading.contains(ticker.symbol)
                    return GuardedInstrument(ticker, isTrading, setAside: found[ticker.symbol] ?? [])
                },
                findings: [], knowsClasses: facts.knowsClasses)
        }
    }

    private func coinTickers(at hour: Hour) throws -> [Exchange: [Ticker]] {
        var tickers: [Exchange: [Ticker]] = [:]
        try measures.forEachRow(hour) { row in
            let listed = try listed(row.integer(0))
            guard TrendScope.coins.contains(listed.listing.asset) else { return }
            var ticker = Ticker(unreadOf: listed.listing)
            ticker.markPrice = row.optionalNumber(1)
            ticker.openInterestUSD = row.optionalNumber(2)
            ticker.volumeUSD24h = row.optionalNumber(3)
            tickers[listed.exchange, default: []].append(ticker)
        }
        return tickers
    }
}

extension GuardedInstrument {
    /// A contract without what its findings set aside.
    fileprivate init(_ ticker: Ticker, _ isTrading: Bool, setAside findings: [FieldFinding]) {
        var ticker = ticker
        for finding in findings {
            switch (finding.field, finding.reason) {
            case ("mark_price", .outOfRange): ticker.markPrice = nil
            case ("open_interest_usd", _): ticker.openInterestUSD = nil
            case ("volume_usd_24h", _): ticker.volumeUSD24h = nil
            default: break
            }
        }
        self.init(
            ticker: ticker, isTradingPerpetual: isTrading,
            isPriceOutlier: findings.contains { $0.reason == .priceOutlier })
    }
}
