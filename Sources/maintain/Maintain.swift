import ArgumentParser
import PerpCore

/// Maintains the warehouse: copies, and checks of its data.
@main
struct Maintain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintain",
        abstract: "Backups of the warehouse, and checks of its data.",
        discussion: """
            Exit status: 0 done, 64 wrong usage, 65 a check of severity error has wrong rows, or a copy is of another origin, 74 a file or the database \
            failed, 75 another run holds the lock.
            """,
        version: packageVersion,
        subcommands: [Backup.self, Restore.self, Check.self])
}
