import ArgumentParser
import Foundation
import PerpCore
import PipelineFiles
import Reports
import Testing

@testable import Warehouse
@testable import report

@Suite("Exported rows")
final class ExportTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path
    private var database: String { "\(folder)/market_history.db" }

    init() throws {
        try FileSystem.makeFolder(folder)
        try Warehouse(path: database).close()
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }  // a leftover of a test harms nobody

    private func export(_ arguments: String..., as format: RowFormat = .csv) throws -> String {
        var text: [UInt8] = []
        let command = try Export.parse(arguments + ["--warehouse", database])
        try command.rows(as: format) { text += $0 }
        return String(decoding: text, as: UTF8.self)
    }

    private func make(_ sql: String) throws { try Warehouse(path: database).execute(sql) }

    @Test("a header, unknown and empty apart, and numbers that read back as the same")
    func csv() throws {
        try make("CREATE VIEW a AS SELECT 1 AS i, 0.1 AS r, 2.0 AS w, NULL AS n, '' AS e, 'a,b' AS \"x,y\"")
        #expect(try export("a") == "i,r,w,n,e,\"x,y\"\n1,0.1,2.0,,\"\",\"a,b\"\n")
    }

    @Test("a JSON object on each line, unknown as null")
    func json() throws {
        try make("CREATE VIEW a AS SELECT 1 AS i, 0.1 AS r, NULL AS n, 'a\"' || char(10) || char(1) || '\\' AS t")
        #expect(try export("a", as: .json) == "{\"i\":1,\"r\":0.1,\"n\":null,\"t\":\"a\\\"\\n\\u0001\\\\\"}\n")
    }

    @Test("without rows there is the header alone")
    func empty() throws {
        #expect(try export("exchange_hours", "--from", "2025-10-23T00", "--to", "2025-10-23T01").hasPrefix("hour,hour_utc,"))
        #expect(try export("exchange_hours", as: .json).isEmpty)
    }

    @Test("rows of a span, both ends included")
    func span() throws {
        // 2025-10-23T00 is 1761177600.
        try make("CREATE VIEW a AS WITH h (hour) AS (VALUES (1761174000), (1761177600), (1761181200), (1761184800)) SELECT * FROM h")
        #expect(try export("a", "--from", "2025-10-23T00", "--to", "2025-10-23T01") == "hour\n1761177600\n1761181200\n")
        #expect(try export("a", "--hour", "2025-10-23T02") == "hour\n1761184800\n")
    }

    @Test("more rows than a piece holds come whole, and in their order")
    func pieces() throws {
        try make("CREATE VIEW a AS WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 30000) SELECT i FROM n")
        let lines = try export("a").split(separator: "\n")
        #expect(lines.count == 30_001)
        #expect(lines.dropFirst().enumerated().allSatisfy { $1 == "\($0 + 1)" })
    }

    @Test("a name that is not there is wrong usage, with the nearest that is", arguments: ["ticker s", "tikers", "sqlite_schema"])
    func unknown(name: String) throws {
        let error = #expect(throws: ValidationError.self) { try export(name) }
        if name == "tikers" { #expect(error?.message.contains("tickers") == true) }
    }

    @Test("a span for rows without a time is wrong usage")
    func timeless() throws {
        #expect(throws: ValidationError.self) { try export("exchange", "--hour", "2025-10-23T00") }
        #expect(try export("exchange").split(separator: "\n").count == 1 + Exchange.allCases.count)
    }

    @Test("Parquet is written by make export, not here")
    func parquet() throws {
        #expect(throws: ExitCode(69)) {
            try Export.parse(["tickers", "--format", "parquet", "--warehouse", database]).run()
        }
    }

    private static let hasPython = ["/usr/bin/python3", "/usr/local/bin/python3"].contains(where: FileSystem.exists)

    @Test("hostile text is read back by Python as it was", .enabled(if: hasPython), arguments: RowFormat.allCases)
    func hostile(format: RowFormat) throws {
        let texts = [
            "a,b", "a\"b", "\"", "\"\"", "a\nb", "a\r\nb", "\r", "", " ", "=1+1", "'; DROP TABLE ticker", "\\", "a\tb", "\u{202E}x",
            "<b>&", "é", "😀", String(repeating: "x,\"", count: 200),
        ]
        let rows = texts.map { "('\($0.replacing("'", with: "''"))', 1)" }.joined(separator: ", ")
        try make("CREATE VIEW a AS WITH t (text, number) AS (VALUES \(rows)) SELECT * FROM t")
        let path = "\(folder)/rows"
        try Data(export("a", as: format).utf8).write(to: URL(fileURLWithPath: path))
        let script = """
            import csv, json, sys
            with open(sys.argv[1], newline="", encoding="utf-8") as file:
                rows = list(csv.DictReader(file)) if sys.argv[2] == "csv" else [json.loads(line) for line in file]
            json.dump([row["text"] for row in rows], sys.stdout)
            """
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", script, path, format.rawValue]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try JSONDecoder().decode([String].self, from: data) == texts)
    }
}
