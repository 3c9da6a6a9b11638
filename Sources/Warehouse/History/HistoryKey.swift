import PerpCore

/// What names a file of the past: an exchange, a dataset, and when the run that made it began.
public struct HistoryKey: Hashable, Sendable, Comparable {
    /// The exchange that was asked.
    public let exchange: Exchange
    /// What it was asked for.
    public let dataset: HistoryDataset
    /// When the run began, as the file's name says: `2026-11-28T173300Z`.
    public let stamp: String

    /// Names a file.
    public init(_ exchange: Exchange, _ dataset: HistoryDataset, stamp: String) {
        self.exchange = exchange
        self.dataset = dataset
        self.stamp = stamp
    }

    /// By exchange, then dataset, then time.
    public static func < (left: HistoryKey, right: HistoryKey) -> Bool {
        (left.exchange, left.dataset, left.stamp) < (right.exchange, right.dataset, right.stamp)
    }
}

extension HistoryDataset: FieldConvertible {}

/// A file of the past that is loaded.
public struct LoadedHistory: Hashable, Sendable {
    /// The file.
    public let key: HistoryKey
    /// The hashes of its raw and its staged bytes, and the rules between them.
    public let raw: LoadedRaw
    /// When its facts were known: the time of its last answer.
    public let learnt: Timestamp
    /// The number of facts that it states, also those that another file states first.
    public let records: Int
    /// Whether facts of the file are missing, because a file that stated them first was replaced or removed: it is to be
    /// loaded again.
    public let isIncomplete: Bool
}
