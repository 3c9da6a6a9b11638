import Foundation
import SimulatedMarket

/// Raw and staged files with damaged bytes.
enum GzipFaults {
    private static let raw = "raw/2025-10-23/02/okx.ndjson.gz"
    private static let staged = "staged/2025-10-23/02/okx.ndjson.gz"

    static let all: [FaultScenario] =
        rawDamages.map { how, reason, damage in rawFault(how, reason, damage) }
        + stagedDamages.map { how, reason, damage in stagedFault(how, reason, damage) }
        + [
            FaultScenario("a raw file of several gzip members: transform", from: "raw") { scene in
                let path = "\(scene.folder)/\(raw)"
                let lines = try RawText.read(path).split(separator: "\n")
                try TestFiles.write(lines.map { RawText.gzipped("\($0)\n") }.reduce(Data(), +), to: path)
                try scene.suffer("transform", FaultsBench.span, status: 0, saying: [])
                try scene.run("load", FaultsBench.span)
                // Other tables hold the hashes of the stored bytes, which differ.
                scene.check(
                    try scene.state().tables["ticker"] == scene.references.loaded.tables["ticker"], "tickers differ")
                scene.preserved("read as one stream")
            },
            FaultScenario("a raw file of 10 GB of zeros in 10 MB of gzip: transform", from: "staged") { scene in
                let path = "\(scene.folder)/\(raw)"
                try TestFiles.write(bomb(megabytes: 10_000), to: path)
                let ending = try scene.suffer(
                    "transform", [raw, "-o", "out.gz"], status: 65, saying: [raw, "more than 1073741824 bytes"])
                scene.check(ending.megabytes < 1300, "uses \(ending.megabytes) MB")
                let batch = try scene.bench.run("reprocess", FaultsBench.span, in: scene.folder)
                scene.check(batch.status == 65, "reprocess ends with \(batch.status): \(batch.message)")
                // One of the two threads reads the file, and its memory is freed afterwards.
                scene.check(batch.megabytes < 1500, "reprocess uses \(batch.megabytes) MB")
                scene.preserved("refused within 1.3 GB of memory; the other files go on")
            },
            FaultScenario("a staged file of 10 GB of zeros in 10 MB of gzip: load", from: "staged") { scene in
                try TestFiles.write(bomb(megabytes: 10_000), to: "\(scene.folder)/\(staged)")
                let ending = try scene.suffer(
                    "load", FaultsBench.span, status: 65, saying: [staged, "more than 1073741824 bytes", "transform \(raw)"])
                scene.check(ending.megabytes < 1300, "uses \(ending.megabytes) MB")
                try scene.run("transform", FaultsBench.span)
                try scene.recover("load", FaultsBench.span, to: scene.references.loaded)
                scene.preserved("the other files are loaded; complete after transform and load")
            },
        ]

    // MARK: - Damages

    private typealias Damage = @Sendable (Data) -> Data

    private static let cut: Damage = { $0.prefix($0.count / 2) }
    private static let flipped: Damage = { bytes in
        var bytes = bytes
        bytes[bytes.count / 2] ^= 0x10
        return bytes
    }

    private static var rawDamages: [(how: String, reason: String, damage: Damage)] {
        [
            ("cut in half", "damaged or cut short", cut),
            ("with one bit flipped", "damaged or cut short", flipped),
            ("without a byte", "not gzip data", { _ in Data() }),
            ("that is no gzip", "not gzip data", { _ in Data("<html>hello</html>\n".utf8) }),
            ("with garbage behind it", "not gzip data", { $0 + Data("garbage".utf8) }),
            ("of a gzipped page", "has no line of a raw file", { _ in RawText.gzipped("<html>hello</html>\n") }),
        ]
    }

    private static var stagedDamages: [(how: String, reason: String, damage: Damage)] {
        [
            ("cut in half", "damaged or cut short", cut),
            ("with one bit flipped", "damaged or cut short", flipped),
            ("without a byte", "not gzip data", { _ in Data() }),
            ("that stands twice in its file", "line", { $0 + $0 }),
            ("of a gzipped page", "line 1", { _ in RawText.gzipped("<html>hello</html>\n") }),
        ]
    }

    /// A batch continues with the other files, the file by itself is refused, and reprocess keeps the rows that were
    /// loaded from it before.
    private static func rawFault(_ how: String, _ reason: String, _ damage: @escaping Damage) -> FaultScenario {
        FaultScenario("a raw file \(how): transform, reprocess", from: "loaded") { scene in
            let path = "\(scene.folder)/\(raw)"
            let whole = try TestFiles.bytes(path)
            let bad = damage(whole)
            try TestFiles.write(bad, to: path)
            let before = try TestFiles.bytes("\(scene.folder)/\(staged)")
            try scene.suffer("reprocess", FaultsBench.span + ["--force"], status: 65, saying: [raw, reason])
            let batch = try scene.bench.run("transform", FaultsBench.span, in: scene.folder)
            scene.check(batch.status == 0, "in a batch transform ends with \(batch.status)")
            try scene.suffer("transform", [raw], status: 65, saying: [raw, reason, "bring a copy back"])
            scene.check(try TestFiles.bytes("\(scene.folder)/\(staged)") == before, "the staged file was changed")
            scene.check(try TestFiles.bytes(path) == bad, "the raw file was changed")
            scene.check(try scene.bench.tables(in: scene.folder) == scene.references.loaded.tables, "the tables differ")
            try TestFiles.write(whole, to: path)
            try scene.recover("transform", [raw], to: scene.references.loaded)
            scene.preserved("the staged file and the rows that it gave while it was whole")
        }
    }

    /// The other files are loaded, and the message says how to make this file again.
    private static func stagedFault(_ how: String, _ reason: String, _ damage: @escaping Damage) -> FaultScenario {
        FaultScenario("a staged file \(how): load", from: "staged") { scene in
            let path = "\(scene.folder)/\(staged)"
            try TestFiles.write(damage(try TestFiles.bytes(path)), to: path)
            try scene.suffer("load", FaultsBench.span, status: 65, saying: [staged, reason, "transform \(raw)"])
            try scene.run("transform", [raw])
            try scene.recover("load", FaultsBench.span, to: scene.references.loaded)
            scene.preserved("the other files are loaded; complete after transform and load")
        }
    }

    /// One gzip member that decompresses to `megabytes` MB of zeros.
    private static func bomb(megabytes: Int) -> Data {
        Data(FaultBodies.bombStart) + Data(count: FaultBodies.bombCore(megabytes: megabytes)) + Data(FaultBodies.bombEnd)
    }
}
