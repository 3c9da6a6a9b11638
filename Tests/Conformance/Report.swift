import Foundation
import PerpCore

/// The findings of the checks of one recording.
struct RecordingResult {
    let file: String
    let exchange: Exchange
    let endpoint: String
    /// How the error body was served.
    var note = ""
    var rows = 0
    var records = 0
    var rejections = 0
    /// How many values were compared with the library's; `nil` when the library has none.
    var compared: Int?
    /// How many values were compared with the body, by the mapping tables of `docs/exchanges`.
    var derived = 0
    /// How many fields and rows are not compared, by the rule that excludes them.
    var leftOut: [String: Int] = [:]
    /// The reasons of rejected rows.
    var reasons: [String: Int] = [:]
    private(set) var checks: [(name: String, problems: [String])] = []

    init(_ recording: Recording, _ exchange: Exchange, _ endpoint: String) {
        file = recording.file
        self.exchange = exchange
        self.endpoint = endpoint
    }

    /// Records a check, which passes when there are no problems.
    mutating func add(_ name: String, _ problems: [String]) { checks.append((name, problems)) }

    var isPassed: Bool { checks.allSatisfy(\.problems.isEmpty) }
    var order: (Int, String, String) { (exchange.position, file, note) }
}

/// All results, as text or JSON.
struct ConformanceReport {
    var results: [RecordingResult] = []
    var notCovered: [(file: String, reason: String)] = []
    /// The results of cases from the field.
    var cases: [CaseResult] = []
    /// Checks of the programs that belong to no recording.
    private(set) var checks: [(name: String, problems: [String])] = []

    mutating func add(_ name: String, _ problems: [String]) { checks.append((name, problems)) }

    private var allChecks: [(name: String, problems: [String])] {
        checks + results.flatMap(\.checks) + cases.flatMap(\.checks)
    }
    var passed: Int { allChecks.count { $0.problems.isEmpty } }
    var failed: Int { allChecks.count { !$0.problems.isEmpty } }

    // MARK: - Text

    var text: String {
        let all = (results.isEmpty ? [] : recorded) + (cases.isEmpty ? [] : fromTheField)
        return (all + ["\(passed) passed, \(failed) failed"]).joined(separator: "\n")
    }

    /// One line per case, followed by its differences.
    private var fromTheField: [String] {
        let lines = cases.flatMap { result in
            let note = result.note.isEmpty ? "" : ", \(result.note)"
            let name = Self.left(result.isPassed ? "ok" : "FAILED", 7) + Self.left(result.id, 44)
            return ["\(name) \(result.checks.count) checks\(note)"]
                + result.checks.flatMap(\.problems).map { "          \($0)" }
        }
        return ["Cases from the field"] + lines + [""]
    }

    private var recorded: [String] {
        let heads = ["exchange", "file", "endpoint", "rows", "records", "rejected", "expected", "derived", "result"]
        var lines = [Self.row(heads)]
        lines += results.map { result in
            Self.row([
                result.exchange.id, Self.name(result), result.endpoint, "\(result.rows)", "\(result.records)",
                "\(result.rejections)", result.compared.map(String.init) ?? "-", "\(result.derived)",
                result.isPassed ? "ok" : "FAILED",
            ])
        }
        lines += section("Rejected, by reason", results.map(\.reasons))
        lines += section("Left out of the comparison, by rule", results.map(\.leftOut))
        lines += ["", "Not covered, \(notCovered.count) files"]
        for (reason, files) in Dictionary(grouping: notCovered, by: \.reason).sorted(by: { $0.key < $1.key }) {
            lines.append("  \(reason) (\(files.count)):")
            lines += files.map { "    \($0.file)" }
        }
        let failures =
            checks.filter { !$0.problems.isEmpty }.map { ("", $0.name, $0.problems) }
            + results.flatMap { result in
                result.checks.filter { !$0.problems.isEmpty }.map { (Self.name(result) + ": ", $0.name, $0.problems) }
            }
        if !failures.isEmpty { lines += ["", "Failed"] }
        for (file, name, problems) in failures {
            lines.append("  \(file)\(name):")
            lines += problems.prefix(10).map { "    \($0)" }
            if problems.count > 10 { lines.append("    and \(problems.count - 10) more") }
        }
        return lines + ["", totals]
    }

    private var totals: String {
        func sum(_ key: KeyPath<RecordingResult, Int>) -> Int { results.reduce(0) { $0 + $1[keyPath: key] } }
        return """
            \(Set(results.map(\.file)).count) files, \(sum(\.rows)) rows, \(sum(\.records)) of them records, \
            \(sum(\.rejections)) rejections, \(results.reduce(0) { $0 + ($1.compared ?? 0) }) values compared with the \
            library's, \(sum(\.derived)) with the body's own
            """
    }

    private func section(_ title: String, _ counts: [[String: Int]]) -> [String] {
        let all = counts.reduce(into: [:]) { all, some in all.merge(some) { $0 + $1 } }
        guard !all.isEmpty else { return [] }
        return ["", title] + all.sorted { $0.key < $1.key }.map { "  \(Self.right("\($0.value)", 6))  \($0.key)" }
    }

    private static func name(_ result: RecordingResult) -> String {
        result.file.drop { $0 != "/" }.dropFirst() + (result.note.isEmpty ? "" : " (\(result.note))")
    }

    private static let widths = [11, 55, 24, 6, 7, 8, 8, 7, 6]

    private static func row(_ cells: [String]) -> String {
        zip(cells, widths).enumerated().map { index, cell in
            (3...7).contains(index) ? right(cell.0, cell.1) : left(cell.0, cell.1)
        }
        .joined(separator: " ")
    }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }

    // MARK: - JSON

    func json() throws -> String {
        func checks(_ checks: [(name: String, problems: [String])]) -> [[String: Any]] {
            checks.map { ["check": $0.name, "passed": $0.problems.isEmpty, "problems": $0.problems] }
        }
        let files = results.map { result in
            [
                "exchange": result.exchange.id, "file": result.file, "endpoint": result.endpoint,
                "served": result.note, "rows": result.rows, "records": result.records,
                "rejections": result.rejections, "compared": result.compared ?? 0, "derived": result.derived, "left_out": result.leftOut,
                "reasons": result.reasons, "checks": checks(result.checks),
            ] as [String: Any]
        }
        let all: [String: Any] = [
            "files": files, "run": checks(self.checks), "passed": passed, "failed": failed,
            "cases": cases.map { ["case": $0.id, "note": $0.note, "checks": checks($0.checks)] as [String: Any] },
            "not_covered": notCovered.map { ["file": $0.file, "reason": $0.reason] },
        ]
        let data = try JSONSerialization.data(
            withJSONObject: all, options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }
}
