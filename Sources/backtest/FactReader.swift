import Backtesting
import PerpCore
import Sealing
import Signals
import Warehouse

/// Reads what a backtest looks at: the contracts of the asset, and the markets of its pairs, and nothing else.
struct FactReader {
    /// Hours before the run that its claims look back on: the longest memory, and the longest horizon.
    static let warmUpHours = BaseRate.memory + 168

    /// The coin whose basis a signal about the whole market is about.
    private static let basisAsset = "BTC"

    let warehouse: Warehouse
    /// The asset in which signals about the whole market are traded.
    let asset: String
    /// Whether settlements count only as they were learnt at the time.
    let isAsKnown: Bool

    /// The facts of a run.
    /// - Throws: an error of the database.
    func facts(_ events: [ReplayedEvent], span: ClosedRange<Hour>) throws -> BacktestFacts {
        let hours = span.lowerBound.advanced(by: -Self.warmUpHours)...span.upperBound
        let assets = Set(events.filter { $0.legs == nil }.compactMap(\.event.asset)).union([asset]).sorted()
        var contracts = try assets.flatMap { try perpetuals(of: $0) }
        let resolved = try events.map { event in
            var resolved = event.event
            resolved.legs = try event.legs.flatMap { try markets(of: $0, event.event.asset ?? Self.basisAsset) }
            return resolved
        }
        let traded = resolved.compactMap(\.legs).flatMap { [$0.short, $0.long] }
        contracts += Set(traded).subtracting(contracts).sorted()
        return BacktestFacts(
            contracts: try contracts.map { try history(of: $0, hours) }, events: resolved, span: span)
    }

    /// The perpetuals of an asset that are priced in dollars: a return in another asset is another return.
    private func perpetuals(of asset: String) throws -> [TradedContract] {
        try ContractHours(warehouse).perpetuals(of: asset)
            .filter { FieldGuards.dollarQuotes.contains($0.quote) }.map(TradedContract.init)
    }

    /// The markets of a pair; `nil` when a perpetual was never listed.
    private func markets(of legs: TradeLegs, _ asset: String) throws -> BacktestEvent.Legs? {
        guard let short = try contract(legs.short, asset), let long = try contract(legs.long, asset)
        else { return nil }
        return BacktestEvent.Legs(short: short, long: long)
    }

    private func contract(_ leg: TradeLegs.Market, _ asset: String) throws -> TradedContract? {
        if leg.isSpot { return TradedContract(leg.exchange, leg.symbol, asset: asset, kind: .spot) }
        return try ContractHours(warehouse).perpetual(leg.exchange, leg.symbol, asset: asset).map(TradedContract.init)
    }

    private func history(of contract: TradedContract, _ hours: ClosedRange<Hour>) throws -> ContractHistory {
        let stored = ContractHours(warehouse)
        let (exchange, symbol, asset) = (contract.exchange, contract.symbol, contract.asset)
        if contract.isSpot {
            let rows = try stored.spotRows(of: exchange, symbol, asset: asset, in: hours)
            return ContractHistory(contract, rows: rows.compactMap(ContractHour.init(spot:)))
        }
        let rows = try stored.rows(of: exchange, symbol, asset: asset, in: hours).compactMap(
            ContractHour.init(perpetual:)
        )
        .sorted { $0.hour < $1.hour }
        let span = hours.lowerBound.startTime...hours.upperBound.end
        let settlements = try stored.settlements(of: exchange, symbol, in: span).map { row in
            LearntSettlement(
                FundingSettlement(
                    symbol: symbol, asset: asset, settledAt: row.settledAt, fundingRate: row.fundingRate),
                learntAt: row.learntAt)
        }
        return ContractHistory(
            contract, rows: rows,
            settlements: isAsKnown ? settlements.asKnown(by: rows) : settlements.map(\.settlement))
    }
}

extension TradedContract {
    fileprivate init(_ listing: ContractHours.Listing) {
        self.init(
            listing.exchange, listing.symbol, asset: listing.asset, kind: .perpetual(listing.kind))
    }
}

extension ContractHour {
    /// An hour of a perpetual; `nil` without a mark.
    fileprivate init?(perpetual row: ContractHours.Row) {
        guard let mark = row.markPrice else { return nil }
        self.init(row, price: mark)
    }

    /// An hour of a spot market: the middle of bid and ask, else the last price; `nil` without either.
    fileprivate init?(spot row: ContractHours.Row) {
        let middle = row.bidPrice.flatMap { bid in row.askPrice.map { (bid + $0) / 2 } }
        guard let price = middle ?? row.lastPrice else { return nil }
        self.init(row, price: price)
    }

    private init(_ row: ContractHours.Row, price: Double) {
        self.init(
            hour: row.hour, markPrice: price, bidPrice: row.bidPrice, askPrice: row.askPrice,
            observedAt: row.observedAt, volumeUSD24h: row.volumeUSD24h, fundingRate: row.fundingRate,
            nextFundingAt: row.nextFundingAt, fundingIntervalHours: row.fundingIntervalHours)
    }
}
