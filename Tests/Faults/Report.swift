import Foundation

/// The result of one fault.
struct FaultResult {
    let fault: String
    var message = ""
    /// The exit status of the program; `nil` when the fault could not be created here.
    var status: Int32?
    var preserved = ""
    var problems: [String] = []
}

/// The results of all kills and faults, as text or JSON.
struct FaultsReport {
    let kills: [KillResult]
    let faults: [FaultResult]

    private var problems: [[String]] { kills.map(\.problems) + faults.map(\.problems) }
    var failed: Int { problems.count { !$0.isEmpty } }
    private var skipped: Int { faults.count { $0.status == nil } }
    private var passed: Int { problems.count - failed - skipped }

    var text: String {
        var lines: [String] = []
        if !kills.isEmpty {
            lines += ["| killed with SIGKILL | kills | equal after the next run | caught midway | a run takes | compared |"]
            lines += ["| --- | --- | --- | --- | --- | --- |"]
            lines += kills.map {
                "| \($0.name) | \($0.kills) | \($0.equal) | \($0.midway) | \(Int($0.seconds * 1000)) ms | \($0.compared) |"
            }
            let all = kills.reduce(0) { $0 + $1.kills }
            lines += ["", "\(all) kills, \(kills.reduce(0) { $0 + $1.equal }) equal", ""]
        }
        if !faults.isEmpty {
            lines += ["| fault | message | status | preserved |", "| --- | --- | --- | --- |"]
            lines += faults.map { fault in
                let cells = [fault.fault, Self.quoted(fault.message), fault.status.map(String.init) ?? "skipped", fault.preserved]
                return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
            }
            lines.append("")
        }
        for (name, problems) in kills.map({ ($0.name, $0.problems) }) + faults.map({ ($0.fault, $0.problems) }) {
            lines += problems.prefix(5).map { "FAILED \(name): \($0)" }
        }
        if skipped > 0 { lines.append("\(skipped) skipped") }
        return (lines + ["\(passed) passed, \(failed) failed"]).joined(separator: "\n")
    }

    /// The message of a program, escaped so that Markdown shows it as it is.
    private static func quoted(_ message: String) -> String {
        message.contains(": ") ? "`\(message)`" : message
    }

    func json() throws -> String {
        let kills = kills.map { kill -> [String: Any] in
            [
                "program": kill.name, "kills": kill.kills, "equal": kill.equal, "midway": kill.midway,
                "seconds": kill.seconds, "compared": kill.compared, "problems": kill.problems,
            ]
        }
        let faults = faults.map { fault -> [String: Any] in
            var object: [String: Any] = [
                "fault": fault.fault, "message": fault.message, "preserved": fault.preserved,
                "problems": fault.problems,
            ]
            if let status = fault.status { object["status"] = Int(status) }
            return object
        }
        let report: [String: Any] = ["kills": kills, "faults": faults, "passed": passed, "failed": failed]
        let data = try JSONSerialization.data(
            withJSONObject: report, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }
}
