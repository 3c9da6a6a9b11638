import ExchangeAdapters
import PerpCore
import PipelineFiles

/// Collects what an exchange told of one dataset of the past in one run, with the list of instruments that its file holds.
struct HistoryStager {
    private let adapter: Adapter
    private let file: HistoryFile
    private var batch: Batch
    private var spans: [HistorySpan] = []
    private var counts: [(name: String, count: Source.EndpointCount)]
    private var refused: [Rejection] = []
    private var responses = 0
    private var responsesOK = 0
    private var observedFrom: Timestamp?
    private var observedTo: Timestamp?
    private var isSimulated = false
    private let archives: Archives?
    /// Why the file cannot be staged: an archive that it names is missing or another one.
    private(set) var failure: (any Error)?

    /// Where the archives are that a record names.
    struct Archives {
        let reader: ArchiveReader
        /// The folder of the exchange.
        let folder: String
        /// The path of the record.
        let record: String
    }

    /// - Parameter archives: for a record of archives; `nil` for a file of answers.
    init(_ file: HistoryFile, roster: Roster, archives: Archives? = nil) {
        self.file = file
        self.archives = archives
        let all = Adapter.adapter(for: file.exchange)
        adapter = archives == nil ? all.forHistory(file.dataset) : all.forArchives(file.dataset)
        batch = Batch(adapter: adapter, roster: roster)
        counts = adapter.endpoints.map { (name: $0.id, count: Source.EndpointCount()) }
    }

    mutating func add(_ line: RawFileLine) {
        switch line {
        case .response(let response): add(response)
        case .answered(let span): spans.append(span)
        case .message, .event: refused.append(Rejection(endpoint: "raw", reason: "is of a stream"))
        }
    }

    private mutating func add(_ line: RawResponse) {
        responses += 1
        if line.isSimulated { isSimulated = true }
        if let other = line.exchange, other != adapter.exchange.id {
            return refuse(line.endpoint, "is an answer of another exchange")
        }
        guard let index = counts.firstIndex(where: { $0.name == line.endpoint }) else {
            return refuse(line.endpoint, "is no endpoint of \(adapter.exchange.id) for \(file.dataset.rawValue)")
        }
        if let archives, !adapter.isList(line.endpoint) { return addArchive(line, index, archives) }
        // A failed attempt is no loss: a span counts as answered only where its line says so.
        guard line.status == 200, let body = line.body, adapter.errorText(body) == nil else {
            counts[index].count.failed += 1
            return
        }
        countOK(line, index)
        batch.read(
            Response(
                endpoint: line.endpoint, url: line.url, requestBody: line.requestBody, symbol: line.symbol,
                receivedAt: line.receivedAt, body: body))
    }

    private mutating func countOK(_ line: RawResponse, _ index: Int) {
        counts[index].count.ok += 1
        responsesOK += 1
        observedFrom = observedFrom.map { min($0, line.receivedAt) } ?? line.receivedAt
        observedTo = observedTo.map { max($0, line.receivedAt) } ?? line.receivedAt
    }

    /// A call for an archive, for its checksum, or for the names of archives; only the first holds facts.
    private mutating func addArchive(_ line: RawResponse, _ index: Int, _ archives: Archives) {
        guard line.status == 200, line.error == nil else {
            counts[index].count.failed += 1
            return
        }
        countOK(line, index)
        guard failure == nil, let archive = line.archive else { return }
        let name = FileSystem.name(of: archive.path)
        switch archive.checksum {
        case .matches, .none: break
        case .differs:
            let reason = "has another SHA-256 than the exchange states: nothing is read from it"
            return batch.reject(archive: line.endpoint, name: name, reason: reason)
        case .unreadable:
            return batch.reject(archive: line.endpoint, name: name, reason: "cannot be unpacked")
        }
        do {
            let text = try archives.reader.text(of: archive, in: archives.folder, namedBy: archives.record)
            batch.read(
                ArchiveText(
                    series: line.endpoint, symbol: line.symbol, name: name, receivedAt: line.receivedAt, text: text))
        } catch {
            failure = error
        }
    }

    mutating func refuse(line: Int, reason: String, text: String) {
        responses += 1
        refused.append(Rejection(endpoint: "raw", row: line, reason: reason, value: text))
    }

    private mutating func refuse(_ endpoint: String, _ reason: String) {
        refused.append(Rejection(endpoint: endpoint, reason: reason))
    }

    mutating func staged(rawSHA256: String) -> StagedHour {
        let source = Source(
            rawSHA256: rawSHA256, transformVersion: transformVersion, responses: responses, responsesOK: responsesOK,
            endpoints: counts.filter { $0.count != Source.EndpointCount() }, liquidations: .none,
            observedFrom: observedFrom, observedTo: observedTo, isSimulated: isSimulated)
        var staged = batch.stagedHistory(
            file.dataset, hour: Hour(containing: file.begunAt), source: source, spans: spans)
        staged.isOfArchives = archives != nil
        staged.rejections += refused
        return staged
    }
}
