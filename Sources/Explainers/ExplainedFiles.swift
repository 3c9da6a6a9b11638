import Explaining
import Gzip
import PerpCore
import PipelineFiles
import Staging

/// The raw and the staged file of an exchange's hour, and what a value in them was made from.
package final class ExplainedFiles {
    private let paths: ArchivePaths
    private let stage = RawToStaged()
    private let inflater = Inflater()
    /// The raw and the staged file that were read last: questions about one exchange come one after the other.
    private var lastRead: [Content] = []

    package init(_ paths: ArchivePaths) { self.paths = paths }

    /// Which file is meant, and what the ledger has of it.
    struct Origin {
        var exchange: Exchange
        var hour: Hour
        var feed = Feed.live
        var stagedSHA256: String?
        var rawSHA256: String?
        var transformVersion: Int64?
        /// The file of the past that is meant; `nil` for that of an hour.
        var history: HistoryFile?
    }

    private func rawPath(_ origin: Origin) -> String {
        origin.history.map(paths.rawFile) ?? paths.rawFile(origin.exchange, origin.hour, origin.feed)
    }

    private func stagedPath(_ origin: Origin) -> String {
        origin.history.map(paths.stagedFile) ?? paths.stagedFile(origin.exchange, origin.hour, origin.feed)
    }

    /// Whether any raw file of an hour is there.
    func hasRaw(_ hour: Hour) -> Bool { FileSystem.exists("\(paths.raw)/\(hour.path)") }

    /// A file that was read.
    private struct Content {
        var path: String
        var sha256: String
        var text: ByteBuffer
    }

    /// - Returns: `nil` when there is no such file.
    private func content(_ path: String) throws -> Content? {
        if let content = lastRead.first(where: { $0.path == path }) { return content }
        guard let content = try read(path) else { return nil }
        lastRead = lastRead.suffix(1) + [content]
        return content
    }

    /// The content of a file; `nil` when there is none or it cannot be read, which the answer then tells: what is known without it
    /// is no less true.
    /// - Parameter absent: what is told when there is no such file.
    private func content(
        _ path: String, of step: String, _ answer: inout Answer, absent: () -> [Explanation.Fact]
    ) -> Content? {
        do {
            if let content = try content(path) { return content }
            answer.explanation.add(step, [.init("path", path)] + absent())
        } catch {
            answer.isDoubtful = true
            answer.explanation.add(step, [.init("path", path), .init("state", "damaged: \(error)")])
        }
        return nil
    }

    private func read(_ path: String) throws -> Content? {
        guard FileSystem.exists(path) else { return nil }
        let stored = ByteBuffer()
        try FileSystem.read(path, into: stored)
        let text = ByteBuffer(capacity: stored.count * 8)
        do throws(GzipError) {
            try inflater.inflate(stored.bytes, into: text)
        } catch {
            throw FormatError(path: path, reason: "\(error)")
        }
        return Content(path: path, sha256: sha256(stored), text: text)
    }

    // MARK: - Staged

    /// Adds the lines of a staged file with a record.
    ///
    /// - Parameters:
    ///   - wanted: members of the line, and their bytes.
    ///   - members: the members whose bytes are told.
    func addStaged(
        _ origin: Origin, record: String, where wanted: [(name: String, bytes: String)], members: [String],
        to answer: inout Answer
    ) {
        let path = stagedPath(origin)
        let content = content(path, of: "staged", &answer) {
            let next =
                FileSystem.exists(rawPath(origin))
                ? origin.history == nil
                    ? "'make transform HOUR=\(origin.hour)' makes it again" : "'make reprocess' makes it again"
                : "its raw file is removed too, so the row of the table is what is left"
            return [.init("state", "removed: \(next)")]
        }
        guard let content else { return }
        let lines = StagedText(content.text).lines(of: record, where: wanted)
        var facts = identity(content, ledger: origin.stagedSHA256, &answer)
        if lines.isEmpty { facts.append(.init("line", "none: the file has no such record")) }
        if let version = origin.transformVersion { facts.append(.init("transform_version", .integer(version))) }
        answer.explanation.add(
            "staged", facts,
            rows: lines.map { line in
                [.init("line", line.number)] + members.map { .init($0, line.bytes(of: $0)) } + [
                    .init("bytes", line.text)
                ]
            })
    }

    private func identity(_ content: Content, ledger: String?, _ answer: inout Answer) -> [Explanation.Fact] {
        let isSame = ledger == content.sha256
        if !isSame { answer.isDoubtful = true }
        return [
            .init("path", content.path), .init("sha256", content.sha256),
            .init("ledger", isSame ? "the same: this is the file that was loaded" : "another: \(ledger ?? "none")"),
        ]
    }

    // MARK: - Raw

    /// A value whose bytes are looked for.
    struct Sought {
        /// What it is called: the name of a column.
        var name: String
        var value: FieldValue
        var symbol: String
        var units = 1.0
        /// Finds the value in an hour that was transformed anew.
        var find: (StagedHour) -> FieldValue
    }

    /// Adds the raw file, and for each value the bytes that it was made from.
    func addRaw(_ origin: Origin, _ sought: [Sought], to answer: inout Answer) {
        let path = rawPath(origin)
        let content = content(path, of: "raw", &answer) {
            [
                .init("sha256", origin.rawSHA256),
                .init("state", "removed: RAW_DAYS of the settings says how long raw files are kept"),
                .init("next", "a copy with this SHA-256, put back at this path, is explained down to its bytes"),
            ]
        }
        guard let content else { return }
        var facts = identity(content, ledger: origin.rawSHA256, &answer)
        facts.append(.init("transform_version", Int(transformVersion)))
        if let loaded = origin.transformVersion, loaded != Int64(transformVersion) {
            facts.append(.init("loaded_with_version", .integer(loaded)))
        }
        if origin.feed == .archive {
            facts.append(.init("bytes", "in the archives that this record names, which are not looked into"))
        }
        answer.explanation.add("raw", facts)
        if origin.feed == .archive { return }
        let text = RawText(content.text)
        for value in sought { add(value, origin, text, &answer) }
    }

    private func add(_ sought: Sought, _ origin: Origin, _ text: RawText, _ answer: inout Answer) {
        let trace = ValueTrace(of: sought.value, symbol: sought.symbol, units: sought.units, in: text) {
            [stage] lines in
            // A changed file may be no raw file any more.
            let staged =
                if let file = origin.history {
                    try? stage.staged(lines: lines, of: file)
                } else {
                    try? stage.staged(lines: lines, exchange: origin.exchange, hour: origin.hour, feed: origin.feed)
                }
            return staged.map(sought.find) ?? .missing
        }
        if !trace.isReproduced { answer.isDoubtful = true }
        answer.explanation.add(
            "value",
            [
                .init(sought.name, sought.value), .init("made_as", trace.calculation ?? Self.words(trace)),
                .init("files_transformed", trace.runs),
            ])
        for (index, source) in trace.sources.enumerated() {
            answer.explanation.add(
                trace.sources.count == 1 ? "bytes" : "bytes \(index + 1) of \(trace.sources.count)",
                Self.facts(source, text.members(ofLine: source.line)))
        }
        if !trace.sources.isEmpty, trace.form != .other, !trace.isWhole(units: sought.units) {
            answer.explanation.add(
                "left", [.init("reason", "a part of the value was made from something that was not found")])
        }
    }

    private static func words(_ trace: ValueTrace) -> String {
        if !trace.isReproduced { return "unknown: the raw file gives another value when it is transformed now" }
        if trace.sources.isEmpty { return "no number of the answers moves it: the rule states it, or a word does" }
        return "each of the numbers below moves it, in another way than as a factor or a term"
    }

    private static func facts(_ source: ValueTrace.Source, _ line: [String: String]) -> [Explanation.Fact] {
        func time(_ name: String) -> Explanation.Fact? {
            line[name].flatMap { Int64($0) }.map { Explanation.Fact(name, .integer($0)) }
        }
        func text(_ name: String) -> Explanation.Fact? { line[name].map { Explanation.Fact(name, $0) } }
        var facts: [Explanation.Fact?] = [
            .init("line", source.line), text("endpoint"), text("connection"), text("method"), text("url"),
            text("request_body"), text("status"), text("attempt"), time("sent_at_ms"), time("received_at_ms"),
        ]
        facts.append(.init("json_path", source.path ?? "none: our own time of receipt, beside the body"))
        facts.append(.init("bytes", source.bytes))
        facts.append(.init("offset_in_file", source.offset))
        return facts.compactMap { $0 }
    }
}
