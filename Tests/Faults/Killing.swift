import PerpCore
import Foundation

/// A program that is killed at random moments, and the folder it starts with.
struct KillCase {
    let name: String
    let program: String
    let arguments: [String]
    let template: String
}

/// The results of killing one program.
struct KillResult {
    let name: String
    /// Seconds that an undisturbed run takes.
    let seconds: Double
    var kills = 0
    /// Kills after which the next run gave the result of an undisturbed run.
    var equal = 0
    /// Kills that left a stage half done: its files were neither those before the run nor those after it.
    var midway = 0
    /// What was compared: bodies, staged files, rows.
    let compared: String
    var problems: [String] = []
}

/// Kills programs with SIGKILL at random moments, runs them again to the end, and compares.
struct Killing {
    let bench: FaultsBench
    let seed: UInt64

    private var cases: [KillCase] {
        let span = FaultsBench.span
        let all = [
            KillCase(name: "extract", program: "extract", arguments: ["--hour", FaultsBench.hour], template: "empty"),
            KillCase(name: "transform", program: "transform", arguments: span + ["--jobs", "2"], template: "raw"),
            KillCase(name: "load", program: "load", arguments: span, template: "staged"),
            KillCase(
                name: "transform, the past", program: "transform", arguments: ["--history", "--jobs", "2"], template: "past"),
            KillCase(name: "load, the past", program: "load", arguments: ["--history"], template: "past-staged"),
            KillCase(name: "reprocess, a span", program: "reprocess", arguments: span + ["--force"], template: "loaded"),
            KillCase(name: "reprocess, everything", program: "reprocess", arguments: [], template: "raw"),
            KillCase(
                name: "retain", program: "retain",
                arguments: [
                    "--raw-days", "1", "--staged-days", "1", "--warehouse-days", "1", "--now", "2025-10-24T03",
                ], template: "loaded"),
            KillCase(
                name: "alert", program: "alert", arguments: ["--hour", FaultsBench.last, "--now", "2025-10-23T06:02:00Z"],
                template: "loaded"),
        ]
        return all.filter { bench.has($0.program) }
    }

    func run(kills: Int, seconds: Double) throws -> [KillResult] {
        let cases = cases
        var random = SplitMix64(seed: seed)
        return try cases.enumerated().map { index, item in
            let wanted = kills / cases.count + (index < kills % cases.count ? 1 : 0)
            return try run(item, kills: wanted, seconds: seconds / Double(cases.count), &random)
        }
    }

    private func run(_ item: KillCase, kills: Int, seconds: Double, _ random: inout SplitMix64) throws -> KillResult {
        let clock = ContinuousClock()
        let (reference, usual) = try undisturbed(item)
        let start = try StageState(of: bench.template(item.template))
        var result = KillResult(name: item.name, seconds: usual, compared: Self.compared(reference))
        let begun = clock.now
        while result.kills < kills, clock.now - begun < .seconds(seconds) {
            let folder = try bench.fresh(item.template)
            let struck = try strike(item, in: folder, usual, &random)
            guard struck > 0 else {
                try TestFiles.remove(folder)
                continue
            }
            result.kills += struck
            // Throws when a file is half written, which fails the test as it should.
            let between = try StageState(of: folder)
            if between.differences(from: start) != [] && between.differences(from: reference) != [] { result.midway += 1 }
            let ending = try bench.run(item.program, item.arguments, in: folder)
            let differences =
                ending.status == 0
                ? try StageState(of: folder).differences(from: reference) : ["ends with \(ending.status): \(ending.message)"]
            if differences.isEmpty {
                result.equal += struck
            } else {
                result.problems.append("kill \(result.kills): \(differences.prefix(3).joined(separator: "; "))")
            }
            try TestFiles.remove(folder)
        }
        if result.kills == 0 { result.problems.append("was never caught running") }
        return result
    }

    /// The result of an undisturbed run, and the median of the seconds that three runs take.
    private func undisturbed(_ item: KillCase) throws -> (StageState, seconds: Double) {
        var seconds: [Double] = []
        var state: StageState?
        for _ in 0..<3 {
            let folder = try bench.fresh(item.template)
            let ending = try bench.run(item.program, item.arguments, in: folder)
            guard ending.status == 0 else { throw FaultsFailure("\(item.name) undisturbed: \(ending.errors)") }
            state = try StageState(of: folder)
            seconds.append(ending.seconds)
            try TestFiles.remove(folder)
        }
        return (state!, seconds.sorted()[1])  // three runs were made
    }

    /// Starts the program and kills it, once or twice in a row; how often it was caught running.
    private func strike(_ item: KillCase, in folder: String, _ usual: Double, _ random: inout SplitMix64) throws -> Int {
        var struck = 0
        for _ in 0..<(Int.random(in: 0..<4, using: &random) == 0 ? 2 : 1) {
            let running = try bench.start(item.program, item.arguments, in: folder)
            usleep(UInt32(Double.random(in: 0.02...1.0, using: &random) * usual * 1_000_000))
            running.signal(SIGKILL)
            if running.end().status == 128 + SIGKILL { struck += 1 }
        }
        return struck
    }

    private static func compared(_ state: StageState) -> String {
        var parts: [String] = []
        if !state.raw.isEmpty { parts.append("\(state.raw.values.reduce(0) { $0 + $1.count }) bodies") }
        if !state.staged.isEmpty { parts.append("\(state.staged.count) staged files") }
        if !state.tables.isEmpty { parts.append("\(state.rowCount) rows of \(state.tables.count) tables") }
        return parts.joined(separator: ", ")
    }
}
