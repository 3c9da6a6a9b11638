import ExchangeAdapters
import ExchangeClient
import Transport
import PerpCore
import Synchronization
import Testing

@testable import ExchangeRuns

@Suite("One exchange's hour")
struct ExchangeHourRunTests {
    let hour = Hour("2025-10-23T15")!  // a literal that is such an hour

    /// Runs an exchange whose responses a function of the call gives.
    private func run(_ exchange: Exchange, _ send: @escaping ExchangeClient.Send) async throws -> ExchangeHourRunResult {
        let adapter = Adapter.adapter(for: exchange)
        let now = Mutex(hour.startTime)
        // Waiting advances the time without delay.
        let clock = RunClock {
            now.withLock { $0 }
        } wait: { instant in
            now.withLock { $0 = max($0, instant) }
        }
        let client = ExchangeClient(
            exchange: exchange, limits: adapter.limits, refusals: adapter.refusals, isPaced: true, bans: BanList(),
            clock: clock, random: { 0 }, send: send, judge: judge(adapter))
        return try await ExchangeHourRun(
            adapter: adapter, hour: hour, focusAssets: ["BTC", "ETH", "SOL"], includesOptional: false, baseURL: nil,
            client: client, clock: clock
        ).run()
    }

    private func reply(_ status: Int, _ body: String) -> Reply {
        Reply(status: status, headers: Headers([]), wireBytes: body.utf8.count, body: Array(body.utf8))
    }

    @Test("lines stand in the order of the requests, whatever is answered first")
    func order() async throws {
        let (solana, answered) = AsyncStream<Void>.makeStream()
        let result = try await run(.hyperliquid) { call in
            let body = call.body ?? ""
            // Bitcoin's response waits for Solana's, which is requested after it.
            if body.contains("BTC") { for await _ in solana { break } }
            if body.contains("SOL") { answered.yield() }
            return body.contains("metaAndAssetCtxs") ? reply(200, #"[{"universe":[{"name":"BTC"},{"name":"ETH"},{"name":"SOL"}]},[{},{},{}]]"#) : reply(200, "[]")
        }
        #expect(result.report.outcome == .complete)
        #expect(
            result.lines.map(\.endpoint)
                == ["meta_and_asset_ctxs", "perp_dexs", "spot_meta", "perp_annotations"] + Array(repeating: "funding_history", count: 3))
        let coins = result.lines.suffix(3).map { line in
            ["BTC", "ETH", "SOL"].first { line.requestBody!.contains($0) }
        }
        #expect(coins == ["BTC", "ETH", "SOL"])
    }

    @Test("without an essential response the later phases are not requested")
    func essential() async throws {
        let result = try await run(.bybit) { call in
            call.url.contains("status=PreLaunch")
                ? reply(200, #"{"retCode":0,"retMsg":"OK","result":{"list":[]}}"#)
                : reply(200, #"{"retCode":10006,"retMsg":"Too many visits!"}"#)
        }
        #expect(result.report.outcome == .failed)
        #expect(result.report.cause == .banned)
        #expect(result.report.reason == "instruments: error 10006 Too many visits!")
        // Three tries of each list, then the other endpoint of the phase.
        #expect(
            result.lines.map(\.endpoint)
                == ["instruments", "instruments", "instruments", "instruments_inverse", "instruments_inverse", "instruments_inverse", "instruments_prelaunch"])
        #expect(result.lines.map(\.attempt) == [1, 2, 3, 1, 2, 3, 1])
    }

    @Test("an endpoint that only fails is given up, and the exchange's hour is kept without it")
    func givenUp() async throws {
        let symbols = (0..<100).map {
            #"{"symbol":"C\#($0)USDT","contractType":"PERPETUAL","status":"TRADING","baseAsset":"C\#($0)","#
                + #""quoteAsset":"USDT","marginAsset":"USDT"}"#
        }
        let result = try await run(.binance) { call in
            if call.url.contains("exchangeInfo") {
                return reply(200, #"{"symbols":[\#(symbols.joined(separator: ","))]}"#)
            }
            return call.url.contains("openInterest") ? reply(403, "no") : reply(200, "[]")
        }
        let openInterest = try #require(result.report.endpoints.first { $0.id == "open_interest" })
        #expect(result.report.outcome == .partial)
        #expect(openInterest.calls == 100)
        #expect(openInterest.failed == 100)
        // Those under way when the eighth failed were sent; the others were not.
        #expect((8..<12).contains(openInterest.attempts))
    }
}
