import GRDB
import PerpCore

extension Warehouse {
    /// The model whose scores the views show.
    public func sentimentModel() throws -> SentimentModel {
        let value = try read { database in
            try String.fetchOne(database, sql: "SELECT value FROM setting WHERE name = 'sentiment_model'")
        }
        guard let model = SentimentModel(rawValue: value ?? "") else {
            throw WarehouseError.unreadable(table: "setting", column: "value", value: value ?? "")
        }
        return model
    }

    /// Chooses the model whose scores the views show. Both are always stored.
    public func show(_ model: SentimentModel) throws {
        try unit { database in
            try database.execute(
                sql: "UPDATE setting SET value = ?1 WHERE name = 'sentiment_model' AND value <> ?1",
                arguments: [model.rawValue])
        }
    }
}
