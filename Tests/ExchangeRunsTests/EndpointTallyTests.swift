import ExchangeAdapters
import ExchangeClient
import Transport
import PerpCore
import Testing

@testable import ExchangeRuns

@Suite("Outcome of an exchange")
struct EndpointTallyTests {
    private func tally(_ exchange: Exchange, _ endpoint: String, answered: Int, failed: [CallFailure] = []) throws
        -> EndpointTally
    {
        var tally = EndpointTally(try #require(Adapter.adapter(for: exchange).endpoint(endpoint)))
        for _ in 0..<answered { tally.add(CallResult(attempts: [], failure: nil), weight: 1) }
        for failure in failed { tally.add(CallResult(attempts: [], failure: failure), weight: 1) }
        return tally
    }

    @Test(
        "an endpoint called per symbol is ok with 95 of 100 calls, any other with all",
        arguments: [("open_interest", 95, 5, true), ("open_interest", 94, 6, false), ("book_ticker", 19, 1, false)])
    func share(endpoint: String, answered: Int, failed: Int, isOK: Bool) throws {
        let failures = Array(repeating: CallFailure(.refused, "status 400"), count: failed)
        #expect(try tally(.binance, endpoint, answered: answered, failed: failures).isOK == isOK)
    }

    @Test("an essential endpoint decides before any other, and one that was not asked says nothing")
    func outcomes() throws {
        let whole = try tally(.binance, "exchange_info", answered: 1)
        let short = try tally(.binance, "book_ticker", answered: 0, failed: [CallFailure(.rateLimited, "status 429")])
        let lost = try tally(.binance, "premium_index", answered: 0, failed: [CallFailure(.blocked, "status 451")])
        let unasked = try tally(.binance, "ticker_24hr", answered: 0)

        #expect(EndpointTally.report(of: .binance, [whole, unasked]).outcome == .complete)
        let partial = EndpointTally.report(of: .binance, [whole, short])
        #expect(partial.outcome == .partial)
        #expect(partial.cause == .banned)
        #expect(partial.reason == "book_ticker: status 429")
        let failed = EndpointTally.report(of: .binance, [whole, short, lost, unasked])
        #expect(failed.outcome == .failed)
        #expect(failed.cause == .blocked)
        #expect(failed.reason == "premium_index: status 451")
        #expect(failed.endpoints.map(\.id) == ["exchange_info", "book_ticker", "premium_index"])
    }
}
