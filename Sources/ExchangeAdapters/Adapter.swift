import JSONReader
import PerpCore

/// What the pipeline knows about an exchange's API: its endpoints, its limits, and how to read its responses.
public struct Adapter: Sendable {
    /// The exchange whose API it is.
    public let exchange: Exchange
    /// The rate limits that apply to one IP address.
    public let limits: [RateLimit]
    /// Headers that each call sends in addition to the usual ones.
    public let headers: [String: String]
    /// What its error codes mean.
    public let refusals: Refusals
    /// The table of endpoints, in the order in which they are called.
    public internal(set) var endpoints: [Endpoint]
    /// The endpoint that reports liquidations, and the share of them that it shows; `nil` where none does.
    public let liquidations: (endpoint: String, coverage: LiquidationCoverage)?
    /// The error that a body states: the exchange's code, a space and its message, `429 slow down`, since `refusals` are
    /// compared with the first word. `nil` when the body is no error.
    public let errorText: @Sendable (JSONValue) -> String?
    /// The assets and the term in a symbol's text; `nil` when the text has another form.
    let parts: @Sendable (String) -> SymbolParts?
    /// The usual symbol of an asset's main perpetual, `BTC-USDT-SWAP` for `BTC`: used when the list of instruments is not
    /// known.
    let perpetual: @Sendable (_ asset: String) -> String
    /// Hours between settlements for an instrument whose interval no response states; `nil` when unknown.
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

    /// The adapter of an exchange.
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
        case .binanceCOINM: BinanceCOINM.adapter
        case .deribit: Deribit.adapter
        case .krakenFutures: KrakenFutures.adapter
        case .mexc: MEXC.adapter
        case .kucoin: KuCoin.adapter
        case .bingx: BingX.adapter
        case .lighter: Lighter.adapter
        case .htx: HTX.adapter
        case .edgex: EdgeX.adapter
        case .pacifica: Pacifica.adapter
        case .backpack: Backpack.adapter
        case .extended: Extended.adapter
        case .grvt: GRVT.adapter
        case .paradex: Paradex.adapter
        case .coinbase: Coinbase.adapter
        }
    }

    /// The endpoint with an id; `nil` when the table has none.
    public func endpoint(_ id: String) -> Endpoint? { index(of: id).map { endpoints[$0] } }

    /// Whether the table has an endpoint with an id.
    public func knows(_ id: String) -> Bool { index(of: id) != nil }

    /// The place of an endpoint in the table; `nil` when it is not there.
    func index(of id: String) -> Int? {
        // Through the buffer: an endpoint taken out of the array would be copied with its closures.
        endpoints.withUnsafeBufferPointer { endpoints in endpoints.indices.first { endpoints[$0].id == id } }
    }
}

/// When an endpoint is called. The instruments name the symbols for the calls of later phases.
public enum Phase: Int, CaseIterable, Sendable {
    /// The list of instruments.
    case instruments
    /// Prices, volume, open interest and funding of all instruments.
    case market
    /// Settlements, long/short ratios, liquidations and spot prices.
    case details
}

/// How an answer repeats that of the hour before: a list of instruments, which need not be read again.
public enum Repetition: Hashable, Sendable {
    /// Byte for byte.
    case whole
    /// But for the members with this name, in which the exchange states its time: the endpoint's `read` never looks at them.
    case exceptTime(String)

    /// The name of the members that may differ; `nil` where none may.
    public var unreadTime: String? {
        switch self {
        case .whole: nil
        case .exceptTime(let name): name
        }
    }
}

/// One call of an endpoint: the path with its query, and the body of a POST.
struct EndpointCall {
    var path: String
    var body: String?

    init(_ path: String, body: String? = nil) {
        self.path = path
        self.body = body
    }
}

/// One endpoint of an exchange: the calls to make, and how to read the responses.
public struct Endpoint: Sendable {
    /// The name in raw files, reports and tables: `tickers`.
    public let id: String
    /// The phase in which it is called.
    public let phase: Phase
    /// Calls per hour in late 2025 where the number depends on responses, for `extract --plan`; else 0.
    public let typicalCalls: Int
    /// Whether the exchange's hour is discarded when the endpoint fails.
    public let isEssential: Bool
    /// The fraction (0 to 1) of its calls that must succeed for the endpoint to be ok.
    public let neededShare: Double
    /// Whether its responses are a list of instruments. The main list is essential.
    let isList: Bool
    /// The list that names the symbols of its rows; `nil` for the main list.
    let listedBy: String?
    let host: String
    /// The cost of a call in units of its limit.
    public let weight: Int
    /// The name of the rate limit that its calls count against.
    public let limit: String
    /// Whether an answer is mostly that of the hour before, and depends on nothing but its body; `nil` where it is not.
    public let repetition: Repetition?
    let calls: @Sendable (Plan) -> [EndpointCall]
    /// The calls that follow from a response: its next page.
    let more: @Sendable (Response, Plan) -> [EndpointCall]
    /// Whether a response is the last page of the list of instruments.
    let endsList: @Sendable (Response) -> Bool
    let read: @Sendable (Response, inout Batch) throws(AdapterError) -> Void

    init(
        _ id: String, _ host: String, phase: Phase, typicalCalls: Int = 0, essential: Bool = false,
        neededShare: Double = 1, isList: Bool = false, listedBy: String? = nil,
        weight: Int = 1, limit: String, repetition: Repetition? = nil,
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
        self.isList = isList || phase == .instruments && essential
        self.listedBy = listedBy
        self.weight = weight
        self.limit = limit
        self.repetition = repetition
        self.calls = calls
        self.more = more
        self.endsList = endsList
        self.read = read
    }

    func request(_ call: EndpointCall) -> Request {
        Request(
            endpoint: id, method: call.body == nil ? .get : .post, url: host + call.path, body: call.body,
            weight: weight, limit: limit)
    }
}
