import ArgumentParser
import CommandSupport
import PipelineFiles
import Testing

@Suite("How programs end")
struct RunningTests {
    @Test(
        "each error has its status, and a status that is thrown stays",
        arguments: [
            (FormatError(path: "raw/okx.ndjson.gz", reason: "is not gzip") as any Error, 65),
            (FileError(path: "raw", operation: "open", reason: "No such file or directory"), 74),
            (CancellationError(), 74), (ExitCode(69), 69),
        ])
    func status(error: any Error, status: Int) async {
        #expect(throws: ExitCode(Int32(status))) { try running("test") { throw error } }
        await #expect(throws: ExitCode(Int32(status))) {
            try await running("test") {
                await Task.yield()
                throw error
            }
        }
    }

    @Test("wrong usage is left to the argument parser")
    func usage() {
        #expect(throws: ValidationError.self) { try running("test") { throw ValidationError("--hour: is none") } }
    }

    @Test("what a command returns is passed on")
    func value() throws { #expect(try running("test") { 7 } == 7) }

    @Test("help lists what a command ends with, in ascending order")
    func help() {
        #expect(CommandSupport.ExitStatus.help([:]) == "Exit status: 0 done, 64 wrong usage.")
        #expect(
            CommandSupport.ExitStatus.help([.io: "a file failed", .done: "all is well"], locked: true, signals: "the file at hand")
                == "Exit status: 0 all is well, 64 wrong usage, 74 a file failed, 75 another run holds the lock, "
                + "130 and 143 ended by SIGINT and SIGTERM after the file at hand.")
    }
}
