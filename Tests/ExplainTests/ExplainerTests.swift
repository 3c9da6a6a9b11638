import CommandSupport
import Explaining
import Foundation
import Gzip
import PerpCore
import PipelineFiles
import Staging
import Testing

@testable import Explainers
@testable import Warehouse

@Suite("From a question to its answer")
struct ExplainerTests {
    /// A folder of a test's own with a simulated hour of two exchanges, raw, staged and loaded.
    private final class Folder {
        let path = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path
        var paths: ArchivePaths { ArchivePaths(raw: "\(path)/raw", staged: "\(path)/staged") }
        let warehouse: Warehouse

        init() throws {
            warehouse = try Warehouse()
            for exchange in [Exchange.binance, .gate] {
                let raw = try SimulatedRaw(exchange)
                let stored = ByteBuffer()
                Deflater(for: .size).deflate(raw.lines.bytes, into: stored)
                try FileSystem.write(stored, to: paths.rawFile(exchange, SimulatedRaw.hour))
                let staged = try RawToStaged().staged(
                    paths.rawFile(exchange, SimulatedRaw.hour), exchange: exchange, hour: SimulatedRaw.hour)
                let file = paths.stagedFile(exchange, SimulatedRaw.hour)
                try StagedWriter().write(staged, to: file)
                _ = try warehouse.load(
                    staged,
                    from: LoadedFile(
                        path: file, stagedSHA256: try sha256(of: file), loadedAt: SimulatedRaw.hour.startTime))
            }
            try warehouse.seal()
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }  // a leftover of a test harms nobody

        func answer(_ words: String) throws -> Answer {
            let question = try Question([words]) { Hour(argument: $0) }
            return try Explainer(warehouse, files: ExplainedFiles(paths)).answer(to: question)
        }
    }

    private func fact(_ name: String, of step: String, _ answer: Answer) -> FieldValue? {
        answer.explanation.steps.first { $0.title == step }?.facts.first { $0.name == name }?.value
    }

    @Test("a field of a contract goes from the view to the bytes of the response")
    func ticker() throws {
        let folder = try Folder()
        let answer = try folder.answer("binance BTCUSDT funding \(SimulatedRaw.hour)")
        #expect(answer.explanation.steps.map(\.title) == ["view", "table", "rule", "staged", "raw", "value", "bytes"])
        #expect(!answer.isMissing && !answer.isDoubtful)
        guard case .number(let value) = fact("funding_rate", of: "view", answer) else {
            Issue.record("no value: \(answer.explanation.text)")
            return
        }
        guard case .text(let bytes) = fact("bytes", of: "bytes", answer) else {
            Issue.record("no bytes: \(answer.explanation.text)")
            return
        }
        #expect(Double(bytes) == value)
        #expect(fact("endpoint", of: "bytes", answer) == .text("premium_index"))
        #expect(fact("status", of: "bytes", answer) == .text("200"))
        let same = FieldValue.text("the same: this is the file that was loaded")
        #expect(fact("ledger", of: "raw", answer) == same && fact("ledger", of: "staged", answer) == same)
        #expect(fact("page", of: "rule", answer) == .text("pipeline/docs/exchanges/binance.md#funding"))
    }

    @Test("an asset stands for its reference perpetual, and that is said")
    func asset() throws {
        let answer = try Folder().answer("gate btc mark \(SimulatedRaw.hour)")
        #expect(fact("symbol", of: "contract", answer) == .text("BTC_USDT"))
        #expect(!answer.isMissing && !answer.isDoubtful)
    }

    @Test("an unknown contract names the nearest ones, an exchange that was not asked its reason, and what to do")
    func missing() throws {
        let folder = try Folder()
        let contract = try folder.answer("binance BTCUSD mark \(SimulatedRaw.hour)")
        #expect(contract.isMissing && contract.explanation.text.contains("did you mean BTCUSD"))
        let exchange = try folder.answer("okx BTC mark \(SimulatedRaw.hour)")
        #expect(exchange.isMissing && fact("cause", of: "missing", exchange) == .text("never_asked"))
        #expect(exchange.explanation.text.contains("make gaps HOUR=\(SimulatedRaw.hour)"))
    }

    @Test("another raw file than the loaded one is doubtful, a removed one is told")
    func otherFile() throws {
        let folder = try Folder()
        let path = folder.paths.rawFile(.binance, SimulatedRaw.hour)
        let raw = try SimulatedRaw(.binance)
        let stored = ByteBuffer()
        Deflater(for: .size).deflate(raw.lines.bytes, into: stored)
        // A second member without a line: other bytes, the same meaning.
        let more = ByteBuffer("\n".utf8)
        Deflater(for: .size).deflate(more.bytes, into: stored)
        try FileSystem.write(stored, to: path)
        let doubtful = try folder.answer("binance BTCUSDT mark \(SimulatedRaw.hour)")
        #expect(doubtful.isDoubtful && doubtful.explanation.text.contains("another: "))
        try FileManager.default.removeItem(atPath: path)
        let removed = try folder.answer("binance BTCUSDT mark \(SimulatedRaw.hour)")
        #expect(!removed.isDoubtful && removed.explanation.text.contains("removed: RAW_DAYS"))
    }

    @Test("a derived figure is followed to both of its fields")
    func derived() throws {
        let answer = try Folder().answer("gate BTC_USDT apr \(SimulatedRaw.hour)")
        #expect(fact("formula", of: "rule", answer) == .text("100 * funding_rate * 8760 / funding_interval_hours"))
        #expect(answer.explanation.steps.filter { $0.title == "value" }.count == 2)
    }

    @Test("a spread is followed to the bytes of both legs", arguments: [("spread", "short", "long"), ("price spread", "lowest", "highest")])
    func spread(words: String, first: String, second: String) throws {
        let answer = try Folder().answer("\(words) btc \(SimulatedRaw.hour)")
        #expect(!answer.isMissing && !answer.isDoubtful, "\(answer.explanation.text)")
        let titles = answer.explanation.steps.map(\.title)
        #expect(titles.prefix(3) == ["view", "rule", "leg \(first)"] && titles.contains("leg \(second)"))
        #expect(titles.filter { $0 == "raw" }.count == 2)
    }

    @Test("a spread of two exchanges of which one is not there is missing, and says where to look")
    func noSpread() throws {
        let answer = try Folder().answer("spread BTC binance okx \(SimulatedRaw.hour)")
        #expect(answer.isMissing && answer.explanation.text.contains("reference_perpetuals"))
    }

    @Test("where funding is the same everywhere there is no spread, and that is the reason")
    func alike() throws {
        let folder = try Folder()
        try folder.warehouse.execute("UPDATE ticker SET funding_rate = 0.0001, funding_interval_hours = 8")
        for words in ["spread btc", "spread BTC binance gate"] {
            let answer = try folder.answer("\(words) \(SimulatedRaw.hour)")
            #expect(answer.isMissing && answer.explanation.text.contains("the same on all exchanges"), "\(answer.explanation.text)")
        }
        let other = try folder.answer("spread BTC binance okx \(SimulatedRaw.hour)")
        #expect(other.explanation.text.contains("no two exchanges are compared"))
    }

    @Test("an hour before the first one is removed where its raw files are there, and else was never recorded")
    func removedHour() throws {
        let folder = try Folder()
        let earlier = SimulatedRaw.hour.advanced(by: -1)
        let explainer = Explainer(folder.warehouse, files: ExplainedFiles(folder.paths))
        #expect(try explainer.removed(SimulatedRaw.hour) == nil && explainer.removed(earlier) == nil)
        try FileSystem.write(ByteBuffer("x".utf8), to: folder.paths.rawFile(.binance, earlier))
        let answer = try #require(try explainer.removed(earlier))
        #expect(answer.isMissing && answer.explanation.text.contains("make reprocess HOUR=\(earlier)"))
    }

    @Test("ratios, settlements and liquidations have their way back")
    func otherRecords() throws {
        let folder = try Folder()
        let ratios = try folder.answer("binance BTCUSDT long_short \(SimulatedRaw.hour)")
        #expect(!ratios.isMissing && ratios.explanation.steps.contains { $0.title.hasPrefix("bytes") })
        let liquidations = try folder.answer("liquidations gate \(SimulatedRaw.hour)")
        #expect(!liquidations.isDoubtful, "\(liquidations.explanation.text)")
        let far = try folder.answer("settlement gate BTC_USDT \(SimulatedRaw.hour.advanced(by: -400))")
        #expect(far.isMissing)
    }

    @Test(
        "figures of the market name the exchanges that make them; their sum is the stored one",
        arguments: [
            ("volume", "total_volume_reported"), ("open interest", "total_oi_reported"),
        ])
    func sums(words: String, column: String) throws {
        let answer = try Folder().answer("\(words) \(SimulatedRaw.hour)")
        guard case .number(let stored) = fact(column, of: "view", answer),
            case .number(let sum) = fact("sum", of: "exchanges", answer)
        else {
            Issue.record("no sum: \(answer.explanation.text)")
            return
        }
        #expect(abs(sum - stored) <= 1e-12 * stored)
        #expect(answer.explanation.steps.first { $0.title == "exchanges" }?.rows.count == 2)
    }

    @Test(
        "the score, the funding and the cascade of an hour are explained as text and JSON",
        arguments: [
            "composite", "funding", "cascade",
        ])
    func market(figure: String) throws {
        let answer = try Folder().answer("\(figure) \(SimulatedRaw.hour)")
        #expect(!answer.isMissing && !answer.isDoubtful)
        #expect(answer.explanation.steps.contains { $0.title == "exchanges" })
        #expect(try answer.explanation.json().contains("\"question\" : \"\(figure) \(SimulatedRaw.hour)\""))
    }
}
