import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folders of a stage, one per hour: `<root>/2025-10-23/15`.
public struct HourFolders: Sendable {
    /// What a folder contains, or contained before it was removed.
    public struct FolderContent: Hashable, Sendable {
        /// Number of files.
        public var files = 0
        /// Bytes of the files.
        public var bytes: Int64 = 0

        /// Nothing.
        public init() {}

        /// Adds both counts.
        public static func += (left: inout FolderContent, right: FolderContent) {
            left.files += right.files
            left.bytes += right.bytes
        }
    }

    /// The folder of the stage: `raw` or `staged`.
    public let root: String

    /// Creates the folders below `root`.
    public init(root: String) { self.root = root }

    /// The path of an hour's folder.
    public func folder(_ hour: Hour) -> String { "\(root)/\(hour.path)" }

    /// The hours before `cut` that have a folder, ascending. Later days are not read.
    /// - Throws: `FileError` when a folder cannot be listed.
    public func hours(before cut: Hour) throws -> [Hour] {
        try days(through: cut.day).flatMap { day in
            try FileSystem.names(in: "\(root)/\(day)").compactMap { Hour("\(day)T\($0)") }
        }.filter { $0 < cut }
    }

    /// Files in an hour's folder that no program of the pipeline writes: a folder with any is not removed.
    /// - Throws: `FileError` when a folder cannot be listed.
    public func strangers(in hour: Hour) throws -> [String] {
        try FileSystem.names(in: folder(hour)).filter { name in
            let path = "\(folder(hour))/\(name)"
            if FileSystem.kind(of: path) == .link { return true }
            if name == ".lock" || Self.isLeftover(name) { return false }
            if name == "failed" || name == "run" { return false }
            return ArchivePaths.parse(path) == nil
        } + strangers(in: "failed", of: hour) { ArchivePaths.parse("\(folder(hour))/\($0)") != nil }
            + strangers(in: "run", of: hour) { $0.hasSuffix(".json") }
    }

    private func strangers(in part: String, of hour: Hour, isOurs: (String) -> Bool) throws -> [String] {
        let folder = "\(folder(hour))/\(part)"
        return try FileSystem.names(in: folder).filter {
            FileSystem.kind(of: "\(folder)/\($0)") != .file || !(Self.isLeftover($0) || isOurs($0))
        }.map { "\(part)/\($0)" }
    }

    private static func isLeftover(_ name: String) -> Bool { name.hasPrefix(".") && name.hasSuffix(".tmp") }

    /// What an hour's folder contains, without locks and leftovers.
    /// - Throws: `FileError` when a folder cannot be listed.
    public func content(_ hour: Hour) throws -> FolderContent { try Self.content(of: folder(hour)) }

    /// Removes an hour's folder and returns what it contained. The folder first gets a name that no program reads, so
    /// that a killed removal does not leave half an hour.
    /// - Throws: `FileError` when something cannot be renamed or removed.
    public func remove(_ hour: Hour) throws -> FolderContent {
        let path = folder(hour)
        // The target of a link is not ours.
        if FileSystem.kind(of: path) == .link {
            guard unlink(path) == 0 else { throw FileError(path: path, operation: "remove") }
            removeDayIfEmpty(hour.day)
            return FolderContent()
        }
        let content = try self.content(hour)
        let doomed = "\(FileSystem.folder(of: path))/.\(hour.path.suffix(2)).removed"
        if FileSystem.exists(doomed) { try Self.removeTree(doomed) }
        guard rename(path, doomed) == 0 else { throw FileError(path: path, operation: "rename") }
        try Self.removeTree(doomed)
        removeDayIfEmpty(hour.day)
        return content
    }

    /// Finishes what killed removals began, up to and including the day of `cut`.
    /// - Throws: `FileError` when something cannot be removed.
    public func finishRemovals(before cut: Hour) throws {
        for day in try days(through: cut.day) {
            for name in try FileSystem.names(in: "\(root)/\(day)") where Self.isDoomed(name, of: day) {
                let path = "\(root)/\(day)/\(name)"
                if FileSystem.kind(of: path) == .folder { try Self.removeTree(path) }
            }
            removeDayIfEmpty(day)
        }
    }

    // MARK: - Steps

    /// Whether a name is one that `remove` gives: `.15.removed`.
    private static func isDoomed(_ name: String, of day: CalendarDay) -> Bool {
        guard name.hasPrefix("."), name.hasSuffix(".removed") else { return false }
        return Hour("\(day)T\(name.dropFirst().dropLast(".removed".count))") != nil
    }

    private func days(through last: CalendarDay) throws -> [CalendarDay] {
        try FileSystem.names(in: root).compactMap { CalendarDay($0) }.filter {
            $0 <= last && FileSystem.kind(of: "\(root)/\($0)") == .folder
        }.sorted()
    }

    /// Removes the folder of a day; `rmdir` leaves one that is not empty.
    private func removeDayIfEmpty(_ day: CalendarDay) { rmdir("\(root)/\(day)") }

    private static func content(of folder: String) throws -> FolderContent {
        var content = FolderContent()
        for name in try FileSystem.names(in: folder) {
            let path = "\(folder)/\(name)"
            guard let status = status(of: path) else { continue }
            if status.isFolder {
                content += try self.content(of: path)
            } else if !name.hasPrefix(".") {
                content.files += 1
                content.bytes += status.bytes
            }
        }
        return content
    }

    private static func removeTree(_ folder: String) throws {
        for name in try FileSystem.names(in: folder) {
            let path = "\(folder)/\(name)"
            if status(of: path)?.isFolder == true {
                try removeTree(path)
            } else if unlink(path) != 0 && errno != ENOENT {
                throw FileError(path: path, operation: "remove")
            }
        }
        guard rmdir(folder) == 0 || errno == ENOENT else { throw FileError(path: folder, operation: "remove") }
    }

    /// The status of the name itself: the target of a symbolic link is neither counted nor removed.
    private static func status(of path: String) -> (isFolder: Bool, bytes: Int64)? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return (status.st_mode & S_IFMT == S_IFDIR, Int64(status.st_size))
    }
}
