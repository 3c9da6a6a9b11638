import Foundation
import PerpCore

/// One exchange that misbehaves while the others work.
enum ExchangeFaults {
    static let all: [FaultScenario] =
        [
            lost("answers 451", "okx -> status 451", saying: "status 451"),
            lost("answers 503", "okx -> status 503", saying: "status 503"),
            lost("answers a page with status 200", "okx -> html", saying: "a page of HTML with status 200"),
            lost("answers an error envelope with status 200", "okx -> error", saying: "error 5"),
            lost("cuts the connection in the middle of each body", "okx -> cut", saying: "closed before"),
            lost("never ends its bodies", "okx -> endless", saying: "longer than 67108864 bytes", megabytes: 700),
            lost("sends 10 GB in 10 MB of gzip", "okx -> bomb", saying: "more than 268435456 bytes", megabytes: 1500),
            lost("sends half of its gzip", "okx -> truncated-gzip", saying: "damaged or cut short"),
            lost("sends empty bodies", "okx -> no-body", saying: "an empty body"),
            held("answers 429 with retry-after of an hour", "okx count=1 -> status 429 retry-after=3600", "okx"),
            held("answers 418 with a ban of an hour", "binance count=1 -> ban 3600", "binance"),
            FaultScenario("one exchange sends ten bytes a second, once: extract", from: "empty") { scene in
                let server = try scene.bench.server(rules: ["okx count=1 -> slow 10"])
                defer { server.stop() }
                try scene.suffer(
                    "extract", ["--hour", FaultsBench.hour], status: 0, saying: ["okx complete"], server: server)
                let lines = try RawText.read("\(scene.folder)/raw/\(FaultsBench.hourFolder)/okx.ndjson.gz")
                scene.check(lines.contains("no whole response in 20 seconds"), "the slow attempt is no line")
                scene.preserved("given up after 20 s and asked again: complete")
            },
            FaultScenario("all exchanges respond 503: extract", from: "empty") { scene in
                let server = try scene.bench.server(rules: ["* -> status 503"])
                defer { server.stop() }
                try scene.suffer(
                    "extract", ["--hour", FaultsBench.hour], status: 69, saying: ["no exchange responded"], server: server)
                let failed = TestFiles.below("\(scene.folder)/raw").filter { $0.contains("/failed/") }
                scene.check(failed.count == Exchange.allCases.count, "the evidence has \(failed.count) files")
                try again(scene)
                scene.preserved("what they said, in failed/; complete after the next run")
            },
            FaultScenario("no exchange can be reached: extract", from: "empty") { scene in
                try scene.suffer(
                    "extract", ["--hour", FaultsBench.hour], status: 69, saying: ["no exchange responded"],
                    settings: ["PERPS_BASE_URL": "http://127.0.0.1:1/{hour}/{exchange}"])
                try again(scene)
                scene.preserved("complete after the next run")
            },
        ]

    /// OKX fails, the others are complete, and the next run of the hour asks OKX again.
    private static func lost(_ how: String, _ rule: String, saying word: String, megabytes: Int = 500) -> FaultScenario {
        FaultScenario("one exchange \(how): extract", from: "empty") { scene in
            let server = try scene.bench.server(rules: [rule])
            defer { server.stop() }
            let ending = try scene.suffer(
                "extract", ["--hour", FaultsBench.hour], status: 0, saying: ["okx failed", word], server: server)
            scene.check(ending.megabytes < megabytes, "uses \(ending.megabytes) MB")
            checkOthers(scene, but: "okx")
            try again(scene)
            scene.preserved("the others; okx after the next run")
        }
    }

    /// The exchange asks for a pause, which the next run respects too. The rule fails one request only, so a second one
    /// would succeed.
    private static func held(_ how: String, _ rule: String, _ exchange: String) -> FaultScenario {
        FaultScenario("one exchange \(how): extract, twice", from: "empty") { scene in
            let server = try scene.bench.server(rules: [rule])
            defer { server.stop() }
            let first = try scene.bench.run("extract", ["--hour", FaultsBench.hour], in: scene.folder, server: server)
            scene.check(first.status == 0, "ends with \(first.status)")
            checkOthers(scene, but: exchange)
            let evidence = try TestFiles.bytes("\(scene.folder)/raw/\(FaultsBench.hourFolder)/failed/\(exchange).ndjson.gz")
            try scene.suffer(
                "extract", ["--hour", FaultsBench.hour], status: 0, saying: ["\(exchange) failed", "banned until"],
                server: server)
            scene.check(
                try TestFiles.bytes("\(scene.folder)/raw/\(FaultsBench.hourFolder)/failed/\(exchange).ndjson.gz") == evidence,
                "the exchange was asked again")
            // This hour begins after the ban has ended.
            try scene.run("extract", ["--hour", "2025-10-23T17"], server: server)
            scene.check(
                TestFiles.exists("\(scene.folder)/raw/2025-10-23/17/\(exchange).ndjson.gz"), "is not asked after the ban")
            scene.preserved("the others; not asked while banned, asked after it")
        }
    }

    private static func checkOthers(_ scene: FaultScene, but exchange: String) {
        do {
            let state = try scene.state()
            for (name, lines) in scene.references.extracted.raw where !name.contains(exchange) {
                scene.check(state.raw[name] == lines, "\(name) is not what it should be")
            }
            scene.check(state.raw["\(FaultsBench.hourFolder)/\(exchange).ndjson.gz"] == nil, "\(exchange) has a raw file")
            scene.check(state.raw["\(FaultsBench.hourFolder)/failed/\(exchange).ndjson.gz"] != nil, "\(exchange) has no evidence")
        } catch {
            scene.check(false, "\(error)")
        }
    }

    /// Runs the hour again with all exchanges working, and checks that it is complete.
    static func again(_ scene: FaultScene) throws {
        try scene.run("extract", ["--hour", FaultsBench.hour])
        let state = try scene.state()
        for (name, lines) in scene.references.extracted.raw {
            scene.check(state.raw[name] == lines, "afterwards \(name) is not what it should be")
        }
    }
}
