import CommandSupport
import ExchangeAdapters
import ExchangeClient
import ExchangeRuns
import Foundation
import LiveAlarm
import PerpCore
import PipelineFiles
import Recording
import StreamClient
import Transport

/// One life of the recorder: lists, sessions, the second hand and the hour hand.
struct RecorderRun: Sendable {
    let streams: [StreamOfExchange]
    let paths: ArchivePaths
    let clock: StreamClock
    let baseURL: BaseURL?
    let proxy: ProxySettings
    /// `nil` without an alarm.
    let alarm: AlarmRun?

    private var isSimulated: Bool { baseURL?.namesHour == true }

    /// Records until a signal asks to stop; then the files of the hour are closed.
    func run(until stop: StopRequest) async throws {
        if let baseURL { if baseURL.namesHour { try paths.claim(.simulated) } } else { try paths.claim(.real) }
        try FileSystem.makeFolder(paths.raw)
        let lock = try Lock(paths.recorderLock, purpose: "record, since \(clock.now)")
        defer { withExtendedLifetime(lock) {} }
        try Recorder.recover(paths, before: Hour(containing: clock.now), isSimulated: isSimulated)
        let problems = ToldProblems(clock: clock)
        let recorder = Recorder(paths: paths, clock: clock, isSimulated: isSimulated) { problems.report($0) }
        try await recorder.begin(streams.map(\.exchange))
        let ears = Ears(recorder: recorder, alarm: alarm?.makeAlarm())
        if let alarm = ears.alarm {
            await recorder.flush()
            await alarm.restore(from: paths, of: streams.map(\.exchange))
        }
        await withDiscardingTaskGroup { group in
            for stream in streams { group.addTask { await follow(stream, ears) } }
            group.addTask { await tick(ears) }
            if let alarm, let heard = ears.alarm { group.addTask { await alarm.run(heard) } }
            await stop.made()
            group.cancelAll()
        }
        await recorder.end()
    }

    /// When the first line of status is written, in milliseconds after the start.
    private static let firstStatus: Int64 = 15_000

    /// How often what was heard is written, in milliseconds: with the time for which a message waits for others and that of
    /// writing, once a second.
    private static let writing: Int64 = 850

    /// Writes each second, and says a while after the start and then each hour how it goes.
    private func tick(_ ears: Ears) async {
        let start = clock.now
        var hour = Hour(containing: start)
        var isNew = true
        while !Task.isCancelled {
            let now = clock.now
            try? await clock.sleep(milliseconds: Self.writing)  // ends at once when cancelled
            await ears.recorder.flush()
            if isNew, now.milliseconds - start.milliseconds >= Self.firstStatus {
                isNew = false
                say("\(hour):\(now.clock.dropFirst(3)) \(await ears.status)")
            }
            let current = Hour(containing: clock.now)
            guard current != hour else { continue }
            say("\(hour) \(await ears.takeStatus())")
            hour = current
        }
    }

    /// Writes a line at once: `print` would be held back by a pipe.
    private func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

    // MARK: - Sessions

    /// Keeps the connections of an exchange up; where its symbols decide what is heard, they follow its list.
    private func follow(_ stream: StreamOfExchange, _ ears: Ears) async {
        let (lists, next) = AsyncStream.makeStream(of: [StreamConnection].self)
        let connections = StreamConnections { connection in
            StreamSession(
                stream.exchange, stream.stream, rewritten(connection, stream.exchange),
                client: WebSocketClient(settings), clock: clock, sink: ears.sink)
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await connections.run(lists) }
            var wanted: [StreamConnection] = []
            while !Task.isCancelled {
                let symbols = await list(of: stream.exchange, ears)
                if symbols != nil || wanted.isEmpty {
                    let listed = stream.stream.connections(symbols ?? [])
                    // A list without contracts is a fault of the exchange.
                    if !listed.isEmpty, listed != wanted {
                        await ears.recorder.expect(listed.count, of: stream.exchange)
                        next.yield(listed)
                        wanted = listed
                    }
                }
                // Ends at once when cancelled.
                try? await clock.sleep(milliseconds: wanted.isEmpty ? 60_000 : untilNextList)
            }
            group.cancelAll()
        }
    }

    /// How long it is until some minutes into the next hour, when others do not ask, in milliseconds.
    private var untilNextList: Int64 {
        let now = clock.now
        return Hour(containing: now).next.startMilliseconds + 300_000 - now.milliseconds
    }

    private func rewritten(_ connection: StreamConnection, _ exchange: Exchange) -> StreamConnection {
        guard let baseURL else { return connection }
        var connection = connection
        let url = baseURL.rewrite(connection.url, exchange: exchange, hour: Hour(containing: clock.now))
        connection.url = "ws" + url.dropFirst("http".count)
        return connection
    }

    // MARK: - Lists

    private var settings: TransportSettings {
        var settings = TransportSettings()
        settings.proxy = proxy
        return settings
    }

    /// The perpetuals that are trading, as the stream names them; `nil` when the exchange does not answer, or not with the
    /// whole list. Its responses go to the recorder.
    private func list(of exchange: Exchange, _ ears: Ears) async -> [String]? {
        guard let adapter = Adapter.adapter(for: exchange).forLists else { return nil }
        let transport = HTTPTransport(settings)
        let now = clock.now
        let runClock = RunClock(startingAt: now)
        let client = ExchangeClient(
            exchange: exchange, limits: adapter.limits, refusals: adapter.refusals,
            isPaced: baseURL?.isLoopback != true, bans: BanList(), clock: runClock,
            send: { try await transport.send($0) }, judge: judge(adapter))
        let run = ExchangeHourRun(
            adapter: adapter, hour: Hour(containing: now), baseURL: baseURL, client: client, clock: runClock)
        let result = try? await run.run()  // only cancellation throws
        await transport.shutdown()
        guard let result, result.report.outcome != .failed else { return nil }
        let lines = result.lines.filter { $0.status == 200 }
        await ears.recorder.setList(lines, of: exchange)
        guard result.report.outcome == .complete, let reader = StreamReader(of: exchange, lines) else { return nil }
        let symbols = reader.streamNames
        await ears.alarm?.use(reader, of: exchange)
        return symbols
    }
}

/// Who hears what the streams say.
private struct Ears: Sendable {
    let recorder: Recorder
    /// `nil` without an alarm.
    let alarm: LiquidationAlarm?

    var sink: RecorderSinks { RecorderSinks(sinks: [recorder] + [alarm].compactMap { $0 as (any StreamSink)? }) }

    var status: String {
        get async { await withAlarm(recorder.status) }
    }

    func takeStatus() async -> String { await withAlarm(recorder.takeStatus()) }

    private func withAlarm(_ status: String) async -> String {
        guard let alarm else { return status }
        return "\(status); \(await alarm.status)"
    }
}
