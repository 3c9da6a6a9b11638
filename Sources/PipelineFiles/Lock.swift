import PerpCore

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

    public var description: String {
        "\(path): another run holds the lock: \(holder): run it again when that has ended"
    }
}

/// The right to be the only one at something, which ends with the process at the latest.
///
/// The file stays; only the lock on it counts.
public final class Lock: Sendable {
    private let file: CInt

    /// How often a waiting program looks again.
    private static let pause: useconds_t = 50_000

    /// - Parameters:
    ///   - purpose: who takes it, for the message that others get.
    ///   - patience: how long another holder is waited for.
    public init(_ path: String, purpose: String, patience: Duration = .zero) throws {
        try FileSystem.makeFolder(FileSystem.folder(of: path))
        file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError(path: path, operation: "open lock") }
        let deadline = ContinuousClock.now + patience
        while flock(file, LOCK_EX | LOCK_NB) != 0 {
            let reason = errno
            if reason == EINTR { continue }
            if reason == EWOULDBLOCK, ContinuousClock.now < deadline {
                usleep(Self.pause)
                continue
            }
            defer { close(file) }
            guard reason == EWOULDBLOCK else { throw FileError(path: path, operation: "lock") }
            throw LockedError(path: path, holder: Self.holder(file))
        }
        let text = "pid \(getpid()), \(purpose)\n"
        _ = ftruncate(file, 0)
        _ = text.withCString { pwrite(file, $0, strlen($0), 0) }
    }

    deinit { close(file) }

    /// Who holds the lock at a path now; `nil` when nobody does. Looks without touching the lock, so that nobody
    /// is kept from taking it.
    public static func holder(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let holder = holder(file)
        #if os(Linux)
            return process(holding: file) == nil ? nil : holder
        #else
            // Elsewhere: whoever wrote its name last, if it is still alive.
            guard let number = holder.split(separator: ",").first?.split(separator: " ").last,
                let process = pid_t(number), kill(process, 0) == 0
            else { return nil }
            return holder
        #endif
    }

    /// The number of the process that holds the lock on an open file, where the system tells; `nil` when none does.
    static func process(holding file: CInt) -> String? {
        var status = stat()
        guard fstat(file, &status) == 0, let locks = try? lines(of: "/proc/locks") else { return nil }
        // 1: FLOCK  ADVISORY  WRITE 4711 08:01:1234 0 EOF
        let lock = locks.first { $0.contains("FLOCK") && !$0.contains("->") && $0.contains(":\(status.st_ino) ") }
        return lock?.split(separator: " ").dropFirst(4).first.map(String.init)
    }

    private static func lines(of path: String) throws -> [Substring] {
        let content = ByteBuffer()
        try FileSystem.read(path, into: content)
        return content.text.split(separator: "\n")
    }

    private static func holder(_ file: CInt) -> String {
        var bytes = [UInt8](repeating: 0, count: 200)
        let count = pread(file, &bytes, bytes.count, 0)
        let text = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        return text.split(separator: "\n").first.map(String.init) ?? "unknown"
    }
}
