import Gzip
import PerpCore

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A file that an exchange publishes, kept as it came, as a record of archives names it.
public struct KeptArchive: Hashable, Sendable {
    /// What the exchange's checksum says of the file.
    public enum Checksum: String, Hashable, Sendable {
        /// It is that of the file.
        case matches
        /// It is another one: nothing is read from the file.
        case differs
        /// The exchange publishes none.
        case none
        /// Whatever it is, the file cannot be unpacked: nothing is read from it.
        case unreadable
    }

    /// The path below the folder of the exchange: `open_interest/archive/BTCUSDT-metrics-2026-11-01.zip`.
    public var path: String
    /// The size of the file.
    public var bytes: Int
    /// The SHA-256 of the file in lower-case hexadecimal.
    public var sha256: String
    /// What the exchange's checksum says.
    public var checksum: Checksum
    /// The SHA-256 that the exchange states; `nil` when it states none.
    public var statedSHA256: String?
    /// Whether the file was there already, so that nothing was downloaded.
    public var wasThere: Bool

    /// Names a kept file.
    public init(
        path: String, bytes: Int, sha256: String, checksum: Checksum, statedSHA256: String? = nil,
        wasThere: Bool = false
    ) {
        self.path = path
        self.bytes = bytes
        self.sha256 = sha256
        self.checksum = checksum
        self.statedSHA256 = statedSHA256
        self.wasThere = wasThere
    }

    /// The folder, below that of a dataset, of files whose checksum is another one than stated.
    private static let doubtfulFolder = "doubtful"

    /// Whether a text is the path of an archive below the folder of an exchange, and of nothing else.
    static func isPath(_ path: String) -> Bool {
        var parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count == 4, parts[2] == doubtfulFolder { parts.remove(at: 2) }
        return parts.count == 3 && HistoryDataset(rawValue: String(parts[0])) != nil
            && parts[1] == HistoryFile.archiveFolder && isName(parts[2])
    }

    /// Whether a text is the name of a file in a folder, and is no hidden one and no record.
    private static func isName(_ name: some StringProtocol) -> Bool {
        guard let first = name.utf8.first, first != UInt8(ascii: ".") else { return false }
        return !name.hasSuffix(".ndjson.gz") && name.utf8.allSatisfy { $0 > 0x20 && $0 != UInt8(ascii: "/") }
    }

    /// The path of an archive below the folder of its exchange; `nil` for a name that no file may have.
    public static func path(_ dataset: HistoryDataset, _ name: String, isDoubtful: Bool = false) -> String? {
        guard isName(name) else { return nil }
        let folder = isDoubtful ? "/\(doubtfulFolder)" : ""
        return "\(dataset.rawValue)/\(HistoryFile.archiveFolder)\(folder)/\(name)"
    }
}

extension ArchivePaths {
    /// The folder of raw files of the past of an exchange, below which archives have their paths.
    public func rawHistoryFolder(_ exchange: Exchange) -> String { "\(raw)/\(HistoryFile.folder)/\(exchange.id)" }

    /// The names of the archives that a dataset's folder has, without the records.
    /// - Throws: `FileError` when the folder cannot be listed.
    public func archiveNames(_ exchange: Exchange, _ dataset: HistoryDataset) throws(FileError) -> Set<String> {
        let folder = "\(rawHistoryFolder(exchange))/\(dataset.rawValue)/\(HistoryFile.archiveFolder)"
        return Set(try FileSystem.names(in: folder).filter { KeptArchive.path(dataset, $0) != nil })
    }
}

extension ArchivePaths {
    /// The paths of the archives that a record names, below the folder of its exchange.
    /// - Throws: `FileError` or `FormatError` when the record cannot be read.
    public func archives(namedBy record: HistoryFile) throws -> Set<String> {
        guard record.feed == .archive else { return [] }
        let reader = RawReader()
        try reader.open(rawFile(record))
        var paths: Set<String> = []
        try reader.readLines { line in
            if case .response(let response) = line, let archive = response.archive { paths.insert(archive.path) }
        } refuse: { _, _, _ in
            // A line that cannot be read names nothing.
        }
        return paths
    }

    /// Removes a record, and then the archives that no other record of its exchange names: a kill between leaves archives
    /// that the next run uses.
    ///
    /// - Returns: how many bytes were removed.
    /// - Throws: `FileError` or `FormatError` when a record cannot be read or a file cannot be removed.
    public func removeRecord(_ record: HistoryFile) throws -> Int64 {
        let folder = rawHistoryFolder(record.exchange)
        var names = try archives(namedBy: record)
        for other in try rawHistory() where other.exchange == record.exchange && other != record {
            if names.isEmpty { break }
            names.subtract(try archives(namedBy: other))
        }
        return try ([rawFile(record)] + names.sorted().map { "\(folder)/\($0)" }).reduce(0) { bytes, path in
            let size = FileSystem.size(of: path)
            guard unlink(path) == 0 || errno == ENOENT else { throw FileError(path: path, operation: "remove") }
            return bytes + size
        }
    }
}

/// Reads kept archives: zip with one file, gzip, or plain text. One task uses it for many files.
public final class ArchiveReader {
    /// The most bytes of text that an archive may hold: hundreds of times what public ones do.
    public static let mostBytes = 256 << 20

    private let stored = ByteBuffer(capacity: 1 << 16)
    private let text = ByteBuffer(capacity: 1 << 18)
    private let inflater = Inflater()

    /// A reader that has read nothing yet.
    public init() {}

    /// The text of an archive that a record names, valid until the reader's next one.
    ///
    /// - Parameters:
    ///   - folder: that of the exchange.
    ///   - record: the path of the record, for messages.
    /// - Throws: `FormatError` when the file is missing, is another one than the record names, or cannot be unpacked.
    public func text(
        of archive: KeptArchive, in folder: String, namedBy record: String
    ) throws -> UnsafeBufferPointer<UInt8> {
        let path = "\(folder)/\(archive.path)"
        let advice = "bring it back from a copy, or move \(record) away and run backfill --archives again"
        guard FileSystem.exists(path) else {
            throw FormatError(path: path, reason: "is missing, and \(record) names it: \(advice)")
        }
        stored.removeAll()
        try FileSystem.read(path, into: stored)
        guard sha256(stored) == archive.sha256 else {
            throw FormatError(path: path, reason: "is not the file that \(record) names any more: \(advice)")
        }
        do {
            return try unpack()
        } catch {
            throw FormatError(path: path, reason: "\(error)")
        }
    }

    /// The text of an archive's bytes, valid until the reader's next one.
    /// - Throws: `ZipError` or `GzipError`.
    public func text(of bytes: [UInt8]) throws -> UnsafeBufferPointer<UInt8> {
        stored.removeAll()
        stored.append(contentsOf: bytes)
        return try unpack()
    }

    /// By the first bytes: some servers unpack on the way what is named `.gz`.
    private func unpack() throws -> UnsafeBufferPointer<UInt8> {
        text.removeAll()
        let bytes = stored.bytes
        if bytes.starts(with: [0x1F, 0x8B]) {
            try inflater.inflate(bytes, into: text, limit: Self.mostBytes)
        } else if bytes.starts(with: [0x50, 0x4B]) {
            let files = try ZipDirectory(bytes).entries.filter { !$0.isFolder }
            guard files.count == 1 else { throw ZipError.unsupported("\(files.count) files instead of one") }
            try inflater.inflate(files[0], of: bytes, into: text, limit: Self.mostBytes)
        } else {
            text.append(bytes)
        }
        return text.bytes
    }
}
