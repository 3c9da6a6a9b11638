import CommandSupport
import Foundation
import PerpCore
import PipelineFiles
@testable import Reports
import Sealing
@testable import Signals
import Warehouse

@testable import doctor

/// A checkout of a test's own with one good hour of two exchanges, for the doctor to look at.
final class Checkout {
    static let hour = Hour("2025-10-23T15")!  // a valid hour

    let folder: String
    /// Ten minutes into the hour after.
    var now = Checkout.hour.next.startTime.advanced(byMilliseconds: 600_000)

    var paths: ArchivePaths { ArchivePaths(raw: "\(folder)/raw", staged: "\(folder)/staged") }
    var warehousePath: String { "\(folder)/warehouse/market_history.db" }

    init(settings: String = "EXCHANGES=okx,gate\n", isLoaded: Bool = true) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path
        for name in ["raw", "warehouse"] { try FileSystem.makeFolder("\(folder)/\(name)") }
        try settings.write(toFile: "\(folder)/.env", atomically: true, encoding: .utf8)
        if isLoaded { try load(Self.hour) }
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody

    /// An hour of both exchanges in raw/ and in the warehouse, with the report of its run.
    func load(_ hour: Hour) throws {
        let warehouse = try Warehouse(path: warehousePath)
        for exchange in [Exchange.okx, .gate] {
            try writeRaw(exchange, hour)
            _ = try warehouse.load(
                Self.staged(exchange, hour),
                from: LoadedFile(
                    path: paths.stagedFile(exchange, hour), stagedSHA256: "\(exchange) \(hour)",
                    loadedAt: hour.startTime))
        }
        let run = try writeRun(hour)
        try warehouse.record(run)
        try warehouse.seal()
    }

    func writeRaw(
        _ exchange: Exchange, _ hour: Hour, body: String = #"{"code":"0","data":[{"instId":"BTC","last":"1"}]}"#
    ) throws {
        let writer = RawWriter()
        let time = hour.startTime.advanced(byMilliseconds: 120_000)
        writer.append(
            RawLine(
                exchange: exchange, endpoint: "tickers", method: "GET", url: "https://example.test/tickers",
                sentAt: time, receivedAt: time, status: 200, headers: [("content-type", "application/json")],
                wireBytes: body.utf8.count, body: Array(body.utf8)))
        try FileSystem.write(writer.gzipped(), to: paths.rawFile(exchange, hour))
    }

    /// The report of a run in which every endpoint was answered but those given.
    @discardableResult
    func writeRun(
        _ hour: Hour, minute: Int64 = 2, failing: [RunReport.EndpointRun] = [], of exchanges: [Exchange] = [.okx]
    ) throws -> RunReport {
        let start = hour.startTime.advanced(byMilliseconds: minute * 60_000)
        let good = RunReport.EndpointRun(id: "tickers", calls: 1, failed: 0, attempts: 1, weight: 1, ok: true)
        let report = RunReport(
            hour: hour, startedAt: start, finishedAt: start.advanced(byMilliseconds: 9000), enabled: [.okx, .gate],
            exchanges: exchanges.map {
                .init(exchange: $0, outcome: failing.isEmpty ? .complete : .partial, endpoints: [good] + failing)
            } + (exchanges.contains(.gate) ? [] : [.init(exchange: .gate, outcome: .complete, endpoints: [good])]),
            version: "1")
        try RunFile.write(report, in: paths)
        return report
    }

    /// What the doctor says now.
    func examine() throws -> DoctorReport {
        var examination = Examination(
            settings: try Settings.load(from: folder), paths: paths, warehousePath: warehousePath, now: now)
        examination.run()
        return examination.report
    }

    private static func staged(_ exchange: Exchange, _ hour: Hour) -> StagedHour {
        var staged = StagedHour(
            exchange: exchange, hour: hour,
            source: Source(
                rawSHA256: "\(exchange) \(hour)", transformVersion: AssetClass.statedSinceTransformVersion,
                responses: 1, responsesOK: 1,
                endpoints: [("tickers", .init(ok: 1, rows: 1))], liquidations: .none, observedFrom: hour.startTime,
                observedTo: hour.startTime))
        var ticker = Ticker(
            symbol: "BTCUSDT", asset: "BTC", assetClass: .crypto, kind: .linear, contract: .perpetual, quote: "USDT",
            observedAt: hour.startTime)
        ticker.markPrice = 100
        ticker.volumeUSD24h = 1e9
        staged.tickers = [ticker]
        staged.instruments = [
            Instrument(
                symbol: "BTCUSDT", asset: "BTC", assetClass: .crypto, base: "BTC", quote: "USDT", settle: "USDT",
                kind: .linear, contract: .perpetual, status: .trading, contractMultiplier: 1, unitMultiplier: 1,
                fundingIntervalHours: 8)
        ]
        return staged
    }
}

extension DoctorReport {
    /// The points of an area as `level text -> advice`.
    func lines(_ area: String) -> [String] {
        points.filter { $0.area == area }.map { point in
            "\(point.level.rawValue) \(point.text)" + (point.advice.map { " -> \($0)" } ?? "")
        }
    }

    func gauge(_ name: String, _ labels: [String: String] = [:]) -> Double? {
        gauges.first { $0.name == name && $0.labels == labels }?.value
    }
}
