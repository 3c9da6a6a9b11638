import ArgumentParser
import FactorWeights
import Foundation
import PerpCore
import PipelineFiles
import Testing
import Warehouse
import WarehouseCommands

@testable import maintain

@Suite("Proposals of other weights")
final class WeightTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path
    private var database: String { "\(folder)/market_history.db" }
    private static let start = Hour("2025-01-01T00")!  // a literal

    init() throws {
        try FileSystem.makeFolder(folder)
        try Warehouse(path: database).close()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody

    /// A year in which the factor of long/short bias says where the market goes, as far as `strength` says.
    private func proposal(days: Int, strength: Double) -> WeightProposal {
        var random = SplitMix64(seed: 3)
        let hours = (0..<(24 * days)).map { number in
            let scores = (0..<5).map { _ in Double.random(in: -1...1, using: &random) }
            let noise = Double.random(in: -1...1, using: &random)
            return FactorHour(
                hour: Self.start.advanced(by: number), scores: scores, outcome: strength * scores[2] + noise)
        }
        return WeightProposal(hours, factsHash: FactorHour.hash(of: hours), codeVersion: "test")
    }

    private func store(_ proposal: WeightProposal) throws -> WeightRow {
        try WeightStore(Warehouse(path: database)).add(WeightRow(proposal, at: Timestamp(milliseconds: 1)))
    }

    private func status(_ id: String) throws -> WeightRow.Status? {
        try WeightStore(Warehouse(path: database, for: .reading)).row(id)?.status
    }

    private func accept(_ id: String) throws { try AcceptWeights.parse([id, "--warehouse", database]).run() }

    private func withdraw(_ id: String) throws { try WithdrawWeights.parse([id, "--warehouse", database]).run() }

    private func message(of body: () throws -> Void) -> String {
        do { try body() } catch { return "\(error)" }
        return ""
    }

    @Test("weights that held are proposed, accepted once, and withdrawn")
    func proposed() throws {
        let row = try store(proposal(days: 400, strength: 1))
        #expect(row.status == .proposed && row.reason == nil)
        #expect(row.weights.longShortBias > row.standard.longShortBias)
        #expect(abs(row.weights.all.reduce(0, +) - 1) < 1e-12)
        try accept(row.id)
        #expect(try status(row.id) == .accepted)
        #expect(message { try accept(row.id) }.contains("is accepted already"))
        try withdraw(row.id)
        #expect(try status(row.id) == .withdrawn)
        #expect(message { try accept(row.id) }.contains("was withdrawn"))
        #expect(message { try withdraw(row.id) }.contains("was withdrawn"))
    }

    @Test("too few days are refused with the rule, and nobody can accept them")
    func refused() throws {
        let row = try store(proposal(days: 100, strength: 1))
        #expect(row.status == .refused)
        #expect(row.reason == "needs 6 blocks of 30 days (270 days), has 0")
        #expect(message { try accept(row.id) }.contains("was refused: needs 6 blocks"))
        #expect(try status(row.id) == .refused)
    }

    @Test("where nothing predicts, the gain is refused")
    func nothing() throws {
        let row = try store(proposal(days: 400, strength: 0))
        #expect(row.status == .refused)
        #expect(row.reason?.hasPrefix("needs a t of 2.0 for the gain") == true)
    }

    @Test("a name that is none is wrong usage, and says which there are")
    func wrong() throws {
        let row = try store(proposal(days: 400, strength: 1))
        #expect(throws: ValidationError.self) { try accept("v2.w00000000") }
        #expect(message { try accept("v2.w00000000") }.contains(row.id))
    }

    @Test("the same facts give the same name, and do not undo what was decided")
    func again() throws {
        let proposal = proposal(days: 400, strength: 1)
        let first = try store(proposal)
        try accept(first.id)
        #expect(try store(proposal).status == .accepted)
        #expect(try WeightStore(Warehouse(path: database, for: .reading)).rows().count == 1)
    }

    @Test("what is stored comes back")
    func stored() throws {
        let refused = try store(proposal(days: 20, strength: 1))
        #expect(try WeightStore(Warehouse(path: database, for: .reading)).row(refused.id) == refused)
        #expect(refused.t.all.allSatisfy { $0 == nil } && refused.gainT == nil)
        let proposed = try store(proposal(days: 400, strength: 1))
        #expect(try WeightStore(Warehouse(path: database, for: .reading)).row(proposed.id) == proposed)
        #expect(proposed.t.all.allSatisfy { $0 != nil })
    }

    @Test("an empty warehouse gives a refusal, which a look does not store")
    func empty() throws {
        try Weights.parse(["--warehouse", database, "--dry-run"]).run()
        #expect(try WeightStore(Warehouse(path: database, for: .reading)).rows().isEmpty)
        try Weights.parse(["--warehouse", database, "--json"]).run()
        let rows = try WeightStore(Warehouse(path: database, for: .reading)).rows()
        #expect(rows.map(\.status) == [.refused])
        try Weights.parse(["--warehouse", database]).run()
        #expect(try WeightStore(Warehouse(path: database, for: .reading)).rows() == rows)
    }
}
