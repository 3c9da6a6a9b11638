import GRDB
import PerpCore
import Sealing
import Testing

@testable import Warehouse

@Suite("Scores of accepted weights")
struct WeightTests {
    private let hour = Samples.hour(0)

    /// Scores and qualities of funding, price, long/short bias, conviction and open interest against price; -0.5 of
    /// divergence.
    private func warehouse(_ factors: [(score: Double?, quality: Double)], sealed: Bool = true) throws -> Warehouse {
        let warehouse = try Warehouse()
        try warehouse.queue.inDatabase { database in
            try database.execute(
                sql: "INSERT INTO hour (hour, sealed, dirty, hour_utc) VALUES (?, ?, 0, 'then')",
                arguments: [hour.start, sealed])
            try database.execute(
                sql: """
                    INSERT INTO market_summary (hour, model, status, composite_score, long_short_series, exchanges_count,
                        coverage, flags) VALUES (?, 'v2', 'ok', 0.25, 0, 4, 0.9, '')
                    """, arguments: [hour.start])
            let insert = "INSERT INTO model_score (hour, model, factor, score, quality, weight) VALUES (?, 'v2', ?, ?, ?, 0.1)"
            for (name, factor) in zip(["funding", "price", "ls_bias", "conviction", "oi_price"], factors) {
                try database.execute(sql: insert, arguments: [hour.start, name, factor.score, factor.quality])
            }
            try database.execute(sql: insert, arguments: [hour.start, "divergence", -0.5, nil])
        }
        return warehouse
    }

    private func proposal(_ weights: [Double], id: String = "v2.w1", status: WeightRow.Status = .accepted) -> WeightRow {
        WeightRow(
            id: id, createdAt: Timestamp(milliseconds: 1), status: status, reason: nil, from: nil, to: nil, blocks: 6,
            weights: weights, standard: weights, t: [nil, 1, 2, 3, 4], gainMean: 0.1, gainT: 2, shareOfBlocks: 1,
            scoreT: 1, move: 0, factsHash: "hash", codeVersion: "test", version: "weights-1")
    }

    private func rows(_ warehouse: Warehouse) throws -> [Row] {
        try warehouse.read { try Row.fetchAll($0, sql: "SELECT * FROM proposed_sentiment ORDER BY model") }
    }

    @Test("a score is the weighed mean of the factors that are there, discounted where rates lie apart")
    func worked() throws {
        let warehouse = try warehouse([(0.8, 1), (-0.4, 0.5), (nil, 0), (0.5, 1), (0.2, 0.5)])
        _ = try WeightStore(warehouse).add(proposal([0.4, 0.2, 0.1, 0.2, 0.1]))
        let row = try #require(try rows(warehouse).first)
        // (0.32 - 0.04 + 0.1 + 0.01) / (0.4 + 0.1 + 0.2 + 0.05) = 0.39 / 0.75 = 0.52, less 15 %.
        #expect(abs((row["composite_score"] as Double) - 0.442) < 1e-12)
        #expect(row["sentiment"] == "BULLISH" && row["strength"] == "WEAK")
        #expect(abs((row["quality"] as Double) - 0.75) < 1e-12)
        #expect(abs((row["confidence"] as Double) - 0.75 * 0.9 * 0.85) < 1e-12)
        #expect(row["v2_composite_score"] == 0.25 && row["hour"] == hour.start && row["model"] == "v2.w1")
    }

    @Test("only accepted weights have a score, each its own")
    func accepted() throws {
        let warehouse = try warehouse([(0.8, 1), (-0.4, 1), (0, 1), (0.5, 1), (0.2, 1)])
        let store = WeightStore(warehouse)
        for (number, status) in WeightRow.Status.allCases.enumerated() {
            _ = try store.add(proposal([0.4, 0.2, 0.1, 0.2, 0.1], id: "v2.w\(number)", status: status))
        }
        #expect(try rows(warehouse).map { $0["model"] as String } == ["v2.w2"])
        try store.set(.accepted, of: "v2.w1")
        #expect(try rows(warehouse).map { $0["model"] as String } == ["v2.w1", "v2.w2"])
        try store.set(.withdrawn, of: "v2.w1")
        try store.set(.withdrawn, of: "v2.w2")
        #expect(try rows(warehouse).isEmpty)
    }

    @Test("less than half of the weight with evidence is no score, and neither is an hour that is not sealed")
    func insufficient() throws {
        let thin = try warehouse([(0.8, 0.4), (nil, 0), (nil, 0), (0.5, 1), (nil, 0)])
        _ = try WeightStore(thin).add(proposal([0.4, 0.2, 0.1, 0.2, 0.1]))
        #expect(try rows(thin).isEmpty)
        let dirty = try warehouse([(0.8, 1), (0.4, 1), (0, 1), (0.5, 1), (0.2, 1)], sealed: false)
        _ = try WeightStore(dirty).add(proposal([0.4, 0.2, 0.1, 0.2, 0.1]))
        #expect(try rows(dirty).isEmpty)
    }

    @Test("the weights of v2 give the score of v2")
    func standard() throws {
        let factors: [(score: Double?, quality: Double)] = [(0.8, 0.9), (-0.4, 0.5), (0.1, 1), (0.5, 1), (0.2, 0.5)]
        let warehouse = try warehouse(factors)
        let weights = [0.35, 0.20, 0.15, 0.15, 0.07]
        _ = try WeightStore(warehouse).add(proposal(weights.map { $0 / 0.92 }))
        var (numerator, denominator) = (0.0, 0.0)
        for (weight, factor) in zip(weights, factors) {
            numerator += weight * factor.quality * (factor.score ?? 0)
            denominator += weight * factor.quality
        }
        let row = try #require(try rows(warehouse).first)
        #expect(abs((row["composite_score"] as Double) - numerator / denominator * 0.85) < 1e-12)
    }

    @Test("a rebuild keeps proposals with what was decided about them")
    func kept() throws {
        #expect(StoredTable.kept.contains("weight_proposal"))
        #expect(!StoredTable.kept.contains("alert_outcome"))
        #expect(StoredTable.derived.contains { $0.name == "alert_outcome" })
    }
}
