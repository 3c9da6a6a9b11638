import ExchangeAdapters
import ExchangeClient
import ExchangeRuns
import PerpCore

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The calls that an hour would make to an exchange, computed without making any.
struct PlanPreview: Codable {

    let exchange: Exchange
    let calls: Int
    let expectedSeconds: Double
    let limits: [PlannedLimit]
    let endpoints: [PlannedEndpoint]

    enum CodingKeys: String, CodingKey {
        case exchange, calls, limits, endpoints
        case expectedSeconds = "expected_seconds"
    }

    /// The assumed round trip of a call in seconds, for phases that the limits do not slow down.
    private static let roundTrip = 0.3

    init(_ adapter: Adapter, hour: Hour, focusAssets: [String], includesOptional: Bool, isPaced: Bool) {
        var plan = Plan(adapter: adapter, hour: hour, focusAssets: focusAssets, includesOptional: includesOptional)
        var known: [String: Int] = [:]
        while case let requests = plan.next(), !requests.isEmpty {
            for request in requests { known[request.endpoint, default: 0] += 1 }
        }
        let endpoints = adapter.endpoints.compactMap { endpoint -> PlannedEndpoint? in
            let calls = max(known[endpoint.id] ?? 0, endpoint.typicalCalls)
            guard calls > 0 else { return nil }
            return PlannedEndpoint(
                id: endpoint.id, phase: "\(endpoint.phase)", essential: endpoint.isEssential, calls: calls,
                weight: endpoint.weight * calls, budget: endpoint.limit)
        }
        exchange = adapter.exchange
        calls = endpoints.reduce(0) { $0 + $1.calls }
        expectedSeconds = Self.seconds(endpoints, adapter, isPaced: isPaced)
        limits = adapter.limits.map { limit in
            PlannedLimit(
                name: limit.name, weight: endpoints.filter { $0.budget == limit.name }.reduce(0) { $0 + $1.weight },
                limit: limit.limit, windowSeconds: limit.windowSeconds)
        }
        self.endpoints = endpoints
    }

    /// The expected duration in seconds: books all calls in the pacer's schedules, phase after phase.
    private static func seconds(_ endpoints: [PlannedEndpoint], _ adapter: Adapter, isPaced: Bool) -> Double {
        var now = Timestamp(milliseconds: 0)
        var schedules = Dictionary(uniqueKeysWithValues: adapter.limits.map { ($0.name, RateSchedule($0)) })
        for phase in Phase.allCases {
            let due = endpoints.filter { $0.phase == "\(phase)" }
            var last = now
            for endpoint in due {
                for _ in 0..<endpoint.calls where isPaced {
                    guard
                        let at = schedules[endpoint.budget]?.book(
                            weight: endpoint.weight / endpoint.calls, notBefore: now)
                    else { continue }
                    last = max(last, at)
                }
            }
            // Four calls at a time, as far as the limits allow.
            let busy = Double(due.reduce(0) { $0 + $1.calls }) * roundTrip / Double(ExchangeHourRun.callsAtATime)
            let paced = Double(last.milliseconds - now.milliseconds) / 1000 + (due.isEmpty ? 0 : roundTrip)
            now = now.advanced(byMilliseconds: Int64(max(busy, paced) * 1000))
        }
        return (Double(now.milliseconds) / 100).rounded() / 10
    }

    /// The previews as a text table.
    static func table(_ previews: [PlanPreview]) -> String {
        var rows = [["exchange", "calls", "seconds", "weight"]]
        for preview in previews {
            let weights = preview.limits.filter { $0.weight > 0 }.map {
                "\($0.name) \($0.weight) (\($0.limit) in \(trimmed($0.windowSeconds)) s)"
            }
            rows.append([
                preview.exchange.id, "\(preview.calls)", trimmed(preview.expectedSeconds),
                weights.joined(separator: ", "),
            ])
        }
        let total = previews.reduce(0) { $0 + $1.calls }
        let longest = previews.map(\.expectedSeconds).max() ?? 0
        rows.append(["all", "\(total)", trimmed(longest), "exchanges run side by side"])
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let name = row[0] + String(repeating: " ", count: widths[0] - row[0].count)
            let numbers = (1..<3).map { String(repeating: " ", count: widths[$0] - row[$0].count) + row[$0] }
            return ([name] + numbers + [row[3]]).joined(separator: "  ")
        }
        .joined(separator: "\n")
    }

    private static func trimmed(_ number: Double) -> String {
        number == number.rounded() ? "\(Int(number))" : "\(number)"
    }
}

struct PlannedLimit: Codable {
    let name: String
    /// The total weight of the hour's calls.
    let weight: Int
    /// The most weight per window.
    let limit: Int
    let windowSeconds: Double

    enum CodingKeys: String, CodingKey {
        case name, weight, limit
        case windowSeconds = "window_seconds"
    }
}

struct PlannedEndpoint: Codable {
    let id: String
    let phase: String
    let essential: Bool
    let calls: Int
    let weight: Int
    let budget: String
}
