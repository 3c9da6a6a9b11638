import Foundation

/// A fault: the folder it starts with, and how it is created and judged.
struct FaultScenario: Sendable {
    let name: String
    /// The template of the folder: `empty`, `raw`, `staged` or `loaded`.
    let template: String
    let make: @Sendable (FaultScene) throws -> Void

    init(_ name: String, from template: String, make: @escaping @Sendable (FaultScene) throws -> Void) {
        self.name = name
        self.template = template
        self.make = make
    }
}

/// The folder in which one fault is created, and the findings. Belongs to one thread.
final class FaultScene {
    let bench: FaultsBench
    let references: References
    let folder: String
    private(set) var result: FaultResult

    init(_ fault: FaultScenario, bench: FaultsBench, references: References) throws {
        self.bench = bench
        self.references = references
        folder = try bench.fresh(fault.template)
        result = FaultResult(fault: fault.name)
    }

    // MARK: - Programs

    /// Runs a program under the fault, and checks that it ends with `status` and says why in one line that contains all
    /// `words`.
    @discardableResult
    func suffer(
        _ program: String, _ arguments: [String], status: Int32, saying words: [String], server: SimulatedServer? = nil,
        settings: [String: String] = [:]
    ) throws -> Ending {
        let ending = try bench.run(program, arguments, in: folder, server: server, settings: settings)
        judge(ending, program, status: status, saying: words)
        return ending
    }

    /// Records how a program ended, and what is wrong with it.
    func judge(_ ending: Ending, _ program: String, status: Int32, saying words: [String]) {
        result.status = ending.status
        let lines = ending.errors.split(separator: "\n").map(String.init)
        // A run over several exchanges or files says more than one line: takes the one about the fault.
        let line = lines.first { line in words.allSatisfy(line.contains) } ?? lines.last ?? ""
        result.message = line.isEmpty && words.isEmpty ? "none" : plain(line)
        check(ending.status == status, "ends with \(ending.status), not \(status): \(plain(line))")
        for word in words { check(line.contains(word), "does not say '\(word)': \(plain(line))") }
        // Status 64 comes from the argument parser, which adds the usage on further lines.
        if status != 64 {
            for other in lines where !other.hasPrefix("\(program): ") {
                check(false, "a line is no message of \(program): \(plain(other))")
            }
        }
        if program != "extract", status != 0, status != 64 { check(lines.count == 1, "says \(lines.count) lines") }
    }

    /// Runs a program that must succeed now that the fault is gone.
    func run(_ program: String, _ arguments: [String], server: SimulatedServer? = nil) throws {
        let ending = try bench.run(program, arguments, in: folder, server: server)
        check(ending.status == 0, "afterwards \(program) ends with \(ending.status): \(plain(ending.message))")
    }

    // MARK: - Findings

    func check(_ isTrue: Bool, _ problem: @autoclosure () throws -> String) rethrows {
        if !isTrue { result.problems.append(try problem()) }
    }

    func preserved(_ text: String) { result.preserved = text }

    func state() throws -> StageState { try StageState(of: folder) }

    /// Checks that all three stages are as they were before.
    func checkUnchanged(from before: StageState, but text: String? = nil) throws {
        for difference in try state().differences(from: before).prefix(3) { check(false, difference) }
        preserved(text ?? "all as before")
    }

    /// Runs the program again without the fault, and checks that the result is that of an undisturbed run.
    func recover(_ program: String, _ arguments: [String], to reference: StageState, server: SimulatedServer? = nil) throws {
        try run(program, arguments, server: server)
        for difference in try state().differences(from: reference).prefix(3) { check(false, "afterwards \(difference)") }
    }

    /// The line without the parts that differ between runs and machines.
    private func plain(_ line: String) -> String {
        line.replacing(/pid \d+/, with: "pid N").replacing(/127\.0\.0\.1:\d+/, with: "127.0.0.1:PORT")
            .replacing(/, \d+ kB, [\d.]+ s/, with: "").replacing(/, [\d.]+ MB, [\d.]+ s/, with: "")
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/, with: "TIME")
            .replacing(/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/, with: "TIME")
            .replacing(/damaged-\d+/, with: "damaged-TIME").replacing(folder, with: "…")
    }
}

/// The results of undisturbed runs.
struct References: Sendable {
    let empty: StageState
    let raw: StageState
    let staged: StageState
    let loaded: StageState
    let extracted: StageState
    let retained: StageState

    /// Arguments that keep one day of each stage, which removes some of the hours.
    static let retain = [
        "--raw-days", "1", "--staged-days", "1", "--warehouse-days", "1", "--now", "2025-10-24T03",
    ]

    init(_ bench: FaultsBench) throws {
        empty = try StageState(of: bench.template("empty"))
        raw = try StageState(of: bench.template("raw"))
        staged = try StageState(of: bench.template("staged"))
        loaded = try StageState(of: bench.template("loaded"))
        extracted = try Self.state("extract", ["--hour", FaultsBench.hour], from: "empty", bench)
        retained = try Self.state("retain", Self.retain, from: "loaded", bench)
    }

    private static func state(_ program: String, _ arguments: [String], from template: String, _ bench: FaultsBench) throws -> StageState {
        let folder = try bench.fresh(template)
        let ending = try bench.run(program, arguments, in: folder)
        guard ending.status == 0 else { throw FaultsFailure("\(program) undisturbed: \(ending.errors)") }
        defer { try? TestFiles.remove(folder) }  // goes with the bench otherwise
        return try StageState(of: folder)
    }
}
