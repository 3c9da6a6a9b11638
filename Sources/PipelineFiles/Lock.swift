import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Another process holds a lock.
public struct LockedError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the lock file.
    public let path: String
    /// What the holder wrote about itself: `pid 4711, load, since 2025-10-23T15:02:00.000Z`.
    public let holder: String

    /// `PATH: another run holds the lock: HOLDER: run it again when that has ended`.
    public var description: String {
        "\(path): another run holds the lock: \(holder): run it again when that has ended"
    }
}

/// An exclusive lock, held until the value is released or the process ends.
///
/// The file stays; only the lock on it counts.
public final class Lock: Sendable {
    private let file: CInt

    /// Microseconds between the attempts of a waiting program.
    private static let pause: useconds_t = 50_000

    /// Takes the lock, and makes the file and its folder when there is none.
    /// - Parameters:
    ///   - path: the path of the lock file.
    ///   - purpose: who takes it, for the message that others get.
    ///   - patience: how long to wait for another holder.
    /// - Throws: `LockedError` when another process still holds it then, `FileError` when the file cannot be used.
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

    /// Who holds the lock at a path now; `nil` when nobody does. Does not touch the lock, so that others can take it
    /// meanwhile.
    public static func holder(of path: String) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        let holder = holder(file)
        #if os(Linux)
            return process(holding: file) == nil ? nil : holder
        #else
            // On other systems: the last process that wrote its name, if it is still alive.
            guard let number = holder.split(separator: ",").first?.split(separator: " ").last,
                let process = pid_t(number), kill(process, 0) == 0
            else { return nil }
            return holder
        #endif
    }

    /// The number of the process that holds the lock on an open file; `nil` when none does, or the system does not say.
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
