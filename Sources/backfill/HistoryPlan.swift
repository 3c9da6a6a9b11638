import ExchangeAdapters
import ExchangeRuns
import PerpCore

/// What a run would ask one exchange about one dataset, worked out without a call.
struct HistoryPlan: Codable {
    let exchange: String
    let dataset: String
    let from: String
    let to: String
    /// Contracts to ask about; without a list of instruments in the warehouse, an assumption.
    let contracts: Int
    let isAssumed: Bool
    let calls: Int
    /// How long the calls take under the exchange's limits.
    let minutes: Double

    enum CodingKeys: String, CodingKey {
        case exchange, dataset, from, to, contracts, calls, minutes
        case isAssumed = "contracts_assumed"
    }

    /// How many contracts an exchange is assumed to have while the warehouse knows none.
    private static let assumedContracts = 300
    /// The assumed round trip of a call in seconds.
    private static let roundTrip = 0.3

    /// The plan of a wish.
    ///
    /// - Parameter contracts: how many have not been answered for; `nil` when no list is known.
    init(
        _ wish: HistoryWish, of exchange: Exchange, contracts known: Int?, isPaced: Bool, ofArchives: Bool = false,
        now: Timestamp
    ) {
        let adapter = Adapter.adapter(for: exchange)
        let assumed = wish.assets.isEmpty ? Self.assumedContracts : wish.assets.count
        let count = known ?? assumed
        let hours = Int((wish.to.milliseconds - wish.from.milliseconds) / Hour.milliseconds)
        let costs =
            ofArchives
            ? adapter.archives.filter { $0.dataset == wish.dataset && count > 0 }.map {
                $0.cost(from: wish.from, to: wish.to, contracts: count, now: now)
            }
            : adapter.history.filter { $0.dataset == wish.dataset && count > 0 }.map {
                $0.cost(hours: hours, contracts: count)
            }
        let paced =
            Dictionary(grouping: costs, by: \.limit).map { limit, costs in
                adapter.seconds(forWeight: costs.reduce(0) { $0 + $1.weight }, of: limit)
            }.max() ?? 0
        calls = costs.reduce(0) { $0 + $1.calls }
        let busy = Double(calls) * Self.roundTrip / Double(ExchangeHourRun.callsAtATime)
        self.exchange = exchange.id
        dataset = wish.dataset.rawValue
        from = "\(Hour(containing: wish.from))"
        to = "\(Hour(containing: wish.to).previous)"
        contracts = count
        isAssumed = known == nil
        minutes = (max(busy, isPaced ? paced : 0) / 6).rounded() / 10
    }

    /// The plans as a text table, with the sum of each exchange's minutes: exchanges are asked side by side.
    static func table(_ plans: [HistoryPlan]) -> String {
        var rows = [["exchange", "dataset", "from", "to", "contracts", "calls", "minutes"]]
        for plan in plans {
            rows.append([
                plan.exchange, plan.dataset, plan.from, plan.to, "\(plan.contracts)" + (plan.isAssumed ? "?" : ""),
                "\(plan.calls)", "\(plan.minutes)",
            ])
        }
        let longest = Dictionary(grouping: plans, by: \.exchange).values.map { $0.reduce(0) { $0 + $1.minutes } }.max()
        rows.append([
            "all", "", "", "", "", "\(plans.reduce(0) { $0 + $1.calls })", "\(((longest ?? 0) * 10).rounded() / 10)",
        ])
        let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        let lines = rows.map { row in
            row.indices.map { index in
                let space = String(repeating: " ", count: widths[index] - row[index].count)
                return index < 4 ? row[index] + space : space + row[index]
            }.joined(separator: "  ")
        }
        let note = plans.contains(where: \.isAssumed) ? "\n?: no list of instruments is loaded yet: assumed" : ""
        return lines.joined(separator: "\n") + note
    }
}
