import PerpCore
import ArgumentParser
import Foundation

/// Mutated input through every reader, for a bounded time.
@main
struct Fuzz: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fuzz",
        abstract: "Mutates bodies, raw and staged files, gzip and numbers, and reads them.",
        discussion: """
            A case is decided by the seed, the target and its number: --target adapters --case 1234 runs one again. \
            It fails when a promise is broken or when it takes longer than a second; a crash names its case. \
            Exit status: 0, 1 when a case failed, 64 wrong usage, 74 files.
            """)

    @Option(help: "How long to run, all targets together.")
    var seconds = 20.0

    @Option(help: "What decides all cases.")
    var seed: UInt64 = 1

    @Option(help: "Only this target: json, adapters, 'raw files', 'staged files', gzip, decimal.")
    var target: String?

    @Option(name: .customLong("case"), help: "Only this case of the target.")
    var number: UInt64?

    func validate() throws {
        guard seconds > 0 else { throw ValidationError("--seconds must be positive") }
        guard number == nil || target != nil else { throw ValidationError("--case goes with --target") }
    }

    func run() throws {
        let memory = "/dev/shm"
        let base = FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
        let folder = "\(base)/fuzz-\(UUID().uuidString)"
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: folder) }  // what is left harms nobody
            let targets = try Targets(seed: seed, folder: folder).all.filter { target == nil || $0.name == target }
            guard !targets.isEmpty else { throw ValidationError("--target: there is no '\(target ?? "")'") }
            Watch.begin()
            let failed = targets.reduce(0) { $0 + run($1, for: seconds / Double(targets.count)) }
            print("\(targets.count - failed) passed, \(failed) failed")
            if failed > 0 { throw ExitCode(1) }
        } catch let error as ValidationError {
            throw error
        } catch let code as ExitCode {
            throw code
        } catch {
            FileHandle.standardError.write(Data("fuzz: \(error)\n".utf8))
            throw ExitCode(74)
        }
    }

    /// Runs one target for its share of the time; 1 when a case failed.
    private func run(_ target: Target, for share: Double) -> Int {
        let clock = ContinuousClock()
        let started = clock.now
        var done: UInt64 = 0
        var longest = (duration: Duration.zero, number: UInt64(0))
        var problems = 0
        while clock.now - started < .seconds(share) {
            let number = number ?? done
            Watch.note(target.name, number)
            var (duration, problem) = time(target, number)
            // What a busy machine held up is quick when it is run again.
            if duration > Self.longest { duration = min(duration, time(target, number).duration) }
            if let problem {
                problems += 1
                if problems <= 10 { print("  \(target.name), case \(number): \(problem.prefix(600))") }
            }
            if duration > longest.duration { longest = (duration, number) }
            done += 1
            if self.number != nil { break }
        }
        Watch.note("", 0)
        let seconds = (clock.now - started) / .seconds(1)
        let slowest = longest.duration / .milliseconds(1)
        if longest.duration > Self.longest {
            problems += 1
            print("  \(target.name), case \(longest.number): \(Int(slowest)) ms")
        }
        print(
            "\(target.name): \(done) executions in \(String(format: "%.1f", seconds)) s, slowest "
                + "\(String(format: "%.1f", slowest)) ms, \(problems) failed")
        return problems == 0 ? 0 : 1
    }

    /// What no case may take.
    private static let longest = Duration.seconds(1)

    /// Runs one case: how long it took, and which promise it broke.
    private func time(_ target: Target, _ number: UInt64) -> (duration: Duration, problem: String?) {
        // Numbers that follow one another give seeds that have nothing in common.
        var mutator = Mutator(dice: SplitMix64(seed: seed &* 0x9E37_79B9 &+ number &* 0xD134_2543_DE82_EF95))
        let clock = ContinuousClock()
        let begun = clock.now
        do {
            try target.run(&mutator)
            return (clock.now - begun, nil)
        } catch {
            return (clock.now - begun, "\(error)")
        }
    }
}
