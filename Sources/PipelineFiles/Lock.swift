#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Another process holds a lock.
public struct LockedError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    /// What the holder wrote of itself: `pid 4711, load, since 2025-10-23T15:02:00.000Z`.
    public let holder: String

    public var description: String { "\(path): another run holds the lock: \(holder)" }
}

/// The right to be the only one at something, which ends with the process at the latest.
///
/// The file stays; only the lock on it counts.
public final class Lock: Sendable {
    private let file: CInt

    /// - Parameter purpose: who takes it, for the message that others get.
    public init(_ path: String, purpose: String) throws {
        try FileSystem.makeFolder(FileSystem.folder(of: path))
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError(path: path, operation: "open lock") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            defer { close(file) }
            guard reason == EWOULDBLOCK else { throw FileError(path: path, operation: "lock") }
            throw LockedError(path: path, holder: Self.holder(file))
        }
        let text = "pid \(getpid()), \(purpose)\n"
        _ = ftruncate(file, 0)
        _ = text.withCString { pwrite(file, $0, strlen($0), 0) }
    }

    deinit { close(file) }

    private static func holder(_ file: CInt) -> String {
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = pread(file, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(separator: "\n").first.map(String.init) ?? "unknown"
    }
}
