import ArgumentParser
import PipelineFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The exit status of an executable, as in `sysexits.h`.
///
/// An executable that a signal ends exits with 128 and the signal's number: 130 or 143.
public enum ExitStatus: Int32, CaseIterable, Sendable {
    /// The work is done. An exchange that is missing is reported on standard error and does not change this.
    case done = 0
    /// An argument or a setting is wrong.
    case usage = 64
    /// The data is not as it should be: a file, or rows that a check or a proof found.
    case data = 65
    /// One meaning per program: `extract`: no exchange responded; `alert`: a receiver refused for good; `doctor`: something
    /// needs attention; `report`, `page`: what is asked for is not there yet: hours are recorded, but none is sealed, or what
    /// writes Parquet; `explain`: there is no such number. The other programs do not end with it.
    case unavailable = 69
    /// A file or the database failed.
    case io = 74
    /// Another run holds the lock.
    case locked = 75

    /// Creates the status for an error of the pipeline's own modules: `io` for any other error.
    public init(_ error: any Error) {
        switch error {
        case is FormatError: self = .data
        case is LockedError: self = .locked
        case let error as FileError where error.isHeld: self = .locked
        default: self = .io
        }
    }

    /// The status as an error that ends the program.
    public var code: ExitCode { ExitCode(rawValue) }

    /// The sentence of `--help` that lists what a command can end with, in ascending order.
    ///
    /// - Parameters:
    ///   - meanings: what the statuses of this command say. 0 and 64 are always listed, as "done" and "wrong usage" where
    ///     they do not stand here.
    ///   - locked: whether to list 75, as "another run holds the lock".
    ///   - signals: after what SIGINT and SIGTERM end the command, such as "the file at hand"; `nil` when at once.
    public static func help(_ meanings: [ExitStatus: String], locked: Bool = false, signals: String? = nil) -> String {
        var usual: [ExitStatus: String] = [.done: "done", .usage: "wrong usage"]
        if locked { usual[.locked] = "another run holds the lock" }
        var parts = allCases.compactMap { status in
            (meanings[status] ?? usual[status]).map { "\(status.rawValue) \($0)" }
        }
        if let signals { parts.append("130 and 143 ended by SIGINT and SIGTERM after \(signals)") }
        return "Exit status: \(parts.joined(separator: ", "))."
    }
}

/// Writes to standard error what is not a result.
public enum Diagnostics {
    /// Whether standard error is a terminal.
    public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Writes text as it is, without a line feed.
    public static func write(_ text: String) {
        var text = text
        // A diagnostic that cannot be written has nowhere else to go.
        _ = text.withUTF8 { systemWrite(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// Writes one line: `transform: raw/…/okx.ndjson.gz: cannot open: No such file or directory`.
    public static func report(_ command: String, _ message: some CustomStringConvertible) {
        write("\(command): \(message)\n")
    }
}

private func systemWrite(_ file: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }
