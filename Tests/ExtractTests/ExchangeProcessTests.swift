import Foundation
import PerpCore
import Testing

@testable import extract

@Suite("A process for each exchange")
struct ExchangeProcessTests {
    /// A program that prints what `extract --alone` does for some exchanges, and fails for others.
    private func program(in folder: URL, patience: Duration) throws -> ExchangeProcess {
        let path = folder.appending(path: "fake-extract")
        let output = #"{"report":{"exchange":"%s","outcome":"complete","wire_bytes":1,"body_bytes":1,"milliseconds":1,"endpoints":[]}}"#
        try Data(
            """
            #!/bin/sh
            case "$*" in
                *"--exchanges gate --alone") kill -ILL $$ ;;
                *"--exchanges bybit --alone") echo junk; exit 3 ;;
                *"--exchanges dydx --alone") exec sleep 60 ;;
                *"--exchanges aster --alone") read line; exit 0 ;;
                *"--hour 2025-10-23T15 --exchanges "*" --alone") printf '\(output)' "$4" ;;
            esac
            """.utf8
        ).write(to: path)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path.path)
        return ExchangeProcess(program: path, arguments: ["--hour", "2025-10-23T15"], patience: patience)
    }

    private func withProgram(
        patience: Duration = .seconds(1), _ body: (ExchangeProcess) async throws -> Void
    ) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // nothing else looks into it
        try await body(program(in: folder, patience: patience))
    }

    @Test("one that is ended, or says nothing that can be read, or stands still, costs itself only")
    func wall() async throws {
        try await withProgram { processes in
            let outcomes = await withTaskGroup(of: ExchangeOutcome.self) { group in
                for exchange in [Exchange.okx, .gate, .bybit, .dydx] { group.addTask { await processes.ask(exchange) } }
                return await group.reduce(into: [:]) { $0[$1.report.exchange] = $1.report }
            }
            #expect(outcomes[.okx]?.outcome == .complete)
            #expect(outcomes[.gate]?.outcome == .failed && outcomes[.gate]?.cause == .interrupted)
            #expect(outcomes[.gate]?.reason == "its process was ended by signal 4")
            #expect(outcomes[.bybit]?.reason == "its process ended with status 3")
            #expect(outcomes[.dydx]?.reason == "its process was ended by signal 9")
        }
    }

    @Test("a run that is ended ends its processes")
    func cancelled() async throws {
        try await withProgram(patience: .seconds(60)) { processes in
            let task = Task { await processes.ask(.dydx) }
            try await Task.sleep(for: .milliseconds(300))
            task.cancel()
            // By 15; by 9 where this process ignores the former, which processes inherit.
            #expect(await task.value.report.reason?.hasPrefix("its process was ended by signal") == true)
        }
    }

    @Test("a program that cannot be started is said")
    func absent() async {
        let processes = ExchangeProcess(program: URL(filePath: "/no/such/program"), arguments: [], patience: .seconds(1))
        #expect(await processes.ask(.okx).report.reason?.hasPrefix("its process could not be started") == true)
    }
}
