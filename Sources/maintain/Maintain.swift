import ArgumentParser
import CommandSupport
import PerpCore

/// Maintains the warehouse: copies, checks of its data, and weights that were tried on it.
@main
struct Maintain: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "maintain",
        abstract: "Copies of the warehouse, checks of its data, and proposals of other weights.",
        discussion: ExitStatus.help(
            [
                .data: "a check of severity error has wrong rows, or a copy is of another origin",
                .io: "a file or the database failed",
            ],
            locked: true),
        version: packageVersion,
        subcommands: [
            Backup.self, Restore.self, Publish.self, Check.self, Weights.self, AcceptWeights.self, WithdrawWeights.self,
        ])
}
