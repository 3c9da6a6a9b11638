import CommandSupport
import ExchangeAdapters
import ExchangeClient
import ExchangeRuns
import Foundation
import JSONReader
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

    private var isSimulated: Bool { baseURL?.namesHour == true }

    /// Records until a signal asks to stop; then the files of the hour are closed.
    func run(until stop: StopRequest) async throws {
        if let baseURL { if baseURL.namesHour { try paths.claim(.simulated) } } else { try paths.claim(.real) }
        try FileSystem.makeFolder(paths.raw)
        let lock = try Lock("\(paths.raw)/.record.lock", purpose: "record, since \(clock.now)")
        defer { withExtendedLifetime(lock) {} }
        try Recorder.recover(paths, before: Hour(containing: clock.now), isSimulated: isSimulated)
        let recorder = Recorder(paths: paths, clock: clock, isSimulated: isSimulated) {
            Diagnostics.report("record", $0)
        }
        try await recorder.begin(streams.map(\.exchange))
        await withDiscardingTaskGroup { group in
            for stream in streams { group.addTask { await follow(stream, recorder) } }
            group.addTask { await tick(recorder) }
            while !stop.isMade { try? await Task.sleep(for: .milliseconds(50)) }
            group.cancelAll()
        }
        await recorder.end()
    }

    /// Writes each second, and says each hour how it goes.
    private func tick(_ recorder: Recorder) async {
        var hour = Hour(containing: clock.now)
        while !Task.isCancelled {
            let now = clock.now.milliseconds
            try? await clock.sleep(milliseconds: 1000 - now % 1000)  // ends at once when cancelled
            await recorder.flush()
            let current = Hour(containing: clock.now)
            guard current != hour else { continue }
            // Not through `print`, which a pipe would hold back.
            let line = "\(hour) \(await recorder.takeStatus())\n"
            FileHandle.standardOutput.write(Data(line.utf8))
            hour = current
        }
    }

    // MARK: - Sessions

    /// Keeps the connections of an exchange up; where its symbols decide what is heard, they follow its list.
    private func follow(_ stream: StreamOfExchange, _ recorder: Recorder) async {
        let (lists, next) = AsyncStream.makeStream(of: [StreamConnection].self)
        let connections = StreamConnections { connection in
            StreamSession(
                stream.exchange, stream.stream, rewritten(connection, stream.exchange),
                client: WebSocketClient(settings), clock: clock, sink: recorder)
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await connections.run(lists) }
            var wanted: [StreamConnection] = []
            while !Task.isCancelled {
                let symbols = await list(of: stream.exchange, recorder)
                if symbols != nil || wanted.isEmpty {
                    let listed = stream.stream.connections(symbols ?? [])
                    // A list without contracts is a fault of the exchange.
                    if !listed.isEmpty, listed != wanted {
                        await recorder.expect(listed.count, of: stream.exchange)
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

    /// The symbols of trading perpetuals; `nil` when the exchange does not answer, or not with the whole list. Its responses go
    /// to the recorder.
    private func list(of exchange: Exchange, _ recorder: Recorder) async -> [String]? {
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
        await recorder.setList(result.lines.filter { $0.status == 200 }, of: exchange)
        return result.report.outcome == .complete ? adapter.tradingPerpetuals(in: result.lines) : nil
    }
}

extension Adapter {
    /// The symbols of trading perpetuals in responses with the list of instruments, sorted.
    fileprivate func tradingPerpetuals(in lines: [RawLine]) -> [String] {
        var batch = Batch(adapter: self)
        let parser = JSONParser()
        for line in lines where line.status == 200 {
            // It has been parsed successfully by `judge`.
            guard let body = line.body, let value = try? parser.parse(ByteBuffer(body)) else { continue }
            batch.read(Response(endpoint: line.endpoint, url: line.url, receivedAt: line.receivedAt, body: value))
        }
        return batch.tradingPerpetuals
    }
}
