import ArgumentParser
import PerpCore

/// Prints reports from the warehouse, for people and for programs. It only reads.
@main
struct Report: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Answers from the warehouse.",
        discussion: """
            Exit status of each: 0 done, 64 wrong usage (hours of which nothing is recorded too), 69 hours are recorded \
            and none is sealed yet, 74 the database is missing or failed.
            """,
        version: packageVersion,
        subcommands: [Stats.self, HourOverview.self, LiquidationOverview.self, Gaps.self])
}
