import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Reads files whole, and writes them so that a reader sees all of a file or none of it.
public enum FileSystem {
    /// Whether a path leads to something: a file, a folder, or a link that is not broken.
    public static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The size of a file in bytes; 0 when there is none.
    public static func size(of path: String) -> Int64 {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    /// What a path can name.
    public enum FileKind: Sendable {
        /// A regular file.
        case file
        /// A folder.
        case folder
        /// A symbolic link, whatever it points to.
        case link
        /// A device, a socket, a pipe.
        case other
    }

    /// What a path names, without following a link; `nil` when there is nothing.
    public static func kind(of path: String) -> FileKind? {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }

    /// When a file was last written; `nil` when there is none.
    public static func modified(_ path: String) -> Timestamp? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        #if canImport(Darwin)
            let time = status.st_mtimespec
        #else
            let time = status.st_mtim
        #endif
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// Whether two paths lead to the same file.
    public static func areSame(_ path: String, _ other: String) -> Bool {
        var one = stat()
        var two = stat()
        return stat(path, &one) == 0 && stat(other, &two) == 0 && one.st_ino == two.st_ino && one.st_dev == two.st_dev
    }

    /// Appends the content of a file to a buffer.
    /// - Throws: `FileError` when the file cannot be opened or read.
    public static func read(_ path: String, into buffer: ByteBuffer) throws(FileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(path: path, operation: "open") }
        defer { close(file) }
        try readAll(of: file, path, into: buffer)
    }

    /// Appends everything that comes on standard input to a buffer.
    /// - Parameter path: what it is called in an error.
    /// - Throws: `FileError` when it cannot be read.
    public static func readStandardInput(into buffer: ByteBuffer, as path: String) throws(FileError) {
        try readAll(of: STDIN_FILENO, path, into: buffer)
    }

    private static func readAll(of file: CInt, _ path: String, into buffer: ByteBuffer) throws(FileError) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw FileError(path: path, operation: "read") }
        var wanted = max(Int(status.st_size), 4096)
        while true {
            let count = systemRead(file, buffer.reserve(wanted), wanted)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path: path, operation: "read") }
            if count == 0 { return }
            buffer.advance(by: count)
            wanted = max(wanted - count, 4096)
        }
    }

    /// The first bytes of a file, as text; `nil` when it cannot be read.
    public static func beginning(of path: String, count: Int) -> String? {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard file >= 0 else { return nil }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: count)
        let length = systemRead(file, &bytes, count)
        return length < 0 ? nil : String(decoding: bytes.prefix(length), as: UTF8.self)
    }

    /// Calls `body` with the content of a file, a piece after the other, of which each is valid until `body` returns.
    /// - Throws: `FileError` when the file cannot be opened or read.
    static func readPieces(
        of path: String, _ body: (UnsafeBufferPointer<UInt8>) -> Void
    ) throws(FileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(path: path, operation: "open") }
        defer { close(file) }
        let room = 1 << 20
        let buffer = ByteBuffer(capacity: room)
        defer { withExtendedLifetime(buffer) {} }
        while true {
            let count = systemRead(file, buffer.start, room)
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw FileError(path: path, operation: "read") }
            if count == 0 { return }
            body(UnsafeBufferPointer(start: buffer.start, count: count))
        }
    }

    /// Writes a whole file: to a temporary name in its folder, synced, then renamed.
    ///
    /// The temporary name belongs to the target and is locked while it is written, so a killed
    /// writer's leftover is overwritten by the next one.
    /// - Parameter synced: `false` leaves syncing to the caller (`syncEverything`) before anything
    ///   else relies on the file.
    /// - Throws: `FileError` when the file cannot be written; the target then keeps its old content.
    public static func write(
        _ bytes: UnsafeBufferPointer<UInt8>, to path: String, synced: Bool = true
    ) throws(FileError) {
        let temporary = temporaryName(of: path)
        let file = try openLocked(temporary)
        defer { close(file) }
        do throws(FileError) {
            try writeAll(bytes, to: file, temporary)
            if synced, fsync(file) != 0 { throw FileError(path: temporary, operation: "sync") }
            guard rename(temporary, path) == 0 else { throw FileError(path: path, operation: "rename into place") }
        } catch {
            unlink(temporary)
            throw error
        }
        if synced { try syncFolder(folder(of: path)) }
    }

    /// Writes the content of a buffer as a whole file, in the same way.
    /// - Throws: `FileError` when the file cannot be written; the target then keeps its old content.
    public static func write(_ buffer: ByteBuffer, to path: String, synced: Bool = true) throws(FileError) {
        try buffer.withBytes { (bytes) throws(FileError) in try write(bytes, to: path, synced: synced) }
    }

    /// Writes bytes to standard output.
    /// - Throws: `FileError` when nobody reads them, or they cannot be written.
    public static func writeStandardOutput(_ bytes: UnsafeBufferPointer<UInt8>) throws(FileError) {
        try writeAll(bytes, to: STDOUT_FILENO, "standard output")
    }

    /// Writes text to standard output.
    /// - Throws: `FileError` when nobody reads it, or it cannot be written.
    public static func writeStandardOutput(_ text: String) throws(FileError) {
        let buffer = ByteBuffer(text.utf8)
        try buffer.withBytes { (bytes) throws(FileError) in try writeStandardOutput(bytes) }
    }

    /// Renames a file that another library has written under `temporaryName(of: path)` to `path`, synced.
    /// - Throws: `FileError` when the file cannot be synced or renamed.
    public static func putInPlace(_ path: String) throws(FileError) {
        let temporary = temporaryName(of: path)
        let file = open(temporary, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(path: temporary, operation: "open") }
        defer { close(file) }
        guard fsync(file) == 0 else { throw FileError(path: temporary, operation: "sync") }
        guard rename(temporary, path) == 0 else { throw FileError(path: path, operation: "rename into place") }
        try syncFolder(folder(of: path))
    }

    /// Gives a file another name in the same file system; a file that has it already is replaced.
    /// - Throws: `FileError` when that fails.
    public static func move(_ path: String, to other: String) throws(FileError) {
        guard rename(path, other) == 0 else { throw FileError(path: path, operation: "rename to \(other)") }
    }

    /// The name of a file while it is written: `.okx.ndjson.gz.tmp` beside `okx.ndjson.gz`. No pattern of the archive
    /// mistakes it for data.
    public static func temporaryName(of path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return "\(folder(of: path))/.\(name).tmp"
    }

    /// Makes a folder and its parents; one that exists is left alone.
    /// - Throws: `FileError` when a folder cannot be made.
    public static func makeFolder(_ path: String) throws(FileError) {
        if mkdir(path, 0o755) == 0 || errno == EEXIST { return }
        guard errno == ENOENT, path != folder(of: path) else { throw FileError(path: path, operation: "make folder") }
        try makeFolder(folder(of: path))
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw FileError(path: path, operation: "make folder")
        }
    }

    /// The names in a folder, sorted; empty when there is no such folder.
    /// - Throws: `FileError` when the folder cannot be listed.
    public static func names(in folder: String) throws(FileError) -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw FileError(path: folder, operation: "list")
        }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Writes what the system still holds of a file to the disk.
    /// - Throws: `FileError` when the file cannot be synced.
    public static func syncFile(_ path: String) throws(FileError) {
        let file = open(path, O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { throw FileError(path: path, operation: "open") }
        defer { close(file) }
        guard fsync(file) == 0 else { throw FileError(path: path, operation: "sync") }
    }

    /// Writes everything that the system still holds to the disk, safe from a power cut.
    public static func syncEverything() { sync() }

    /// Removes a file. One that is not there is no failure.
    /// - Throws: `FileError` when it cannot be removed.
    public static func remove(_ path: String) throws(FileError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw FileError(path: path, operation: "remove") }
    }

    /// The last part of a path.
    public static func name(of path: String) -> String { path.split(separator: "/").last.map(String.init) ?? "" }

    /// The folder of a path: `.` for a bare name.
    public static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    // MARK: - Steps

    /// How long a writer waits for another writer of the same file: longer than any write takes, unless it is suspended.
    private static let patience = Duration.seconds(30)
    private static let pause: useconds_t = 20_000

    /// Opens an empty file that no other process is writing, and makes its folder when there is none.
    /// Another writer may rename the file while we wait for its lock; the name is then opened again.
    static func openLocked(_ path: String, patience: Duration = patience) throws(FileError) -> CInt {
        let deadline = ContinuousClock.now + patience
        while true {
            var file = create(path)
            if file < 0, errno == ENOENT {
                try makeFolder(folder(of: path))
                file = create(path)
            }
            guard file >= 0 else { throw FileError(path: path, operation: "create") }
            var opened = stat()
            var named = stat()
            if flock(file, LOCK_EX | LOCK_NB) != 0 {
                let isHeld = errno == EWOULDBLOCK
                defer { close(file) }
                if isHeld, ContinuousClock.now < deadline {
                    usleep(pause)
                    continue
                }
                throw isHeld
                    ? FileError(path: path, operation: "write", reason: heldReason(file, patience), isHeld: true)
                    : FileError(path: path, operation: "lock")
            }
            guard fstat(file, &opened) == 0 else {
                defer { close(file) }
                throw FileError(path: path, operation: "read")
            }
            if stat(path, &named) == 0, opened.st_ino == named.st_ino, opened.st_dev == named.st_dev {
                // An empty file is not truncated: some file systems would then write it out when it is closed.
                if opened.st_size == 0 || ftruncate(file, 0) == 0 { return file }
                defer { close(file) }
                throw FileError(path: path, operation: "write")
            }
            close(file)
            guard ContinuousClock.now < deadline else {
                throw FileError(path: path, operation: "write", reason: "others keep replacing it", isHeld: true)
            }
        }
    }

    private static func heldReason(_ file: CInt, _ patience: Duration) -> String {
        let holder = Lock.process(holding: file).map { "process \($0)" } ?? "another process"
        return "\(holder) has been writing it for \(patience.components.seconds) s: end that one, and run it again"
    }

    private static func create(_ path: String) -> CInt { open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644) }

    private static func writeAll(
        _ bytes: UnsafeBufferPointer<UInt8>, to file: CInt, _ path: String
    ) throws(FileError) {
        var rest = UnsafeRawBufferPointer(bytes)
        while !rest.isEmpty {
            let count = systemWrite(file, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw FileError(path: path, operation: "write") }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    static func syncFolder(_ path: String) throws(FileError) {
        let folder = open(path, O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { throw FileError(path: path, operation: "open") }
        defer { close(folder) }
        // Some file systems refuse to sync a folder; the file itself is safe by then.
        guard fsync(folder) == 0 || errno == EINVAL else { throw FileError(path: path, operation: "sync") }
    }
}

// The calls whose names `FileSystem` uses for its own functions.
private func systemRead(_ file: CInt, _ bytes: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
    read(file, bytes, count)
}

private func systemWrite(_ file: CInt, _ bytes: UnsafeRawPointer?, _ count: Int) -> Int {
    write(file, bytes, count)
}
