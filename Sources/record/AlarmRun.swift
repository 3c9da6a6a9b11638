import AlertDelivery
import CommandSupport
import ExchangeAdapters
import Foundation
import LiveAlarm
import Notifiers
import PerpCore
import PipelineFiles
import Signals
import StreamClient
import Synchronization
import Transport

/// The alarm beside the recorder: its evaluations, its look at the warehouse, and its messages.
struct AlarmRun: Sendable {
    /// The path of the warehouse.
    let warehouse: String
    let rules: AlertRules
    /// `nil` when no receiver is set: messages then wait for `alert`.
    let webhook: WebhookURL?
    let transport: TransportSettings
    let clock: StreamClock
    let isSimulated: Bool

    private let wakes = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    private let problems: ToldProblems

    init(
        warehouse: String, rules: AlertRules, webhook: WebhookURL?, transport: TransportSettings, clock: StreamClock,
        isSimulated: Bool
    ) {
        self.warehouse = warehouse
        self.rules = rules
        self.webhook = webhook
        self.transport = transport
        self.clock = clock
        self.isSimulated = isSimulated
        problems = ToldProblems(clock: clock)
    }

    private var path: String { LiveAlerts.path(beside: warehouse) }

    /// An alarm that has heard nothing yet; `nil` when its own database cannot be made, which is told: recording goes on.
    func makeAlarm() -> LiquidationAlarm? {
        do {
            try FileSystem.makeFolder(FileSystem.folder(of: warehouse))
            return try LiquidationAlarm(warehouse: warehouse, rules: rules, clock: clock, tell: tell)
        } catch {
            Diagnostics.report("record", "\(path): \(error): there is no alarm, and the streams are recorded")
            return nil
        }
    }

    /// Runs until the task is cancelled.
    func run(_ alarm: LiquidationAlarm) async {
        await withDiscardingTaskGroup { group in
            group.addTask {
                while !Task.isCancelled {
                    await alarm.tick()
                    try? await clock.sleep(milliseconds: 250)  // ends at once when cancelled
                }
            }
            group.addTask { await watch(for: alarm) }
            guard let webhook else { return }
            group.addTask {
                let transport = HTTPTransport(transport)
                await AlarmDelivery(path: path, url: webhook, transport: transport, clock: clock, tell: tell)
                    .run(wakes.stream, wake: wakes.continuation)
                await transport.shutdown()
            }
        }
    }

    /// Looks once a second whether the warehouse has changed.
    private func watch(for alarm: LiquidationAlarm) async {
        let watch = WarehouseWatch(path: warehouse, isSimulated: isSimulated)
        while !Task.isCancelled {
            do {
                if let ground = try await watch.look(at: clock.now) { await alarm.stand(on: ground) }
            } catch {
                tell(.problem("\(error)"))
            }
            try? await Task.sleep(for: .seconds(1))  // ends at once when cancelled
        }
    }

    private func tell(_ news: AlarmNews) {
        switch news {
        case .message: wakes.continuation.yield()
        case .problem(let text): problems.report(text)
        case .decision(let title, let lines):
            let text = (["\(clock.now) \(title)"] + lines.map { "   \($0)" }).joined(separator: "\n") + "\n"
            // Not through `print`, which a pipe would hold back.
            FileHandle.standardOutput.write(Data(text.utf8))
        }
    }
}

/// Reports problems, the same words once a minute: a full disk fails each second.
final class ToldProblems: Sendable {
    private let clock: StreamClock
    private let told = Mutex<[String: Timestamp]>([:])

    init(clock: StreamClock) { self.clock = clock }

    func report(_ problem: String) {
        let now = clock.now
        let isNew = told.withLock { told in
            told = told.filter { now.milliseconds - $0.value.milliseconds < 60_000 }
            defer { told[problem] = told[problem] ?? now }
            return told[problem] == nil
        }
        if isNew { Diagnostics.report("record", problem) }
    }
}

/// The recorder, and the alarm where there is one.
struct RecorderSinks: StreamSink {
    let sinks: [any StreamSink]

    func note(_ event: StreamEvent, of exchange: Exchange) async {
        for sink in sinks { await sink.note(event, of: exchange) }
    }

    func sign(of connection: String, _ exchange: Exchange, at time: Timestamp) async {
        for sink in sinks { await sink.sign(of: connection, exchange, at: time) }
    }

    func keep(
        _ message: [UInt8], _ meaning: StreamMessage, of exchange: Exchange, connection: String,
        at time: Timestamp
    ) async {
        for sink in sinks { await sink.keep(message, meaning, of: exchange, connection: connection, at: time) }
    }
}
