import ExchangeAdapters
import PerpCore
import Testing

@testable import ExchangeClient
@testable import Transport

@Suite("Retries")
struct RetryTests {
    enum ExpectedDecision: Equatable {
        case accept
        /// Seconds from now, with a random number of one half.
        case retry(Double)
        case giveUp(CallFailure.Kind)
        case hold(Double)
    }

    struct RetryCase: Sendable, CustomTestStringConvertible {
        var exchange = Exchange.binance
        var status = 200
        var headers: [(String, String)] = []
        var body = "{}"
        var error: String?
        var verdict: BodyVerdict?
        var number = 1
        let expected: ExpectedDecision
        var testDescription: String { "\(exchange.id) \(status) \(headers) \(body.prefix(40)) try \(number)" }
    }

    static let rows: [RetryCase] = [
        RetryCase(verdict: .response, expected: .accept),
        RetryCase(status: 500, expected: .retry(0.5)),
        RetryCase(status: 502, number: 2, expected: .retry(1)),
        RetryCase(status: 503, number: 3, expected: .giveUp(.down)),
        RetryCase(status: 503, headers: [("Retry-After", "5")], expected: .hold(5)),
        RetryCase(status: 500, headers: [("content-type", "text/html")], body: "<html>", expected: .retry(0.5)),
        RetryCase(status: 0, error: "no whole response in 20 seconds", expected: .retry(0.5)),
        RetryCase(status: 408, expected: .retry(0.5)),
        RetryCase(status: 429, expected: .retry(0.5)),
        RetryCase(exchange: .okx, status: 429, expected: .retry(2.5)),
        RetryCase(status: 429, headers: [("Retry-After", "30")], expected: .hold(30)),
        RetryCase(status: 429, headers: [("Retry-After", "soon")], expected: .retry(0.5)),
        RetryCase(status: 418, expected: .hold(120)),
        RetryCase(status: 418, headers: [("retry-after", "600")], expected: .hold(600)),
        RetryCase(
            status: 418, body: #"{"code":-1003,"msg":"Way too many requests; IP banned until 1761231900000."}"#,
            expected: .hold(180)),
        RetryCase(status: 400, expected: .giveUp(.refused)),
        RetryCase(status: 401, expected: .giveUp(.refused)),
        RetryCase(status: 403, expected: .giveUp(.blocked)),
        RetryCase(exchange: .bybit, status: 403, body: "403, access too frequent", expected: .hold(600)),
        RetryCase(exchange: .bybit, status: 403, body: "The Amazon CloudFront distribution", expected: .giveUp(.blocked)),
        RetryCase(status: 404, expected: .giveUp(.refused)),
        RetryCase(status: 451, expected: .giveUp(.blocked)),
        RetryCase(status: 301, expected: .giveUp(.refused)),
        RetryCase(body: "<!DOCTYPE html>", verdict: .unreadable("not JSON"), expected: .giveUp(.unreadable)),
        RetryCase(headers: [("content-type", "text/html")], verdict: .response, expected: .accept),
        RetryCase(headers: [("content-type", "text/html")], verdict: .unreadable("not JSON"), expected: .giveUp(.unreadable)),
        RetryCase(body: "[{\"symbol\":", verdict: .unreadable("not JSON"), expected: .retry(0.5)),
        RetryCase(body: "", verdict: .unreadable("not JSON"), number: 3, expected: .giveUp(.unreadable)),
        RetryCase(body: "", error: "gzip data holds more than 100 bytes", expected: .giveUp(.unreadable)),
        RetryCase(body: "\u{1F}", error: "gzip data is damaged or cut short", expected: .retry(0.5)),
        RetryCase(exchange: .okx, verdict: .refusal("50011 Too Many Requests"), expected: .retry(2.5)),
        RetryCase(exchange: .okx, verdict: .refusal("50001 Service temporarily unavailable"), expected: .retry(0.5)),
        RetryCase(exchange: .okx, verdict: .refusal("51001 Instrument ID does not exist"), expected: .giveUp(.refused)),
        RetryCase(exchange: .bybit, verdict: .refusal("10006 Too many visits!"), expected: .retry(0.5)),
        RetryCase(exchange: .bybit, verdict: .refusal("10001 params error"), expected: .giveUp(.refused)),
        RetryCase(verdict: .refusal("-1121 Invalid symbol."), expected: .giveUp(.refused)),
    ]

    @Test("each outcome has its decision", arguments: rows)
    func decisions(row: RetryCase) {
        let reply = Reply(
            status: row.status, error: row.error, headers: Headers(row.headers), wireBytes: 10,
            body: Array(row.body.utf8))
        let now = Timestamp(seconds: 1_761_231_720)
        let decision = RetryPolicy().decide(
            reply, verdict: row.verdict, refusals: Adapter.adapter(for: row.exchange).refusals, number: row.number, now: now, random: 0.5)
        switch (decision, row.expected) {
        case (.accept, .accept): break
        case (.retry(let at, _), .retry(let seconds)): #expect(at == now.plus(seconds: seconds))
        case (.giveUp(let failure), .giveUp(let kind)): #expect(failure.kind == kind)
        case (.hold(let until, _), .hold(let seconds)): #expect(until == now.plus(seconds: seconds))
        default: Issue.record("\(decision) is not \(row.expected)")
        }
    }

    @Test(
        "Retry-After is seconds or a date",
        arguments: [
            ("120", "2025-10-23T15:04:00Z"), ("0", "2025-10-23T15:02:00Z"), (" 1.5 ", "2025-10-23T15:02:01.500Z"),
            ("Thu, 23 Oct 2025 15:30:07 GMT", "2025-10-23T15:30:07Z"), ("Thu, 31 Feb 2025 15:30:07 GMT", nil),
            ("-5", nil), ("soon", nil), ("", nil), ("99999999999999999999", nil), ("nan", nil),
        ] as [(String, String?)])
    func retryAfterTexts(text: String, expected: String?) {
        #expect(retryAfter(text, now: start) == expected.flatMap { Timestamp(iso8601: $0) })
    }

    @Test("only headers that say when and how much are kept, sorted")
    func keptHeaders() {
        let headers = Headers([
            ("X-MBX-USED-WEIGHT-1M", "5"), ("Set-Cookie", "secret"), ("Date", "now"), ("Content-Type", "a"),
            ("X-Gate-RateLimit-Limit", "200"), ("Server", "x"), ("ratelimit-reset", "1"),
        ])
        #expect(
            headers.kept.map(\.name) == [
                "content-type", "date", "ratelimit-reset", "x-gate-ratelimit-limit", "x-mbx-used-weight-1m",
            ])
    }
}
