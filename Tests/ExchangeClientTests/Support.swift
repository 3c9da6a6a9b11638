import PerpCore
import Synchronization

@testable import ExchangeClient
@testable import Transport

/// 2025-10-23T15:02:00.000Z
let start = Timestamp(iso8601: "2025-10-23T15:02:00Z")!  // a literal that is such a time

/// A clock on which waiting advances the time without delay.
final class ManualClock: Sendable {
    private let time = Mutex(start)

    var clock: RunClock {
        RunClock {
            self.time.withLock { $0 }
        } wait: { instant in
            self.time.withLock { $0 = max($0, instant) }
        }
    }

    func pass(milliseconds: Int64) { time.withLock { $0 = $0.advanced(byMilliseconds: milliseconds) } }

    /// Seconds since the start.
    var elapsed: Double { Double(time.withLock { $0 }.milliseconds - start.milliseconds) / 1000 }
}

/// Replies from a list, and records the calls and their times.
final class Script: Sendable {
    private let replies: Mutex<[Reply]>
    private let clock: ManualClock
    /// Seconds since the start at which each call came.
    let calls = Mutex<[Double]>([])

    init(_ replies: [Reply], _ clock: ManualClock) {
        self.replies = Mutex(replies)
        self.clock = clock
    }

    /// The next reply; the last one is repeated.
    func send(_ call: Call) -> Reply {
        let elapsed = clock.elapsed
        calls.withLock { $0.append(elapsed) }
        return replies.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
    }
}

func reply(_ status: Int, _ body: String = "{}", _ headers: [(String, String)] = []) -> Reply {
    Reply(status: status, headers: Headers(headers), wireBytes: body.utf8.count, body: Array(body.utf8))
}

extension Timestamp {
    func plus(seconds: Double) -> Timestamp { advanced(byMilliseconds: Int64(seconds * 1000)) }
}
