import ArgumentParser
import PerpCore
import SimulatedMarket
import StreamClient

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Serves all exchanges on loopback, or writes an archive of their responses.
@main
struct ExchangeSimulator: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exchange-simulator",
        abstract: "Answer for all exchanges on loopback, from a deterministic market or from recordings.",
        discussion: """
            Serves /{hour}/{exchange}/ followed by the exchange's real path, such as
            /2025-10-23T15/okx/api/v5/market/tickers?instType=SWAP. The URL to put in front is printed on
            standard output when the server is ready. SIGTERM ends it.

            FAULT PLAN
            \(FaultPlan.help)
            """, version: packageVersion)

    @Option(help: "The port on loopback; 0 takes any that is free.")
    var port = 8900

    @Option(help: "Write the URL to this file when the server is ready.")
    var readyFile: String?

    @Option(help: "The seed of the market.")
    var seed: UInt64 = 1

    @Option(help: "small: about 20 instruments per exchange; full: the real counts.")
    var size = Market.Size.small

    @Option(
        help: """
            usual: waves, with something to see in every hour; regimes: random walks, calm, usual or stressed for days, \
            with trends; factor: the same, and a day's move predicts the next day's; nothing: regimes, and nothing predicts.
            """)
    var world = Market.World.usual

    @Option(help: "How many of the largest coins each exchange lists, with one perpetual for each and nothing unusual.")
    var coins: Int?

    @Option(help: "An hour in which the whole market falls by 7 %: 2025-10-23T15; the seed decides when left out.")
    var cascade: String?

    @Option(help: "Answer with the recorded bodies of this folder, <exchange>/<endpoint>[.variant].json.")
    var replay: String?

    @Option(help: "Read a fault plan from this file.")
    var faults: String?

    @Option(name: .customLong("fault"), help: "Add one rule to the fault plan; may be repeated.")
    var faultRules: [String] = []

    @Option(
        parsing: .upToNextOption,
        help: "Write raw files instead of serving: FROM and TO, both included, as hours or days.")
    var archive: [String] = []

    @Option(help: "How many days to write from FROM, instead of TO.")
    var days: Int?

    @Option(help: "The raw folder that the archive is written to.")
    var output = "raw"

    @Option(help: "The exchanges of the archive, separated by commas.")
    var exchanges: String?

    @Option(help: "The coins for which per-coin endpoints are asked, separated by commas.")
    var focusAssets = "BTC,ETH,SOL"

    @Option(help: "Write the archive's URLs as if this template had been used.")
    var baseURL: String?

    @Option(help: "How many files of the archive are made at once.")
    var jobs = 2

    @Option(help: "The clock of streams, shared with a recorder: HOUR,SPEED,MILLISECONDS; the machine's when left out.")
    var sharedClock: String?

    @Option(
        help:
            "Faults of streams, separated by commas, which connections take in turn: \(StreamServer.Fault.allCases.map(\.rawValue).joined(separator: ", "))."
    )
    var streamFaults: String?

    @Option(help: "Close each connection of a stream after so many hours of its clock, such as 24 or 0.5.")
    var streamLife: Double?

    @Option(help: "A file for what streams sent: a line per liquidation.")
    var streamLog: String?

    static func main() async {
        do {
            var command = try parseAsRoot()
            if let simulator = command as? ExchangeSimulator {
                try await simulator.run()
            } else {
                try command.run()
            }
        } catch let failure as SimulatorFailure {
            complain(failure.description)
            exit(withError: ExitCode(74))
        } catch {
            exit(withError: error)
        }
    }

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be between 0 and 65535") }
        if let cascade, Hour(cascade) == nil { throw ValidationError("--cascade is no hour such as 2025-10-23T15") }
        if let coins, coins < 1 { throw ValidationError("--coins must be positive") }
        guard jobs > 0 else { throw ValidationError("--jobs must be positive") }
        if let streamLife, !(0.001...10_000).contains(streamLife) {
            throw ValidationError("--stream-life must be between 0.001 and 10000 hours")
        }
        if archive.isEmpty, days != nil { throw ValidationError("--days needs --archive FROM") }
        if !archive.isEmpty { _ = try span() }
        _ = try chosenExchanges()
        _ = try FaultPlanSource(file: nil, rules: faultRules).plan()
    }

    func run() async throws {
        let market = Market(
            seed: seed, size: size, cascade: cascade.flatMap { Hour($0) }, world: world, coinCount: coins)
        guard archive.isEmpty else {
            let (first, last) = try span()
            try await ArchiveWriter(
                market: market, first: first, last: last, exchanges: try chosenExchanges(),
                focusAssets: list(focusAssets), output: output, baseURL: baseURL, jobs: jobs
            ).write()
            return
        }
        let plan = try FaultPlanSource(file: faults, rules: faultRules).plan()
        let source: ResponseSource =
            if let replay { .recordings(try RecordingReplay(folder: replay)) } else { .market(market) }
        let log = try streamLog.map { try StreamLog($0) }
        let streams = StreamServer(
            market: market, clock: try streamClock(), faults: try chosenFaults(),
            longestLife: streamLife.map { Int64($0 * 3_600_000) }, log: log)
        let server = SimulatorServer(
            source: source, plan: plan, port: port, readyFile: readyFile, streams: replay == nil ? streams : nil)
        try await withThrowingDiscardingTaskGroup { group in
            if let log { group.addTask { await log.run() } }
            try await server.run()
        }
    }

    // MARK: - Arguments

    private func list(_ text: String) -> [String] { text.split(separator: ",").map(String.init) }

    private func streamClock() throws -> StreamClock {
        let now = Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1000))
        guard let sharedClock else { return StreamClock(startingAt: now) }
        guard let clock = StreamClock(shared: sharedClock, systemTime: now) else {
            throw ValidationError("--shared-clock is not HOUR,SPEED,MILLISECONDS")
        }
        return clock
    }

    private func chosenFaults() throws -> [StreamServer.Fault] {
        try list(streamFaults ?? "").map { name in
            guard let fault = StreamServer.Fault(rawValue: name) else {
                throw ValidationError("--stream-faults: '\(name)' is no fault of streams")
            }
            return fault
        }
    }

    private func chosenExchanges() throws -> [Exchange] {
        guard let exchanges else { return Exchange.allCases }
        return try list(exchanges).map { name in
            guard let exchange = Exchange(named: name) else { throw ValidationError(Exchange.miss(name)) }
            return exchange
        }
    }

    /// The first and the last hour of the archive. A day stands for all its hours.
    private func span() throws -> (first: Hour, last: Hour) {
        func hours(_ text: String) throws -> (Hour, Hour) {
            if let hour = Hour(text) { return (hour, hour) }
            guard let day = CalendarDay(text) else {
                throw ValidationError("'\(text)' is no hour such as 2025-10-23T15 and no day such as 2025-10-23")
            }
            return (day.hour(0), day.hour(23))
        }
        switch (archive.count, days) {
        case (1, let days?) where days > 0:
            let first = try hours(archive[0]).0
            return (first, first.advanced(by: days * 24 - 1))
        case (2, nil):
            let (first, last) = (try hours(archive[0]).0, try hours(archive[1]).1)
            guard first <= last else { throw ValidationError("--archive: FROM is after TO") }
            return (first, last)
        default: throw ValidationError("--archive takes FROM and TO, or FROM with --days")
        }
    }
}

extension Market.Size: ExpressibleByArgument {}
extension Market.World: ExpressibleByArgument {}

/// Where a fault plan comes from: a file, then the rules of the command line.
struct FaultPlanSource {
    let file: String?
    let rules: [String]

    func plan() throws -> FaultPlan {
        do {
            var plan = FaultPlan()
            if let file { plan.rules += try FaultPlan(parsing: SimulatorFiles.text(file)).rules }
            for rule in rules { plan.rules += try FaultPlan(parsing: rule).rules }
            return plan
        } catch let error as FaultPlanError {
            throw ValidationError(error.description)
        }
    }
}
