import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Warehouse

/// Writes a checked copy of the warehouse while the pipeline runs.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A consistent copy of the warehouse, while the pipeline runs.",
        discussion: """
            The copy is what the warehouse held at one moment; it is checked, and then gets its name. 'report restore' \
            brings it back. Exit status: 0 done, 64 wrong usage, 74 the database is missing, damaged or cannot be \
            copied, 75 another run writes a copy there.
            """)

    @Option(help: "The database.")
    var warehouse = "warehouse/market_history.db"

    @Option(help: "Where the copy goes; warehouse/backup/market_history-<time>.db when left out.")
    var output: String?

    @OptionGroup var clock: ClockOptions

    func run() throws {
        try answering(warehouse) {
            let path = output ?? defaultPath
            try refuseToReplace(path)
            let folder = FileSystem.folder(of: path)
            let lock = try Lock("\(folder)/.backup.lock", purpose: "report backup")
            defer { withExtendedLifetime(lock) {} }
            // In the folder that is ours, what a killed run left; elsewhere it may be somebody else's.
            if output == nil { try FileSystem.removeLeftovers(in: folder) }
            try Warehouse.backUp(warehouse, to: FileSystem.temporaryName(of: path))
            try FileSystem.putInPlace(path)
            print("\(path): \(Examination.megabytes(FileSystem.size(of: path))), checked")
        }
    }

    /// The copies that stand where they go when nothing else is said, oldest first.
    static func copies(of warehouse: String) -> [String] {
        let folder = "\(FileSystem.folder(of: warehouse))/backup"
        let names = (try? FileSystem.names(in: folder)) ?? []  // there may be none
        return names.filter { $0.hasSuffix(".db") && !$0.hasPrefix(".") }.map { "\(folder)/\($0)" }
    }

    /// A copy replaces another copy, and nothing else.
    private func refuseToReplace(_ path: String) throws {
        let name = FileSystem.name(of: path)
        guard !name.isEmpty else { throw ValidationError("--output names no file") }
        if FileSystem.areSame(FileSystem.folder(of: path), FileSystem.folder(of: warehouse)),
            name != FileSystem.name(of: warehouse), name.hasPrefix(FileSystem.name(of: warehouse))
        {
            throw ValidationError("'\(path)' is a name that the database's own files may have: name another one")
        }
        switch FileSystem.kind(of: path) {
        case nil: return
        case .file: break
        case .folder: throw ValidationError("'\(path)' is a folder: name a file in it")
        case .link, .other: throw ValidationError("'\(path)' is no file of its own: name another one")
        }
        if FileSystem.areSame(path, warehouse) { throw ValidationError("--output is the warehouse itself") }
        guard Warehouse.isCopy(path) else {
            throw ValidationError("'\(path)' is there, and is no copy of a warehouse: name another file, or remove it")
        }
    }

    /// `2025-10-23T15:04:05.678Z` without what some file systems refuse.
    private var defaultPath: String {
        let time = clock.time.description.prefix(19).replacing(":", with: "-")
        return "\(FileSystem.folder(of: warehouse))/backup/market_history-\(time)Z.db"
    }
}

/// Brings a backup back.
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings a backup back in place of the warehouse.",
        discussion: """
            Programs that read meanwhile go on, with the old content or the new. A warehouse that is damaged is kept \
            beside the new one. Hours since the backup come back by 'make load FROM= TO=', or by 'make reprocess'. \
            Exit status: 0 done, 64 wrong usage, 74 a file or a database failed, 75 another run holds the lock.
            """)

    @Argument(help: "The copy that 'report backup' wrote.")
    var backup: String

    @Option(help: "The database.")
    var warehouse = "warehouse/market_history.db"

    @OptionGroup var clock: ClockOptions
    @OptionGroup var lock: LockOptions

    func run() throws {
        try answering(warehouse) {
            let lock = try Lock(
                "\(FileSystem.folder(of: warehouse))/.lock", purpose: "report restore", patience: lock.patience)
            defer { withExtendedLifetime(lock) {} }
            guard FileSystem.exists(backup) else {
                Diagnostics.report("report", "there is no copy at '\(backup)'\(copies)")
                throw ExitStatus.usage.code
            }
            try keepOriginsApart()
            let suffix = ".damaged-\(clock.time.milliseconds)"
            if let aside = try Warehouse.restore(backup, to: warehouse, keptAside: suffix) {
                Diagnostics.report(
                    "report", "\(warehouse): was damaged (\(aside.problem)), and is kept as \(aside.path)")
            }
            let database = try Warehouse(path: warehouse, for: .reading)
            let last = try database.sealedSpan()?.last
            let rest = last.map { ": load the hours after \($0.spoken) UTC" } ?? ""
            print("\(warehouse): restored from \(backup)\(rest)")
        }
    }

    /// A copy of simulated hours never takes the place of real ones, nor the other way round.
    private func keepOriginsApart() throws {
        guard let copy = Warehouse.origin(of: backup) else { return }
        let raw = "\(FileSystem.folder(of: warehouse))/../raw"
        let others = [Warehouse.origin(of: warehouse), try ArchivePaths(raw: raw).origin()].compactMap(\.self)
        guard let other = others.first(where: { $0 != copy }) else { return }
        throw FormatError(
            path: backup,
            reason: "holds \(copy.rawValue) hours, and this folder \(other.rawValue) ones: restore it elsewhere (DATA=)"
        )
    }

    /// The copies that 'make backup' has left, newest first.
    private var copies: String {
        let copies = Backup.copies(of: warehouse).reversed().prefix(5)
        return copies.isEmpty ? "" : "; there are " + copies.joined(separator: ", ")
    }
}
