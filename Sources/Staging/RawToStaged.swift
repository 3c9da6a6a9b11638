import ExchangeAdapters
import PerpCore
import PipelineFiles

/// Turns raw files into the records of their hours: the work of `transform` without the writing. Belongs to one task,
/// which reuses it.
///
/// The result depends only on the file's bytes and on `transformVersion`.
public final class RawToStaged {
    private let reader = RawReader()
    private var rosters: [Exchange: Roster] = [:]
    private var streamRosters: [Exchange: Roster] = [:]
    private var historyRosters: [Exchange: Roster] = [:]
    private var archiveReader: ArchiveReader?
    /// What the lists of instruments said that `reader` keeps, by the numbers that it gives them.
    private var lists: [Int: KeptList] = [:]
    /// How many answers repeated those of an hour before so far, and were not parsed.
    public private(set) var repeatedAnswers = 0

    /// A stage that has read nothing yet.
    public init() {}

    /// The SHA-256 of the stored bytes of the latest file; `nil` before the first, and when it could not be read.
    public var rawSHA256: String? { reader.storedSHA256.isEmpty ? nil : reader.storedSHA256 }

    /// The size in bytes of the decompressed lines of the latest file.
    public var textCount: Int { reader.textCount }

    /// The records of a raw file of one exchange and hour.
    ///
    /// Anything that does not make the whole file unreadable becomes a rejection.
    ///
    /// - Throws: `FileError` when the file cannot be read, `FormatError` when it is not gzip or has no raw line.
    public func staged(_ path: String, exchange: Exchange, hour: Hour) throws -> StagedHour {
        try reader.open(path)
        return try staged(exchange: exchange, hour: hour)
    }

    /// The records of a raw file of a feed; `nil` when `isCurrent` returns true for the SHA-256 of its bytes.
    ///
    /// - Throws: As `staged(_:exchange:hour:)`.
    public func staged(
        _ path: String, exchange: Exchange, hour: Hour, feed: Feed = .live,
        unless isCurrent: (_ rawSHA256: String) -> Bool
    ) throws -> StagedHour? {
        try reader.open(path)
        if isCurrent(reader.storedSHA256) { return nil }
        switch feed {
        case .live: return try staged(exchange: exchange, hour: hour)
        case .stream: return try stagedStream(path, exchange, hour)
        case .history, .archive: throw FormatError(path: path, reason: "is of the past, which has files of its own")
        }
    }

    /// The records of the decompressed lines of a raw file, which may be changed ones.
    ///
    /// - Throws: `FormatError` when there is no raw line, or when the feed is of the past.
    public func staged(
        lines: UnsafeBufferPointer<UInt8>, exchange: Exchange, hour: Hour, feed: Feed = .live
    ) throws -> StagedHour {
        reader.open(lines: lines)
        switch feed {
        case .live: return try staged(exchange: exchange, hour: hour)
        case .stream: return try stagedStream("", exchange, hour)
        case .history, .archive: throw FormatError(path: "", reason: "is of the past, which has files of its own")
        }
    }

    /// The records of a raw file of the past; `nil` when `isCurrent` returns true for the SHA-256 of its bytes.
    ///
    /// - Throws: As `staged(_:exchange:hour:)`.
    public func staged(
        _ path: String, of file: HistoryFile, unless isCurrent: (_ rawSHA256: String) -> Bool
    ) throws -> StagedHour? {
        try reader.open(path)
        return isCurrent(reader.storedSHA256) ? nil : try staged(of: file)
    }

    /// The records of a raw file of the past.
    ///
    /// - Throws: As `staged(_:exchange:hour:)`.
    public func staged(_ path: String, of file: HistoryFile) throws -> StagedHour {
        try reader.open(path)
        return try staged(of: file)
    }

    /// The records of the decompressed lines of a raw file of the past, which may be changed ones. A record of archives says
    /// nothing without them.
    ///
    /// - Throws: `FormatError` when there is no raw line.
    public func staged(lines: UnsafeBufferPointer<UInt8>, of file: HistoryFile) throws -> StagedHour {
        reader.open(lines: lines)
        return try staged(of: file)
    }

    private func staged(of file: HistoryFile) throws -> StagedHour {
        let roster = historyRosters[file.exchange] ?? Roster(exchange: file.exchange)
        historyRosters[file.exchange] = roster
        var stager = HistoryStager(
            file, roster: roster, archives: file.feed == .archive ? archives(of: reader.path) : nil)
        try reader.readLines { line in
            stager.add(line)
        } refuse: { line, reason, text in
            stager.refuse(line: line, reason: reason, text: text)
        }
        if let failure = stager.failure { throw failure }
        return stager.staged(rawSHA256: reader.storedSHA256)
    }

    /// The archives that a record names are below the folder of its exchange, two above its own.
    private func archives(of record: String) -> HistoryStager.Archives {
        let reader = archiveReader ?? ArchiveReader()
        archiveReader = reader
        let folder = FileSystem.folder(of: FileSystem.folder(of: FileSystem.folder(of: record)))
        return HistoryStager.Archives(reader: reader, folder: folder, record: record)
    }

    /// The records of a raw file of which is known, or its lines say, whose it is.
    ///
    /// - Parameter identity: whose file it is; `nil` leaves that to its lines.
    /// - Throws: As `staged(_:exchange:hour:)`, and `FormatError` when no line says whose file it is.
    public func staged(_ path: String, as identity: RawIdentity?) throws -> StagedHour {
        try reader.open(path)
        return try staged(as: identity ?? RawIdentity(statedBy: reader))
    }

    /// The records of a raw file that comes on standard input.
    ///
    /// - Parameters:
    ///   - identity: whose file it is; `nil` leaves that to its lines.
    ///   - path: what it is called in errors.
    /// - Throws: As `staged(_:as:)`, and `FormatError` for a record of archives, which are files of their own.
    public func stagedStandardInput(as identity: RawIdentity?, named path: String) throws -> StagedHour {
        try reader.openStandardInput(as: path)
        let identity = try identity ?? RawIdentity(statedBy: reader)
        if identity.feed == .archive { throw FormatError(path: path, reason: RawIdentity.namesArchives) }
        return try staged(as: identity)
    }

    private func staged(as identity: RawIdentity) throws -> StagedHour {
        switch identity {
        case .hour(let exchange, let hour, .stream): try stagedStream(reader.path, exchange, hour)
        case .hour(let exchange, let hour, _): try staged(exchange: exchange, hour: hour)
        case .past(let file): try staged(of: file)
        }
    }

    /// The records of the raw file of an exchange's stream in an hour: its liquidations, and how much of the hour was heard.
    ///
    /// - Throws: As `staged(_:exchange:hour:)`.
    public func stagedStream(_ path: String, exchange: Exchange, hour: Hour) throws -> StagedHour {
        try reader.open(path)
        return try stagedStream(path, exchange, hour)
    }

    private func stagedStream(_ path: String, _ exchange: Exchange, _ hour: Hour) throws -> StagedHour {
        guard let adapter = Adapter.adapter(for: exchange).forStream else {
            throw FormatError(path: path, reason: "is of a stream, and \(exchange.id) has none")
        }
        let roster = streamRosters[exchange] ?? Roster(exchange: exchange)
        streamRosters[exchange] = roster
        var stager = StreamStager(adapter: adapter, hour: hour, roster: roster)
        try reader.readLines { line in
            stager.add(line)
        } refuse: { line, reason, text in
            stager.refuse(line: line, reason: reason, text: text)
        }
        return stager.staged(rawSHA256: reader.storedSHA256)
    }

    private func staged(exchange: Exchange, hour: Hour) throws -> StagedHour {
        let roster = rosters[exchange] ?? Roster(exchange: exchange)
        rosters[exchange] = roster
        var stager = Stager(adapter: Adapter.adapter(for: exchange), hour: hour, roster: roster)
        try reader.readLines { line in
            if case .response(let response) = line { stager.add(response) }
        } refuse: { line, reason, text in
            stager.refuse(line: line, reason: reason, text: text)
        } repeated: { response, answer in
            guard let list = lists[answer], stager.add(response, repeating: list) else { return false }
            repeatedAnswers += 1
            return true
        } keep: { response, answer in
            guard let (list, unreadTime) = stager.keptList(of: response) else { return .no }
            lists[answer] = list
            return .yes(unreadTime: unreadTime)
        }
        return stager.staged(rawSHA256: reader.storedSHA256)
    }
}

/// Collects the responses of one exchange and hour.
private struct Stager {
    /// A request, regardless of its attempts.
    private struct Asked: Hashable {
        var endpoint: String
        var url: String
        var body: String?

        /// Hashes the URL only, which differs for nearly all requests.
        func hash(into hasher: inout Hasher) { hasher.combine(url) }
    }

    private let adapter: Adapter
    private let hour: Hour
    private var batch: Batch
    private var answered: Set<Asked> = []
    /// The last failure of each request; `failureOrder` has the requests in the order of their first failures.
    private var failures: [Asked: Rejection] = [:]
    private var failureOrder: [Asked] = []
    private var responses = 0
    private var responsesOK = 0
    private var observedFrom: Timestamp?
    private var observedTo: Timestamp?
    private var refused: [Rejection] = []
    private var isSimulated = false
    /// Whether the line that was added last was read into the batch.
    private var isLastRead = false

    init(adapter: Adapter, hour: Hour, roster: Roster) {
        self.adapter = adapter
        self.hour = hour
        batch = Batch(adapter: adapter, roster: roster)
        answered.reserveCapacity(roster.count)
    }

    mutating func add(_ line: RawResponse) {
        isLastRead = false
        responses += 1
        if line.isSimulated { isSimulated = true }
        if let reason = strangeness(of: line) {
            refused.append(Rejection(endpoint: line.endpoint, reason: reason))
            return
        }
        let asked = Asked(endpoint: line.endpoint, url: line.url, body: line.requestBody)
        guard adapter.knows(line.endpoint) else {
            refused.append(Rejection(endpoint: line.endpoint, reason: "is no endpoint of \(adapter.exchange.id)"))
            return
        }
        if let problem = problem(of: line) {
            if failures[asked] == nil { failureOrder.append(asked) }
            failures[asked] = problem
            return
        }
        guard let body = line.body else { return }
        countAsUsable(line)
        // A second response to the same request adds nothing.
        guard answered.insert(asked).inserted else { return }
        isLastRead = true
        batch.read(
            Response(
                endpoint: line.endpoint, url: line.url, requestBody: line.requestBody,
                receivedAt: line.receivedAt, body: body))
    }

    private mutating func countAsUsable(_ line: RawResponse) {
        responsesOK += 1
        observedFrom = observedFrom.map { min($0, line.receivedAt) } ?? line.receivedAt
        observedTo = observedTo.map { max($0, line.receivedAt) } ?? line.receivedAt
    }

    /// Adds a line without its body, which repeats one that said `list`. Returns `false`, and adds nothing, where it must be
    /// read in full.
    mutating func add(_ line: RawResponse, repeating list: KeptList) -> Bool {
        let asked = Asked(endpoint: line.endpoint, url: line.url, body: line.requestBody)
        guard line.status == 200, strangeness(of: line) == nil, !answered.contains(asked),
            batch.add(list, receivedAt: line.receivedAt)
        else { return false }
        responses += 1
        if line.isSimulated { isSimulated = true }
        countAsUsable(line)
        answered.insert(asked)
        return true
    }

    /// What a line said that was added last, if the next hour may repeat it, and which member of its body nobody reads.
    func keptList(of line: RawResponse) -> (list: KeptList, unreadTime: String?)? {
        guard isLastRead, let list = batch.keptList(of: line.endpoint),
            let repetition = adapter.endpoint(line.endpoint)?.repetition
        else { return nil }
        return (list, repetition.unreadTime)
    }

    /// Why a line is not of this exchange and hour; `nil` when it is, or does not tell.
    ///
    /// This and the other reasons are in staged files: another wording changes staged bytes and needs a new
    /// `transformVersion`.
    private func strangeness(of line: RawResponse) -> String? {
        if let other = line.exchange, other != adapter.exchange.id { return "is an answer of another exchange" }
        if let sentAt = line.sentAt, !hour.contains(sentAt) { return "was asked in another hour" }
        return nil
    }

    /// Why a line holds no usable response; `nil` when it does.
    private func problem(of line: RawResponse) -> Rejection? {
        func rejection(_ reason: String, _ value: String?) -> Rejection {
            Rejection(endpoint: line.endpoint, reason: reason, value: value)
        }
        if line.status == 0 { return rejection("no response came: \(line.error ?? "unknown")", nil) }
        if let body = line.body, let message = adapter.errorText(body) {
            return rejection("the venue answered with an error and status \(line.status)", message)
        }
        if line.status != 200 { return rejection("the venue answered with status \(line.status)", line.bodyText) }
        if let problem = line.bodyProblem { return rejection(problem, line.bodyText) }
        return nil
    }

    mutating func refuse(line: Int, reason: String, text: String) {
        responses += 1
        refused.append(Rejection(endpoint: "raw", row: line, reason: reason, value: text))
    }

    mutating func staged(rawSHA256: String) -> StagedHour {
        let unanswered = failureOrder.filter { !answered.contains($0) }
        var counts = adapter.endpoints.map { (name: $0.id, count: Source.EndpointCount()) }
        func count(_ asked: Asked, _ field: WritableKeyPath<Source.EndpointCount, Int>) {
            guard let index = counts.firstIndex(where: { $0.name == asked.endpoint }) else { return }
            counts[index].count[keyPath: field] += 1
        }
        for asked in answered { count(asked, \.ok) }
        for asked in unanswered { count(asked, \.failed) }
        counts.removeAll { $0.count == Source.EndpointCount() }
        let source = Source(
            rawSHA256: rawSHA256, transformVersion: transformVersion, responses: responses,
            responsesOK: responsesOK, endpoints: counts, liquidations: .none,
            observedFrom: observedFrom, observedTo: observedTo, isSimulated: isSimulated)
        var staged = batch.stagedHour(hour: hour, source: source)
        staged.rejections += unanswered.compactMap { failures[$0] } + refused
        staged.source.liquidations = liquidations(staged.source.endpoints)
        return staged
    }

    /// The coverage class of the liquidations: `none` when their endpoint failed, and `complete` only when all its calls
    /// succeeded, no row was rejected, and no row is of a contract that the list of instruments does not name.
    private func liquidations(_ endpoints: [(name: String, count: Source.EndpointCount)]) -> LiquidationCoverage {
        guard let (endpoint, coverage) = adapter.liquidations,
            let count = endpoints.first(where: { $0.name == endpoint })?.count, count.ok > 0
        else { return .none }
        return coverage == .complete && (count.failed > 0 || count.rejected > 0 || count.unlisted > 0)
            ? .sampled : coverage
    }
}
