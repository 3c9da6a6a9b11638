import ArgumentParser
import CommandSupport
import PerpCore
import PipelineFiles
import Warehouse
import WarehouseCommands

/// Replaces the warehouse by a backup.
struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Brings a backup back in place of the warehouse.",
        discussion: """
            Programs that are reading continue with the old or the new content. A damaged warehouse is kept beside the \
            new one. Hours since the backup come back by 'make load FROM= TO=', or by 'make reprocess'.

            \(endings)
            """)

    private static let endings = ExitStatus.help(
        [
            .data: "the copy holds simulated hours and the folder real ones, or the other way round",
            .io: "a file or a database failed",
        ],
        locked: true)

    @Argument(help: "The copy that 'maintain backup' wrote.")
    var backup: String

    @OptionGroup var warehouse: WarehouseOptions

    @OptionGroup var clock: ClockOptions
    @OptionGroup var lock: LockOptions

    func run() throws {
        try warehouse.running("maintain") {
            let lock = try warehouse.lock("maintain restore", patience: lock.patience)
            defer { withExtendedLifetime(lock) {} }
            guard FileSystem.exists(backup) else {
                Diagnostics.report("maintain", "there is no copy at '\(backup)'\(copies)")
                throw ExitStatus.usage.code
            }
            try keepOriginsApart()
            let suffix = ".damaged-\(clock.time.milliseconds)"
            if let aside = try WarehouseFile(warehouse.path).restore(backup, keptAside: suffix) {
                Diagnostics.report(
                    "maintain", "\(warehouse.path): was damaged (\(aside.problem)), and is kept as \(aside.path)")
            }
            let database = try Warehouse(path: warehouse.path, for: .reading)
            let last = try SealedHours(database).span()?.upperBound
            let rest = last.map { ": load the hours after \($0.spoken) UTC" } ?? ""
            print("\(warehouse.path): restored from \(backup)\(rest)")
        }
    }

    /// Throws when a copy of simulated hours would replace real ones, or the other way round.
    private func keepOriginsApart() throws {
        guard let copy = WarehouseFile(backup).origin else { return }
        let raw = "\(warehouse.folder)/../raw"
        let others = [WarehouseFile(warehouse.path).origin, try ArchivePaths(raw: raw).origin()].compactMap(\.self)
        guard let other = others.first(where: { $0 != copy }) else { return }
        throw FormatError(
            path: backup,
            reason: "holds \(copy.rawValue) hours, and this folder \(other.rawValue) ones: restore it elsewhere (DATA=)"
        )
    }

    /// The copies that 'make backup' has written, newest first, for a message.
    private var copies: String {
        let copies = copiesOfWarehouse(beside: warehouse.path).reversed().prefix(5)
        return copies.isEmpty ? "" : "; there are " + copies.joined(separator: ", ")
    }
}
