import PerpCore

/// One call as the exchange's own server would receive it.
public struct SimulatedRequest: Hashable, Sendable {
    /// The exchange that is called.
    public let exchange: Exchange
    /// `GET` or `POST`.
    public let method: String
    /// The decoded path on the exchange's host: `/fapi/v1/ticker/24hr`.
    public let path: String
    /// Decoded parameters by name; the last one of a repeated name.
    public let query: [String: String]
    /// The body of a POST; empty for a GET.
    public let body: String

    /// A call with decoded path and query.
    public init(
        exchange: Exchange, method: String = "GET", path: String, query: [String: String] = [:],
        body: String = ""
    ) {
        self.exchange = exchange
        self.method = method
        self.path = path
        self.query = query
        self.body = body
    }

    /// Decodes path and query of a target such as `/v5/market/tickers?category=linear`.
    public init(exchange: Exchange, method: String = "GET", target: String, body: String = "") {
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var query: [String: String] = [:]
        if parts.count == 2 {
            for pair in parts[1].split(separator: "&") {
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                query[Self.decoded(sides[0])] = sides.count == 2 ? Self.decoded(sides[1]) : ""
            }
        }
        self.init(
            exchange: exchange, method: method, path: Self.decoded(parts[0]), query: query, body: body)
    }

    /// Decodes percent encoding, and `+` as a space.
    static func decoded(_ text: some StringProtocol) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "+") }) else {
            return String(text)
        }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The value of a parameter that is a whole number; `nil` otherwise.
    func number(_ name: String) -> Int64? { query[name].flatMap { Int64($0) } }

    /// The value of a member of the body, a flat JSON object: a text without its quotes, or a number; `nil` when absent.
    func member(_ name: String) -> String? {
        guard let found = body.firstRange(of: "\"\(name)\"") else { return nil }
        let rest = body[found.upperBound...].drop { $0 == " " || $0 == ":" }
        if rest.first == "\"" { return String(rest.dropFirst().prefix { $0 != "\"" }) }
        return String(rest.prefix { $0 != "," && $0 != "}" && $0 != " " })
    }
}

/// A response before content coding.
public struct SimulatedResponse: Sendable {
    /// The HTTP status.
    public var status: Int
    /// Lower-case names and values in the order of sending, including `date`.
    public var headers: [(name: String, value: String)]
    /// The body as UTF-8 text.
    public var body: [UInt8]

    /// A response with its headers.
    public init(status: Int, headers: [(name: String, value: String)], body: [UInt8]) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header, by its lower-case name; `nil` when it is absent.
    public func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }
}

/// The reply of one exchange's code, before the headers that all exchanges share.
struct ExchangeReply {
    var status = 200
    var body: [UInt8]
    /// The weight of the call, as the exchange counts it.
    var weight: Int64 = 1
    var contentType = "application/json"

    init(_ json: consuming JSONBytes, status: Int = 200, weight: Int64 = 1) {
        self.status = status
        self.weight = weight
        body = json.finished()
    }

    init(text: String, status: Int, contentType: String = "text/plain") {
        self.status = status
        self.contentType = contentType
        body = Array(text.utf8)
    }
}

extension Market {
    /// The response of the request's exchange in `hour`. The same request always has the same response.
    public func respond(to request: SimulatedRequest, at hour: Hour) -> SimulatedResponse {
        let moment = Moment(market: self, exchange: request.exchange, hour: hour)
        if let reply = SimulatedArchives(moment: moment, request: request).respond() {
            return response(reply, request, moment)
        }
        let reply =
            switch request.exchange {
            case .binance: SimulatedBinance(moment: moment, request: request).respond()
            case .okx: SimulatedOKX(moment: moment, request: request).respond()
            case .bybit: SimulatedBybit(moment: moment, request: request).respond()
            case .gate: SimulatedGate(moment: moment, request: request).respond()
            case .bitget: SimulatedBitget(moment: moment, request: request).respond()
            case .hyperliquid: SimulatedHyperliquid(moment: moment, request: request).respond()
            case .aster: SimulatedBinance(moment: moment, request: request).respond()
            case .dydx: SimulatedDYDX(moment: moment, request: request).respond()
            case .binanceCOINM: SimulatedBinanceCOINM(moment: moment, request: request).respond()
            case .deribit: SimulatedDeribit(moment: moment, request: request).respond()
            case .krakenFutures: SimulatedKrakenFutures(moment: moment, request: request).respond()
            case .mexc: SimulatedMEXC(moment: moment, request: request).respond()
            case .kucoin: SimulatedKuCoin(moment: moment, request: request).respond()
            case .bingx: SimulatedBingX(moment: moment, request: request).respond()
            case .lighter: SimulatedLighter(moment: moment, request: request).respond()
            case .htx: SimulatedHTX(moment: moment, request: request).respond()
            case .edgex: SimulatedEdgeX(moment: moment, request: request).respond()
            case .pacifica: SimulatedPacifica(moment: moment, request: request).respond()
            case .backpack: SimulatedBackpack(moment: moment, request: request).respond()
            case .extended: SimulatedExtended(moment: moment, request: request).respond()
            case .grvt: SimulatedGRVT(moment: moment, request: request).respond()
            case .paradex: SimulatedParadex(moment: moment, request: request).respond()
            case .coinbase: SimulatedCoinbase(moment: moment, request: request).respond()
            }
        return response(reply, request, moment)
    }

    private func response(
        _ reply: ExchangeReply, _ request: SimulatedRequest, _ moment: Moment
    ) -> SimulatedResponse {
        var headers = [
            (name: "date", value: HTTPDate.text(milliseconds: moment.time)),
            (name: "content-type", value: reply.contentType),
        ]
        headers.append(contentsOf: limitHeaders(request, reply: reply, time: moment.time))
        return SimulatedResponse(status: reply.status, headers: headers, body: reply.body)
    }

    /// The rate-limit headers of each exchange. They count this call alone: the simulator keeps no count.
    private func limitHeaders(
        _ request: SimulatedRequest, reply: ExchangeReply, time: Int64
    ) -> [(name: String, value: String)] {
        switch request.exchange {
        case .binance, .aster, .binanceCOINM:
            request.path.hasPrefix("/futures/data")
                ? [] : [(name: "x-mbx-used-weight-1m", value: String(reply.weight))]
        case .bybit:
            [
                (name: "x-bapi-limit", value: "600"), (name: "x-bapi-limit-status", value: "599"),
                (name: "x-bapi-limit-reset-timestamp", value: String(time + 5000)),
            ]
        case .gate:
            [
                (name: "x-gate-ratelimit-requests-remain", value: "199"),
                (name: "x-gate-ratelimit-limit", value: "200"),
                (name: "x-gate-ratelimit-reset-timestamp", value: String(time / 1000 + 10)),
            ]
        case .dydx:
            [
                (name: "ratelimit-remaining", value: "99"), (name: "ratelimit-limit", value: "100"),
                (name: "ratelimit-reset", value: String(time + 10_000)),
            ]
        case .okx, .bitget, .hyperliquid: []
        case .deribit, .krakenFutures, .coinbase: []
        case .mexc, .kucoin, .bingx, .lighter, .htx: []
        case .edgex, .pacifica, .backpack, .extended, .grvt, .paradex: []
        }
    }
}

/// The date format of HTTP.
enum HTTPDate {
    /// `Thu, 23 Oct 2025 15:01:02 GMT`
    static func text(milliseconds: Int64) -> String {
        let names = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]  // 1970-01-01 was a Thursday
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let seconds = milliseconds / 1000
        let day = CalendarDay(containing: seconds)
        let (year, month, number) = day.date
        let rest = seconds - day.start
        func two(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = [rest / 3600, rest / 60 % 60, rest % 60].map(two).joined(separator: ":")
        return "\(names[Int(day.number % 7)]), \(two(number)) \(months[Int(month - 1)]) \(year) \(clock) GMT"
    }
}
