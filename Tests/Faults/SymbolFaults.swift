import Foundation

/// Symbols that would act as paths, markup or SQL if a program treated them as anything but names.
enum SymbolFaults {
    private static let names = [
        "\u{1B}[2J\u{1B}]0;title\u{7}", "\"quoted\"", "../../../../etc/passwd", "a/b\\c", "two\nlines\r\n\t\u{1}",
        "<script>alert(1)</script>", "'; DROP TABLE ticker; --", "@everyone **bold** `code`", "%s%n${HOME}$(id)",
        "\u{202E}esrever", String(repeating: "X", count: 5000),
    ]
    private static let raw = "raw/2025-10-23/02/hyperliquid.ndjson.gz"

    static let all: [FaultScenario] = [
        FaultScenario("symbols that are SQL, paths, markup and terminal codes: transform, load, report, alert", from: "raw") {
            scene in
            let before = Set(TestFiles.below(scene.bench.folder).filter { !$0.hasPrefix("work") && !$0.hasPrefix("template") })
            for number in 0..<6 {
                let path = "\(scene.folder)/\(raw.replacing("/02/", with: "/0\(number)/"))"
                try RawText.write(try hostile(try RawText.read(path)), to: path)
                let other = path.replacing("hyperliquid", with: "dydx")
                try RawText.write(try alsoHostile(try RawText.read(other)), to: other)
            }
            try scene.suffer("transform", FaultsBench.span, status: 0, saying: [])
            try scene.run("load", FaultsBench.span)
            let database = try StateDatabase("\(scene.folder)/warehouse/market_history.db")
            let symbols = Set(try database.rows("SELECT symbol FROM listing WHERE exchange_id = 'hyperliquid'"))
            for name in names { scene.check(symbols.contains(name), "symbol \(name.debugDescription) is not stored as sent") }
            scene.check(
                try database.rows("SELECT count(*) FROM ticker").first != "0", "the tickers are gone")
            try lookAtReports(scene)
            let strays = Set(TestFiles.below(scene.folder).map { $0.split(separator: "/")[0] }).subtracting([
                "raw", "staged", "warehouse",
            ])
            scene.check(strays.isEmpty, "files elsewhere: \(strays)")
            let after = Set(TestFiles.below(scene.bench.folder).filter { !$0.hasPrefix("work") && !$0.hasPrefix("template") })
            scene.check(after.subtracting(before).allSatisfy { $0.hasPrefix("ready") }, "files outside")
            scene.preserved("each symbol as sent, and nothing but a name")
        }
    ]

    private static func lookAtReports(_ scene: FaultScene) throws {
        var told: [String] = []
        for arguments in [
            ["stats"], ["stats", "--json"], ["hour"], ["hour", "--json"], ["liquidations"], ["liquidations", "--json"],
            ["gaps"], ["check"],
        ] {
            let program = arguments == ["check"] ? "maintain" : "report"
            let title = "\(program) \(arguments.joined(separator: " "))"
            let ending = try scene.bench.run(program, arguments, in: scene.folder)
            scene.check([0, 65].contains(ending.status), "\(title) ends with \(ending.status): \(ending.message)")
            look(at: ending, title, isJSON: arguments.contains("--json"), scene)
            if ending.output.contains("0;title") { told.append(title) }
        }
        // The checks above mean something only if a report shows such a symbol.
        scene.check(told.contains("maintain check"), "of the reports only \(told) tell of such a symbol")
        let alert = try scene.bench.run(
            "alert", ["--hour", FaultsBench.last, "--now", "2025-10-23T06:02:00Z"], in: scene.folder)
        scene.check(alert.status == 0, "alert ends with \(alert.status): \(alert.message)")
        look(at: alert, "alert", isJSON: false, scene)
    }

    private static func look(at ending: Ending, _ title: String, isJSON: Bool, _ scene: FaultScene) {
        for text in [ending.output, ending.errors] {
            let steering = text.unicodeScalars.first { $0 != "\n" && ($0.value < 0x20 || $0.value == 0x202E) }
            scene.check(steering == nil, "\(title) prints U+\(String(steering?.value ?? 0, radix: 16))")
            scene.check(!text.contains("two\nlines"), "\(title) breaks a line")
        }
        if isJSON {
            scene.check((try? JSONSerialization.jsonObject(with: Data(ending.output.utf8))) != nil, "\(title) is no JSON")
        }
    }

    /// Renames the same coins at a second exchange, so that there are trades between the two.
    private static func alsoHostile(_ text: String) throws -> String {
        var text = text
        // Each index is the position at which `hostile` takes the name for this coin.
        for (coin, index) in [("XRP", 0), ("DOGE", 1), ("LINK", 2), ("1INCH", 5), ("KAITO", 6), ("0G", 9)] {
            let name = names[index]
            text = text.replacing("\"\(coin)-USD\"", with: try RawText.quoted("\(name)-USD"))
        }
        return text
    }

    /// Renames the coins that have no endpoints of their own, and sets funding rates that the checks complain about.
    private static func hostile(_ text: String) throws -> String {
        var rest = names[...]
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for index in lines.indices where lines[index].contains("\"endpoint\":\"meta_and_asset_ctxs\"") {
            lines[index] = try lines[index].replacing(/"name":"([A-Za-z0-9]+)"/) { match in
                guard !["BTC", "ETH", "SOL"].contains(match.1), let name = rest.popFirst() else {
                    return String(match.0)
                }
                return "\"name\":" + (try RawText.quoted(name))
            }
            var number = 0
            lines[index] = lines[index].replacing(/"funding":"[^"]*"/) { _ in
                number += 1
                return number.isMultiple(of: 2) ? "\"funding\":\"0.5\"" : "\"funding\":\"0.003\""
            }
        }
        guard rest.isEmpty else { throw FaultsFailure("\(rest.count) hostile names found no place") }
        return lines.joined(separator: "\n")
    }
}
