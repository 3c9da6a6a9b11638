import ExchangeAdapters
import PerpCore
import PipelineFiles

/// Whose facts a raw file holds: what a staged file depends on beside the lines themselves.
public enum RawIdentity: Hashable, Sendable {
    /// Those of an exchange in an hour; the feed is one of `Feed.ofHours`.
    case hour(Exchange, Hour, Feed)
    /// Those of hours that had passed.
    case past(HistoryFile)

    /// What a path says; `nil` when it is not that of a data file.
    public init?(path: String) {
        if let file = HistoryFile(path) {
            self = .past(file)
        } else if let (exchange, hour, feed) = ArchivePaths.parse(path) {
            self = .hour(exchange, hour, feed)
        } else {
            return nil
        }
    }

    /// Whose file it is.
    public var feed: Feed {
        switch self {
        case .hour(_, _, let feed): feed
        case .past(let file): file.feed
        }
    }

    /// The staged file of a raw file.
    public func stagedFile(in paths: ArchivePaths) -> String {
        switch self {
        case .hour(let exchange, let hour, let feed): paths.stagedFile(exchange, hour, feed)
        case .past(let file): paths.stagedFile(file)
        }
    }

    /// Why a record of archives needs its path.
    static let namesArchives = "names archives, which are files beside it: give its path in the archive"

    /// What the lines of an opened file say.
    ///
    /// - Throws: `FormatError` when the file is not gzip, when no line says whose it is, or when it is a record of archives.
    init(statedBy reader: RawReader) throws(FormatError) {
        var lines = StatedOrigin()
        try reader.readOrigins { lines.add($0) }
        self = try lines.identity(of: reader.path)
    }
}

/// What the lines of a raw file say of its origin.
///
/// - A file of the past has answers of endpoints that only tell of the past, or names its dataset. It began when the first
///   of them was asked for; the list of instruments is older.
/// - A file of a stream has lines of connections. It is of the hour of most of them: the last ones may be later.
/// - Any other file is of the hour in which its first request was sent.
struct StatedOrigin {
    private var exchange: Exchange?
    private var firstAsked: Timestamp?
    private var heard: [Hour: Int] = [:]
    private var hasOtherThanLists = false
    private var dataset: HistoryDataset?
    private var firstAskedOfPast: Timestamp?
    private var isOfArchives = false
    private var adapters: [Exchange: (adapter: Adapter, past: [String: HistoryDataset], archives: Set<String>)] = [:]

    mutating func add(_ line: RawLineOrigin) {
        if line.isOfStream {
            exchange = exchange ?? line.exchange
            if let time = line.heardAt { heard[Hour(containing: time), default: 0] += 1 }
        } else if let endpoint = line.endpoint, let sentAt = line.sentAt {
            exchange = exchange ?? line.exchange
            add(endpoint, of: line.exchange, sentAt)
        } else if let named = line.dataset {
            exchange = exchange ?? line.exchange
            dataset = dataset ?? named
        }
    }

    private mutating func add(_ endpoint: String, of exchange: Exchange, _ sentAt: Timestamp) {
        let known = known(exchange)
        firstAsked = firstAsked ?? sentAt
        if let named = known.past[endpoint] {
            dataset = dataset ?? named
            firstAskedOfPast = firstAskedOfPast.map { min($0, sentAt) } ?? sentAt
        } else if known.archives.contains(endpoint) {
            isOfArchives = true
        } else if !known.adapter.isList(endpoint) {
            hasOtherThanLists = true
        }
    }

    private mutating func known(
        _ exchange: Exchange
    ) -> (adapter: Adapter, past: [String: HistoryDataset], archives: Set<String>) {
        if let known = adapters[exchange] { return known }
        let adapter = Adapter.adapter(for: exchange)
        let past = Dictionary(adapter.history.map { ($0.id, $0.dataset) }) { first, _ in first }
        let known = (adapter, past, Set(adapter.archives.map(\.id)))
        adapters[exchange] = known
        return known
    }

    func identity(of path: String) throws(FormatError) -> RawIdentity {
        if isOfArchives { throw FormatError(path: path, reason: RawIdentity.namesArchives) }
        if let exchange, let dataset, let begunAt = firstAskedOfPast ?? firstAsked {
            return .past(HistoryFile(exchange, dataset, begunAt: begunAt))
        }
        // The earlier hour of two with as many lines: a stream's last line may stand at the end of its hour.
        if let exchange, let most = heard.min(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
            return .hour(exchange, most.key, .stream)
        }
        guard let exchange, let firstAsked else { throw FormatError(path: path, reason: "has no line of a raw file") }
        guard hasOtherThanLists || !isOnlyOfStream(exchange) else {
            throw FormatError(
                path: path, reason: "has only lists of instruments, which do not say its hour: give its path")
        }
        return .hour(exchange, Hour(containing: firstAsked), .live)
    }

    /// Whether a file that has only lists cannot be live: an essential answer would be missing.
    private func isOnlyOfStream(_ exchange: Exchange) -> Bool {
        let adapter = Adapter.adapter(for: exchange)
        return adapter.stream != nil && adapter.endpoints.contains { $0.isEssential && !adapter.isList($0.id) }
    }
}
