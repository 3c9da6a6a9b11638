import GRDB
import PerpCore
import Sealing
import WarehouseSQL

extension Warehouse {
    /// The sentiment model whose scores the views show.
    /// - Throws: an error of the database.
    public func sentimentModel() throws -> SentimentModel {
        let value = try read { database in
            try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'sentiment_model'")
        }
        guard let model = SentimentModel(rawValue: value ?? "") else {
            throw WarehouseError.unreadable(table: "setting", column: "value", value: value ?? "")
        }
        return model
    }

    /// Chooses the sentiment model whose scores the views show. The scores of both are always stored.
    /// - Throws: an error of the database.
    public func show(_ model: SentimentModel) throws {
        try unit { database in
            try database.execute(
                sql: "UPDATE setting SET value = ?1 WHERE name = 'sentiment_model' AND value <> ?1",
                arguments: [model.rawValue])
        }
    }

    /// The coins whose funding is forecast: BTC, ETH and SOL unless others were chosen.
    /// - Throws: an error of the database.
    public func forecastAssets() throws -> [String] { try read(Self.forecastAssets) }

    static func forecastAssets(_ database: Database) throws -> [String] {
        try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'forecast_assets'")
            .map { $0.split(separator: ",").map(String.init) } ?? ["BTC", "ETH", "SOL"]
    }

    /// Chooses the coins whose funding is forecast. When they are others than before, sealing makes all forecasts again.
    /// - Throws: an error of the database; nothing is then changed.
    public func setForecastAssets(_ assets: [String]) throws {
        let wanted = Set(assets).sorted()
        guard try Set(forecastAssets()) != Set(wanted) else { return }
        try unit { database in
            try database.execute(
                sql: WarehouseSQL.query("forecasts.choose_assets"), arguments: [wanted.joined(separator: ",")])
            try database.execute(sql: WarehouseSQL.query("forecasts.mark"), arguments: [0])
        }
    }

    /// Stores what takers pay, as fractions of notional. Only views use it: no stored value depends on it.
    /// - Throws: an error of the database.
    public func setTakerFees(_ fees: [Exchange: Double]) throws {
        try unit { database in
            for (exchange, fee) in fees.sorted(by: { $0.key < $1.key }) {
                try database.execute(
                    sql: "UPDATE exchange SET taker_fee = ?1 WHERE exchange_id = ?2 AND taker_fee IS NOT ?1",
                    arguments: [fee, exchange.id])
            }
        }
    }

    /// Whether the hours are real or simulated; `nil` when there are none.
    /// - Throws: an error of the database.
    public func origin() throws -> Origin? { try queue.inDatabase(Self.origin) }

    static func origin(_ database: Database) throws -> Origin? {
        try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'origin'")
            .flatMap(Origin.init(rawValue:))
    }
}
