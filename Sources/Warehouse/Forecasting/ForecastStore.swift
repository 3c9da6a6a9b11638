import Forecasts
import GRDB
import PerpCore
import WarehouseSQL

/// Keeps the table `funding_forecast` equal to what the facts of the sealed hours show.
///
/// Loading marks the first hour whose facts changed. `refresh` goes back to the checkpoint before it and forecasts hour by hour
/// from there, each with what files up to that hour state; so a new hour costs the same in every year. All of it is one
/// transaction: what is cut off in the middle is done again from the same mark.
final class ForecastStore {
    static let table = RecordTable<FundingForecast>("funding_forecast", key: ["asset"])

    /// A contract without a ticker for so many hours is forgotten.
    static let patience = 30 * 24
    /// The outcome of a forecast is known within so many hours, or never: an interval of a day and the patience of a forecaster.
    private static let resolvedWithin = 96

    private let database: Database
    private let lessons: LessonStore
    private let due: Statement
    private let before: Statement
    private let states: Statement
    private let sealed: Statement
    private let settlements: Statement
    private let ticker: Statement
    private let insert: Insert<FundingForecast>
    private let realise: Statement
    private let writeState: Statement
    private let issue: Statement

    init(_ database: Database) throws {
        self.database = database
        lessons = try LessonStore(database)
        due = try Statement(database, "SELECT from_hour FROM forecast_due")
        before = try Statement(database, WarehouseSQL.query("forecasts.checkpoint_before"))
        states = try Statement(database, WarehouseSQL.query("forecasts.states"))
        sealed = try Statement(database, "SELECT hour FROM hour WHERE sealed = 1 AND hour > ? ORDER BY hour")
        settlements = try Statement(database, WarehouseSQL.query("forecasts.settlements"))
        ticker = try Statement(database, WarehouseSQL.query("forecasts.ticker"))
        insert = try Self.table.insert(database)
        realise = try Statement(database, WarehouseSQL.query("forecasts.realise"))
        writeState = try Statement(database, WarehouseSQL.query("forecasts.write_state"))
        issue = try Statement(database, WarehouseSQL.query("forecasts.issue"))
    }

    /// Whether any hour is marked.
    func isDue() throws -> Bool { try due.hasRow() }

    /// Makes the forecasts of the marked hours and of all later ones.
    /// - Parameter isIssuing: whether those of the newest hour are kept as what was said at the time, where its files were
    ///   loaded before it ended.
    func refresh(isIssuing: Bool) throws {
        guard let marked = try due.first(as: Hour.self) else { return }
        let start = try before.first(marked, FundingForecaster.version, as: Hour.self)
        var contracts = try start.map(contracts) ?? [:]
        try forget(after: start, contracts)
        let hours: [Hour] = try sealed.map(start?.start ?? .min) { $0 }
        let checkpoints: [Hour] = try Statement(database, "SELECT hour FROM forecast_checkpoint ORDER BY hour").map {
            $0
        }
        let kept = ForecastCheckpoints.kept(of: checkpoints + hours)
        let assets = ",\(try Warehouse.forecastAssets(database).joined(separator: ",")),"
        for hour in hours {
            try forecast(hour, assets, &contracts)
            if kept.contains(hour) { try keep(contracts, after: hour) }
        }
        for hour in checkpoints where !kept.contains(hour) { try removeCheckpoint(hour) }
        if isIssuing, let newest = hours.last { try issue.run(newest, FundingForecaster.version) }
        try database.execute(sql: "DELETE FROM forecast_due")
    }

    // MARK: - Going back

    /// Removes what was made of the hours after a checkpoint; all of it without one.
    private func forget(after start: Hour?, _ contracts: [ForecastContract.Name: ForecastContract]) throws {
        let useless: [Hour] = try Statement(
            database, "SELECT hour FROM forecast_checkpoint WHERE hour > ? OR version <> ?"
        ).map(start?.start ?? .min, FundingForecaster.version) { $0 }
        if let start, !useless.isEmpty {
            try database.execute(
                sql: WarehouseSQL.query("forecasts.forget_lessons"), arguments: [start.start])
            for contract in contracts.values { try lessons.cut(contract) }
        }
        for hour in useless { try removeCheckpoint(hour) }
        guard let start else {
            for table in ["funding_forecast", "forecast_lesson"] { try database.execute(sql: "DELETE FROM \(table)") }
            return
        }
        // The last hour that was forecast has a checkpoint: without one nothing follows.
        if useless.isEmpty { return }
        try database.execute(sql: "DELETE FROM funding_forecast WHERE hour > ?", arguments: [start.start])
        try database.execute(
            sql: WarehouseSQL.query("forecasts.forget_outcomes"),
            arguments: [start.advanced(by: -Self.resolvedWithin).start, start.start])
    }

    private func removeCheckpoint(_ hour: Hour) throws {
        try database.execute(sql: "DELETE FROM forecast_state WHERE hour = ?", arguments: [hour.start])
        try database.execute(sql: "DELETE FROM forecast_checkpoint WHERE hour = ?", arguments: [hour.start])
    }

    private func contracts(after hour: Hour) throws -> [ForecastContract.Name: ForecastContract] {
        var contracts: [ForecastContract.Name: ForecastContract] = [:]
        try states.forEachRow(hour) { row in
            let (exchange, symbol, asset, since) = try row.columns(as: (Exchange, String, String, Hour).self)
            let name = ForecastContract.Name(exchange: exchange, symbol: symbol)
            guard let contract = ForecastContract(name, asset: asset, since: since, numbers: try row.numbers(4)) else {
                throw WarehouseError.unreadable(table: "forecast_state", column: "numbers", value: symbol)
            }
            contracts[name] = contract
        }
        return contracts
    }

    private func keep(_ contracts: [ForecastContract.Name: ForecastContract], after hour: Hour) throws {
        try database.execute(
            sql: "INSERT INTO forecast_checkpoint (hour, version) VALUES (?, ?)",
            arguments: [hour.start, FundingForecaster.version])
        for (name, contract) in contracts.sorted(by: { $0.key < $1.key }) {
            for lead in contract.forecaster.records.keys {
                try lessons.store(contract, lead: lead, wholeRows: false)
            }
            writeState.bind(hour, name.exchange, name.symbol, contract.asset, contract.since)
            writeState.bind(numbers: contract.numbers, at: 6)
            try writeState.runBound()
        }
    }

    // MARK: - An hour

    private func forecast(
        _ hour: Hour, _ assets: String, _ contracts: inout [ForecastContract.Name: ForecastContract]
    ) throws {
        try settlements.forEach(hour, assets) {
            (exchange: Exchange, symbol: String, asset: String, at: Timestamp, rate: Double, hours: Double?) in
            let name = ForecastContract.Name(exchange: exchange, symbol: symbol)
            let contract = contracts[name] ?? ForecastContract(name, asset: asset, since: hour)
            contracts[name] = contract
            contract.take(settledAt: at, rate: rate, hours: hours)
        }
        for (name, contract) in contracts {
            guard let seen = try fundingHour(hour, contract) else {
                let last = contract.forecaster.lastAdded ?? contract.since
                if last.distance(to: hour) > Self.patience { contracts[name] = nil }
                continue
            }
            for lead in contract.forecaster.leads(of: seen) { try lessons.complete(contract, lead: lead) }
            try write(contract.add(seen), of: contract, at: hour)
        }
    }

    private func fundingHour(_ hour: Hour, _ contract: ForecastContract) throws -> FundingHour? {
        let row = try ticker.first(
            hour, contract.name.exchange, contract.name.symbol,
            as: (Timestamp, Double?, Double?, Double?, Double?, Timestamp?).self)
        guard let (at, mark, index, displayed, interval, next) = row else { return nil }
        return FundingHour(
            hour: hour, observedAt: at, mark: mark, index: index, displayed: displayed,
            intervalHours: FundingHour.wholeHours(interval), nextFundingAt: next,
            settlements: contract.settlements(through: at))
    }

    private func write(_ step: FundingForecaster.Step, of contract: ForecastContract, at hour: Hour) throws {
        for forecast in step.forecasts { try insert.run(forecast, contract.asset) }
        for outcome in step.outcomes {
            // One settlement in eight hours is the outcome of both targets: they are written together.
            let isOfBoth = step.outcomes.contains {
                $0.target != outcome.target && $0.hour == outcome.hour && $0.settlesAt == outcome.settlesAt
            }
            if isOfBoth, outcome.target == .next8 { continue }
            try realise.run(
                outcome.realised, hour, outcome.hour, contract.name.exchange, contract.name.symbol, outcome.target,
                isOfBoth ? ForecastTarget.next8 : outcome.target)
        }
        for lead in step.learned { try lessons.store(contract, lead: lead, wholeRows: true) }
    }
}

extension Warehouse {
    /// Makes the forecasts of funding again whose facts changed.
    /// - Throws: an error of the database; nothing is then changed.
    func refreshForecasts() throws {
        guard try queue.inDatabase({ try forecasts($0).isDue() }) else { return }
        // What is said in a rebuild was not said at the time.
        try unit { try forecasts($0).refresh(isIssuing: !isScratch) }
    }

    private func forecasts(_ database: Database) throws -> ForecastStore {
        if let forecastsStorage { return forecastsStorage }
        let store = try ForecastStore(database)
        forecastsStorage = store
        return store
    }
}
