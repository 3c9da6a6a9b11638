import ExchangeAdapters
import Gzip
import JSONReader
import PerpCore
import Transport

/// Reads the messages of one connection: what they are about, and which bytes of them are kept.
final class MessageReader: Sendable {
    private struct Parts {
        let parser = JSONParser()
        let inflater = Inflater()
        let text = ByteBuffer(capacity: 1 << 14)
    }

    /// The most bytes that a message of gzip may hold.
    static let longestText = WebSocketClient.longestMessage

    private let stream: LiquidationStream
    private let inflatesBinary: Bool
    // One task, or one thread, uses a reader.
    private nonisolated(unsafe) let parts = Parts()

    /// A reader without a message.
    /// - Parameter inflatesBinary: whether binary messages are gzip.
    init(_ stream: LiquidationStream, inflatesBinary: Bool) {
        self.stream = stream
        self.inflatesBinary = inflatesBinary
    }

    /// Reads a message.
    ///
    /// - Returns: what it is about, and the bytes as they came; where gzip holds JSON or a pong, what it holds. Gzip that
    ///   cannot be read, or holds anything else, is unknown.
    func read(_ message: WebSocketMessage) -> (bytes: [UInt8], meaning: StreamMessage) {
        parts.text.removeAll()
        let isInflated = inflatesBinary && message.isBinary
        message.bytes.withUnsafeBufferPointer { bytes in
            guard isInflated else { return parts.text.append(bytes) }
            do { try parts.inflater.inflate(bytes, into: parts.text, limit: Self.longestText) } catch {
                parts.text.removeAll()
            }
        }
        let bytes = isInflated ? parts.text.array : message.bytes
        if bytes.elementsEqual("pong".utf8) { return (bytes, .alive) }
        guard !bytes.isEmpty, let value = try? parts.parser.parse(parts.text) else {
            return (message.bytes, .unknown)  // what is not JSON is kept
        }
        return (bytes, stream.meaning(value))
    }
}

/// The answer to an exchange's own ping: the same bytes, with `pong` in the place of `ping`.
func pong(to ping: [UInt8]) -> String {
    String(decoding: ping, as: UTF8.self).replacing("\"ping\"", with: "\"pong\"", maxReplacements: 1)
}
