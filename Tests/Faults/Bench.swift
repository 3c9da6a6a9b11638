import Foundation

/// The executables, a simulated exchange on loopback, and small archives that faults start from.
final class FaultsBench: Sendable {
    static let first = "2025-10-23T00"
    static let last = "2025-10-23T05"
    /// The hour that `extract` is run for.
    static let hour = "2025-10-23T15"
    static let hourFolder = "2025-10-23/15"
    static let span = ["--from", first, "--to", last]
    /// What `backfill` asks for: a day of which hours are recorded too.
    static let past = [
        "--from", "2025-10-22T06", "--to", last, "--now", "2025-10-23T06:10:00Z", "--exchanges", "okx,bybit,gate",
        "--assets", "BTC,ETH",
    ]

    let bin: String
    let folder: String
    let server: SimulatedServer
    private let names = NameCounter()

    init(bin: String, folder: String) throws {
        self.bin = URL(filePath: bin).absoluteURL.standardizedFileURL.path
        self.folder = folder
        server = try SimulatedServer(bin: self.bin, folder: folder, rules: [])
        // The templates: raw files only, then with staged files, then with the warehouse too.
        try TestFiles.make(template("raw"))
        try expect(
            0, "exchange-simulator", ["--archive", Self.first, Self.last, "--output", "raw", "--size", "small"],
            in: template("raw"))
        try TestFiles.make("\(template("raw"))/warehouse")
        try TestFiles.copy(template("raw"), to: template("staged"))
        try expect(0, "transform", Self.span, in: template("staged"))
        try TestFiles.copy(template("staged"), to: template("loaded"))
        try expect(0, "load", Self.span, in: template("loaded"))
        try TestFiles.make(template("empty"))
        // What the exchanges told of the day before, then with staged files.
        try TestFiles.copy(template("loaded"), to: template("past"))
        let past = try run("backfill", Self.past, in: template("past"))
        guard past.status == 0 else { throw FaultsFailure("backfill ends with \(past.status): \(past.errors)") }
        try TestFiles.copy(template("past"), to: template("past-staged"))
        try expect(0, "transform", ["--history"], in: template("past-staged"))
    }

    func has(_ program: String) -> Bool { FileManager.default.isExecutableFile(atPath: "\(bin)/\(program)") }

    func template(_ name: String) -> String { "\(folder)/template-\(name)" }

    /// A path at which no folder exists yet.
    func newPath() -> String { "\(folder)/work\(names.next())" }

    /// A new folder that is a copy of a template. Returns its path.
    func fresh(_ template: String) throws -> String {
        let path = newPath()
        try TestFiles.copy(self.template(template), to: path)
        return path
    }

    func start(
        _ program: String, _ arguments: [String], in folder: String, server: SimulatedServer? = nil,
        settings: [String: String] = [:]
    ) throws -> Running {
        var environment = ProcessInfo.processInfo.environment.filter { !$0.key.lowercased().hasSuffix("_proxy") }
        for name in ["EXCHANGES", "PACE", "OPTIONAL_ENDPOINTS", "DISCORD_WEBHOOK_URL", "SENTIMENT_MODEL"] {
            environment[name] = ""
        }
        environment["FOCUS_ASSETS"] = Self.focusAssets
        environment["PERPS_BASE_URL"] = "\((server ?? self.server).address)/{hour}/{exchange}"
        environment.merge(settings) { $1 }
        return try Running("\(bin)/\(program)", arguments, in: folder, environment: environment)
    }

    func run(
        _ program: String, _ arguments: [String], in folder: String, server: SimulatedServer? = nil,
        settings: [String: String] = [:]
    ) throws -> Ending {
        try start(program, arguments, in: folder, server: server, settings: settings).end()
    }

    /// Starts a simulated exchange with rules that say which requests fail.
    func server(rules: [String]) throws -> SimulatedServer { try SimulatedServer(bin: bin, folder: folder, rules: rules) }

    /// The rows of the warehouse in a folder, by table.
    func tables(in folder: String) throws -> [String: [String]] {
        try StateDatabase("\(folder)/warehouse/market_history.db").tables()
    }

    /// What all programs are told to ask and to forecast, those of the template as well.
    private static let focusAssets = "BTC"
    private static var usual: [String: String] {
        ProcessInfo.processInfo.environment.merging(["FOCUS_ASSETS": focusAssets]) { $1 }
    }

    private func expect(_ status: Int32, _ program: String, _ arguments: [String], in folder: String) throws {
        let ending = try Running("\(bin)/\(program)", arguments, in: folder, environment: Self.usual).end()
        guard ending.status == status else {
            throw FaultsFailure("\(program) \(arguments.joined(separator: " ")) ends with \(ending.status): \(ending.errors)")
        }
    }
}

/// A running exchange simulator, with rules that say which requests fail.
final class SimulatedServer: Sendable {
    let address: String
    /// Host and port: `127.0.0.1:8080`.
    var host: String { String(address.dropFirst("http://".count)) }
    private let process: Running

    init(bin: String, folder: String, rules: [String]) throws {
        let ready = "\(folder)/ready-\(UUID().uuidString)"
        process = try Running(
            "\(bin)/exchange-simulator",
            ["--port", "0", "--size", "small", "--ready-file", ready] + rules.flatMap { ["--fault", $0] },
            in: folder, environment: ProcessInfo.processInfo.environment)
        for _ in 0..<500 where TestFiles.text(ready).isEmpty && process.isRunning { usleep(10_000) }
        address = TestFiles.text(ready).trimmingCharacters(in: .whitespacesAndNewlines)
        guard !address.isEmpty else {
            process.signal(SIGKILL)
            throw FaultsFailure("the simulated exchange does not start: \(process.end().errors)")
        }
    }

    func stop() {
        process.signal(SIGTERM)
        usleep(100_000)
        process.signal(SIGKILL)
        _ = process.end()
    }
}
