import ArgumentParser
import CommandSupport
import Explaining
import Foundation
import PerpCore
import Reports
import Warehouse
import WarehouseCommands

/// Writes the rows of a table or view to standard output, for other programs.
struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Rows of any view or table as CSV or JSON lines, on standard output.",
        discussion: """
            --from and --to choose by the hour of the rows: the column hour, or timestamp, or else the time of what the row \
            tells. Times are as they are in the view. In CSV an unknown value is empty and an empty text is "".

            \(endings)
            """)

    private static let endings = ExitStatus.help([
        .usage: "wrong usage (a name that is not there, or a span for rows without a time)",
        .unavailable: "Parquet, which make export writes by DuckDB", .io: "the database is missing or failed",
    ])

    /// What rows can become; `parquet` is written by `make export`.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case csv, json, parquet

        /// The format of the text; `nil` for what is no text.
        var text: RowFormat? { RowFormat(rawValue: rawValue) }
    }

    @Argument(help: "The view or table: tickers.")
    var view: String

    @OptionGroup var warehouse: WarehouseOptions

    @Option(help: "csv, json (an object on each line), or parquet.")
    var format = Format.csv

    @OptionGroup var span: SpanOptions

    /// How many bytes are written at once.
    private static let pieceSize = 1 << 16

    func run() throws {
        try warehouse.running("report") {
            guard let format = format.text else { throw refusal() }
            let output = FileHandle.standardOutput
            let count = try rows(as: format) { try output.write(contentsOf: Data($0)) }
            if count == 0 {
                Diagnostics.report("report", "\(view) has no rows\(span.hours == nil ? "" : " of these hours")")
            }
        }
    }

    /// Calls `write` with the text of the rows, a piece after the other.
    /// - Returns: how many rows there are.
    @discardableResult
    func rows(as format: RowFormat, write: (UnsafeBufferPointer<UInt8>) throws -> Void) throws -> Int {
        let rows = NamedRows(try Warehouse(path: warehouse.path, for: .reading))
        try requireKnown(among: rows.names())
        if span.hours != nil, try rows.timeColumn(of: view) == nil {
            throw ValidationError("the rows of '\(view)' have no hour: leave --from and --to out")
        }
        let columns = try rows.columns(of: view)
        let buffer = ByteBuffer(capacity: Self.pieceSize * 2)
        format.appendHeader(columns, to: buffer)
        var count = 0
        try rows.forEach(of: view, in: span.hours) { values in
            count += 1
            format.append(values, columns: columns, to: buffer)
            guard buffer.count >= Self.pieceSize else { return }
            try buffer.withBytes(write)
            buffer.removeAll()
        }
        try buffer.withBytes(write)
        return count
    }

    private func requireKnown(among names: [String]) throws {
        guard !names.contains(view) else { return }
        let nearest = KnownWords.nearest(to: view, among: names)
        let hint =
            nearest.isEmpty
            ? "'sqlite3 -readonly' with .tables lists them" : "did you mean \(nearest.joined(separator: ", "))?"
        throw ValidationError("there is no view or table '\(view)': \(hint)")
    }

    private func refusal() -> any Error {
        Diagnostics.report(
            "report",
            "Parquet is written by DuckDB: make setup-lake, then make export VIEW=\(view) FORMAT=parquet"
        )
        return ExitStatus.unavailable.code
    }
}
