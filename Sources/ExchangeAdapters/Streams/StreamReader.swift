import JSONReader
import PerpCore

/// Reads an exchange's stream as it comes: the list of instruments first, then message after message.
public struct StreamReader {
    /// The stream that is read.
    public let stream: LiquidationStream
    private var batch: Batch

    /// A reader that knows no instrument; `nil` where the exchange has no stream without a key.
    public init?(of exchange: Exchange) {
        guard let adapter = Adapter.adapter(for: exchange).forStream, let stream = adapter.stream else { return nil }
        self.stream = stream
        batch = Batch(adapter: adapter)
    }

    /// Reads a response with the list of instruments, or a part of it.
    public mutating func read(list response: Response) { batch.read(response) }

    /// The perpetuals that are trading, by the names that the stream has for them; sorted.
    public var streamNames: [String] { batch.streamNames }

    /// The connections that the stream has for the list.
    public var connections: [StreamConnection] { stream.connections(streamNames) }

    /// The liquidations in a message, each sized by the list; empty when it holds none that can be used.
    public mutating func liquidations(in message: JSONValue, receivedAt: Timestamp) -> [Liquidation] {
        guard stream.meaning(message) == .liquidations else { return [] }
        batch.read(
            Response(endpoint: LiquidationStream.endpointID, url: "", receivedAt: receivedAt, body: message))
        return batch.takeLiquidations()
    }
}
