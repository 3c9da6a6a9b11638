import Backtesting
import PerpCore
import Signals
import Warehouse

/// Says what came of the claims of alerts, from the stored hours of the contracts that they are about.
///
/// It reads each contract once. Fees are the usual ones, whatever an account pays: what came of an alert is the same for
/// everybody, and does not change with a setting.
package struct OutcomeJudge {
    /// The furthest that a claim looks back from its decision, in hours: what it makes at any hour of half a year.
    package static let lookBack = BaseRate.memory

    private let reader: ContractReader
    private let hours: ClosedRange<Hour>
    private let settings = BacktestSettings()
    /// By the contracts of a claim: none when there is nothing to judge it by.
    private var studies: [[TradedContract]: EventStudy] = [:]

    /// Judges by what is stored in a span.
    /// - Parameter hours: from where the first claim looks back to, through the last sealed hour.
    package init(_ warehouse: Warehouse, in hours: ClosedRange<Hour>) {
        reader = ContractReader(warehouse)
        self.hours = hours
    }

    /// What followed an event, as far as is known at the end of the span.
    /// - Throws: an error of the database.
    package mutating func outcome(_ event: BacktestEvent) throws -> EventOutcome {
        let contracts = try contracts(of: event)
        if studies[contracts] == nil {
            let histories = try contracts.compactMap(history)
            studies[contracts] = EventStudy(BacktestFacts(contracts: histories, events: [], span: hours), settings)
        }
        return studies[contracts]!.outcome(event)  // made above
    }

    /// The contracts that a claim is judged by: those of its legs, or the largest one of its asset at the decision.
    private func contracts(of event: BacktestEvent) throws -> [TradedContract] {
        guard let claim = Claim(event) else { return [] }
        if claim.hasLegs { return event.legs.map { [$0.short, $0.long] } ?? [] }
        let asset = event.asset ?? settings.asset
        let histories = try reader.perpetuals(of: asset, at: event.decided).map { stored in
            ContractHistory(
                TradedContract(stored.exchange, stored.symbol, asset: asset, kind: .perpetual(stored.kind)),
                rows: [ContractHour(stored.row)])
        }
        let facts = BacktestFacts(contracts: histories, events: [], span: event.decided...event.decided)
        return facts.largest(of: asset, at: event.decided).map { [$0.contract] } ?? []
    }

    private func history(of contract: TradedContract) throws -> ContractHistory? {
        let (exchange, symbol) = (contract.exchange, contract.symbol)
        let rows =
            contract.isSpot
            ? try reader.spotHours(exchange, symbol, in: hours).rows : try reader.hours(exchange, symbol, in: hours)
        guard let first = rows.first, let last = rows.last else { return nil }
        let settlements =
            contract.isSpot
            ? []
            : try reader.settlements(
                exchange, symbol, asset: contract.asset, from: first.observedAt, through: last.observedAt)
        return ContractHistory(contract, rows: rows.map(ContractHour.init), settlements: settlements)
    }

    /// The markets of a trade with two legs as contracts; `nil` when one is not stored.
    /// - Throws: an error of the database.
    package func legs(_ legs: TradeLegs?) throws -> BacktestEvent.Legs? {
        guard let legs else { return nil }
        // A spot market has the asset of the perpetual beside it.
        let perpetual = legs.short.isSpot ? legs.long : legs.short
        let asset = try reader.perpetual(perpetual.exchange, perpetual.symbol)?.asset
        guard let asset, let short = try contract(legs.short, asset), let long = try contract(legs.long, asset) else {
            return nil
        }
        return BacktestEvent.Legs(short: short, long: long)
    }

    private func contract(_ market: TradeLegs.Market, _ asset: String) throws -> TradedContract? {
        if market.isSpot { return TradedContract(market.exchange, market.symbol, asset: asset, kind: .spot) }
        return try reader.perpetual(market.exchange, market.symbol).map {
            TradedContract(market.exchange, market.symbol, asset: asset, kind: .perpetual($0.kind))
        }
    }
}

extension ContractHour {
    /// Of a stored hour.
    package init(_ row: StoredMarketHour) {
        self.init(
            hour: row.hour, markPrice: row.markPrice, bidPrice: row.bidPrice, askPrice: row.askPrice,
            observedAt: row.observedAt, volumeUSD24h: row.volumeUSD24h, fundingRate: row.fundingRate,
            nextFundingAt: row.nextFundingAt, fundingIntervalHours: row.fundingIntervalHours)
    }
}
