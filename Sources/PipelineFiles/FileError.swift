#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that could not be read or written.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the file.
    public let path: String
    /// What was tried: `"write"`.
    public let operation: String
    /// Why it failed, with what to do about it where the owner of the machine can help.
    public let reason: String
    /// Whether another process uses the file: trying again later may succeed.
    public let isHeld: Bool

    /// Creates an error; unless stated otherwise no other process uses the file.
    public init(path: String, operation: String, reason: String, isHeld: Bool = false) {
        self.path = path
        self.operation = operation
        self.reason = reason
        self.isHeld = isHeld
    }

    /// Creates an error with the system's message for the last failure.
    init(path: String, operation: String) {
        let number = errno
        let words = String(cString: strerror(number))
        self.init(path: path, operation: operation, reason: Self.advice(number).map { "\(words): \($0)" } ?? words)
    }

    /// What to do about a failure that the owner of the machine can resolve.
    private static func advice(_ number: CInt) -> String? {
        switch number {
        case ENOSPC, EDQUOT: "make room and run it again"
        case EACCES, EPERM, EROFS: "see that this user may use it"
        case ENOTDIR, EISDIR: "move away what stands in its place"
        default: nil
        }
    }

    /// `PATH: cannot write: REASON`.
    public var description: String { "\(path): cannot \(operation): \(reason)" }
}

/// A file whose content is not as it should be.
public struct FormatError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the file.
    public let path: String
    /// The line at fault, counted from 1; `nil` when it is the whole file.
    public let line: Int?
    /// What is wrong, in words that continue `PATH: line 3: `.
    public let reason: String

    /// Creates an error; without `line` it concerns the whole file.
    public init(path: String, line: Int? = nil, reason: String) {
        self.path = path
        self.line = line
        self.reason = reason
    }

    /// `PATH: line 3: REASON`.
    public var description: String { "\(path)\(line.map { ": line \($0)" } ?? ""): \(reason)" }
}
