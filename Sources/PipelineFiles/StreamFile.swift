import Gzip
import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The raw file of an exchange's stream while its hour is recorded: gzip members are added to a part, which becomes the
/// file when the hour is closed.
///
/// A writer that is killed leaves whole members and perhaps a cut one; the next writer goes on behind the last whole one.
public final class StreamFile {
    /// The exchange whose stream it is.
    public let exchange: Exchange
    /// The hour.
    public let hour: Hour
    /// The connections of which an earlier writer noted no end, with their last signs of life on our clock; those of a
    /// writer that was killed.
    public private(set) var unended: [String: Timestamp] = [:]

    private let part: String
    private let target: String
    private let file: CInt
    private var isOpen = true

    /// Opens the part of an hour, recovers what an earlier writer left in it, and holds it alone.
    /// - Throws: `FileError` when the part cannot be made, read or locked.
    public init(_ exchange: Exchange, _ hour: Hour, in paths: ArchivePaths) throws(FileError) {
        self.exchange = exchange
        self.hour = hour
        part = paths.streamPart(exchange, hour)
        target = paths.rawFile(exchange, hour, .stream)
        try FileSystem.makeFolder(FileSystem.folder(of: part))
        file = open(part, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard file >= 0 else { throw FileError(path: part, operation: "open") }
        guard flock(file, LOCK_EX | LOCK_NB) == 0 else {
            throw FileError(path: part, operation: "write", reason: "another recorder is writing it", isHeld: true)
        }
        try recover()
    }

    deinit {
        if isOpen { close(file) }
    }

    /// Cuts off a member that was not written whole, and looks for connections without an end.
    private func recover() throws(FileError) {
        let stored = ByteBuffer()
        try FileSystem.read(part, into: stored)
        guard stored.count > 0 else { return }
        let lastWrite = FileSystem.modified(part)
        let text = ByteBuffer()
        let whole = Inflater().inflateWholeMembers(stored.bytes, into: text)
        if whole < stored.count, ftruncate(file, off_t(whole)) != 0 {
            throw FileError(path: part, operation: "cut off what was not written whole")
        }
        RawReader.forEachLine(of: text) { line in
            switch line {
            case .event(let event, _):
                unended[event.connection] =
                    event.kind == .lost || event.kind == .closed
                    ? nil : max(unended[event.connection] ?? event.at, event.at)
            case .message(let message):
                if let last = unended[message.connection] {
                    unended[message.connection] = max(last, message.receivedAt)
                }
            case .response, .answered: break
            }
        }
        // The file's time is the last sign of life of all connections that were up.
        guard let lastWrite, hour.contains(lastWrite) else { return }
        for (connection, last) in unended { unended[connection] = max(last, lastWrite) }
    }

    /// Adds bytes that are whole gzip members.
    /// - Throws: `FileError` when they cannot be written; the part then ends with whole members.
    public func append(_ members: ByteBuffer) throws(FileError) {
        let before = lseek(file, 0, SEEK_END)
        var rest = UnsafeRawBufferPointer(members.bytes)
        while !rest.isEmpty {
            let count = write(file, rest.baseAddress, rest.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let error = FileError(path: part, operation: "write")
                ftruncate(file, before)
                throw error
            }
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(count))
        }
    }

    /// Makes the part's time say until when everything that was heard is written.
    public func touch(_ time: Timestamp) {
        let stamp = timespec(
            tv_sec: Int(time.milliseconds / 1000), tv_nsec: Int(time.milliseconds % 1000) * 1_000_000)
        var times = (stamp, stamp)  // of access, and of change
        withUnsafePointer(to: &times) {
            _ = $0.withMemoryRebound(to: timespec.self, capacity: 2) { futimens(file, $0) }
        }
    }

    /// Writes what the system still holds to the disk.
    /// - Throws: `FileError` when that fails.
    public func sync() throws(FileError) {
        guard fsync(file) == 0 else { throw FileError(path: part, operation: "sync") }
    }

    /// Puts the part in place as the hour's file. Where there is one already, of a recorder that ended within the hour's
    /// last minute, the members are added to it.
    /// - Throws: `FileError` when it cannot be written; the part then stays.
    public func finish() throws(FileError) {
        try sync()
        if FileSystem.exists(target) {
            let content = ByteBuffer()
            try FileSystem.read(target, into: content)
            try FileSystem.read(part, into: content)
            try FileSystem.write(content, to: target)
            guard unlink(part) == 0 else { throw FileError(path: part, operation: "remove") }
        } else {
            guard rename(part, target) == 0 else { throw FileError(path: target, operation: "rename into place") }
            try FileSystem.syncFolder(FileSystem.folder(of: target))
        }
        close(file)
        isOpen = false
        rmdir(FileSystem.folder(of: part))  // stays while others are in it
    }
}
