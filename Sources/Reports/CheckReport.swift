import PerpCore
import Signals

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What the checks of the data found.
public struct CheckReport: Hashable, Sendable, Codable {
    /// What one check found.
    public struct Finding: Hashable, Sendable, Codable {
        var name: String
        /// `info`, `warning` or `error`.
        var severity: String
        /// What a wrong row means.
        var meaning: String
        /// Wrong rows.
        var rows: Int
        var columns: [String]
        /// The first of them.
        var sample: [[String]]

        /// Takes the check, the number of wrong rows, and the first of them.
        public init(
            name: String, severity: String, meaning: String, rows: Int, columns: [String], sample: [[String]]
        ) {
            self.name = name
            self.severity = severity
            self.meaning = meaning
            self.rows = rows
            self.columns = columns
            self.sample = sample
        }
    }

    var from: Hour
    var to: Hour
    var findings: [Finding]

    /// Takes the hours that were checked and one finding per check.
    public init(hours: ClosedRange<Hour>, findings: [Finding]) {
        from = hours.lowerBound
        to = hours.upperBound
        self.findings = findings
    }

    /// Whether a check that counts as an error has wrong rows.
    public var hasErrors: Bool { findings.contains { $0.rows > 0 && $0.severity == "error" } }

    /// One line per check, and below it what is wrong.
    public var text: String {
        let width = findings.map(\.name.utf8.count).max() ?? 0
        let lines = findings.map { finding in
            let noun = finding.isNotice ? "to know of" : "wrong rows"
            let verdict = finding.rows == 0 ? "ok" : "\(finding.severity): \(finding.rows) \(noun)"
            return "   • \(finding.name.padded(to: width))  \(verdict)\n" + finding.details
        }
        let wrong = findings.filter { $0.rows > 0 && !$0.isNotice }.count
        return "Checks from \(from.spoken) to \(to.spoken) UTC (\(from.distance(to: to) + 1) h)\n" + lines.joined()
            + "\(findings.count) checks, \(wrong) with wrong rows\n"
    }

    /// The report as JSON.
    ///
    /// - Throws: `EncodingError` when a number is not finite.
    public func json() throws -> String {
        try JSONText.pretty(self)
    }
}

extension CheckReport.Finding {
    /// Whether its rows are worth knowing, and not wrong.
    fileprivate var isNotice: Bool { severity == "info" }

    fileprivate var details: String {
        guard rows > 0 else { return "" }
        let shown = sample.map { row in
            "       " + zip(columns, row).map { "\($0) \($1.printable)" }.joined(separator: ", ") + "\n"
        }
        let rest = rows > sample.count ? "       and \(rows - sample.count) more\n" : ""
        return "     \(meaning)\n" + shown.joined() + rest
    }
}

extension String {
    /// The text with blanks behind it, `width` bytes in all; `width` is not smaller than the text.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: width - utf8.count) }
}
