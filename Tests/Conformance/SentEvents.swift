import Foundation
import PerpCore

/// Checks that settlements, ratios, liquidations and spot prices follow from the rows of the body.
struct SentEventCheck {
    private(set) var compared = 0
    private(set) var problems: [String] = []

    init(_ rows: [[String: Any]], exchange: Exchange, endpoint: String, staged: StagedLines) {
        guard case .events(let record, _) = RowMeaning(exchange, endpoint) else { return }
        let refused = Set(
            staged.all("rejection").filter { $0.text("endpoint") == endpoint }.compactMap { $0["row"] as? Int })
        var sent: [(row: Int, event: SentEvent)] = []
        for (index, row) in rows.enumerated() where !refused.contains(index) {
            if exchange == .gate, GateStep.closedNothing(row) { continue }
            if let event = SentEvent(row, exchange, record) {
                sent.append((index, event))
            } else if SentEvent.isEveryRowRead(exchange, record) {
                problems.append("row \(index) is no \(record) that can be read, and no rejection")
            }
        }
        // The newest closed bucket of a list is staged, and all recorded buckets are closed.
        if record == "long_short", let newest = sent.compactMap({ $0.event.numbers["observed_at_ms"] }).max() {
            sent.removeAll { $0.event.numbers["observed_at_ms"] != newest }
        }
        var left = staged.all(record)
        for (row, event) in sent {
            compared += event.numbers.count + event.words.count
            if let fit = left.firstIndex(where: event.fits) {
                left.remove(at: fit)
            } else {
                problems.append("row \(row) is no \(record) with \(event)")
            }
        }
        if record == "long_short", !sent.isEmpty, !left.isEmpty {
            problems.append("\(left.count) buckets are staged besides the newest closed one")
        }
    }
}

/// One step of closing a position on Gate, which repeats the whole position at each step.
enum GateStep {
    /// `nil` when the row is not such a step.
    static func contracts(_ row: [String: Any]) -> Double? {
        guard let size = row.number("size"), size != 0, let left = row.number("left") else { return nil }
        return row.number("order_size").map { abs($0) - abs(left) } ?? abs(size - left)
    }

    static func closedNothing(_ row: [String: Any]) -> Bool { contracts(row).map { $0 <= 0 } ?? false }
}

/// The figures of one row, under our names.
private struct SentEvent: CustomStringConvertible {
    var numbers: [String: Double] = [:]
    var words: [String: String] = [:]

    /// `nil` when the row has no such figures, or this file has no mapping for its endpoint.
    init?(_ row: [String: Any], _ exchange: Exchange, _ record: String) {
        switch record {
        case "funding_settlement":
            guard let numbers = exchange == .grvt ? Self.grvtSettlement(row) : Self.settlement(row) else { return nil }
            self.numbers = numbers
        case "long_short":
            guard let numbers = Self.ratio(row, exchange) else { return nil }
            self.numbers = numbers
        case "spot_ticker":
            guard let last = row.number("last") else { return nil }
            numbers = ["last_price": last]
        case "liquidation":
            guard let event = Self.liquidation(row, exchange) else { return nil }
            self = event
        default: return nil
        }
    }

    private init(numbers: [String: Double], words: [String: String]) {
        self.numbers = numbers
        self.words = words
    }

    /// Whether a row that is not rejected must have its figures.
    static func isEveryRowRead(_ exchange: Exchange, _ record: String) -> Bool {
        record == "liquidation" && (exchange == .okx || exchange == .gate)
    }

    func fits(_ line: [String: Any]) -> Bool {
        numbers.allSatisfy { key, value in line.number(key).map { ValueCheck.agree($0, value) } ?? false }
            && words.allSatisfy { key, value in line.text(key) == value }
    }

    var description: String {
        let all = numbers.map { "\($0.key) \($0.value)" } + words.map { "\($0.key) \($0.value)" }
        return all.sorted().joined(separator: ", ")
    }

    // MARK: - Records

    private static func settlement(_ row: [String: Any]) -> [String: Double]? {
        if let paid = row.number("rate"), let direction = row.text("direction"), let seconds = row.number("timestamp") {
            // Percent, and who paid.
            return ["funding_rate": (direction == "long" ? paid : -paid) / 100, "settled_at_ms": seconds * 1000]
        }
        let rates = ["realizedRate", "fundingRate", "funding_rate", "rate", "r", "f", "interest_1h"]
        guard let rate = rates.lazy.compactMap(row.number).first, let milliseconds = settlementTime(row) else { return nil }
        // Settlements are stamped a little late: only the minute is compared.
        return ["funding_rate": rate, "settled_at_ms": (milliseconds / 60_000).rounded(.down) * 60_000]
    }

    private static func settlementTime(_ row: [String: Any]) -> Double? {
        let names = ["fundingTime", "fundingRateTimestamp", "funding_time", "settleTime", "time", "timestamp", "T"]
        if let time = names.lazy.compactMap(row.number).first { return time }
        if let seconds = row.number("t") { return seconds * 1000 }
        let text = row.text("effectiveAt") ?? row.text("intervalEndTimestamp").map { $0 + ".000Z" }
        return text.flatMap(milliseconds)
    }

    /// GRVT states rates in percent and times in nanoseconds.
    private static func grvtSettlement(_ row: [String: Any]) -> [String: Double]? {
        guard let rate = row.number("funding_rate"), let time = row.number("funding_time") else { return nil }
        return ["funding_rate": rate / 100, "settled_at_ms": (time / 60e9).rounded(.down) * 60_000]
    }

    private static func ratio(_ row: [String: Any], _ exchange: Exchange) -> [String: Double]? {
        if exchange == .okx {
            guard let list = row["row"] as? [String], let time = Double(list[0]), let first = Double(list[1]) else {
                return nil
            }
            // `[time, sells, buys]` or `[time, ratio]`.
            let buys = list.count > 2 ? Double(list[2]) ?? 0 : first
            let long = list.count > 2 ? buys / (first + buys) : first / (1 + first)
            return ["observed_at_ms": time, "long_fraction": long, "short_fraction": 1 - long]
        }
        let long = row.number("longAccount") ?? row.number("buyRatio") ?? row.number("buy_ratio")
        let short = row.number("shortAccount") ?? row.number("sellRatio") ?? row.number("sell_ratio")
        guard let time = row.number("timestamp") ?? row.number("ts") else { return nil }
        if let long, let short { return ["observed_at_ms": time, "long_fraction": long, "short_fraction": short] }
        guard let buys = row.number("buyVol"), let sells = row.number("sellVol") else { return nil }
        let all = buys + sells
        return ["observed_at_ms": time, "long_fraction": buys / all, "short_fraction": sells / all]
    }

    /// The size of a liquidation in coins and dollars, by the contract size in the companion response.
    private static func liquidation(_ row: [String: Any], _ exchange: Exchange) -> SentEvent? {
        switch exchange {
        case .okx:
            guard let symbol = row.text("instId"), let price = positive(row, "bkPx"),
                let contracts = positive(row, "sz"), let time = positive(row, "ts")
            else { return nil }
            // In net mode the side of the order decides: a sell order closed a long.
            let side: String
            switch (row.text("posSide") ?? "net", row.text("side") ?? "") {
            case ("long", _), ("net", "sell"): side = "long"
            case ("short", _), ("net", "buy"): side = "short"
            default: return nil
            }
            return liquidation(symbol, side, price, contracts, time, exchange)
        case .gate:
            guard let symbol = row.text("contract"), let size = row.number("size"), size != 0,
                let price = positive(row, "fill_price"), let contracts = GateStep.contracts(row),
                let time = row.number("time_ms") ?? row.number("time").map({ $0 * 1000 })
            else { return nil }
            return liquidation(symbol, size > 0 ? "long" : "short", price, contracts, time, exchange)
        case .htx:
            guard let symbol = row.text("contract_code"), let price = positive(row, "price"),
                let coins = positive(row, "amount"), let time = positive(row, "created_at")
            else { return nil }
            return SentEvent(
                numbers: ["price": price, "quantity_base": coins, "value_usd": coins * price, "occurred_at_ms": time],
                words: ["symbol": symbol, "side": row.text("direction") == "sell" ? "long" : "short"])
        default: return nil
        }
    }

    private static func liquidation(
        _ symbol: String, _ side: String, _ price: Double, _ contracts: Double, _ time: Double, _ exchange: Exchange
    ) -> SentEvent? {
        guard let listed = Listed(symbol, on: exchange), let size = Double(listed.contractSize) else { return nil }
        let coins = listed.isInverse ? contracts * size / price : contracts * size
        var numbers = [
            "price": price, "quantity_contracts": contracts, "quantity_base": coins, "occurred_at_ms": time,
        ]
        if ["USD", "USDT", "USDC"].contains(listed.quote) {
            numbers["value_usd"] = listed.isInverse ? contracts * size : contracts * size * price
        }
        return SentEvent(numbers: numbers, words: ["symbol": symbol, "side": side])
    }

    private static func positive(_ row: [String: Any], _ key: String) -> Double? {
        row.number(key).flatMap { $0 > 0 ? $0 : nil }
    }

    private static func milliseconds(_ text: String) -> Double? {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return formatter.date(from: text).map { ($0.timeIntervalSince1970 * 1000).rounded() }
    }
}
