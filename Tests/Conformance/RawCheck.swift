import Foundation
import PerpCore
import PipelineFiles

/// Checks that a raw file keeps a body as it was served, byte for byte, with its hash.
struct RawCheck {
    private(set) var problems: [String] = []
    /// Whether a line of the endpoint holds the body.
    private(set) var isFound = false

    init(path: String, endpoint: String, body: Data, status: Int = 200) throws {
        let hash = sha256(ByteBuffer(Array(body)))
        for line in try StagedLines.lines(of: path) {
            guard let fields = try JSONSerialization.jsonObject(with: line) as? [String: Any],
                fields.text("endpoint") == endpoint, fields["status"] as? Int == status,
                fields.text("body_sha256") == hash
            else { continue }
            isFound = true
            if fields["body_bytes"] as? Int != body.count { problems.append("body_bytes is not \(body.count)") }
            if Self.body(of: line, fields) != body { problems.append("the body does not come back byte for byte") }
            return
        }
        problems.append("no line of \(endpoint) with status \(status) has the body's SHA-256")
    }

    /// The bytes of the body in the line.
    private static func body(of line: Data, _ fields: [String: Any]) -> Data? {
        if let text = fields.text("body_text") { return Data(text.utf8) }
        if let text = fields.text("body_base64") { return Data(base64Encoded: text) }
        // The body ends at the closing brace, or at the mark of responses that come from no exchange.
        guard let key = line.firstRange(of: Data(#"","body":"#.utf8)) else { return nil }
        let rest = line[key.upperBound...]
        let mark = Data(#","simulated":true}"#.utf8)
        return rest.dropLast(rest.suffix(mark.count) == mark ? mark.count : 1)
    }
}
