import ArgumentParser
import PipelineFiles

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// What an executable's exit status says, as in `sysexits.h`.
public enum ExitStatus: Int32, Sendable {
    /// The program was called, or set, in a way that it does not know.
    case usage = 64
    /// The data is not what it should be.
    case data = 65
    /// One thing per program: `extract`: no exchange responded; `alert`: a receiver refused for good; `doctor`: something
    /// wants attention; `report`: hours are recorded, and none is sealed yet.
    case unavailable = 69
    /// A file or the database failed.
    case io = 74
    /// Another run holds the lock.
    case locked = 75

    /// The status for an error of the pipeline's own modules.
    public init(_ error: any Error) {
        switch error {
        case is FormatError: self = .data
        case is LockedError: self = .locked
        case let error as FileError where error.isHeld: self = .locked
        default: self = .io
        }
    }

    public var code: ExitCode { ExitCode(rawValue) }
}

/// Standard error, for what is not a result.
public enum Diagnostics {
    public static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    public static func write(_ text: String) {
        var text = text
        // A diagnostic that cannot be written has nowhere else to go.
        _ = text.withUTF8 { systemWrite(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// One line: `transform: raw/…/okx.ndjson.gz: cannot open: No such file or directory`.
    public static func report(_ command: String, _ message: some CustomStringConvertible) {
        write("\(command): \(message)\n")
    }
}

private func systemWrite(_ file: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int { write(file, bytes, count) }
