import ArgumentParser
import PerpCore

/// Answers from the warehouse, for people and for programs.
@main
struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Answers from the warehouse.",
        discussion: "Exit status: 0 done, 64 wrong usage, 74 the database is missing or failed.",
        version: packageVersion,
        subcommands: [
            Stats.self, HourOverview.self, Liquidations.self, Gaps.self, Check.self, Doctor.self, Backup.self,
            Restore.self,
        ])
}
