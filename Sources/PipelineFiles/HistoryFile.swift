import PerpCore

/// A file with what an exchange told of the past in one run: `history/okx/candles/2026-11-28T173300Z.ndjson.gz` below each
/// stage; or one that names archives which the exchange publishes, in the folder `archive` beside it, where in `raw/` the
/// archives are too.
public struct HistoryFile: Hashable, Sendable, Comparable {
    /// The exchange that was asked.
    public let exchange: Exchange
    /// What it was asked for.
    public let dataset: HistoryDataset
    /// `history`, or `archive` for the record of archives.
    public let feed: Feed
    /// When the first line was asked for, as in `2026-11-28T173300Z`: names sort by time.
    public let stamp: String

    /// The file of a run that began at `time`, to the second.
    ///
    /// - Parameter feed: `history` or `archive`.
    public init(_ exchange: Exchange, _ dataset: HistoryDataset, _ feed: Feed = .history, begunAt time: Timestamp) {
        self.init(exchange, dataset, feed, stamp: Self.stamp(time))
    }

    private init(_ exchange: Exchange, _ dataset: HistoryDataset, _ feed: Feed, stamp: String) {
        self.exchange = exchange
        self.dataset = dataset
        self.feed = feed
        self.stamp = stamp
    }

    private static func stamp(_ time: Timestamp) -> String {
        "\(time.description.prefix(19).filter { $0 != ":" })Z"
    }

    /// The file that a path of any stage names; `nil` when it names no file of the past.
    public init?(_ path: String) {
        var parts = path.split(separator: "/")
        let isOfArchives = parts.count >= 2 && parts[parts.count - 2] == Self.archiveFolder
        if isOfArchives { parts.remove(at: parts.count - 2) }
        guard parts.count >= 4, parts[parts.count - 4] == Self.folder,
            let exchange = Exchange(rawValue: String(parts[parts.count - 3])),
            let dataset = HistoryDataset(rawValue: String(parts[parts.count - 2])),
            let stamp = parts.last.flatMap(Self.stamp(ofFile:))
        else { return nil }
        self.init(exchange, dataset, isOfArchives ? .archive : .history, stamp: stamp)
    }

    /// The folder of all files of the past, below `raw/` and `staged/`.
    static let folder = "history"
    /// The folder of archives, and of the records that name them, below that of a dataset.
    static let archiveFolder = "archive"
    private static let suffix = ".ndjson.gz"

    private static func stamp(ofFile name: Substring) -> String? {
        guard name.hasSuffix(suffix) else { return nil }
        let stamp = name.dropLast(suffix.utf8.count)
        return begin(of: stamp) == nil ? nil : String(stamp)
    }

    /// The instant that a stamp names; `nil` when it is none.
    private static func begin(of stamp: Substring) -> Timestamp? {
        guard stamp.utf8.count == 18, stamp.hasSuffix("Z") else { return nil }
        let clock = stamp.dropFirst(11).dropLast()
        guard clock.utf8.count == 6 else { return nil }
        return Timestamp(
            iso8601: "\(stamp.prefix(11))\(clock.prefix(2)):\(clock.dropFirst(2).prefix(2)):\(clock.suffix(2))Z")
    }

    /// When the run asked its first question, to the second.
    public var begunAt: Timestamp { Self.begin(of: stamp[...])! }  // a stamp is checked when the file is named

    /// The path below a stage's folder.
    public var path: String {
        let place = "\(Self.folder)/\(exchange.id)/\(dataset.rawValue)"
        return "\(place)\(feed == .archive ? "/\(Self.archiveFolder)" : "")/\(stamp)\(Self.suffix)"
    }

    /// By exchange, then dataset, then time, then feed.
    public static func < (left: HistoryFile, right: HistoryFile) -> Bool {
        (left.exchange, left.dataset, left.stamp, left.feed) < (right.exchange, right.dataset, right.stamp, right.feed)
    }
}

extension ArchivePaths {
    /// The raw file of a run that asked for the past.
    public func rawFile(_ file: HistoryFile) -> String { "\(raw)/\(file.path)" }

    /// The staged file of a run that asked for the past.
    public func stagedFile(_ file: HistoryFile) -> String { "\(staged)/\(file.path)" }

    /// The raw files of the past, sorted.
    /// - Throws: `FileError` when a folder cannot be listed.
    public func rawHistory() throws -> [HistoryFile] { try Self.history(below: raw) }

    /// The staged files of the past, sorted.
    /// - Throws: `FileError` when a folder cannot be listed.
    public func stagedHistory() throws -> [HistoryFile] { try Self.history(below: staged) }

    private static func history(below root: String) throws -> [HistoryFile] {
        let top = "\(root)/\(HistoryFile.folder)"
        return try FileSystem.names(in: top).flatMap { exchange in
            try FileSystem.names(in: "\(top)/\(exchange)").flatMap { dataset in
                let place = "\(top)/\(exchange)/\(dataset)"
                return try [place, "\(place)/\(HistoryFile.archiveFolder)"].flatMap { folder in
                    try FileSystem.names(in: folder).compactMap { HistoryFile("\(folder)/\($0)") }
                }
            }
        }.sorted()
    }

    /// A file of the past that does not exist yet: that of `now`, or of the next second that has none of any feed.
    public func newHistoryFile(
        _ exchange: Exchange, _ dataset: HistoryDataset, _ feed: Feed = .history, at now: Timestamp
    ) -> HistoryFile {
        var time = now
        while true {
            let isTaken = [Feed.history, .archive].contains { other in
                FileSystem.exists(rawFile(HistoryFile(exchange, dataset, other, begunAt: time)))
            }
            if !isTaken { return HistoryFile(exchange, dataset, feed, begunAt: time) }
            time = time.advanced(byMilliseconds: 1000)
        }
    }
}
