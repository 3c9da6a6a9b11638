import Foundation

/// A damaged database.
enum DatabaseFaults {
    private static let path = "warehouse/market_history.db"

    static let all: [FaultScenario] = [
        damaged("its header is garbage") { bytes in bytes.replaceSubrange(0..<100, with: Data(repeating: 0xA5, count: 100)) },
        damaged("it is cut in half") { bytes in bytes = bytes.prefix(bytes.count / 2) },
        damaged("it is text") { bytes in bytes = Data("this is no database\n".utf8) },
        FaultScenario("a page in the middle of the database is overwritten: maintain backup, then reprocess", from: "loaded") {
            scene in
            let file = "\(scene.folder)/\(path)"
            var bytes = try TestFiles.bytes(file)
            let middle = bytes.count / 8192 / 2 * 8192
            bytes.replaceSubrange(middle..<(middle + 8192), with: Data(repeating: 0xA5, count: 8192))
            try TestFiles.write(bytes, to: file)
            try scene.suffer("maintain", ["backup"], status: 74, saying: [path, "damaged", "make reprocess"])
            scene.check(try TestFiles.bytes(file) == bytes, "the file was changed")
            try scene.run("reprocess", [])
            scene.check(try scene.state().tables == scene.references.loaded.tables, "the tables are not what they were")
            scene.preserved("tables as before after reprocess")
        },
        FaultScenario("the database is empty: load of one hour, then reprocess", from: "loaded") { scene in
            try TestFiles.write(Data(), to: "\(scene.folder)/\(path)")
            try scene.suffer("load", ["--hour", FaultsBench.last], status: 0, saying: [path, "is empty", "make reprocess"])
            try scene.recover("reprocess", [], to: scene.references.loaded)
            scene.preserved("tables as before after reprocess")
        },
        FaultScenario("the database is damaged: restore of a backup", from: "loaded") { scene in
            try scene.run("maintain", ["backup", "--output", "copy.db"])
            let file = "\(scene.folder)/\(path)"
            let garbage = Data(repeating: 0x20, count: 100_000)
            try TestFiles.write(garbage, to: file)
            try scene.suffer("maintain", ["restore", "copy.db"], status: 0, saying: [path, "was damaged", "kept as"])
            scene.check(try aside(of: scene).map(TestFiles.bytes) == [garbage], "the damaged file is not kept")
            scene.check(try scene.state().tables == scene.references.loaded.tables, "the tables are not what they were")
            scene.preserved("the damaged file beside; tables as before")
        },
        FaultScenario("the backup is damaged: restore", from: "loaded") { scene in
            try TestFiles.write(Data(repeating: 0x20, count: 100_000), to: "\(scene.folder)/copy.db")
            try scene.suffer("maintain", ["restore", "copy.db"], status: 74, saying: ["copy.db", "no sound copy", "take another"])
            try scene.checkUnchanged(from: scene.references.loaded)
        },
        FaultScenario("the database was made by a newer program: load", from: "loaded") { scene in
            let file = "\(scene.folder)/\(path)"
            try StateDatabase(file).execute("INSERT INTO grdb_migrations VALUES ('9999_newer')")
            try scene.suffer("load", FaultsBench.span, status: 74, saying: [path, "newer program"])
            try StateDatabase(file).execute("DELETE FROM grdb_migrations WHERE identifier = '9999_newer'")
            try scene.checkUnchanged(from: scene.references.loaded)
        },
    ]

    /// Every program refuses the file and leaves it unchanged; then the advice of the message is followed.
    private static func damaged(_ how: String, _ damage: @escaping @Sendable (inout Data) -> Void) -> FaultScenario {
        FaultScenario("the database is damaged, \(how): load, then reprocess", from: "loaded") { scene in
            let file = "\(scene.folder)/\(path)"
            var bytes = try TestFiles.bytes(file)
            damage(&bytes)
            try TestFiles.write(bytes, to: file)
            for (program, arguments) in [
                ("report", ["stats"]), ("retain", References.retain), ("reprocess", FaultsBench.span), ("load", FaultsBench.span),
            ] {
                try scene.suffer(program, arguments, status: 74, saying: [path, "damaged", "make reprocess"])
                scene.check(try TestFiles.bytes(file) == bytes, "\(program) changes the file")
            }
            try scene.recover("reprocess", [], to: scene.references.loaded)
            scene.check(try aside(of: scene).map(TestFiles.bytes) == [bytes], "the damaged file is not kept")
            scene.preserved("the damaged file beside; tables as before after reprocess")
        }
    }

    private static func aside(of scene: FaultScene) -> [String] {
        TestFiles.below("\(scene.folder)/warehouse").filter { $0.contains(".damaged-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }
            .map { "\(scene.folder)/warehouse/\($0)" }
    }
}
