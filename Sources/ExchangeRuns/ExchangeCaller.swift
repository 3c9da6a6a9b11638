import ExchangeAdapters
import ExchangeClient
import JSONReader
import PerpCore
import PipelineFiles
import Transport

/// Turns requests into calls, and what came back into raw lines and responses.
struct ExchangeCaller: Sendable {
    let adapter: Adapter
    /// The hour in the address of a simulator.
    let hour: Hour
    /// Replaces the exchange's addresses.
    let baseURL: BaseURL?

    func call(_ request: Request) -> Call {
        Call(
            method: request.method.rawValue,
            url: baseURL?.rewrite(request.url, exchange: adapter.exchange, hour: hour) ?? request.url,
            body: request.body, headers: adapter.headers, weight: request.weight, limit: request.limit)
    }

    /// The response of a call that succeeded; valid until the parser's next parse.
    func response(_ success: Attempt, of request: Request, symbol: String? = nil, with parser: JSONParser) -> Response?
    {
        // It has been parsed successfully by `judge`.
        guard let body = try? parser.parse(ByteBuffer(success.reply.body.withoutByteOrderMark)) else { return nil }
        return Response(
            endpoint: request.endpoint, url: success.call.url, requestBody: request.body, symbol: symbol,
            receivedAt: success.receivedAt, body: body)
    }

    func rawLine(_ attempt: Attempt, of request: Request, symbol: String? = nil) -> RawLine {
        let reply = attempt.reply
        var line = RawLine(
            exchange: adapter.exchange, endpoint: request.endpoint, method: attempt.call.method, url: attempt.call.url,
            requestBody: attempt.call.body, sentAt: attempt.sentAt, receivedAt: attempt.receivedAt,
            attempt: attempt.number, status: reply.status, error: reply.error,
            headers: reply.headers.kept.map { ($0.name, $0.value) }, wireBytes: reply.wireBytes,
            body: reply.hasBody ? reply.body : nil)
        line.symbol = symbol
        line.isSimulated = baseURL?.namesHour == true || reply.headers[Origin.simulatedHeader] == "1"
        return line
    }
}

extension [UInt8] {
    /// The bytes without a byte order mark, which is not part of JSON but may be sent.
    var withoutByteOrderMark: ArraySlice<UInt8> {
        starts(with: [0xEF, 0xBB, 0xBF]) ? dropFirst(3) : self[...]
    }
}
