import ExchangeAdapters
import ExchangeClient
import JSONReader
import PerpCore
import PipelineFiles

/// Gets the files that one exchange publishes about the past, keeps them as they come, and writes records that name them, one
/// for every 25 contracts.
///
/// A file that is there is not downloaded again, unless the exchange states another checksum for it: then the new one is kept
/// beside it.
public struct ArchiveRun: Sendable {
    private let desk: HistoryDesk
    private let files: ExchangeClient

    /// After so many milliseconds a record is closed, too: after a kill the archives are there, and only the record is made
    /// again.
    private static let millisecondsPerRecord: Int64 = 600_000

    /// A run that has not begun.
    ///
    /// - Parameters:
    ///   - hour: the hour in the address of a simulator.
    ///   - baseURL: replaces the exchange's addresses, those of files too.
    ///   - client: for answers of the API.
    ///   - files: for files, whatever their bytes are.
    ///   - budget: the most calls, of all exchanges together.
    ///   - yield: waits before a call while an hourly run is at work.
    ///   - progress: is told how many spans there are and when one is done.
    public init(
        adapter: Adapter, hour: Hour, baseURL: BaseURL?, client: ExchangeClient, files: ExchangeClient,
        paths: ArchivePaths, clock: RunClock, budget: CallBudget, yield: @escaping @Sendable () async throws -> Void,
        progress: @escaping @Sendable (_ dataset: HistoryDataset, _ parts: Int) -> any CallCounter
    ) {
        desk = HistoryDesk(
            adapter: adapter, hour: hour, baseURL: baseURL, client: client, paths: paths, clock: clock, budget: budget,
            yield: yield, progress: progress)
        self.files = files
    }

    /// Gets the files of the wishes, one wish after the other; may be called again, for others. The list of instruments is
    /// asked for once.
    ///
    /// - Throws: `CancellationError` when the task is cancelled, after the records of what came are written; `FileError` when a
    ///   file cannot be written.
    public func run(_ wishes: [HistoryWish]) async throws -> [HistoryReport] {
        try await desk.run(wishes) { lists, dataset in
            lists.archives(desk.adapter, dataset)
        } fulfil: { wish, contracts, lists, report in
            let now = desk.clock.now
            let parts = contracts.parts(
                assets: wish.assets, except: wish.except, first: wish.first, from: wish.from, to: wish.to,
                answered: wish.answered
            ).filter { !contracts.periods($0, now: now).isEmpty }
            let there = try desk.paths.archiveNames(desk.adapter.exchange, contracts.home)
            try await get(parts, Work(dataset: wish.dataset, lists: lists, there: there), &report)
        }
    }

    /// What the tasks of one dataset share.
    private struct Work: Sendable {
        let dataset: HistoryDataset
        let lists: HistoryLists
        /// The names of the archives that were there when the run began.
        let there: Set<String>
    }

    private func get(
        _ parts: [HistoryPart], _ work: Work, _ report: inout HistoryReport
    ) async throws {
        report.parts = parts.count
        let counter = desk.progress(work.dataset, parts.count)
        var record = OpenHistoryFile(list: work.lists.lines, begunAt: desk.clock.now)
        var failures = 0
        var wasCancelled = false
        var wrong: (any Error)?
        await withTaskGroup(of: PartFiles.self) { group in
            var rest = parts[...]
            func start() {
                guard failures < HistoryDesk.mostFailures, wrong == nil, !desk.budget.isSpent, !Task.isCancelled,
                    let part = rest.popFirst()
                else { return }
                group.addTask { await get(part, work) }
            }
            for _ in 0..<HistoryDesk.partsAtATime { start() }
            for await part in group {
                if part.isNew {
                    record.add(
                        part.lines, whole: HistorySpan.joined(part.spans), desk.adapter.exchange, work.dataset)
                }
                report.calls += part.calls
                report.answered += part.isWhole ? 1 : 0
                wasCancelled = wasCancelled || part.isCancelled
                failures = part.failure == nil ? 0 : failures + 1
                if !part.isWhole { report.reason = report.reason ?? part.reason }
                counter.advance()
                do {
                    if isFull(record) { try desk.close(&record, work.dataset, .archive, &report) }
                } catch {
                    wrong = error
                }
                start()
            }
        }
        if let wrong { throw wrong }
        try desk.close(&record, work.dataset, .archive, &report)
        if report.left > 0, report.reason == nil {
            report.reason = desk.budget.isSpent ? HistoryDesk.spent : HistoryDesk.ended
        }
        if wasCancelled || Task.isCancelled { throw CancellationError() }
    }

    private func isFull(_ record: OpenHistoryFile) -> Bool {
        record.parts >= HistoryDesk.partsPerFile
            || desk.clock.now.milliseconds - record.begunAt.milliseconds >= Self.millisecondsPerRecord
    }

    // MARK: - The files of a part

    private func get(_ part: HistoryPart, _ work: Work) async -> PartFiles {
        var got = PartFiles(part: part)
        // Each task reads the list for itself: what it makes of it belongs to one task.
        guard let contracts = work.lists.archives(desk.adapter, part.dataset) else { return got }
        let reader = ArchiveReader()
        do {
            for file in try await files(of: part, contracts, &got) {
                guard !desk.budget.isSpent else {
                    got.failure = HistoryDesk.spent
                    break
                }
                try await get(file, contracts, work, reader, &got)
                if got.failure != nil { break }
            }
        } catch is CancellationError {
            got.isCancelled = true
            got.failure = HistoryDesk.ended
        } catch {
            got.failure = "\(error)"
        }
        return got
    }

    /// The files of a part, by their addresses or by an answer that names them.
    private func files(
        of part: HistoryPart, _ contracts: ArchiveContracts, _ got: inout PartFiles
    ) async throws -> [ArchiveFile] {
        let periods = contracts.periods(part, now: desk.clock.now)
        let known = contracts.files(part, periods)
        guard known.isEmpty else { return known }
        var files: [ArchiveFile] = []
        let parser = JSONParser()
        for request in contracts.listRequests(periods) {
            guard let success = try await call(request, by: desk.client, &got).success,
                let response = desk.caller.response(success, of: request, with: parser)
            else { return files }
            files += try contracts.files(response, of: periods)
        }
        got.absent += periods.count - files.count
        return files
    }

    private func call(_ request: Request, by client: ExchangeClient, _ got: inout PartFiles) async throws -> CallResult
    {
        try await desk.yield()
        let result = try await client.call(desk.caller.call(request))
        desk.budget.spend(result.attempts.count)
        got.calls += result.attempts.count
        got.lines += result.attempts.map { attempt in
            desk.caller.rawLine(attempt, of: request, symbol: got.part.span.symbol.isEmpty ? nil : got.part.span.symbol)
        }
        let isAbsent = result.attempts.last?.reply.status == 404
        if let failure = result.failure, !isAbsent { got.failure = "\(got.part.span.symbol) \(failure)".trimmed }
        return result
    }

    private func get(
        _ file: ArchiveFile, _ contracts: ArchiveContracts, _ work: Work, _ reader: ArchiveReader,
        _ got: inout PartFiles
    ) async throws {
        var stated: String?
        if let request = file.checksumRequest {
            guard let answer = try await call(request, by: files, &got).success else {
                got.absent += got.failure == nil ? 1 : 0
                return
            }
            stated = ArchiveFile.stated(answer.reply.body)
            guard stated != nil else {
                got.problem = got.problem ?? "\(file.name): its checksum is no SHA-256"
                return
            }
        }
        if let kept = try kept(file, stated, work) {
            got.lines.append(line(file, kept, got))
            return take(file, try reader.text(of: kept, in: folder, namedBy: "this run"), contracts, &got)
        }
        guard let answer = try await call(file.request, by: files, &got).success else {
            got.absent += got.failure == nil ? 1 : 0
            return
        }
        try keep(answer.reply.body, of: file, stated, contracts, reader, &got)
    }

    private var folder: String { desk.paths.rawHistoryFolder(desk.adapter.exchange) }

    /// The archive that is there already, if it is the one that the exchange states.
    private func kept(_ file: ArchiveFile, _ stated: String?, _ work: Work) throws -> KeptArchive? {
        let names = [file.name] + (stated.map { [Self.name(file, $0)] } ?? [])
        for name in names where work.there.contains(name) {
            guard let path = KeptArchive.path(file.home, name) else { continue }
            let sum = try sha256(of: "\(folder)/\(path)")
            guard stated == nil || stated == sum else { continue }
            return KeptArchive(
                path: path, bytes: Int(FileSystem.size(of: "\(folder)/\(path)")), sha256: sum,
                checksum: stated == nil ? .none : .matches, statedSHA256: stated, wasThere: true)
        }
        return nil
    }

    /// The name of another version of a file that is there already.
    private static func name(_ file: ArchiveFile, _ sum: String) -> String { "\(sum.prefix(8))-\(file.name)" }

    /// A line about an archive for which no call was made.
    private func line(_ file: ArchiveFile, _ kept: KeptArchive, _ got: PartFiles) -> RawLine {
        let call = desk.caller.call(file.request)
        var line = RawLine(
            exchange: desk.adapter.exchange, endpoint: file.series, method: call.method, url: call.url,
            sentAt: desk.clock.now,
            receivedAt: desk.clock.now, status: 200, wireBytes: 0, body: nil)
        line.symbol = file.symbol
        line.archive = kept
        line.isSimulated = desk.caller.baseURL?.namesHour == true || got.lines.contains(where: \.isSimulated)
        return line
    }

    /// Keeps a file as it came, apart when it is not what the exchange states or cannot be unpacked.
    private func keep(
        _ body: [UInt8], of file: ArchiveFile, _ stated: String?, _ contracts: ArchiveContracts,
        _ reader: ArchiveReader, _ got: inout PartFiles
    ) throws {
        let sum = body.withUnsafeBufferPointer { sha256($0) }
        var checksum: KeptArchive.Checksum = stated == nil ? .none : stated == sum ? .matches : .differs
        var text: UnsafeBufferPointer<UInt8>?
        if checksum != .differs {
            do {
                text = try reader.text(of: body)
            } catch {
                checksum = .unreadable
                got.problem = got.problem ?? "\(file.name): \(error)"
            }
        } else {
            got.problem = got.problem ?? "\(file.name): has another SHA-256 than the exchange states, and is kept apart"
        }
        guard let path = try target(file, sum, isDoubtful: text == nil) else {
            got.problem = got.problem ?? "'\(file.name)' is no name of a file"
            got.lines.removeLast()
            return
        }
        // Only the same bytes have the same path.
        let wasThere = FileSystem.exists("\(folder)/\(path)")
        if !wasThere { try body.withUnsafeBufferPointer { try FileSystem.write($0, to: "\(folder)/\(path)") } }
        got.lines[got.lines.count - 1].body = nil
        got.lines[got.lines.count - 1].archive = KeptArchive(
            path: path, bytes: body.count, sha256: sum, checksum: checksum, statedSHA256: stated, wasThere: wasThere)
        if let text { take(file, text, contracts, &got) }
    }

    /// Where a file is kept: under another name where one with other bytes has its own.
    private func target(_ file: ArchiveFile, _ sum: String, isDoubtful: Bool) throws -> String? {
        guard let path = KeptArchive.path(file.home, file.name, isDoubtful: isDoubtful) else { return nil }
        guard FileSystem.exists("\(folder)/\(path)"), try sha256(of: "\(folder)/\(path)") != sum else { return path }
        return KeptArchive.path(file.home, Self.name(file, sum), isDoubtful: isDoubtful)
    }

    /// Notes for which spans the text of an archive tells whole.
    private func take(
        _ file: ArchiveFile, _ text: UnsafeBufferPointer<UInt8>, _ contracts: ArchiveContracts, _ got: inout PartFiles
    ) {
        let told = contracts.spans(file, text: text, now: desk.clock.now)
        got.spans += told.spans
        got.problem = got.problem ?? told.problem
    }
}

/// What came of the files of a part.
private struct PartFiles: Sendable {
    let part: HistoryPart
    var lines: [RawLine] = []
    var calls = 0
    /// The spans for which archives tell whole.
    var spans: [HistorySpan] = []
    /// Files that the exchange does not have.
    var absent = 0
    /// What is wrong with a file; `nil` when nothing is.
    var problem: String?
    /// Why the rest of the files was left; `nil` when nothing was.
    var failure: String?
    var isCancelled = false

    init(part: HistoryPart) { self.part = part }

    var isWhole: Bool { absent == 0 && problem == nil && failure == nil }

    /// Why the part is not whole.
    var reason: String? {
        failure ?? problem ?? (absent > 0 ? "\(part.span.symbol): \(absent) files are not published".trimmed : nil)
    }

    /// Whether there is anything to write: an archive that is new, or a span that was not answered before.
    var isNew: Bool {
        lines.contains { $0.archive?.wasThere == false }
            || spans.contains { $0.from < part.span.to && $0.to > part.span.from }
    }
}
