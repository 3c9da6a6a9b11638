import Foundation

/// Two programs that want the same files at the same time.
enum LockFaults {
    private static let path = "warehouse/market_history.db"

    static let all: [FaultScenario] = [
        FaultScenario("another connection writes the database: load", from: "staged") { scene in
            // The warehouse must hold hours, so that there is something to write to.
            try scene.run("load", ["--hour", FaultsBench.first])
            let before = try scene.state()
            let other = try StateDatabase("\(scene.folder)/\(path)")
            try other.execute("BEGIN EXCLUSIVE")
            try scene.suffer(
                "load", FaultsBench.span, status: 74, saying: [path, "another program is writing", "run it again"])
            // Readers do not wait.
            try scene.run("report", ["stats"])
            try other.execute("ROLLBACK")
            try scene.checkUnchanged(from: before)
            try scene.recover("load", FaultsBench.span, to: scene.references.loaded)
        },
        held("load", FaultsBench.span, by: "reprocess") { $0.loaded },
        held("reprocess", FaultsBench.span, by: "load") { $0.loaded },
        held("retain", References.retain, by: "load") { $0.retained },
        held("alert", ["--now", "2025-10-23T06:02:00Z"], by: "load", to: nil),
        FaultScenario("two runs of extract at once", from: "empty") { scene in
            let slow = try scene.bench.server(rules: ["* count=8 -> delay 1"])
            defer { slow.stop() }
            let first = try scene.bench.start("extract", ["--hour", FaultsBench.hour], in: scene.folder, server: slow)
            try wait { TestFiles.text("\(scene.folder)/raw/\(FaultsBench.hourFolder)/.lock").hasPrefix("pid ") }
            // A run that waited for the lock would find it free in the end, and succeed.
            try scene.suffer(
                "extract", ["--hour", FaultsBench.hour], status: 75,
                saying: ["another run holds the lock: pid", "extract of", "run it again"])
            let ending = first.end()
            scene.check(ending.status == 0, "the first ends with \(ending.status): \(ending.message)")
            for difference in try scene.state().differences(from: scene.references.extracted) {
                scene.check(false, difference)
            }
            scene.preserved("the first run is complete")
        },
        FaultScenario("the holder of the lock is killed: the next extract", from: "empty") { scene in
            let slow = try scene.bench.server(rules: ["* -> delay 30"])
            defer { slow.stop() }
            let first = try scene.bench.start("extract", ["--hour", FaultsBench.hour], in: scene.folder, server: slow)
            try wait { TestFiles.text("\(scene.folder)/raw/\(FaultsBench.hourFolder)/.lock").hasPrefix("pid ") }
            first.signal(SIGKILL)
            scene.check(first.end().status == 128 + SIGKILL, "was not killed")
            try scene.suffer("extract", ["--hour", FaultsBench.hour], status: 0, saying: ["okx complete"])
            for difference in try scene.state().differences(from: scene.references.extracted) {
                scene.check(false, difference)
            }
            scene.preserved("the next run is complete")
        },
    ]

    /// Another program holds the lock of the warehouse.
    private static func held(
        _ program: String, _ arguments: [String], by holder: String, to reference: (@Sendable (References) -> StageState)?
    ) -> FaultScenario {
        FaultScenario("\(holder) holds the warehouse: \(program)", from: "loaded") { scene in
            let before = try scene.state()
            let lock = "\(scene.folder)/warehouse/.lock"
            let file = open(lock, O_RDWR | O_CREAT, 0o644)
            defer { close(file) }
            guard file >= 0, flock(file, LOCK_EX | LOCK_NB) == 0 else { throw FaultsFailure("\(lock): cannot be locked") }
            try TestFiles.write(inPlace: "pid \(getpid()), \(holder)\n", to: lock)
            // The lock stays held until the program has ended: a program that waits for it is killed by the harness,
            // which is another status.
            try scene.suffer(
                program, arguments, status: 75,
                saying: ["warehouse/.lock", "another run holds the lock: pid", holder, "run it again"])
            try scene.checkUnchanged(from: before)
            flock(file, LOCK_UN)
            if let reference {
                try scene.recover(program, arguments, to: reference(scene.references))
            } else {
                try scene.run(program, arguments)
            }
        }
    }

    /// Waits for a condition that usually takes milliseconds.
    private static func wait(until isTrue: () -> Bool) throws {
        for _ in 0..<1000 where !isTrue() { usleep(10_000) }
        guard isTrue() else { throw FaultsFailure("the first run does not start") }
    }
}
