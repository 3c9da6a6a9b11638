#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The space on the file system that holds a path.
public struct DiskSpace: Hashable, Sendable {
    /// Bytes that this user may still write.
    public let free: Int64
    /// Bytes of the file system.
    public let total: Int64

    /// Asks the file system of a path; `nil` when the path does not exist.
    public init?(at path: String) {
        var status = statvfs()
        guard statvfs(path, &status) == 0 else { return nil }
        free = Int64(status.f_bavail) * Int64(status.f_frsize)
        total = Int64(status.f_blocks) * Int64(status.f_frsize)
    }
}
