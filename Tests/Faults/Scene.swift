import Foundation

/// A fault: what it begins with, and how it is made and judged.
struct FaultScenario: Sendable {
    let name: String
    /// Of the bench: `empty`, `raw`, `staged` or `loaded`.
    let template: String
    let make: @Sendable (FaultScene) throws -> Void

    init(_ name: String, from template: String, make: @escaping @Sendable (FaultScene) throws -> Void) {
        self.name = name
        self.template = template
        self.make = make
    }
}

/// Where one fault is made, and what is found. Belongs to one thread.
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

    /// Runs a program that the fault befalls: it must end with `status` and say why in one line that names
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

    /// Notes how a program ended, and what is wrong with that.
    func judge(_ ending: Ending, _ program: String, status: Int32, saying words: [String]) {
        result.status = ending.status
        let lines = ending.errors.split(separator: "\n").map(String.init)
        // Of several exchanges or files, the line is the one that the fault is about.
        let line = lines.first { line in words.allSatisfy(line.contains) } ?? lines.last ?? ""
        result.message = line.isEmpty && words.isEmpty ? "none" : plain(line)
        check(ending.status == status, "ends with \(ending.status), not \(status): \(plain(line))")
        for word in words { check(line.contains(word), "does not say '\(word)': \(plain(line))") }
        // Wrong usage is told by the argument parser, with the usage below.
        if status != 64 {
            for other in lines where !other.hasPrefix("\(program): ") {
                check(false, "a line is no message of \(program): \(plain(other))")
            }
        }
        if program != "extract", status != 0, status != 64 { check(lines.count == 1, "says \(lines.count) lines") }
    }

    /// Runs a program that must do its work now that the fault is gone.
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

    /// All three stages must be as they were.
    func checkUnchanged(from before: StageState, but text: String? = nil) throws {
        for difference in try state().differences(from: before).prefix(3) { check(false, difference) }
        preserved(text ?? "all as before")
    }

    /// Runs the program again without the fault; the result must be the undisturbed one.
    func recover(_ program: String, _ arguments: [String], to reference: StageState, server: SimulatedServer? = nil) throws {
        try run(program, arguments, server: server)
        for difference in try state().differences(from: reference).prefix(3) { check(false, "afterwards \(difference)") }
    }

    /// Without what differs from run to run and from machine to machine.
    private func plain(_ line: String) -> String {
        line.replacing(/pid \d+/, with: "pid N").replacing(/127\.0\.0\.1:\d+/, with: "127.0.0.1:PORT")
            .replacing(/, \d+ kB, [\d.]+ s/, with: "").replacing(/, [\d.]+ MB, [\d.]+ s/, with: "")
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+Z/, with: "TIME")
            .replacing(/\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ/, with: "TIME")
            .replacing(/damaged-\d+/, with: "damaged-TIME").replacing(folder, with: "…")
    }
}

/// What the programs make when nothing disturbs them.
struct References: Sendable {
    let empty: StageState
    let raw: StageState
    let staged: StageState
    let loaded: StageState
    let extracted: StageState
    let retained: StageState

    /// Keeps one day of everything, and so some of the hours.
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
