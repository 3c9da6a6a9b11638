import ArgumentParser
import CommandSupport
import PerpCore

/// Maintains the warehouse: copies, and checks of its data.
@main
struct Maintain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintain",
        abstract: "Backups of the warehouse, and checks of its data.",
        discussion: ExitStatus.help(
            [
                .data: "a check of severity error has wrong rows, or a copy is of another origin",
                .io: "a file or the database failed",
            ],
            locked: true),
        version: packageVersion,
        subcommands: [Backup.self, Restore.self, Check.self])
}
