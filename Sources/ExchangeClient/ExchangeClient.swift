import ExchangeAdapters
import PerpCore
import Transport

/// The result of a call with all its tries.
public struct CallResult: Sendable {
    /// The tries in order; empty when nothing was sent because of a ban.
    public let attempts: [Attempt]
    /// Why the call failed; `nil` when the last attempt succeeded.
    public let failure: CallFailure?

    /// The result of a call, with a failure unless the last attempt succeeded.
    public init(attempts: [Attempt], failure: CallFailure?) {
        self.attempts = attempts
        self.failure = failure
    }

    /// The attempt that succeeded; `nil` when the call failed.
    public var success: Attempt? { failure == nil ? attempts.last : nil }
}

/// Calls one exchange within its rate limits, with retries, and obeys its bans.
public actor ExchangeClient {
    /// Sends a call once. Throws only `CancellationError`; failures are in the reply.
    public typealias Send = @Sendable (Call) async throws -> Reply
    /// Says whether a body with status 200 is a usable response.
    public typealias Judge = @Sendable ([UInt8]) -> BodyVerdict

    /// The most retries per run of an exchange: after so many it is down, and more waiting would cost the hour.
    public static let mostRetriesOfHour = 100

    private let exchange: Exchange
    private let refusals: Refusals
    private let pacer: Pacer
    private let bans: BanList
    private let clock: RunClock
    private let policy: RetryPolicy
    private let random: @Sendable () -> Double
    private let send: Send
    private let judge: Judge
    private var retriesLeft: Int
    /// Bans that could not be stored, one line each.
    public private(set) var warnings: [String] = []

    /// A client for one run of an exchange.
    ///
    /// - Parameters:
    ///   - isPaced: whether calls wait to keep the rate limits.
    ///   - shared: where the calls of all processes are booked; `nil` when only this one makes any.
    ///   - mostRetries: of all calls together.
    ///   - random: a number from 0 up to 1, for the jitter of retries.
    ///   - send: sends a call once.
    ///   - judge: says what a body with status 200 is.
    public init(
        exchange: Exchange, limits: [RateLimit], refusals: Refusals, isPaced: Bool, bans: BanList,
        clock: RunClock, shared: (any SharedSchedule)? = nil,
        mostRetries: Int = ExchangeClient.mostRetriesOfHour, policy: RetryPolicy = RetryPolicy(),
        random: @escaping @Sendable () -> Double = { .random(in: 0..<1) },
        send: @escaping Send, judge: @escaping Judge
    ) {
        self.exchange = exchange
        self.refusals = refusals
        pacer = Pacer(limits, isOn: isPaced, clock: clock, shared: shared)
        self.bans = bans
        self.clock = clock
        self.policy = policy
        retriesLeft = mostRetries
        self.random = random
        self.send = send
        self.judge = judge
    }

    /// Makes a call, with retries.
    ///
    /// - Throws: `CancellationError` when the task is cancelled. Failures are in the result.
    public func call(_ call: Call) async throws -> CallResult {
        var attempts: [Attempt] = []
        while true {
            if let failure = try await waitForBan(of: call) {
                return CallResult(attempts: attempts, failure: failure)
            }
            try await pacer.admit(weight: call.weight, of: call.limit)
            let sentAt = clock.now
            let reply = try await send(call)
            let receivedAt = clock.now
            await pacer.obey(reply.headers, of: call.limit)
            let isSuccess = reply.status == 200 && reply.error == nil
            let decision = policy.decide(
                reply, verdict: isSuccess ? judge(reply.body) : nil, refusals: refusals,
                number: attempts.count + 1, now: receivedAt, random: random())
            attempts.append(
                Attempt(
                    call: call, sentAt: sentAt, receivedAt: receivedAt, number: attempts.count + 1, reply: reply,
                    failure: decision.failure))
            if let failure = try await follow(decision, call, attempts: attempts.count) {
                return CallResult(attempts: attempts, failure: failure)
            }
            if case .accept = decision { return CallResult(attempts: attempts, failure: nil) }
        }
    }

    /// Calls and weight so far, by name of the limit.
    public var used: [String: (calls: Int, weight: Int)] {
        get async { await pacer.used }
    }

    /// Waits until a short ban ends; returns a failure during a long one.
    private func waitForBan(of call: Call) async throws -> CallFailure? {
        while let ban = await bans.ban(of: exchange, host: authority(of: call.url), now: clock.now) {
            guard ban.until.milliseconds - clock.now.milliseconds <= policy.longestWait else {
                return CallFailure(.banned, "banned until \(ban.until): \(ban.reason)")
            }
            try await clock.sleep(until: ban.until)
        }
        return nil
    }

    /// Waits as decided; returns a failure when there is no further try, `nil` to continue.
    private func follow(_ decision: RetryPolicy.Decision, _ call: Call, attempts: Int) async throws -> CallFailure? {
        switch decision {
        case .accept: return nil
        case .giveUp(let failure): return failure
        case .hold(let until, let failure):
            await remember(
                Ban(exchange: exchange, host: authority(of: call.url), until: until, reason: failure.description))
            return attempts < policy.mostAttempts && takeRetry() && failure.kind != .banned ? nil : failure
        case .retry(let at, let failure):
            guard takeRetry() else { return failure }
            if failure.kind == .rateLimited { await pacer.pause(call.limit, until: at) }
            try await clock.sleep(until: at)
            return nil
        }
    }

    private func takeRetry() -> Bool {
        retriesLeft -= 1
        return retriesLeft >= 0
    }

    private func remember(_ ban: Ban) async {
        do {
            try await bans.note(ban, now: clock.now)
        } catch {
            warnings.append("\(exchange.id): the ban of \(ban.host) until \(ban.until) was not written down: \(error)")
        }
    }
}

extension RetryPolicy.Decision {
    var failure: CallFailure? {
        switch self {
        case .accept: nil
        case .giveUp(let failure), .retry(_, let failure), .hold(_, let failure): failure
        }
    }
}
