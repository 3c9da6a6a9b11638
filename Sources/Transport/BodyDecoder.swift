import Foundation
import Gzip
import PerpCore

/// Decodes content codings, one body at a time, so that several hostile bodies take no more memory than one.
actor BodyDecoder {
    private let limit: Int

    /// - Parameter limit: the most bytes of a decoded body.
    init(limit: Int) { self.limit = limit }

    func reply(_ received: ReceivedResponse) -> Reply {
        func reply(_ body: [UInt8], error: String? = nil) -> Reply {
            Reply(
                status: received.status, error: error, headers: received.headers, wireBytes: received.bytes.count,
                body: body)
        }
        switch received.headers["content-encoding"]?.trimmed.lowercased() {
        case nil, "", "identity": return reply(received.bytes)
        // An empty body is not encoded, whatever its header says.
        case "gzip" where received.bytes.isEmpty, "x-gzip" where received.bytes.isEmpty: return reply([])
        case "gzip", "x-gzip":
            do {
                return reply(try inflated(received.bytes, limit: limit))
            } catch GzipError.tooLarge(let limit) {
                return reply([], error: "gzip data holds more than \(limit) bytes")
            } catch {
                return reply(received.bytes, error: "\(error)")
            }
        case let coding?:
            return reply(received.bytes, error: "the content coding '\(coding)' was not asked for")
        }
    }
}

private func inflated(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
    let output = ByteBuffer()
    let inflater = Inflater()
    try bytes.withUnsafeBufferPointer { (bytes) throws(GzipError) in
        try inflater.inflate(bytes, into: output, limit: limit)
    }
    return output.array
}

/// Base64 of a text, for the header of a proxy with a password.
func base64(_ text: String) -> String { Data(text.utf8).base64EncodedString() }
