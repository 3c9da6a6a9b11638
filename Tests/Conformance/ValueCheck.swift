import Foundation
import PerpCore

/// Checks that staged values agree with those that another library derives from the same body.
///
/// Every field of every expected row is compared, or excluded by a named rule.
struct ValueCheck {
    static let tolerance = 1e-9

    private(set) var compared = 0
    /// How many fields are excluded, by the rule that excludes them.
    private(set) var leftOut: [String: Int] = [:]
    private(set) var problems: [String] = []

    /// - Parameter sent: the body's rows.
    init(
        _ expected: [[String: Any]], of sent: [[String: Any]], exchange: Exchange, endpoint: String, staged: StagedLines
    ) {
        let instruments = staged.bySymbol("instrument")
        let tickers = staged.bySymbol("ticker")
        let isRefused = Set(
            staged.all("rejection").filter { $0.text("endpoint") == endpoint }.compactMap { $0.text("symbol") })
        let meaning = RowMeaning(exchange, endpoint)
        // The instruments next to recorded tickers are ours, so they say nothing about the recording.
        let describes = if case .ticker = meaning { false } else { true }
        let sentBySymbol = Dictionary(
            sent.map { row in (meaning?.symbolKey.flatMap(row.text) ?? "", row) }, uniquingKeysWith: { first, _ in first })
        for (index, row) in expected.enumerated() {
            let symbol = row.text("market_id")
            let fields = row.keys.sorted().filter { $0 != "market_id" }
            if case .events(let record, _) = meaning {
                guard let event = Self.event(staged.all(record), row) else {
                    if record == "long_short", Self.isOlder(row, than: staged.all(record)) {
                        leftOut[RowCheck.olderBucket, default: 0] += fields.count
                        continue
                    }
                    leaveOutOrMiss(fields.count, index, staged, exchange, endpoint)
                    continue
                }
                for field in fields { settle(field, row, EventValues(event: event, expected: row).value(field)) }
                continue
            }
            if let symbol, case .ticker = meaning, staged.unlisted(endpoint) > 0, instruments[symbol] == nil {
                leftOut[RowCheck.unlistedSymbol, default: 0] += fields.count
                continue
            }
            guard let symbol, !isRefused.contains(symbol) || tickers[symbol] != nil else {
                leftOut["the row was rejected", default: 0] += fields.count
                continue
            }
            let values = MarketValues(
                exchange: exchange, endpoint: endpoint, symbol: symbol, sent: sentBySymbol[symbol] ?? [:],
                instrument: describes ? instruments[symbol] : nil, ticker: tickers[symbol])
            for field in fields { settle(field, row, values.value(field, of: row)) }
        }
    }

    /// Whether a bucket ended before the staged one.
    private static func isOlder(_ row: [String: Any], than records: [[String: Any]]) -> Bool {
        guard let time = row.number("timestamp") else { return false }
        return records.contains { ($0.number("observed_at_ms") ?? 0) > time }
    }

    /// The record with the time of the expected row, and with its symbol when it states one.
    private static func event(_ records: [[String: Any]], _ row: [String: Any]) -> [String: Any]? {
        records.first { record in
            let time = record.number("observed_at_ms") ?? record.number("occurred_at_ms") ?? record.number("settled_at_ms")
            return time == row.number("timestamp") && (row.text("market_id") ?? record.text("symbol")) == record.text("symbol")
        }
    }

    private mutating func leaveOutOrMiss(
        _ count: Int, _ index: Int, _ staged: StagedLines, _ exchange: Exchange, _ endpoint: String
    ) {
        if exchange == .gate, endpoint == "contract_stats" {
            leftOut["a bucket of another time than was asked", default: 0] += count
        } else if staged.all("rejection").contains(where: {
            $0.text("endpoint") == endpoint && $0["row"] as? Int == index
        }) {
            leftOut["the row was rejected", default: 0] += count
        } else {
            problems.append("expected row \(index) is no record")
        }
    }

    private mutating func settle(_ field: String, _ row: [String: Any], _ value: Comparison) {
        let name = "\(row.text("market_id") ?? "?") \(field)"
        if case .leftOut(let rule) = value {
            leftOut[rule, default: 0] += 1
            return
        }
        // JSON null: the library derives no value.
        guard let expected = row[field], !(expected is NSNull) else {
            leftOut["the library gives no value", default: 0] += 1
            return
        }
        switch value {
        case .leftOut: break
        case .none(let rule): leftOut[rule, default: 0] += 1
        case .number(let ours, let theirs):
            compared += 1
            guard let ours, let theirs = theirs ?? row.number(field) else {
                problems.append("\(name): ours is unknown, expected \(expected)")
                return
            }
            if !Self.agree(ours, theirs) { problems.append("\(name): ours is \(ours), expected \(theirs)") }
        case .text(let ours):
            compared += 1
            if ours != "\(expected)" { problems.append("\(name): ours is \(ours ?? "unknown"), expected \(expected)") }
        case .bool(let ours):
            compared += 1
            if ours != (expected as? Bool) { problems.append("\(name): ours is \(ours), expected \(expected)") }
        }
    }

    static func agree(_ left: Double, _ right: Double) -> Bool {
        abs(left - right) <= tolerance * max(abs(left), abs(right))
    }
}

/// Our value for one expected field.
enum Comparison {
    /// Compared with the field, or with another one where the library's name differs.
    case number(Double?, against: Double? = nil)
    case text(String?)
    case bool(Bool)
    /// Excluded, whatever the library states.
    case leftOut(String)
    /// Excluded because we correctly have no value where the library has a figure that stands for none.
    case none(String)
}

/// The values of a ratio, a liquidation or a settlement.
private struct EventValues {
    let event: [String: Any]
    let expected: [String: Any]

    func value(_ field: String) -> Comparison {
        switch field {
        case "timestamp": .number(event.number("observed_at_ms") ?? event.number("occurred_at_ms"))
        case "longShortRatio":
            .number(event.number("ratio") ?? quotient(event.number("long_fraction"), event.number("short_fraction")))
        case "price": .number(event.number("price"))
        case "contracts":
            .number(
                quotient(event.number("quantity_base"), expected.number("contractSize"))
                    ?? event.number("quantity_contracts"))
        // `exchanges/gate.md`: a size above zero is a long position; the library takes it for the side of the order.
        case "side": .leftOut("side of a liquidation: the library's reading is the other one")
        case "contractSize": .leftOut("the contract size stands in the instruments response, not in this file")
        case "symbol": .leftOut("the library's own spelling of the symbol")
        default: .leftOut("no staged field: \(field)")
        }
    }

    private func quotient(_ left: Double?, _ right: Double?) -> Double? {
        guard let left, let right, right != 0 else { return nil }
        return left / right
    }
}
