import Foundation
import PerpCore

/// Whether settlements, ratios and spot prices follow from the rows of the body.
struct SentEventCheck {
    private(set) var compared = 0
    private(set) var problems: [String] = []

    init(_ rows: [[String: Any]], exchange: Exchange, endpoint: String, staged: StagedLines) {
        guard case .events(let record, _) = RowMeaning(exchange, endpoint) else { return }
        var left = staged.all(record)
        for (place, row) in rows.enumerated() {
            let isRefused = staged.all("rejection").contains {
                $0.text("endpoint") == endpoint && $0["row"] as? Int == place
            }
            guard !isRefused, let values = Self.values(of: row, exchange, record) else { continue }
            let fit = left.firstIndex { found in
                values.allSatisfy { key, value in found.number(key).map { ValueCheck.agree($0, value) } ?? false }
            }
            compared += values.count
            if let fit {
                left.remove(at: fit)
            } else {
                problems.append("row \(place) is no \(record) with \(values.sorted { $0.key < $1.key })")
            }
        }
    }

    /// The figures of a row in our names; `nil` where no table is written here.
    private static func values(of row: [String: Any], _ exchange: Exchange, _ record: String) -> [String: Double]? {
        switch record {
        case "funding_settlement": settlement(row, exchange)
        case "long_short": ratio(row, exchange)
        case "spot_ticker": row.number("last").map { ["last_price": $0] }
        default: nil
        }
    }

    private static func settlement(_ row: [String: Any], _ exchange: Exchange) -> [String: Double]? {
        let rate = row.number("realizedRate") ?? row.number("fundingRate") ?? row.number("rate") ?? row.number("r")
        let milliseconds =
            row.number("fundingTime") ?? row.number("fundingRateTimestamp") ?? row.number("time")
            ?? row.number("t").map { $0 * 1000 } ?? row.text("effectiveAt").flatMap(milliseconds)
        guard let rate, let milliseconds else { return nil }
        // Venues stamp a settlement a little late: the minute counts.
        return ["funding_rate": rate, "settled_at_ms": (milliseconds / 60_000).rounded(.down) * 60_000]
    }

    private static func ratio(_ row: [String: Any], _ exchange: Exchange) -> [String: Double]? {
        if exchange == .okx {
            guard let list = row["row"] as? [String], let time = Double(list[0]), let first = Double(list[1]) else {
                return nil
            }
            // `[time, sells, buys]`, or `[time, ratio]`.
            let buys = list.count > 2 ? Double(list[2]) ?? 0 : first
            let long = list.count > 2 ? buys / (first + buys) : first / (1 + first)
            return ["observed_at_ms": time, "long_fraction": long, "short_fraction": 1 - long]
        }
        let long = row.number("longAccount") ?? row.number("buyRatio")
        let short = row.number("shortAccount") ?? row.number("sellRatio")
        guard let time = row.number("timestamp") else { return nil }
        if let long, let short { return ["observed_at_ms": time, "long_fraction": long, "short_fraction": short] }
        guard let buys = row.number("buyVol"), let sells = row.number("sellVol") else { return nil }
        return ["observed_at_ms": time, "long_fraction": buys / (buys + sells), "short_fraction": sells / (buys + sells)]
    }

    private static func milliseconds(_ text: String) -> Double? {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        return formatter.date(from: text).map { ($0.timeIntervalSince1970 * 1000).rounded() }
    }
}
