/// A span of the past for which an exchange answered whole: what is not among its facts did not happen.
public struct HistorySpan: Hashable, Sendable {
    /// The contract in the exchange's own spelling; empty when the answers were about all contracts.
    public var symbol: String
    /// The first instant of the span.
    public var from: Timestamp
    /// The instant after its last one.
    public var to: Timestamp

    /// The span `from..<to` of a contract.
    public init(symbol: String, from: Timestamp, to: Timestamp) {
        self.symbol = symbol
        self.from = from
        self.to = to
    }
}

extension HistorySpan: FieldRecord {
    /// A record without values, which reading fills.
    public static let unread = HistorySpan(
        symbol: "", from: Timestamp(milliseconds: 0), to: Timestamp(milliseconds: 0))

    /// The fields of the record `span`, in the order of staged lines.
    public static let fields: [Field<HistorySpan>] = [
        Field("symbol", \.symbol, unit: "the exchange's own spelling; blank: all contracts"),
        Field("from_ms", \.from, unit: "UTC milliseconds"),
        Field("to_ms", \.to, unit: "UTC milliseconds, excluded"),
    ]
}

extension HistorySpan {
    /// The spans by symbol and time, those of a symbol that touch or overlap joined to one.
    public static func joined(_ spans: [HistorySpan]) -> [HistorySpan] {
        var joined: [HistorySpan] = []
        for span in spans.sorted(by: { ($0.symbol, $0.from, $0.to) < ($1.symbol, $1.from, $1.to) }) {
            if let last = joined.last, last.symbol == span.symbol, last.to >= span.from {
                joined[joined.count - 1].to = max(last.to, span.to)
            } else {
                joined.append(span)
            }
        }
        return joined
    }

    /// The parts of the span, in order, that none of `others` covers.
    public func without(_ others: [HistorySpan]) -> [HistorySpan] {
        var parts: [HistorySpan] = []
        var start = from
        for other in others.sorted(by: { $0.from < $1.from }) where other.to > start && other.from < to {
            if other.from > start { parts.append(HistorySpan(symbol: symbol, from: start, to: other.from)) }
            start = max(start, other.to)
        }
        if start < to { parts.append(HistorySpan(symbol: symbol, from: start, to: to)) }
        return parts
    }
}
