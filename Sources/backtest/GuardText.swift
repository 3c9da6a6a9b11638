import Backtesting
import PerpCore

/// What the guard against looking ahead found, in words.
struct GuardText {
    /// Lines that are listed of each kind.
    static let listed = 20

    let runID: String
    let cuts: [Hour]
    let replayed: [ReplayGuard.LookAhead]
    let simulated: [Backtest.LookAhead]

    /// Whether nothing looks ahead.
    var isClean: Bool { replayed.isEmpty && simulated.isEmpty }

    var text: String {
        let head =
            "Run \(runID): the future was removed, and then poisoned, after \(Numbers.counted(cuts.count, "hour")).\n"
        if isClean { return head + "No decision and no trade before them changed.\n" }
        let decisions = replayed.map {
            "\($0.hour): decisions depend on what came after \($0.after) (\($0.change.rawValue))"
        }
        let rows = simulated.map { "\($0.row): depends on what came after \($0.after) (\($0.change.rawValue))" }
        return head
            + "\(Numbers.counted(replayed.count, "hour")) with other decisions, "
            + "\(Numbers.counted(simulated.count, "row")) of events and trades changed: something looks ahead.\n"
            + Self.list(decisions) + Self.list(rows)
    }

    private static func list(_ lines: [String]) -> String {
        let more = lines.count - listed
        return lines.prefix(listed).map { "   \($0)\n" }.joined() + (more > 0 ? "   and \(more) more\n" : "")
    }
}
