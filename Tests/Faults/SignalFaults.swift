import Foundation

/// SIGTERM and SIGINT while a program works.
enum SignalFaults {
    static let all: [FaultScenario] =
        faults(endedBy: SIGTERM) + faults(endedBy: SIGINT) + [alert(endedBy: SIGTERM), leftovers]

    private static func faults(endedBy signal: Int32) -> [FaultScenario] {
        [
            extract(endedBy: signal),
            ended("transform", FaultsBench.span, by: signal, from: "raw") { $0.staged },
            ended("load", FaultsBench.span, by: signal, from: "staged") { $0.loaded },
            ended("reprocess", FaultsBench.span + ["--force"], by: signal, from: "loaded") { $0.loaded },
            ended("reprocess", [], by: signal, from: "raw") { $0.loaded },
            ended("retain", References.retain, by: signal, from: "loaded") { $0.retained },
        ]
    }

    /// The files that a killed backup left are removed by the next backup.
    private static let leftovers = FaultScenario("a killed backup left its files: maintain backup", from: "loaded") { scene in
        let folder = "\(scene.folder)/warehouse/backup"
        try TestFiles.make(folder)
        let name = ".market_history-2025-10-23T05-00-00Z.db.tmp"
        for path in [name, "\(name)-journal"] { try TestFiles.write(Data(count: 4096), to: "\(folder)/\(path)") }
        try scene.suffer("maintain", ["backup"], status: 0, saying: [])
        scene.check(!TestFiles.below(folder).contains { $0.hasPrefix(name) }, "the leftovers are still there")
        try scene.checkUnchanged(from: scene.references.loaded, but: "leftovers removed; all as before")
    }

    private static func name(_ signal: Int32) -> String { signal == SIGTERM ? "SIGTERM" : "SIGINT" }

    /// Sends the signal at different moments until one of them reaches the program while it works.
    private static func ended(
        _ program: String, _ arguments: [String], by signal: Int32, from template: String,
        to reference: @escaping @Sendable (References) -> StageState
    ) -> FaultScenario {
        let kind = program != "reprocess" ? "" : arguments.isEmpty ? ", everything" : ", a span"
        return FaultScenario("\(name(signal)): \(program)\(kind)", from: template) { scene in
            let after = reference(scene.references)
            let before = try scene.state()
            let usual = try scene.bench.run(program, arguments, in: scene.bench.fresh(template)).seconds
            var isCaught = false
            for attempt in 0..<20 where !isCaught {
                try TestFiles.copy(scene.bench.template(template), to: scene.folder)
                let running = try scene.bench.start(program, arguments, in: scene.folder)
                // Late moments come first: more is half done then, which tests more.
                usleep(UInt32(usual * (0.75 - 0.03 * Double(attempt)) * 1_000_000))
                running.signal(signal)
                let ending = running.end()
                guard ending.status != 0 else { continue }
                isCaught = true
                scene.judge(ending, program, status: 128 + signal, saying: ["ended by \(name(signal))", "run it again"])
                for damage in try scene.state().damage(before: before, after: after) { scene.check(false, damage) }
                let leftovers = try scene.state().leftovers.filter { !$0.contains(".rebuild") }
                scene.check(leftovers.isEmpty, "leaves \(leftovers)")
                try scene.recover(program, arguments, to: after)
            }
            scene.check(isCaught, "was never caught running")
            scene.preserved("whole files and hours; complete after the next run")
        }
    }

    /// The receiver of the message responds slowly, and the signal arrives before the response.
    private static func alert(endedBy signal: Int32) -> FaultScenario {
        FaultScenario("\(name(signal)): alert, while a message is under way", from: "loaded") { scene in
            let server = try RudeServer(response: Array(accepted.utf8), after: 1)
            defer { server.stop() }
            let database = try StateDatabase("\(scene.folder)/warehouse/market_history.db")
            try database.execute(waiting)
            let arguments = ["--hour", FaultsBench.last, "--now", "2025-10-23T06:02:00Z"]
            let running = try scene.bench.start(
                "alert", arguments, in: scene.folder, settings: ["DISCORD_WEBHOOK_URL": "\(server.address)/hook"])
            usleep(400_000)
            running.signal(signal)
            scene.judge(
                running.end(), "alert", status: 128 + signal,
                saying: ["ended by \(name(signal))", "waits in the outbox", "run it again"])
            let delivered = "SELECT state, attempts FROM alert_outbox WHERE alert_id = 'a'"
            try scene.check(database.rows(delivered) == ["delivered|1"], "is \(database.rows(delivered))")
            try scene.run("alert", arguments)
            try scene.check(database.rows(delivered) == ["delivered|1"], "is sent again")
            scene.preserved("the message at hand is delivered, and once")
        }
    }

    private static let accepted =
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 10\r\n\r\n{\"id\":\"1\"}"

    /// Stores a message that has been waiting since the end of the last hour.
    private static let waiting = """
        INSERT INTO alert_outbox (alert_id, key, hour, reason, tier, confidence, direction, payload, state, created_at_ms)
        VALUES ('a', 'a', 1761195600, 'new', 1, 90, 'LONG', '{"username":"u","embeds":[{"title":"a","description":"b","color":1,"fields":[],"footer":{"text":"f"},
            "timestamp":"2025-10-23T06:00:00Z"}],"allowed_mentions":{"parse":[]}}', 'pending', 1761199260000)
        """

    private static func extract(endedBy signal: Int32) -> FaultScenario {
        FaultScenario("\(name(signal)): extract", from: "empty") { scene in
            let slow = try scene.bench.server(rules: ["okx -> delay 20"])
            defer { slow.stop() }
            let running = try scene.bench.start("extract", ["--hour", FaultsBench.hour], in: scene.folder, server: slow)
            for _ in 0..<1000 where running.errors.split(separator: "\n").count < 7 { usleep(10_000) }
            running.signal(signal)
            // A program that keeps waiting for the response of OKX is killed by the harness, which is another status.
            scene.judge(
                running.end(limit: 15), "extract", status: 128 + signal,
                saying: ["okx failed", "the run was ended by \(name(signal))"])
            try scene.recover("extract", ["--hour", FaultsBench.hour], to: scene.references.extracted)
            scene.preserved("7 exchanges that had responded; okx after the next run")
        }
    }
}
