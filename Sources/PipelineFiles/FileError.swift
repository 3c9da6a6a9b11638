#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that could not be read or written.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    /// What was tried: `"write"`.
    public let operation: String
    public let reason: String
    /// Whether another process has the file, and may give it up.
    public let isHeld: Bool

    public init(path: String, operation: String, reason: String, isHeld: Bool = false) {
        self.path = path
        self.operation = operation
        self.reason = reason
        self.isHeld = isHeld
    }

    /// The system's own words for the last failure.
    init(path: String, operation: String) {
        let number = errno
        let words = String(cString: strerror(number))
        self.init(path: path, operation: operation, reason: Self.advice(number).map { "\(words): \($0)" } ?? words)
    }

    /// What to do about a failure that the machine's owner can end.
    private static func advice(_ number: CInt) -> String? {
        switch number {
        case ENOSPC, EDQUOT: "make room and run it again"
        case EACCES, EPERM, EROFS: "see that this user may use it"
        case ENOTDIR, EISDIR: "move away what stands in its place"
        default: nil
        }
    }

    public var description: String { "\(path): cannot \(operation): \(reason)" }
}

/// A file whose content is not what it should be.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    /// Counted from 1; `nil` when the whole file is at fault.
    public let line: Int?
    public let reason: String

    public init(path: String, line: Int? = nil, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }

    public var description: String { "\(path)\(line.map { ": line \($0)" } ?? ""): \(reason)" }
}
