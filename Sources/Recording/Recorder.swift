import ExchangeAdapters
import Gzip
import PerpCore
import PipelineFiles
import StreamClient

/// Writes what streams say into the raw files of their hours.
///
/// An hour's file stays open for a minute after the hour, since exchanges speak of its last events until then: what comes
/// in that minute stands in both files, and is counted once.
public actor Recorder: StreamSink {
    /// How long an hour's file stays open after the hour, in milliseconds.
    public static let lateness: Int64 = 60_000

    /// One exchange's file of one hour.
    private struct OpenFile {
        let file: StreamFile
        let lines = RawWriter()
    }

    private let paths: ArchivePaths
    private let clock: StreamClock
    private let isSimulated: Bool
    private var files: [Exchange: [Hour: OpenFile]] = [:]
    private var lists: [Exchange: [RawLine]] = [:]
    /// The connections that are up, with their last signs of life.
    private var up: [Exchange: [String: Timestamp]] = [:]
    /// How many connections each exchange's stream has.
    private var expected: [Exchange: Int] = [:]
    private var syncedAt: Timestamp
    /// Why each exchange's last connection ended.
    private var lastReason: [Exchange: String] = [:]
    /// Messages with liquidations since the last hour, by exchange.
    private var heard: [Exchange: Int] = [:]
    /// Is told of what cannot be written, each second while that lasts.
    private let complain: @Sendable (String) -> Void

    /// A recorder without open files.
    /// - Parameter complain: is told of what cannot be written, each second while that lasts.
    public init(
        paths: ArchivePaths, clock: StreamClock, isSimulated: Bool, complain: @escaping @Sendable (String) -> Void
    ) {
        self.paths = paths
        self.clock = clock
        self.isSimulated = isSimulated
        self.complain = complain
        syncedAt = clock.now
    }

    // MARK: - What sessions tell

    /// Notes when a connection was last known to be up.
    public func sign(of connection: String, _ exchange: Exchange, at: Timestamp) {
        if up[exchange]?[connection] != nil { up[exchange]?[connection] = at }
    }

    /// Writes an event into the file of its hour, and of the hour before while that is open.
    public func note(_ event: StreamEvent, of exchange: Exchange) {
        switch event.kind {
        case .open: break
        case .subscribed: up[exchange, default: [:]][event.connection] = event.at
        case .alive: sign(of: event.connection, exchange, at: event.at)
        case .lost, .closed:
            up[exchange]?[event.connection] = nil
            lastReason[exchange] = event.reason
        }
        append(exchange) { $0.append(event, of: exchange, isSimulated: self.isSimulated) }
    }

    /// Writes a message into the file of its hour, and of the hour before while that is open.
    public func keep(
        _ message: [UInt8], _ meaning: StreamMessage, of exchange: Exchange, connection: String, at: Timestamp
    ) {
        if meaning == .liquidations { heard[exchange, default: 0] += 1 }
        append(exchange) { lines in
            message.withUnsafeBufferPointer {
                lines.append(
                    message: $0, of: connection, exchange, receivedAt: at, isSimulated: self.isSimulated)
            }
        }
    }

    /// Takes the responses with an exchange's list of instruments: each hour's file begins with them.
    public func setList(_ lines: [RawLine], of exchange: Exchange) {
        lists[exchange] = lines
        // The file of this hour may be open without one.
        for file in files[exchange, default: [:]].values { for line in lines { file.lines.append(line) } }
    }

    private func append(_ exchange: Exchange, _ write: (RawWriter) -> Void) {
        do {
            try open(exchange, Hour(containing: clock.now))
        } catch {
            complain("\(error)")
        }
        for file in files[exchange, default: [:]].values { write(file.lines) }
    }

    // MARK: - Files

    /// Opens the file of an hour, where it is not open, and writes what it begins with.
    private func open(_ exchange: Exchange, _ hour: Hour) throws {
        guard files[exchange]?[hour] == nil else { return }
        let opened = OpenFile(file: try StreamFile(exchange, hour, in: paths))
        opened.lines.end(opened.file, isSimulated: isSimulated)
        for line in lists[exchange] ?? [] { opened.lines.append(line) }
        sayAlive(exchange, at: hour.startTime, in: opened)
        files[exchange, default: [:]][hour] = opened
    }

    /// Writes that the connections that are up were up at a time.
    private func sayAlive(_ exchange: Exchange, at time: Timestamp, in file: OpenFile) {
        for connection in up[exchange, default: [:]].keys.sorted() {
            file.lines.append(
                StreamEvent(connection: connection, at: time, kind: .alive), of: exchange, isSimulated: isSimulated)
        }
    }

    /// Writes what came since the last call, opens the files of a new hour, and closes those of one that is over. To be
    /// called each second.
    public func flush() {
        let now = clock.now
        let hour = Hour(containing: now)
        let isDue = now.milliseconds - syncedAt.milliseconds >= 10_000
        if isDue { syncedAt = now }
        for exchange in files.keys.sorted() {
            attempt { try open(exchange, hour) }
            for (written, file) in files[exchange, default: [:]].sorted(by: { $0.key < $1.key }) {
                attempt { try write(file, exchange, isSynced: isDue) }
                if now.milliseconds >= written.next.startMilliseconds + Self.lateness {
                    attempt { try close(exchange, written) }
                }
            }
        }
    }

    private func write(_ file: OpenFile, _ exchange: Exchange, isSynced: Bool) throws {
        if !file.lines.isEmpty {
            try file.file.append(file.lines.gzipped())
            file.lines.removeAll()
        }
        // What was heard until then is written: should this be the last call, the next recorder knows it.
        if let sign = up[exchange]?.values.min() { file.file.touch(sign) }
        if isSynced { try file.file.sync() }
    }

    /// Closes a file of an hour that is over: the connections that are up were up until its end.
    private func close(_ exchange: Exchange, _ hour: Hour) throws {
        guard let file = files[exchange]?[hour] else { return }
        sayAlive(exchange, at: min(hour.next.startTime, clock.now), in: file)
        try write(file, exchange, isSynced: true)
        try file.file.finish()
        files[exchange]?[hour] = nil
    }

    /// Opens the files of the exchanges for the hour, so that they exist even when nothing is heard.
    public func begin(_ exchanges: [Exchange]) throws {
        let hour = Hour(containing: clock.now)
        for exchange in exchanges { try open(exchange, hour) }
    }

    /// Closes all files: those of an hour that is not over are added to by the next recorder.
    public func end() {
        for exchange in files.keys.sorted() {
            for hour in files[exchange, default: [:]].keys.sorted() { attempt { try close(exchange, hour) } }
        }
    }

    private func attempt(_ body: () throws -> Void) {
        do { try body() } catch { complain("\(error)") }
    }

    // MARK: - Status

    /// Says how many connections an exchange's stream has.
    public func expect(_ connections: Int, of exchange: Exchange) { expected[exchange] = connections }

    /// What was heard since the last `takeStatus`: `binance 1/1 up, 42 messages; okx …`.
    public var status: String {
        let parts = expected.keys.sorted().map { exchange in
            let (up, all) = (up[exchange]?.count ?? 0, expected[exchange] ?? 0)
            let reason = up < all ? lastReason[exchange].map { " (\($0))" } ?? "" : ""
            return "\(exchange.id) \(up)/\(all) up\(reason), \(heard[exchange] ?? 0) messages"
        }
        return parts.joined(separator: "; ")
    }

    /// The status, after which messages are counted anew.
    public func takeStatus() -> String {
        defer { heard = [:] }
        return status
    }
}

extension Recorder {
    /// Closes the parts that killed recorders left in hours that are over.
    /// - Throws: `FileError` when a folder cannot be listed or a part cannot be put in place.
    public static func recover(_ paths: ArchivePaths, before hour: Hour, isSimulated: Bool) throws {
        for old in try HourFolders(root: paths.raw).hours(before: hour) {
            for exchange in Exchange.allCases where FileSystem.exists(paths.streamPart(exchange, old)) {
                let file = try StreamFile(exchange, old, in: paths)
                let lines = RawWriter()
                lines.end(file, isSimulated: isSimulated)
                if !lines.isEmpty { try file.append(lines.gzipped()) }
                try file.finish()
            }
        }
    }
}

extension RawWriter {
    /// Appends the ends of the connections that a killed recorder left without one in a file.
    fileprivate func end(_ file: StreamFile, isSimulated: Bool) {
        for (connection, last) in file.unended.sorted(by: { $0.key < $1.key }) {
            append(
                StreamEvent(connection: connection, at: last, kind: .lost, reason: "the recorder was killed"),
                of: file.exchange, isSimulated: isSimulated)
        }
    }
}
