import JSONReader
import PerpCore

/// The version of the rules that turn raw responses into records. A change of any staged byte for
/// the same raw bytes raises it, and `reprocess` then makes old hours again.
public let transformVersion = 3

/// Everything the pipeline knows of an exchange: where to ask, how fast, and what the responses mean.
public struct Adapter: Sendable {
    public let exchange: Exchange
    /// What the exchange lets one address ask.
    public let limits: [RateLimit]
    /// Headers that each call carries beside the usual ones.
    public let headers: [String: String]
    /// What its refusals mean.
    public let refusals: Refusals
    public internal(set) var endpoints: [Endpoint]
    /// Which endpoint tells of liquidations, and how much of them it shows; `nil` where none does.
    public let liquidations: (endpoint: String, coverage: LiquidationCoverage)?
    /// What an error envelope says; `nil` when the body is a response.
    public let errorText: @Sendable (JSONValue) -> String?
    /// The assets and the term that a symbol names; `nil` when it names none that is known.
    let parts: @Sendable (String) -> SymbolParts?
    /// The usual symbol of an asset's main perpetual, `BTC-USDT-SWAP` for `BTC`: what is asked where the exchange's
    /// list of instruments is not known.
    let perpetual: @Sendable (_ asset: String) -> String
    /// Hours between settlements of an instrument whose interval no response states.
    let unstatedFundingInterval: @Sendable (Batch) -> Double?

    init(
        exchange: Exchange, limits: [RateLimit], headers: [String: String] = [:], refusals: Refusals = Refusals(),
        liquidations: (endpoint: String, coverage: LiquidationCoverage)? = nil,
        errorText: @escaping @Sendable (JSONValue) -> String?,
        parts: @escaping @Sendable (String) -> SymbolParts?,
        perpetual: @escaping @Sendable (String) -> String,
        unstatedFundingInterval: @escaping @Sendable (Batch) -> Double? = { _ in nil },
        endpoints: [Endpoint]
    ) {
        self.exchange = exchange
        self.limits = limits
        self.headers = headers
        self.refusals = refusals
        self.endpoints = endpoints
        self.liquidations = liquidations
        self.errorText = errorText
        self.parts = parts
        self.perpetual = perpetual
        self.unstatedFundingInterval = unstatedFundingInterval
    }

    public static func adapter(for exchange: Exchange) -> Adapter {
        switch exchange {
        case .binance: Binance.adapter
        case .okx: OKX.adapter
        case .bybit: Bybit.adapter
        case .gate: Gate.adapter
        case .bitget: Bitget.adapter
        case .hyperliquid: Hyperliquid.adapter
        case .aster: Aster.adapter
        case .dydx: DYDX.adapter
        }
    }

    public func endpoint(_ id: String) -> Endpoint? { endpoints.first { $0.id == id } }
}

/// When an endpoint is asked. Instruments name the symbols that the later phases ask for.
public enum Phase: Int, CaseIterable, Sendable {
    case instruments, market, details
}

/// One call of an endpoint, before it has a host.
struct EndpointCall {
    var path: String
    var body: String?

    init(_ path: String, body: String? = nil) {
        self.path = path
        self.body = body
    }
}

/// One endpoint of an exchange: which calls it takes, and what its responses mean.
public struct Endpoint: Sendable {
    public let id: String
    public let phase: Phase
    /// Calls that an hour took in late 2025 where their number depends on answers, for a plan; else 0.
    public let typicalCalls: Int
    /// Without a response the exchange's hour is not kept.
    public let isEssential: Bool
    /// The share of its calls that must be answered for the endpoint to be ok.
    public let neededShare: Double
    let host: String
    /// What a call costs of its limit, in the exchange's own terms.
    public let weight: Int
    /// The name of the limit that a call draws on.
    public let limit: String
    let calls: @Sendable (Plan) -> [EndpointCall]
    /// The calls that a response asks for: its next page.
    let more: @Sendable (Response, Plan) -> [EndpointCall]
    /// Whether a response ends the list of instruments: no page of it is missing behind.
    let endsList: @Sendable (Response) -> Bool
    let read: @Sendable (Response, inout Batch) throws(AdapterError) -> Void

    init(
        _ id: String, _ host: String, phase: Phase, typicalCalls: Int = 0, essential: Bool = false,
        neededShare: Double = 1,
        weight: Int = 1, limit: String,
        calls: @escaping @Sendable (Plan) -> [EndpointCall],
        more: @escaping @Sendable (Response, Plan) -> [EndpointCall] = { _, _ in [] },
        endsList: @escaping @Sendable (Response) -> Bool = { _ in true },
        read: @escaping @Sendable (Response, inout Batch) throws(AdapterError) -> Void
    ) {
        self.id = id
        self.host = host
        self.phase = phase
        self.typicalCalls = typicalCalls
        self.isEssential = essential
        self.neededShare = neededShare
        self.weight = weight
        self.limit = limit
        self.calls = calls
        self.more = more
        self.endsList = endsList
        self.read = read
    }

    /// Whether its responses are the exchange's list of instruments.
    var isList: Bool { phase == .instruments && isEssential }

    func request(_ call: EndpointCall) -> Request {
        Request(
            endpoint: id, method: call.body == nil ? .get : .post, url: host + call.path, body: call.body,
            weight: weight, limit: limit)
    }
}
