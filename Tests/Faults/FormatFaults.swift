import Foundation

/// Raw lines of a later format, and impossible times.
enum FormatFaults {
    private static let raw = "raw/2025-10-23/02/okx.ndjson.gz"

    static let all: [FaultScenario] = [
        changed("a raw file has keys that are not known: transform") { text in
            text.replacing("{\"exchange\":", with: "{\"format\":2,\"trace\":{\"id\":\"x\"},\"exchange\":")
        },
        changed("a raw file has an endpoint that is not known: transform", rejections: 1) { text in
            let line = text.split(separator: "\n")[0]
            return text + line.replacing("\"endpoint\":\"instruments\"", with: "\"endpoint\":\"instruments_v9\"") + "\n"
        },
        changed("a raw file has a line that is no JSON: transform", rejections: 1) { $0 + "{\"exchange\":\"okx\",\n" },
        changed("responses were received before they were sent: transform") { text in
            text.replacing(/"sent_at_ms":\d+/, with: "\"sent_at_ms\":1761188100000")
        },
    ]

    /// Checks that the tickers are the same, whatever else the file holds.
    private static func changed(
        _ name: String, rejections: Int = 0, _ change: @escaping @Sendable (String) -> String
    ) -> FaultScenario {
        FaultScenario(name, from: "raw") { scene in
            let path = "\(scene.folder)/\(raw)"
            try RawText.write(change(try RawText.read(path)), to: path)
            try scene.suffer("transform", FaultsBench.span, status: 0, saying: [])
            try scene.run("load", FaultsBench.span)
            let tables = try scene.bench.tables(in: scene.folder)
            let usual = scene.references.loaded.tables
            for table in ["ticker", "instrument", "funding_settlement", "long_short", "model_score"] {
                scene.check(tables[table] == usual[table], "\(table) differs")
            }
            let more = (tables["rejection"]?.count ?? 0) - (usual["rejection"]?.count ?? 0)
            scene.check(more == rejections, "\(more) rejections more")
            scene.preserved(rejections == 0 ? "the rows are the same" : "the rows are the same, and a rejection says it")
        }
    }
}
