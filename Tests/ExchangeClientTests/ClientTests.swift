import PerpCore
import Synchronization
import Testing

import ExchangeAdapters
@testable import ExchangeClient
@testable import Transport

@Suite("Calls with their tries")
struct ClientTests {
    let clock = ManualClock()
    let call = Call(url: "https://fapi.binance.com/fapi/v1/ticker/24hr", weight: 40, limit: "weight")

    func client(_ script: Script, _ exchange: Exchange = .binance, bans: BanList = BanList()) -> ExchangeClient {
        ExchangeClient(
            exchange: exchange, limits: [RateLimit("weight", limit: 2400, windowSeconds: 60)], refusals: Refusals(),
            isPaced: true,
            bans: bans, clock: clock.clock, random: { 0.5 }, send: { script.send($0) },
            judge: { $0.first == UInt8(ascii: "{") ? .response : .unreadable("not JSON") })
    }

    @Test("a call that fails twice and is then answered leaves three attempts")
    func thirdTime() async throws {
        let script = Script([reply(500), reply(502), reply(200)], clock)
        let result = try await client(script).call(call)
        #expect(result.failure == nil)
        #expect(result.attempts.map(\.number) == [1, 2, 3])
        #expect(result.attempts.map(\.reply.status) == [500, 502, 200])
        #expect(result.attempts.map { $0.failure == nil } == [false, false, true])
        // Half of one second, then half of two.
        #expect(script.calls.withLock { $0 } == [0, 0.5, 1.5])
    }

    @Test("three failures are the end of a call")
    func threeFailures() async throws {
        let result = try await client(Script([reply(503)], clock)).call(call)
        #expect(result.attempts.count == 3)
        #expect(result.failure?.kind == .down)
        #expect(result.success == nil)
    }

    @Test("a short Retry-After is waited out and written down")
    func shortWait() async throws {
        let saved = Mutex<[Ban]>([])
        let bans = BanList { ban in saved.withLock { $0.append(ban) } }
        let script = Script([reply(429, "{}", [("Retry-After", "20")]), reply(200)], clock)
        let result = try await client(script, bans: bans).call(call)
        #expect(result.failure == nil)
        #expect(script.calls.withLock { $0 } == [0, 20])
        #expect(saved.withLock { $0.map(\.until) } == [start.plus(seconds: 20)])
    }

    @Test("a ban ends the call, and the next one is not made")
    func ban() async throws {
        let bans = BanList()
        let script = Script([reply(418, "banned", [("Retry-After", "3600")])], clock)
        let client = client(script, bans: bans)
        let first = try await client.call(call)
        #expect(first.failure?.kind == .banned)
        #expect(first.attempts.count == 1)
        let second = try await client.call(call)
        #expect(second.failure == CallFailure(.banned, "banned until 2025-10-23T16:02:00.000Z: status 418: banned"))
        #expect(second.attempts.isEmpty)
        #expect(script.calls.withLock { $0.count } == 1)
        // The exchange's other host is not banned.
        let spot = Call(url: "https://api.binance.com/api/v3/ticker/24hr", limit: "spot")
        #expect(await bans.ban(of: .binance, host: authority(of: spot.url), now: start) == nil)
    }

    @Test("a ban of an earlier run holds until it ends")
    func rememberedBan() async throws {
        let ban = Ban(exchange: .binance, host: "fapi.binance.com", until: start.plus(seconds: 90), reason: "418")
        let script = Script([reply(200)], clock)
        let client = client(script, bans: BanList([ban]))
        #expect(try await client.call(call).failure?.kind == .banned)
        clock.pass(milliseconds: 90_000)
        #expect(try await client.call(call).failure == nil)
    }

    @Test("a ban far in the future, or of another exchange, is not believed")
    func strangeBans() async throws {
        let bans = [
            Ban(exchange: .binance, host: "fapi.binance.com", until: start.plus(seconds: 30 * 86_400), reason: "x"),
            Ban(exchange: .okx, host: "fapi.binance.com", until: start.plus(seconds: 90), reason: "x"),
        ]
        #expect(try await client(Script([reply(200)], clock), bans: BanList(bans)).call(call).failure == nil)
    }

    @Test("an exchange that is down all the time runs out of retries")
    func retriesRunOut() async throws {
        let script = Script([reply(500)], clock)
        let client = client(script)
        for _ in 0..<120 { _ = try await client.call(call) }
        // 120 first tries and 100 retries.
        #expect(script.calls.withLock { $0.count } == 220)
    }

    @Test("a weight header near the limit holds the next call back until the next minute")
    func weightHeader() async throws {
        clock.pass(milliseconds: 25_000)
        let script = Script([reply(200, "{}", [("x-mbx-used-weight-1m", "2000")]), reply(200)], clock)
        let client = client(script)
        _ = try await client.call(call)
        _ = try await client.call(call)
        #expect(script.calls.withLock { $0 } == [25, 60])
    }
}
