import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

extension ArchivePaths {
    /// Removes a raw file of the past, of archives with those that no other file names, and its folders where they are empty
    /// then. Its staged file stays.
    /// - Returns: the number of bytes that it held.
    /// - Throws: `FileError` when it cannot be removed.
    @discardableResult
    public func removeRaw(_ file: HistoryFile) throws -> Int64 {
        let path = rawFile(file)
        let bytes: Int64
        if file.feed == .archive {
            bytes = try removeRecord(file)
        } else {
            bytes = FileSystem.size(of: path)
            guard unlink(path) == 0 || errno == ENOENT else { throw FileError(path: path, operation: "remove") }
        }
        var folder = FileSystem.folder(of: path)
        // `rmdir` leaves a folder that is not empty.
        while folder != raw, rmdir(folder) == 0 { folder = FileSystem.folder(of: folder) }
        return bytes
    }
}
