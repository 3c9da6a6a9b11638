import AlertDelivery
import Notifiers
import PerpCore
import PipelineFiles
import StreamClient
import Transport
import Warehouse

/// Sends the alarm's messages as soon as they are decided, and again where that failed.
public struct AlarmDelivery: Sendable {
    /// How often the outbox is looked at without a wake, in seconds.
    private static let pause = 15

    private let path: String
    private let url: WebhookURL
    private let transport: HTTPTransport
    private let clock: StreamClock
    private let tell: @Sendable (AlarmNews) -> Void

    /// Takes the recorder's own database and the receiver.
    public init(
        path: String, url: WebhookURL, transport: HTTPTransport, clock: StreamClock,
        tell: @escaping @Sendable (AlarmNews) -> Void
    ) {
        self.path = path
        self.url = url
        self.transport = transport
        self.clock = clock
        self.tell = tell
    }

    /// Sends until the task is cancelled.
    /// - Parameter wakes: says when a message waits.
    public func run(_ wakes: AsyncStream<Void>, wake: AsyncStream<Void>.Continuation) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    wake.yield()
                    try? await Task.sleep(for: .seconds(Self.pause))  // ends at once when cancelled
                }
                wake.finish()
            }
            // The message at hand is finished when the recorder is ended: it would be sent twice.
            for await _ in wakes where !Task.isCancelled { await Task { await send() }.value }
            group.cancelAll()
        }
    }

    private func send() async {
        do {
            guard FileSystem.exists(path) else { return }
            let live = try Warehouse(path: path)
            // A sender's patience is for one run.
            let drain = OutboxDrain(DiscordSender(url, transport)) { clock.now }
            let report = try await drain.run(LiveOutbox(live) { clock.now })
            for problem in report.problems { tell(.problem(problem)) }
            if let closed = report.closed { tell(.problem("the receiver takes no messages any more: \(closed)")) }
        } catch is CancellationError {
            // What was not sent waits in the outbox.
        } catch {
            tell(.problem("\(error)"))
        }
    }
}
