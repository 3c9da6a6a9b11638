#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension FileSystem {
    /// Removes what killed writers left in a folder. The caller must hold the lock of all its writers.
    /// - Throws: `FileError` when the folder cannot be listed or a file cannot be removed.
    public static func removeLeftovers(in folder: String) throws(FileError) {
        for name in try names(in: folder)
        where name.hasPrefix(".") && (name.hasSuffix(".tmp") || name.hasSuffix(".tmp-journal")) {
            let path = "\(folder)/\(name)"
            guard unlink(path) == 0 || errno == ENOENT else { throw FileError(path: path, operation: "remove") }
        }
    }
}
