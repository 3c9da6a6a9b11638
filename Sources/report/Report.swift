import ArgumentParser
import CommandSupport
import PerpCore

/// Prints reports from the warehouse, for people and for programs. It only reads.
@main
struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Answers from the warehouse.",
        discussion: sealedEndings,
        version: packageVersion,
        subcommands: [
            Stats.self, HourOverview.self, LiquidationOverview.self, Gaps.self, ForecastSkill.self, Export.self,
        ])

    /// What a subcommand about sealed hours ends with.
    static let sealedEndings = ExitStatus.help([
        .usage: usage, .unavailable: "hours are recorded and none is sealed yet", .io: failure,
    ])
    /// What the other subcommands end with.
    static let endings = ExitStatus.help([.usage: usage, .io: failure])

    private static let usage = "wrong usage (hours of which nothing is recorded too)"
    private static let failure = "the database is missing or failed"
}
