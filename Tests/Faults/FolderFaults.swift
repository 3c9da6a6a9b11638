import Foundation

/// Folders and files that cannot be written, and files where folders should be.
enum FolderFaults {
    static let all: [FaultScenario] = [
        readOnly("raw", "extract", ["--hour", FaultsBench.hour], from: "empty") { $0.extracted },
        readOnly("staged", "transform", FaultsBench.span, from: "raw") { $0.staged },
        readOnly("warehouse", "load", FaultsBench.span, from: "staged") { $0.loaded },
        readOnly("warehouse", "load", FaultsBench.span, from: "loaded") { $0.loaded },
        readOnly("warehouse", "maintain", ["backup"], from: "loaded") { $0.loaded },
        readOnly("warehouse", "retain", References.retain, from: "loaded") { $0.retained },
        readOnly("warehouse", "alert", ["--hour", FaultsBench.last, "--now", "2025-10-23T06:02:00Z"], from: "loaded", to: nil),
        FaultScenario("the warehouse is on a read-only mount: report stats", from: "loaded") { scene in
            let before = try scene.state()
            try scene.run("maintain", ["backup", "--output", "warehouse/copy.db"])
            // As the last writer leaves the database: without a write-ahead log.
            for part in ["-wal", "-shm"] { try TestFiles.remove("\(scene.folder)/warehouse/market_history.db\(part)") }
            try Mounts.makeReadOnly("\(scene.folder)/warehouse")
            defer { try? Mounts.remove("\(scene.folder)/warehouse") }  // ends with this program at the latest
            try scene.suffer(
                "report", ["stats"], status: 74, saying: ["warehouse/market_history.db", "must be writable", "backup"])
            try scene.run("report", ["stats", "--warehouse", "warehouse/copy.db"])
            try Mounts.remove("\(scene.folder)/warehouse")
            try scene.run("report", ["stats"])
            try scene.checkUnchanged(from: before, but: "all as before; the backup is read where it is")
        },
        inPlace("raw", "extract", ["--hour", FaultsBench.hour], from: "empty") { $0.extracted },
        inPlace("staged", "transform", FaultsBench.span, from: "raw") { $0.staged },
        inPlace("warehouse", "load", FaultsBench.span, from: "staged") { $0.loaded },
        FaultScenario("a folder stands in place of the database: load", from: "staged") { scene in
            let path = "\(scene.folder)/warehouse/market_history.db"
            try TestFiles.make(path)
            try scene.suffer("load", FaultsBench.span, status: 74, saying: ["warehouse/market_history.db", "cannot be used"])
            try TestFiles.remove(path)
            try scene.recover("load", FaultsBench.span, to: scene.references.loaded)
            scene.preserved("complete after the next run")
        },
        FaultScenario("the database is missing: report stats", from: "staged") { scene in
            let before = try scene.state()
            try scene.suffer("report", ["stats"], status: 74, saying: ["there is no warehouse", "make hourly"])
            try scene.checkUnchanged(from: before)
        },
    ]

    private static func readOnly(
        _ stage: String, _ program: String, _ arguments: [String], from template: String,
        to reference: (@Sendable (References) -> StageState)?
    ) -> FaultScenario {
        let title = "\(stage)/ is read-only: \(title(program, arguments))" + (template == "staged" ? ", the first" : "")
        return FaultScenario(title, from: template) { scene in
            let folder = "\(scene.folder)/\(stage)"
            try TestFiles.make(folder)
            let before = try scene.state()
            try Mounts.makeReadOnly(folder)
            defer { try? Mounts.remove(folder) }  // ends with this program at the latest
            try scene.suffer(program, arguments, status: 74, saying: [stage, "Read-only file system", "may use it"])
            try Mounts.remove(folder)
            try scene.checkUnchanged(from: before)
            if let reference {
                try scene.recover(program, arguments, to: reference(scene.references))
            } else {
                try scene.run(program, arguments)
            }
        }
    }

    private static func inPlace(
        _ stage: String, _ program: String, _ arguments: [String], from template: String,
        to reference: @escaping @Sendable (References) -> StageState
    ) -> FaultScenario {
        FaultScenario("a file stands in place of \(stage)/: \(program)", from: template) { scene in
            let path = "\(scene.folder)/\(stage)"
            try TestFiles.remove(path)
            try TestFiles.write(Data("mine\n".utf8), to: path)
            try scene.suffer(program, arguments, status: 74, saying: [stage, "move away what stands in its place"])
            scene.check(TestFiles.text(path) == "mine\n", "the file was changed")
            scene.preserved("the file in its place")
            try TestFiles.remove(path)
            try scene.recover(program, arguments, to: reference(scene.references))
        }
    }

    private static func title(_ program: String, _ arguments: [String]) -> String {
        ([program] + arguments.prefix { !$0.hasPrefix("--") }).joined(separator: " ")
    }
}
