import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The folders of a stage, an hour each: `<root>/2025-10-23/15`.
public struct HourFolders: Sendable {
    /// What a folder held that was removed.
    public struct Content: Hashable, Sendable {
        public var files = 0
        public var bytes: Int64 = 0

        public init() {}

        public static func += (left: inout Content, right: Content) {
            left.files += right.files
            left.bytes += right.bytes
        }
    }

    /// `raw` or `staged`.
    public let root: String

    public init(root: String) { self.root = root }

    public func folder(_ hour: Hour) -> String { "\(root)/\(hour.path)" }

    /// The hours before `cut` that have a folder, ascending. Later days are not looked into.
    public func hours(before cut: Hour) throws -> [Hour] {
        try days(through: cut.day).flatMap { day in
            try FileSystem.names(in: "\(root)/\(day)").compactMap { Hour("\(day)T\($0)") }
        }.filter { $0 < cut }
    }

    /// Files in an hour's folder that no program of the pipeline writes; a folder that has some is not removed.
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

    /// What an hour's folder holds, locks and leftovers aside.
    public func content(_ hour: Hour) throws -> Content { try Self.content(of: folder(hour)) }

    /// Removes an hour's folder: it gets a name that no program reads, and then loses its files, so that a
    /// killed removal leaves no half hour.
    public func remove(_ hour: Hour) throws -> Content {
        let path = folder(hour)
        // What a link leads to is not ours.
        if FileSystem.kind(of: path) == .link {
            guard unlink(path) == 0 else { throw FileError(path: path, operation: "remove") }
            removeDayIfEmpty(hour.day)
            return Content()
        }
        let content = try self.content(hour)
        let doomed = "\(FileSystem.folder(of: path))/.\(hour.path.suffix(2)).removed"
        if FileSystem.exists(doomed) { try Self.removeTree(doomed) }
        guard rename(path, doomed) == 0 else { throw FileError(path: path, operation: "rename") }
        try Self.removeTree(doomed)
        removeDayIfEmpty(hour.day)
        return content
    }

    /// Finishes what a killed removal began, in the days through that of `cut`.
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

    /// `.15.removed`: the name that `remove` gives.
    private static func isDoomed(_ name: String, of day: CalendarDay) -> Bool {
        guard name.hasPrefix("."), name.hasSuffix(".removed") else { return false }
        return Hour("\(day)T\(name.dropFirst().dropLast(".removed".count))") != nil
    }

    private func days(through last: CalendarDay) throws -> [CalendarDay] {
        try FileSystem.names(in: root).compactMap { CalendarDay($0) }.filter {
            $0 <= last && FileSystem.kind(of: "\(root)/\($0)") == .folder
        }.sorted()
    }

    /// A day with anything in it stays: `rmdir` sees to that.
    private func removeDayIfEmpty(_ day: CalendarDay) { rmdir("\(root)/\(day)") }

    private static func content(of folder: String) throws -> Content {
        var content = Content()
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

    /// Of the name itself: what a symbolic link points to is neither counted nor removed.
    private static func status(of path: String) -> (isFolder: Bool, bytes: Int64)? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return (status.st_mode & S_IFMT == S_IFDIR, Int64(status.st_size))
    }
}
