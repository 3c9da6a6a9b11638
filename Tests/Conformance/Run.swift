import ExchangeAdapters
import Foundation
import PerpCore
import PipelineFiles

/// A recording, and the hour in which it is served.
struct Case {
    let recording: Recording
    let exchange: Exchange
    let endpoint: String
    let hour: Hour
    let rows: [[String: Any]]
    /// How many times the plan requests the endpoint.
    let calls: Int
}

/// One error body, served as the response of one endpoint.
struct ErrorCase {
    let recording: Recording
    let exchange: Exchange
    let endpoint: String
    let hour: Hour
    let status: Int
    /// Whether the exchange's hour fails when the endpoint fails.
    let isEssential: Bool
}

/// Serves recordings, runs the executables on them, and checks the results.
struct ConformanceRun {
    let server: LoopbackServer
    let programs: Programs
    let paths: ArchivePaths
    let warehouse: String
    private(set) var report = ConformanceReport()
    private var hour = Hour.first

    init(bin: String, work: URL) throws {
        server = try LoopbackServer()
        programs = try Programs(bin: bin, work: work, port: server.port)
        paths = ArchivePaths(raw: work.appending(path: "raw").path, staged: work.appending(path: "staged").path)
        warehouse = work.appending(path: "warehouse/market_history.db").path
        try FileManager.default.createDirectory(
            at: work.appending(path: "warehouse"), withIntermediateDirectories: true)
    }

    mutating func run(_ recordings: [Recording]) throws {
        let table = try CoverageTable()
        var queues: [Exchange: [(Recording, endpoint: String)]] = [:]
        var failures: [(Recording, Exchange?, status: Int)] = []
        var unreadable: [(Recording, Exchange, endpoint: String)] = []
        for recording in recordings {
            switch table.coverage(of: recording) {
            case .endpoint(let exchange, let id):
                // A body without rows is not a response, whatever its name says.
                if (try? BodyRows.rows(of: recording.body, exchange: exchange, endpoint: id)) != nil {
                    queues[exchange, default: []].append((recording, id))
                } else {
                    unreadable.append((recording, exchange, id))
                }
            case .failure(let exchange, let status): failures.append((recording, exchange, status))
            case .notCovered(let reason): report.notCovered.append((recording.file, reason))
            }
        }
        var cases: [Case] = []
        for pass in 0..<(queues.values.map(\.count).max() ?? 0) {
            cases += try serve(
                Exchange.allCases.compactMap { exchange in
                    queues[exchange].flatMap { $0.indices.contains(pass) ? (exchange, $0[pass].0, $0[pass].endpoint) : nil }
                })
        }
        let errors = try failures.flatMap { try serve($0, of: $1, status: $2) }
        let oddities = try unreadable.map { try serveUnreadable($0, of: $1, at: $2) }
        try stageAndLoad()
        let loaded = try LoadedRows(path: warehouse)
        for item in cases { report.results.append(try check(item, loaded)) }
        for item in errors { report.results.append(try check(item, loaded)) }
        for item in oddities { report.results.append(try checkUnreadable(item)) }
        report.results.sort { $0.order < $1.order }
        report.add("every request to the server stands in a plan", server.unknown)
    }

    // MARK: - Serving

    /// Serves one recording per exchange, in one simulated hour.
    private mutating func serve(_ items: [(Exchange, Recording, endpoint: String)]) throws -> [Case] {
        defer { hour = hour.next }
        var cases: [Case] = []
        for (exchange, recording, endpoint) in items {
            let rows = try BodyRows.rows(of: recording.body, exchange: exchange, endpoint: endpoint)
            let plan = try ServedPlan(
                exchange: exchange, hour: hour, served: (endpoint, ServedResponse(body: recording.body)),
                companions: Companions.needed(by: endpoint, on: exchange, rows: rows))
            server.serve(plan.responses, at: "\(hour)/\(exchange.id)")
            cases.append(
                Case(
                    recording: recording, exchange: exchange, endpoint: endpoint, hour: hour, rows: rows,
                    calls: plan.requests.count { $0.endpoint == endpoint }))
        }
        try extract(items.map(\.0), expecting: 0)
        report.add(
            "\(hour): extract makes every request of its plan",
            items.flatMap { exchange, _, _ in
                server.unasked(at: "\(hour)/\(exchange.id)").map { "\(exchange.id) \($0)" }
            })
        return cases
    }

    /// Serves an error body with its status, with 200 when it is not JSON, and for an essential endpoint.
    private mutating func serve(_ recording: Recording, of exchange: Exchange?, status: Int) throws -> [ErrorCase] {
        let exchanges = exchange.map { [$0] } ?? Exchange.allCases
        let isJSON = (try? JSONSerialization.jsonObject(with: recording.body)) != nil  // the question itself
        var errors = try serve(recording, on: exchanges, status: status, essential: false)
        if !isJSON { errors += try serve(recording, on: exchanges, status: 200, essential: false) }
        return errors + (try serve(recording, on: exchanges, status: status, essential: true))
    }

    private mutating func serve(
        _ recording: Recording, on exchanges: [Exchange], status: Int, essential: Bool
    ) throws -> [ErrorCase] {
        defer { hour = hour.next }
        var errors: [ErrorCase] = []
        for exchange in exchanges {
            let adapter = Adapter.adapter(for: exchange)
            let asked = Set(try ServedPlan(exchange: exchange, hour: hour).requests.map(\.endpoint))
            let endpoints = adapter.endpoints.filter { $0.isEssential == essential && asked.contains($0.id) }
            guard let endpoint = essential ? endpoints.first : endpoints.last else { continue }
            let response = ServedResponse(status: status, body: recording.body)
            let plan = try ServedPlan(exchange: exchange, hour: hour, served: (endpoint.id, response))
            server.serve(plan.responses, at: "\(hour)/\(exchange.id)")
            errors.append(
                ErrorCase(
                    recording: recording, exchange: exchange, endpoint: endpoint.id, hour: hour, status: status,
                    isEssential: essential))
        }
        // An exchange without such an endpoint is not asked.
        guard !errors.isEmpty else { return [] }
        // When every essential endpoint fails, no exchange responds.
        try extract(errors.map(\.exchange), expecting: essential ? 69 : 0)
        return errors
    }

    /// Serves a body without rows as the response of its endpoint: the endpoint must fail, or the body be set aside.
    private mutating func serveUnreadable(
        _ recording: Recording, of exchange: Exchange, at endpoint: String
    ) throws -> ErrorCase {
        defer { hour = hour.next }
        let plan = try ServedPlan(
            exchange: exchange, hour: hour, served: (endpoint, ServedResponse(body: recording.body)),
            companions: Companions.needed(by: endpoint, on: exchange, rows: []))
        server.serve(plan.responses, at: "\(hour)/\(exchange.id)")
        try extract([exchange], expecting: 0, 69)
        return ErrorCase(
            recording: recording, exchange: exchange, endpoint: endpoint, hour: hour, status: 200, isEssential: false)
    }

    private mutating func extract(_ exchanges: [Exchange], expecting statuses: Int32...) throws {
        let list = exchanges.map(\.id).joined(separator: ",")
        let ended = try programs.run(
            "extract", ["--hour", "\(hour)", "--exchanges", list, "--raw", paths.raw])
        report.add(
            "\(hour): extract ends with \(statuses.map(String.init).joined(separator: " or "))",
            statuses.contains(ended) ? [] : ["it ended with \(ended)"])
    }

    private mutating func stageAndLoad() throws {
        let span = ["--from", "\(Hour.first)", "--to", "\(hour)", "--raw", paths.raw, "--staged", paths.staged]
        for (name, arguments) in [("transform", span), ("load", span + ["--warehouse", warehouse])] {
            let ended = try programs.run(name, arguments)
            report.add("\(name) ends with 0", ended == 0 ? [] : ["it ended with \(ended)"])
        }
    }

    // MARK: - Checking

    private func check(_ item: Case, _ loaded: LoadedRows) throws -> RecordingResult {
        var result = RecordingResult(item.recording, item.exchange, item.endpoint)
        let raw = paths.rawFile(item.exchange, item.hour)
        let path = paths.stagedFile(item.exchange, item.hour)
        guard FileSystem.exists(raw), FileSystem.exists(path) else {
            result.add("is staged", ["there is no file of \(item.exchange.id) \(item.hour)"])
            return result
        }
        let staged = try StagedLines(path: path)
        let rows = RowCheck(
            item.rows, exchange: item.exchange, endpoint: item.endpoint, calls: item.calls, staged: staged)
        (result.rows, result.records, result.rejections) = (rows.rows, rows.records, rows.rejections)
        result.reasons = rows.reasons
        result.leftOut = rows.leftOut
        result.add("every row is a record or a rejection", rows.problems)
        result.add(
            "raw keeps the body",
            try RawCheck(path: raw, endpoint: item.endpoint, body: item.recording.body).problems)
        let sent = SentCheck(
            item.rows, bodyTime: BodyRows.time(of: item.recording.body), exchange: item.exchange,
            endpoint: item.endpoint, staged: staged)
        let events = SentEventCheck(item.rows, exchange: item.exchange, endpoint: item.endpoint, staged: staged)
        result.derived = sent.compared + events.compared
        result.add("values follow from the body", sent.problems + events.problems)
        if let expected = item.recording.expected {
            let values = ValueCheck(
                expected, of: item.rows, exchange: item.exchange, endpoint: item.endpoint, staged: staged)
            result.compared = values.compared
            result.leftOut.merge(values.leftOut) { $0 + $1 }
            let isCovered = values.compared > 0 || values.leftOut.values.reduce(0, +) > 0
            result.add("values agree", isCovered ? values.problems : ["nothing was compared"])
        }
        result.add("the warehouse has what was staged", try loaded.problems(item.exchange, item.hour, staged: staged))
        return result
    }
}
