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
        let numbers = ConnectionNumbers()
        var symbols = await list(of: stream.exchange, recorder) ?? []
        while !Task.isCancelled {
            let connections = stream.stream.connections(symbols).map(rewritten(stream.exchange))
            guard !connections.isEmpty else {
                try? await clock.sleep(milliseconds: 60_000)  // no list yet: ask again
                symbols = await list(of: stream.exchange, recorder) ?? []
                continue
            }
            await recorder.expect(connections.count, of: stream.exchange)
            await withDiscardingTaskGroup { group in
                for connection in connections {
                    group.addTask {
                        await StreamSession(
                            stream.exchange, stream.stream, connection,
                            client: WebSocketClient(settings), clock: clock, sink: recorder
                        ).run(numbers: numbers)
                    }
                }
                symbols = await waitForChange(of: symbols, stream, recorder)
                group.cancelAll()
            }
        }
    }

    /// Asks for the list each hour, and returns when it makes other connections, or when the task is cancelled.
    private func waitForChange(
        of known: [String], _ stream: StreamOfExchange, _ recorder: Recorder
    ) async -> [String] {
        while !Task.isCancelled {
            let now = clock.now
            // Some minutes into the hour, when others do not ask.
            let next = Hour(containing: now).next.startMilliseconds + 300_000
            try? await clock.sleep(milliseconds: next - now.milliseconds)  // ends at once when cancelled
            if Task.isCancelled { break }
            guard let symbols = await list(of: stream.exchange, recorder) else { continue }
            if stream.stream.connections(symbols) != stream.stream.connections(known) { return symbols }
        }
        return known
    }

    private func rewritten(_ exchange: Exchange) -> (StreamConnection) -> StreamConnection {
        { connection in
            guard let baseURL else { return connection }
            var connection = connection
            let url = baseURL.rewrite(connection.url, exchange: exchange, hour: Hour(containing: clock.now))
            connection.url = "ws" + url.dropFirst("http".count)
            return connection
        }
    }

    // MARK: - Lists

    private var settings: TransportSettings {
        var settings = TransportSettings()
        settings.proxy = proxy
        return settings
    }

    /// The perpetuals that are trading, as the stream names them; `nil` when the exchange does not answer. Its responses go
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
        return adapter.streamNames(in: result.lines)
    }
}

extension Adapter {
    /// The perpetuals that are trading in responses with the list of instruments, as the stream names them; sorted.
    fileprivate func streamNames(in lines: [RawLine]) -> [String] {
        var batch = Batch(adapter: self)
        let parser = JSONParser()
        for line in lines where line.status == 200 {
            // It has been parsed successfully by `judge`.
            guard let body = line.body, let value = try? parser.parse(ByteBuffer(body)) else { continue }
            batch.read(Response(endpoint: line.endpoint, url: line.url, receivedAt: line.receivedAt, body: value))
        }
        return batch.streamNames
    }
}
