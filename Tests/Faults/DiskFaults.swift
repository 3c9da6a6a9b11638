import Foundation

/// A full disk, in each stage.
enum DiskFaults {
    static let all: [FaultScenario] = [
        full("extract", ["--hour", FaultsBench.hour], from: "empty", room: 24, saying: ["No space left", "make room"]) {
            $0.extracted
        },
        full("transform", FaultsBench.span, from: "raw", room: 40, saying: ["No space left", "make room"]) { $0.staged },
        full("load", FaultsBench.span, from: "staged", room: 400, saying: ["the disk", "room"]) { $0.loaded },
        full("reprocess", [], from: "raw", room: 700, saying: ["room"]) { $0.loaded },
        full("reprocess", FaultsBench.span + ["--force"], from: "loaded", room: 50, saying: ["room"]) { $0.loaded },
        full("maintain", ["backup"], from: "loaded", room: 200, saying: ["no room for", "make room"]) { $0.loaded },
        // A program that frees space must not need free space.
        full(
            "retain", ["--raw-days", "1", "--staged-days", "1", "--now", "2025-10-24T03"], from: "loaded", room: 0,
            status: 0, saying: []
        ) { references in
            var state = references.retained
            state.tables = references.loaded.tables
            return state
        },
    ]

    /// - Parameter room: the KiB that are free when the program starts.
    private static func full(
        _ program: String, _ arguments: [String], from template: String, room: Int, status: Int32 = 74,
        saying words: [String],
        to reference: @escaping @Sendable (References) -> StageState
    ) -> FaultScenario {
        let name =
            "the disk is full: \(([program] + arguments.prefix { !$0.hasPrefix("--") }).joined(separator: " "))"
            + (arguments.contains("--force") ? ", a span" : "")
        return FaultScenario(name, from: template) { scene in
            try TestFiles.remove(scene.folder)
            try TestFiles.make(scene.folder)
            try Mounts.small(at: scene.folder, megabytes: 64)
            defer { try? Mounts.remove(scene.folder) }  // ends with this program at the latest
            try TestFiles.copyContent(of: scene.bench.template(template), to: scene.folder)
            let before = try scene.state()
            let filler = try fill(scene.folder, leaving: room)
            try scene.suffer(program, arguments, status: status, saying: words)
            try TestFiles.remove(filler)
            let after = reference(scene.references)
            let between = try scene.state()
            for damage in between.damage(before: before, after: after).prefix(3) { scene.check(false, damage) }
            scene.check(between.leftovers.allSatisfy { $0.contains(".rebuild") }, "leaves \(between.leftovers)")
            checkTables(scene, between, after)
            scene.preserved(preserved(between, before))
            try scene.recover(program, arguments, to: after)
        }
    }

    /// Checks that the database is sound, and that each row in it is one that the undisturbed run makes too.
    private static func checkTables(_ scene: FaultScene, _ between: StageState, _ after: StageState) {
        guard !between.tables.isEmpty else { return }
        let path = "\(scene.folder)/warehouse/market_history.db"
        scene.check((try? StateDatabase(path).rows("PRAGMA integrity_check")) == ["ok"], "the database is not sound")
        for table in ["ticker", "instrument", "exchange_summary", "market_summary", "model_score"] {
            let rows = Set(after.tables[table] ?? [])
            let strays = (between.tables[table] ?? []).filter { !rows.contains($0) }
            scene.check(strays.isEmpty, "\(table) holds rows that no undisturbed run makes: \(strays.first ?? "")")
        }
    }

    private static func preserved(_ between: StageState, _ before: StageState) -> String {
        var words: [String] = []
        let new = between.raw.count - before.raw.count + between.staged.count - before.staged.count
        if new > 0 { words.append("\(new) files that fitted are whole") }
        if new < 0 { words.append("\(-new) old files are gone") }
        if between.tables == before.tables, !before.tables.isEmpty { words.append("tables as before") }
        return (words + ["complete after the next run"]).joined(separator: "; ")
    }

    /// Fills the disk except for `room` KiB. Returns the path of the file that fills it.
    private static func fill(_ folder: String, leaving room: Int) throws -> String {
        let path = "\(folder)/filler"
        guard FileManager.default.createFile(atPath: path, contents: nil), let file = FileHandle(forWritingAtPath: path)
        else { throw FaultsFailure("\(path): cannot be written") }
        for size in [1 << 20, 4096] {
            let block = Data(count: size)
            // Writes until the disk is full.
            while (try? file.write(contentsOf: block)) != nil {}
        }
        let end = try file.seekToEnd()
        try file.truncate(atOffset: end - min(end, UInt64(room) << 10))
        try file.close()
        return path
    }
}
