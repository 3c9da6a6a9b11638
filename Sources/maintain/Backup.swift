import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Warehouse
import WarehouseCommands

/// Writes a checked copy of the warehouse while the pipeline runs.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "A consistent copy of the warehouse, while the pipeline runs.",
        discussion: """
            The copy is the warehouse at one moment; it is checked before it gets its name. 'maintain restore' brings it \
            back.

            \(endings)
            """)

    private static let endings = ExitStatus.help([
        .io: "the database is missing, damaged or cannot be copied", .locked: "another run writes a copy there",
    ])

    @OptionGroup var warehouse: WarehouseOptions

    @Option(help: "Where the copy goes; warehouse/backup/market_history-<time>.db when left out.")
    var output: String?

    @OptionGroup var clock: ClockOptions

    func run() throws {
        try warehouse.running("maintain") {
            let path = output ?? defaultPath
            try refuseToReplace(path)
            let folder = FileSystem.folder(of: path)
            let lock = try Lock("\(folder)/.backup.lock", purpose: "maintain backup")
            defer { withExtendedLifetime(lock) {} }
            // Only in our own folder: elsewhere such files may belong to somebody else.
            if output == nil { try FileSystem.removeLeftovers(in: folder) }
            try WarehouseFile(warehouse.path).backUp(to: FileSystem.temporaryName(of: path))
            try FileSystem.putInPlace(path)
            print("\(path): \(megabytes(FileSystem.size(of: path))), checked")
        }
    }

    /// Throws unless the path is free or that of another copy, the only thing that a copy replaces.
    private func refuseToReplace(_ path: String) throws {
        let name = FileSystem.name(of: path)
        guard !name.isEmpty else { throw ValidationError("--output names no file") }
        if FileSystem.areSame(FileSystem.folder(of: path), warehouse.folder),
            name != FileSystem.name(of: warehouse.path), name.hasPrefix(FileSystem.name(of: warehouse.path))
        {
            throw ValidationError("'\(path)' is a name that the database's own files may have: name another one")
        }
        switch FileSystem.kind(of: path) {
        case nil: return
        case .file: break
        case .folder: throw ValidationError("'\(path)' is a folder: name a file in it")
        case .link, .other: throw ValidationError("'\(path)' is no file of its own: name another one")
        }
        if FileSystem.areSame(path, warehouse.path) { throw ValidationError("--output is the warehouse itself") }
        guard WarehouseFile(path).isWarehouse else {
            throw ValidationError("'\(path)' is there, and is no copy of a warehouse: name another file, or remove it")
        }
    }

    /// A name with the time, without the colons that some file systems refuse.
    private var defaultPath: String {
        let time = clock.time.description.prefix(19).replacing(":", with: "-")
        return "\(warehouse.folder)/backup/market_history-\(time)Z.db"
    }
}
