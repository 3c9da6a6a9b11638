import Foundation

/// A clock that jumps between runs.
enum ClockFaults {
    static let all: [FaultScenario] = [
        FaultScenario("the clock is an hour back: extract again", from: "empty") { scene in
            try scene.run("extract", ["--hour", FaultsBench.hour])
            let before = try scene.state()
            try scene.suffer(
                "extract", ["--hour", FaultsBench.hour, "--now", "2025-10-23T14:02:00Z"], status: 64,
                saying: ["is not the current hour", "today's responses do not belong there"])
            try scene.checkUnchanged(from: before)
        },
        FaultScenario("the clock is a year ahead: extract", from: "empty") { scene in
            try scene.suffer(
                "extract", ["--hour", FaultsBench.hour, "--now", "2026-10-23T15:02:00Z"], status: 64,
                saying: ["is not the current hour", "today's responses do not belong there"])
            try scene.recover("extract", ["--hour", FaultsBench.hour], to: scene.references.extracted)
            scene.preserved("nothing was asked; complete after the next run")
        },
        FaultScenario("a ban was written by a clock a year ahead: extract", from: "empty") { scene in
            let bans = """
                {"bans": [{"exchange": "okx", "host": "\(scene.bench.server.host)", "reason": "x", \
                "until_ms": 1792767600000}]}
                """
            try TestFiles.make("\(scene.folder)/raw/.state")
            try TestFiles.write(Data(bans.utf8), to: "\(scene.folder)/raw/.state/bans.json")
            try scene.suffer("extract", ["--hour", FaultsBench.hour], status: 0, saying: ["okx complete"])
            for difference in try scene.state().differences(from: scene.references.extracted) {
                scene.check(false, difference)
            }
            scene.preserved("the ban is not believed; all exchanges are asked")
        },
        FaultScenario("the clock goes back between two runs of alert", from: "loaded") { scene in
            try scene.run("alert", ["--hour", FaultsBench.last, "--now", "2025-10-23T06:02:00Z"])
            let before = try scene.state()
            try scene.suffer(
                "alert", ["--hour", FaultsBench.last, "--now", "2025-10-23T05:02:00Z"], status: 0, saying: [])
            scene.check(try scene.state().tables["alert"] == before.tables["alert"], "alerts were stored twice")
            scene.preserved("no alert is stored twice")
        },
        FaultScenario("an hour of the year 2030 is in the archive: transform, load, then the usual hours", from: "staged") {
            scene in
            let future = "2030-01-01"
            try TestFiles.make("\(scene.folder)/raw/\(future)/00")
            let text = try RawText.read("\(scene.folder)/raw/2025-10-23/02/okx.ndjson.gz")
            try RawText.write(text, to: "\(scene.folder)/raw/\(future)/00/okx.ndjson.gz")
            for program in ["transform", "load"] { try scene.run(program, ["--hour", "\(future)T00"]) }
            try scene.suffer("load", FaultsBench.span, status: 0, saying: [])
            let usual = scene.references.loaded.tables
            let tables = try scene.state().tables
            for table in ["model_score", "market_summary", "exchange_summary"] {
                let rows = Set(tables[table] ?? [])
                scene.check(usual[table]?.allSatisfy(rows.contains) == true, "\(table) lacks rows of the usual hours")
            }
            scene.preserved("the usual hours are what they are without it")
        },
    ]
}
