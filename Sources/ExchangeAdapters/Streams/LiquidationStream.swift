import JSONReader
import PerpCore

/// A public WebSocket of an exchange: what to open, what to say, and what its messages mean.
///
/// Silence proves nothing, since hours without a liquidation are normal. So each connection also subscribes to a busy
/// channel of the same address, the control: a connection whose control is silent is down.
public struct LiquidationStream: Sendable {
    /// The name of the liquidations in raw files, staged files and tables, as an endpoint's.
    public static let endpointID = "liquidation_stream"

    /// What the price of an event is.
    public let priceKind: LiquidationPrice
    /// The connections to open for the trading perpetuals, by the names that the stream has for them, sorted.
    public let connections: @Sendable (_ symbols: [String]) -> [StreamConnection]
    /// What a message that is JSON is about.
    public let meaning: @Sendable (JSONValue) -> StreamMessage
    /// Reads the liquidations of a message; other messages add nothing.
    let read: @Sendable (Response, inout Batch) throws(AdapterError) -> Void

    /// The endpoint that reads messages: no call belongs to it.
    var endpoint: Endpoint {
        Endpoint(Self.endpointID, "", phase: .details, limit: "", calls: { _ in [] }, read: read)
    }
}

/// One connection to a stream.
public struct StreamConnection: Hashable, Sendable {
    /// The name in raw files, unique per exchange: `linear`.
    public var name: String
    /// The address, `wss://…`.
    public var url: String
    /// Headers of the request that opens it, beside the usual ones.
    public var headers: [String: String] = [:]
    /// What to send once it is open, in this order.
    public var subscriptions: [String]
    /// Milliseconds between two subscriptions, where an address may send only so many; `nil`: all at once.
    public var pacing: Int64?
    /// How the connection is kept alive and is seen to be alive.
    public var heartbeat: Heartbeat
    /// How long the exchange keeps a connection at most, in seconds; `nil` when it sets no end.
    public var longestLife: Double?
    /// Whether binary messages are gzip.
    public var sendsGzip: Bool

    /// What is sent while a connection is open.
    public struct Heartbeat: Hashable, Sendable {
        /// The message; `nil` where the server's own pings and the control are enough.
        public var message: String?
        /// How often it is sent, in seconds.
        public var every: Double

        /// Whether its answer, or a ping of the exchange's own, is a sign of life: only where no channel is busy enough to
        /// be the control.
        public var provesLife = false

        /// Whether a ping frame is sent, in place of a message.
        public var isPingFrame = false

        /// Takes a message and seconds.
        public init(
            _ message: String? = nil, every: Double = 20, provesLife: Bool = false, isPingFrame: Bool = false
        ) {
            self.message = message
            self.every = every
            self.provesLife = provesLife
            self.isPingFrame = isPingFrame
        }
    }

    /// Takes an address, subscriptions, and how the connection is kept alive.
    public init(
        _ name: String, _ url: String, headers: [String: String] = [:], subscriptions: [String] = [],
        pacing: Int64? = nil, heartbeat: Heartbeat, longestLife: Double? = nil, sendsGzip: Bool = false
    ) {
        self.name = name
        self.url = url
        self.headers = headers
        self.subscriptions = subscriptions
        self.pacing = pacing
        self.heartbeat = heartbeat
        self.longestLife = longestLife
        self.sendsGzip = sendsGzip
    }

    /// Whether the address is that of a test network, which responds as readily as the real one and with invented markets.
    public var isTestNetwork: Bool {
        let host = url.split(separator: "/").dropFirst().first.map(String.init)?.lowercased() ?? ""
        return ["testnet", "binancefuture.com", "wspap.", "sandbox", "demo."].contains { host.contains($0) }
    }
}

/// What a message of a stream is about.
public enum StreamMessage: Hashable, Sendable {
    /// One or more liquidations.
    case liquidations
    /// The control channel: trades, none of them a liquidation.
    case control
    /// The exchange accepts a subscription.
    case acknowledged
    /// The exchange refuses something, in its own words.
    case refused(String)
    /// The answer to a heartbeat.
    case alive
    /// A ping of the exchange's own, which it wants back byte for byte, with `pong` in the place of `ping`:
    /// `{"op":"ping","ts":"1795000000000"}`.
    case ping
    /// Nothing that the pipeline knows.
    case unknown
}

extension Adapter {
    /// The public stream of the exchange's liquidations; `nil` where it has none without a key.
    public var stream: LiquidationStream? {
        switch exchange {
        case .binance: Binance.stream
        case .okx: OKX.stream
        case .bybit: Bybit.stream
        case .gate: Gate.stream
        case .bitget: Bitget.stream
        case .hyperliquid: nil
        case .aster: Aster.stream
        case .dydx: DYDX.stream
        case .binanceCOINM: BinanceCOINM.stream
        case .deribit: Deribit.stream
        case .krakenFutures: KrakenFutures.stream
        case .lighter: Lighter.stream
        case .htx: HTX.stream
        case .mexc, .kucoin, .bingx, .edgex, .pacifica, .backpack, .extended, .grvt, .paradex, .coinbase: nil
        }
    }

    /// This adapter with only the endpoints that list instruments; `nil` where the exchange has no stream.
    public var forLists: Adapter? {
        guard stream != nil else { return nil }
        var adapter = self
        adapter.endpoints = endpoints.filter(\.isList)
        return adapter
    }

    /// This adapter for a file of the stream: the endpoints that list instruments, and the messages.
    public var forStream: Adapter? {
        guard let stream else { return nil }
        var adapter = self
        adapter.endpoints = endpoints.filter(\.isList) + [stream.endpoint]
        return adapter
    }
}

extension StreamMessage {
    /// A refusal in the words of a code and a message.
    static func refused(code: JSONValue?, _ message: String?) -> StreamMessage {
        .refused("\(code?.summary ?? "") \(message ?? "")")
    }

    /// What a message is about where `event` answers a subscription, and a member of `arg` names the channel.
    init(_ message: JSONValue, channel member: StaticString, liquidations: String, control: String) {
        switch message.text("event") {
        case "subscribe": self = .acknowledged
        case "error": self = .refused(code: message.member("code"), message.text("msg"))
        default:
            let channel = message.member("arg")?.text(member)
            self = channel == liquidations ? .liquidations : channel == control ? .control : .unknown
        }
    }
}

extension JSONValue {
    /// The text of a member of an object; `nil` when there is none.
    func text(_ member: StaticString) -> String? {
        var members = object
        return members?.value(member)?.string
    }

    /// A member of an object; `nil` when there is none.
    func member(_ name: StaticString) -> JSONValue? {
        var members = object
        return members?.value(name)
    }
}
