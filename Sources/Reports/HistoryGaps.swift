import PerpCore

/// What the exchanges can still tell of hours that nobody recorded, and what is gone for good.
public struct HistoryGaps: Hashable, Sendable, Codable {
    /// Hours of an exchange, as one dataset of its history can close them.
    public struct Hole: Hashable, Sendable, Codable {
        var exchange: Exchange
        /// `candles`, `funding`, and so on.
        var dataset: String
        var from: Hour
        /// Included.
        var to: Hour
        /// Until when the first of the hours can be asked for, ISO 8601; `nil` when it is never lost.
        var recoverableUntil: String?
        /// Whether the first of the hours can no longer be asked for.
        var isLost: Bool
        /// Whether the exchange never tells of the dataset after the hour.
        var isNeverTold: Bool
        /// Contracts for which the exchange has answered for all of the hours.
        var answeredContracts: Int
        /// Contracts that it lists; 0 where no list is loaded.
        var contracts: Int
        /// Whether nearly all contracts are answered.
        var isClosed: Bool

        /// Takes a hole, for how many contracts it has been answered, and how many there are.
        public init(_ hole: HistoryHole, answered: Int, of contracts: Int, isClosed: Bool, at now: Timestamp) {
            self.isClosed = isClosed
            exchange = hole.exchange
            dataset = hole.dataset.rawValue
            from = hole.hours.lowerBound
            to = hole.hours.upperBound
            recoverableUntil = hole.recoverableUntil.map { "\($0)" }
            isLost = hole.isLost(at: now)
            isNeverTold = hole.exchange.historyDepth(hole.dataset) == .none
            answeredContracts = answered
            self.contracts = contracts
        }

    }

    /// By dataset, then by exchange, then by hour.
    var holes: [Hole]

    /// Takes all holes of the report's hours.
    public init(_ holes: [Hole]) { self.holes = holes }

    /// The holes that can still be closed.
    var open: [Hole] { holes.filter { !$0.isLost && !$0.isClosed } }

    /// A section of text; blank when no hour is missing.
    var text: String {
        guard !holes.isEmpty else { return "" }
        return section("\nWhat make backfill can still ask for", open, Self.openLine)
            + section("\nGone for good", holes.filter { $0.isLost && !$0.isClosed }, Self.lostLine)
            + section("\nClosed by history", holes.filter(\.isClosed), Self.closedLine)
    }

    private func section(_ head: String, _ holes: [Hole], _ line: (Hole) -> String) -> String {
        guard !holes.isEmpty else { return "" }
        var lines: [(text: String, exchanges: [Exchange])] = []
        for hole in holes {
            let text = line(hole)
            if let place = lines.firstIndex(where: { $0.text == text }) {
                if !lines[place].exchanges.contains(hole.exchange) { lines[place].exchanges.append(hole.exchange) }
            } else {
                lines.append((text, [hole.exchange]))
            }
        }
        return "\(head)\n"
            + lines.map { "   • \($0.text): \($0.exchanges.map(\.displayName).joined(separator: ", "))\n" }.joined()
    }

    private static func openLine(_ hole: Hole) -> String {
        let until = hole.recoverableUntil.map { "until \($0.prefix(16).replacing("T", with: " "))" } ?? "at any time"
        let part =
            hole.answeredContracts > 0 ? ", answered for \(hole.answeredContracts) of \(hole.contracts) contracts" : ""
        return "\(hole.dataset)  \(hours(hole))  \(until)\(part)"
    }

    private static func lostLine(_ hole: Hole) -> String {
        "\(hole.dataset)  \(hours(hole))  " + (hole.isNeverTold ? "never told afterwards" : "asked for too late")
    }

    private static func closedLine(_ hole: Hole) -> String { "\(hole.dataset)  \(hours(hole))" }

    private static func hours(_ hole: Hole) -> String { Statistics.MissingHours(from: hole.from, to: hole.to).text }
}
