import PerpCore

/// Faulty responses, made from correct ones. The server makes the faults of the connection.
public enum FaultBodies {
    static let page = """
        <!DOCTYPE html>
        <html><head><title>Just a moment...</title></head>
        <body><h1>Checking your browser before accessing the site.</h1></body></html>

        """

    /// The response with a fault of content; `nil` when the fault is one of the connection.
    ///
    /// - Parameter milliseconds: the time of the response, in UTC milliseconds.
    public static func changed(
        _ response: SimulatedResponse, by fault: Fault, request: SimulatedRequest, milliseconds: Int64
    ) -> SimulatedResponse? {
        var response = response
        switch fault {
        case .status(let status, let retryAfter):
            response = refusal(request.exchange, status: status, milliseconds: milliseconds, like: response)
            if let retryAfter { response.headers.append((name: "retry-after", value: String(retryAfter))) }
        case .ban(let seconds):
            let end = milliseconds + Int64(seconds) * 1000
            response.status = 418
            response.body = Array(
                """
                {"code":-1003,"msg":"Way too many requests; IP banned until \(end). \
                Please use the websocket for live updates to avoid bans."}
                """.utf8)
            response.headers.append((name: "retry-after", value: String(seconds)))
        case .html:
            response.status = 200
            response.body = Array(page.utf8)
        case .error:
            response.status = 200
            response.body = envelope(request.exchange, isLimit: false, milliseconds: milliseconds)
        case .empty: response.body = emptied(response.body)
        case .noBody:
            response.status = 200
            response.body = []
        case .duplicate: response.body = doubled(response.body)
        case .rename(let from, let to):
            response.body.replace(Array("\"\(from)\":".utf8), with: Array("\"\(to)\":".utf8))
        case .truncate: response.body = Array(response.body.prefix(response.body.count / 2))
        case .delay, .slow, .cut, .truncatedGzip, .endless, .bomb: return nil
        }
        return response
    }

    // MARK: - Refusals

    private static func refusal(
        _ exchange: Exchange, status: Int, milliseconds: Int64, like response: SimulatedResponse
    ) -> SimulatedResponse {
        var response = response
        response.status = status
        switch status {
        case 429: response.body = envelope(exchange, isLimit: true, milliseconds: milliseconds)
        case 400..<403, 404, 418: response.body = envelope(exchange, isLimit: false, milliseconds: milliseconds)
        default:
            response.body = Array(page.utf8)
            response.headers = response.headers.map {
                $0.name == "content-type" ? (name: $0.name, value: "text/html") : $0
            }
        }
        return response
    }

    /// The exchange's error for a failure of its own, or for too many calls when `isLimit` is true.
    static func envelope(_ exchange: Exchange, isLimit: Bool, milliseconds: Int64) -> [UInt8] {
        let text =
            switch (exchange, isLimit) {
            case (.binance, true), (.aster, true), (.binanceCOINM, true):
                #"{"code":-1003,"msg":"Too many requests; current limit of IP is 2400 requests per minute."}"#
            case (.binance, false), (.aster, false), (.binanceCOINM, false):
                #"{"code":-1001,"msg":"Internal error; unable to process your request. Please try again."}"#
            case (.okx, true): #"{"code":"50011","data":[],"msg":"Too Many Requests"}"#
            case (.okx, false):
                #"{"code":"50001","data":[],"msg":"Service temporarily unavailable. Try again later."}"#
            case (.bybit, _):
                "{\"retCode\":\(isLimit ? 10006 : 10016),\"retMsg\":\"\(isLimit ? "Too many visits!" : "Internal server error.")\","
                    + "\"result\":{},\"retExtInfo\":{},\"time\":\(milliseconds)}"
            case (.gate, true):
                #"{"label":"TOO_MANY_REQUESTS","message":"Request Rate limit Exceeded (200), please try again later."}"#
            case (.gate, false): #"{"label":"SERVER_ERROR","message":"Internal server error"}"#
            case (.bitget, _):
                "{\"code\":\"\(isLimit ? "429" : "40725")\",\"msg\":\"\(isLimit ? "Too Many Requests" : "service return an error")\","
                    + "\"requestTime\":\(milliseconds),\"data\":null}"
            case (.hyperliquid, _): "null"
            case (.dydx, true): #"{"errors":[{"msg":"Too many requests"}]}"#
            case (.dydx, false): #"{"errors":[{"msg":"Internal Server Error"}]}"#
            case (.deribit, _):
                "{\"jsonrpc\":\"2.0\",\"error\":{\"message\":\"\(isLimit ? "too_many_requests" : "temporarily_unavailable")\","
                    + "\"code\":\(isLimit ? 10028 : 13028)},\"usDiff\":40,\"testnet\":false}"
            case (.krakenFutures, _):
                #"{"result":"error","error":"\#(isLimit ? "apiLimitExceeded" : "Unavailable")"}"#
            case (.coinbase, _):
                #"{"error":"\#(isLimit ? "RESOURCE_EXHAUSTED" : "INTERNAL")","message":"try again later"}"#
            case (.mexc, true):
                #"{"success":false,"code":510,"message":"Requests are too frequent, please try again later!"}"#
            case (.mexc, false): #"{"success":false,"code":500,"message":"Internal error"}"#
            case (.kucoin, true): #"{"code":"429000","msg":"Too Many Requests"}"#
            case (.kucoin, false): #"{"code":"500000","msg":"Internal Server Error"}"#
            case (.bingx, true): #"{"code":100410,"msg":"rate limited","data":{}}"#
            case (.bingx, false): #"{"code":100500,"msg":"internal system error","data":{}}"#
            case (.lighter, true): #"{"code":23000,"message":"Too Many Requests!"}"#
            case (.lighter, false): #"{"code":500,"message":"internal server error"}"#
            case (.htx, _):
                #"{"status":"error","err_code":\#(isLimit ? 1032 : 1000),"err_msg":"\#(isLimit ? "Exceed the limit of visits." : "System error.")","ts":\#(milliseconds)}"#
            case (.edgex, _):
                "{\"code\":\"\(isLimit ? "TOO_MANY_REQUESTS" : "SERVER_ERROR")\",\"data\":null,\"msg\":\"please try again later\","
                    + "\"errorParam\":null,\"requestTime\":\"\(milliseconds)\",\"responseTime\":\"\(milliseconds)\"}"
            case (.pacifica, true): #"{"success":false,"data":null,"error":"Rate limit exceeded","code":429}"#
            case (.pacifica, false): #"{"success":false,"data":null,"error":"Internal server error","code":500}"#
            case (.backpack, true): #"{"code":"TOO_MANY_REQUESTS","message":"Rate limit exceeded"}"#
            case (.backpack, false): #"{"code":"SERVICE_UNAVAILABLE","message":"Service unavailable"}"#
            case (.extended, true): #"{"status":"ERROR","error":{"code":1003,"message":"Rate limit exceeded"}}"#
            case (.extended, false): #"{"status":"ERROR","error":{"code":1006,"message":"Internal server error"}}"#
            case (.grvt, true):
                #"{"code":1006,"message":"You have surpassed the allocated rate limit for your tier","status":429}"#
            case (.grvt, false): #"{"code":1002,"message":"Internal Server Error","status":500}"#
            case (.paradex, true): #"{"error":"RATE_LIMIT_EXCEEDED","message":"too many requests"}"#
            case (.paradex, false): #"{"error":"INTERNAL_ERROR","message":"internal server error"}"#
            }
        return Array(text.utf8)
    }

    // MARK: - Rows

    /// The content, between its brackets, of the list or object with most rows: members that are lists or objects, or plain
    /// ones where there are no others.
    private static func largest(_ body: [UInt8]) -> Range<Int>? {
        var open: [(start: Int, rows: Int, commas: Int)] = []
        var best: (range: Range<Int>, rows: Int, commas: Int)?
        var isText = false
        var index = 0
        while index < body.count {
            let byte = body[index]
            if isText {
                if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { isText = false }
            } else {
                switch byte {
                case UInt8(ascii: "\""): isText = true
                case UInt8(ascii: "{"), UInt8(ascii: "["):
                    if !open.isEmpty { open[open.count - 1].rows += 1 }
                    open.append((index + 1, 0, 0))
                case UInt8(ascii: ","): if !open.isEmpty { open[open.count - 1].commas += 1 }
                case UInt8(ascii: "}"), UInt8(ascii: "]"):
                    guard let container = open.popLast() else { return nil }
                    let found = (range: container.start..<index, rows: container.rows, commas: container.commas)
                    if !found.range.isEmpty, holds(found, moreThan: best) { best = found }
                default: break
                }
            }
            index += 1
        }
        return best?.range
    }

    private typealias Container = (range: Range<Int>, rows: Int, commas: Int)

    private static func holds(_ container: Container, moreThan other: Container?) -> Bool {
        guard let other else { return true }
        // An envelope around one list has as many rows as a list of one row: prefer the inner one.
        return (container.rows, container.rows > 1 ? 0 : container.commas)
            > (other.rows, other.rows > 1 ? 0 : other.commas)
    }

    static func emptied(_ body: [UInt8]) -> [UInt8] {
        guard let rows = largest(body) else { return body }
        return Array(body[..<rows.lowerBound] + body[rows.upperBound...])
    }

    static func doubled(_ body: [UInt8]) -> [UInt8] {
        guard let rows = largest(body) else { return body }
        return Array(body[..<rows.upperBound]) + [UInt8(ascii: ",")] + body[rows] + body[rows.upperBound...]
    }

    // MARK: - Gzip

    /// The beginning of a gzip stream of zeros, which continues with `bombCore` bytes of 0 and `bombEnd`.
    ///
    /// It is one block of deflate whose code uses one bit, 0, for "repeat 258 bytes" and one bit, 0, for "from distance 1":
    /// each byte of 0 on the wire stands for 1032 zeros.
    public static let bombStart: [UInt8] = {
        var bits = BitWriter()
        bits.bytes = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255]
        bits.write(1, 1)  // the last block
        bits.write(2, 2)  // with codes of its own
        bits.write(29, 5)  // 286 literals and lengths
        bits.write(0, 5)  // 1 distance
        bits.write(14, 4)  // 18 lengths of the code of lengths follow, in the order of the format
        for length in [0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 2] { bits.write(UInt32(length), 3) }
        // The code of lengths: 18 (many zeros) is 0, 1 is 10, 2 is 11; codes are written from their top bit.
        func zeros(_ count: Int) {
            bits.write(0, 1)
            bits.write(UInt32(count - 11), 7)
        }
        bits.write(0b11, 2)  // literal 0: two bits
        zeros(138)
        zeros(117)
        bits.write(0b11, 2)  // the end: two bits
        zeros(28)
        bits.write(0b01, 2)  // length 258: one bit
        bits.write(0b01, 2)  // distance 1: one bit
        bits.write(0b01, 2)  // the literal 0, "10", and from here pairs of bits 0
        bits.flush()
        return bits.bytes
    }()

    /// The number of bytes of 0 in a bomb that decodes to so many megabytes.
    public static func bombCore(megabytes: Int) -> Int { megabytes * 1_000_000 / 1032 }

    /// The end of the block, and a checksum that no reader should reach. The beginning ends within a pair of bits, which the
    /// lowest bit here completes; the two bits above it end the block.
    public static let bombEnd: [UInt8] = [0xFE, 0, 0, 0, 0, 0, 0, 0, 0]

    private struct BitWriter {
        var bytes: [UInt8] = []
        private var pending: UInt32 = 0
        private var count: UInt32 = 0

        mutating func write(_ value: UInt32, _ width: UInt32) {
            pending |= value << count
            count += width
            while count >= 8 {
                bytes.append(UInt8(truncatingIfNeeded: pending))
                pending >>= 8
                count -= 8
            }
        }

        mutating func flush() { if count > 0 { write(0, 8 - count) } }
    }
}
