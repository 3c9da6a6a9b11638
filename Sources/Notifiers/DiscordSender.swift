#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// What a receiver answered to one request.
public struct WebhookResponse: Sendable {
    /// 0 when no whole answer came, and then `body` says why.
    var status: Int
    /// Names in lower case.
    var headers: [String: String]
    var body: String

    /// Takes a status, headers with names in lower case, and a body.
    public init(status: Int, headers: [String: String] = [:], body: String = "") {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What became of one message.
enum Delivery: Hashable, Sendable {
    /// Accepted; the id of the message where the receiver gave one.
    case delivered(messageID: String?)
    /// Not now: in so many seconds, or when the next run comes.
    case later(seconds: Double?, reason: String)
    /// Not this message, and never.
    case refused(reason: String)
    /// Not this channel any more.
    case closed(reason: String)
}

/// Sends messages to one webhook for the length of a run, within its limits.
public actor DiscordSender {
    /// Posts a body to an address; never throws but when the task is cancelled.
    public typealias Post = @Sendable (_ url: String, _ body: String) async throws -> WebhookResponse

    /// The clock and the dice, so that tests need neither.
    public struct Environment: Sendable {
        /// Seconds that only rise.
        var now: @Sendable () -> Double
        var sleep: @Sendable (Double) async throws -> Void
        /// 0 to 1.
        var random: @Sendable () -> Double

        init(
            now: @escaping @Sendable () -> Double, sleep: @escaping @Sendable (Double) async throws -> Void,
            random: @escaping @Sendable () -> Double
        ) {
            self.now = now
            self.sleep = sleep
            self.random = random
        }

        /// The machine's clock and random numbers.
        public static let real = {
            let start = ContinuousClock.now
            return Environment(
                now: { (ContinuousClock.now - start) / .seconds(1) },
                sleep: { try await Task.sleep(for: .seconds($0)) }, random: { Double.random(in: 0...1) })
        }()
    }

    static let tries = 3
    /// Seconds that a whole run waits because the receiver asks for it.
    static let longestWait = 60.0
    /// A shorter wait, in seconds, is not meant.
    static let shortestWait = 0.25
    /// No receiver is left alone for longer, in seconds, whatever it asks for: no message lives so long.
    static let longestPause = 86_400.0

    private let url: WebhookURL
    private let post: Post
    private let environment: Environment
    private var window = RequestWindow()
    private var waited = 0.0
    /// When the receiver's own limit is whole again; `nil` when it is.
    private var resetAt: Double?

    /// Takes the webhook and what posts to it; waits are counted from here.
    public init(_ url: WebhookURL, environment: Environment = .real, post: @escaping Post) {
        self.url = url
        self.environment = environment
        self.post = post
    }

    /// Sends one message, again where that may help, and says how many requests it took.
    func send(_ message: DiscordMessage) async throws -> (delivery: Delivery, attempts: Int) {
        let body = try message.json()
        var failures = 0
        var refusals = 0
        var attempts = 0
        while true {
            if let delivery = try await pace() { return (delivery, attempts) }
            attempts += 1
            let answer = try await post(url.waiting, body)
            noteLimit(answer)
            switch answer.status {
            case 200...299:
                return (.delivered(messageID: Self.messageID(answer.body)), attempts)
            case 429:
                // Who names no time, or none that is meant, is asked less and less often: after 1, 2, 4 … seconds.
                let unnamed = Double(1 << min(refusals, 6))
                refusals += 1
                let wanted = Self.retryAfter(answer).flatMap { $0 < Self.shortestWait ? nil : $0 } ?? unnamed
                guard try await wait(wanted) else {
                    return (.later(seconds: wanted, reason: reason(answer)), attempts)
                }
            case 401, 403, 404:
                return (.closed(reason: reason(answer)), attempts)
            case 0, 408, 500...599:
                failures += 1
                guard failures < Self.tries else { return (.later(seconds: nil, reason: reason(answer)), attempts) }
                // 1, 2, 4 seconds, and up to half as much again.
                let pause = Double(1 << (failures - 1)) * (1 + environment.random() / 2)
                try await environment.sleep(pause)
            default:
                return (.refused(reason: reason(answer)), attempts)
            }
        }
    }

    // MARK: - Limits

    /// Waits until a request may go out; a delivery when that is not in this run.
    private func pace() async throws -> Delivery? {
        if let resetAt {
            let left = resetAt - environment.now()
            if left > 0 {
                guard try await wait(left) else {
                    return .later(seconds: left, reason: "\(url.host): its limit is used up")
                }
            }
            self.resetAt = nil
        }
        let pause = window.wait(now: environment.now())
        if pause > 0 { try await environment.sleep(pause) }
        window.note(environment.now())
        return nil
    }

    /// Waits for the receiver's sake; `false` when that is more than a run waits in total.
    private func wait(_ seconds: Double) async throws -> Bool {
        guard waited + seconds <= Self.longestWait else { return false }
        waited += seconds
        try await environment.sleep(seconds)
        return true
    }

    private func noteLimit(_ answer: WebhookResponse) {
        guard answer.status != 429, answer.headers["x-ratelimit-remaining"] == "0",
            let seconds = Self.seconds(answer.headers["x-ratelimit-reset-after"])
        else { return }
        resetAt = environment.now() + seconds
    }

    // MARK: - Reading responses

    private func reason(_ answer: WebhookResponse) -> String {
        let text = url.redact(answer.body).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        let status = answer.status == 0 ? "no answer" : "HTTP \(answer.status)"
        return DiscordLimits.cut(text.isEmpty ? "\(url.host): \(status)" : "\(url.host): \(status): \(text)", to: 300)
    }

    /// What the receiver asks for, in seconds; the header before the body.
    static func retryAfter(_ answer: WebhookResponse) -> Double? {
        struct Body: Decodable { var retry_after: Double? }
        if let header = seconds(answer.headers["retry-after"]) { return header }
        // Without such a body nothing is asked for.
        let body = try? JSONDecoder().decode(Body.self, from: Data(answer.body.utf8))
        return body?.retry_after.flatMap { $0.isFinite && $0 >= 0 ? min($0, longestPause) : nil }
    }

    /// Digits and one point only.
    private static func seconds(_ text: String?) -> Double? {
        guard let text, !text.isEmpty, text.utf8.allSatisfy({ $0 == 0x2e || (0x30...0x39).contains($0) }) else {
            return nil
        }
        return Double(text).map { min($0, longestPause) }
    }

    private static func messageID(_ body: String) -> String? {
        struct Body: Decodable { var id: String }
        // A 204 has no body.
        return try? JSONDecoder().decode(Body.self, from: Data(body.utf8)).id
    }
}
