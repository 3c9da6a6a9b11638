import PerpCore

extension Adapter {
    /// The series of files that the exchange publishes and that tell of what is kept.
    ///
    /// Not among them: Bybit, whose archive has trades and spot prices only and whose API tells the rest for ever; and those
    /// that ask for payment, as Hyperliquid's does.
    public var archives: [ArchiveSeries] {
        switch exchange {
        case .binance: BinanceArchives.series(.linear)
        case .binanceCOINM: BinanceArchives.series(.inverse)
        case .okx: OKXArchives.series
        case .gate: GateArchives.series
        case .bybit, .bitget, .hyperliquid, .aster, .dydx, .deribit, .krakenFutures, .mexc, .kucoin, .bingx, .lighter,
            .htx,
            .edgex, .pacifica, .backpack, .extended, .grvt, .paradex, .coinbase:
            []
        }
    }

    /// The datasets of which the exchange publishes files, in their order.
    public var archivedDatasets: [HistoryDataset] { Set(archives.map(\.dataset)).sorted() }

    /// This adapter for a record of archives: the endpoints that list instruments, and the series of a dataset.
    public func forArchives(_ dataset: HistoryDataset) -> Adapter {
        var adapter = self
        adapter.endpoints =
            endpoints.filter { $0.isList || $0.phase == .instruments }
            + archives.filter { $0.dataset == dataset }.map(\.endpoint)
        return adapter
    }

    /// Whether the endpoint with an id lists instruments, or tells what the list needs.
    public func isList(_ id: String) -> Bool { endpoint(id).map { $0.isList || $0.phase == .instruments } ?? false }

    /// The limits on calls, with those on calls for archives. The hosts of files state none: these are polite.
    public var limitsWithArchives: [RateLimit] {
        limits + [
            RateLimit(ArchiveSeries.limit, limit: 600, windowSeconds: 60),
            RateLimit(ArchiveSeries.listLimit, limit: 5, windowSeconds: 2, spacingSeconds: 0.11),
        ]
    }
}

/// A file that an exchange publishes.
public struct ArchiveFile: Hashable, Sendable {
    /// The id of its series.
    public let series: String
    /// The contract that it is about; `nil` for all of them.
    public let symbol: String?
    /// The dataset in whose folder it is kept.
    public let home: HistoryDataset
    /// What it is called.
    public let name: String
    /// The call for it.
    public let request: Request
    /// The call for its checksum; `nil` when there is none.
    public let checksumRequest: Request?
    /// The day or the month that it is about.
    public let period: ArchivePeriod

    init(_ series: ArchiveSeries, symbol: String?, url: String, _ period: ArchivePeriod) {
        func request(_ url: String) -> Request {
            Request(endpoint: series.id, method: .get, url: url, body: nil, weight: 1, limit: ArchiveSeries.limit)
        }
        self.series = series.id
        self.symbol = symbol
        home = series.home
        name = url.prefix { $0 != "?" }.split(separator: "/").last.map(String.init) ?? ""
        self.request = request(url)
        checksumRequest = series.hasChecksums ? request("\(url).CHECKSUM") : nil
        self.period = period
    }

    /// The SHA-256 that a checksum's body states, `<hex>  <name>`; `nil` when it states none.
    public static func stated(_ body: [UInt8]) -> String? {
        let word = body.prefix { $0 != 0x20 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }
        let isHex = word.allSatisfy { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
                || (UInt8(ascii: "A")...UInt8(ascii: "F")).contains(byte)
        }
        return word.count == 64 && isHex ? String(decoding: word, as: UTF8.self).lowercased() : nil
    }
}

/// What an exchange publishes about one dataset: its contracts, by the list of instruments, and the files of a span.
public struct ArchiveContracts {
    /// What is wanted.
    public let dataset: HistoryDataset
    private let series: ArchiveSeries?
    private var batch: Batch

    /// For so long after its end a file may still be replaced by a whole one.
    private static let replacedFor: Int64 = 30 * 24 * Hour.milliseconds

    /// The contracts of an exchange, of which none is known yet.
    public init(_ adapter: Adapter, _ dataset: HistoryDataset) {
        self.dataset = dataset
        series = adapter.archives.first { $0.dataset == dataset }
        batch = Batch(adapter: adapter.forArchives(dataset))
    }

    /// The dataset in whose folder its files are kept.
    public var home: HistoryDataset { series?.home ?? dataset }

    /// Whether there are files of the dataset at all.
    public var isTold: Bool { series != nil }

    /// Reads a response with the list of instruments, or a part of it.
    public mutating func read(list response: Response) { batch.read(response) }

    /// The parts to look for files of, without what has been answered: a contract each, or all contracts.
    ///
    /// - Parameters:
    ///   - assets: whose contracts are wanted; empty for all of them.
    ///   - except: whose contracts are left out.
    ///   - first: the assets that come first.
    ///   - answered: the spans for which the exchange has answered already, by its API or by archives.
    public func parts(
        assets: [String], except: [String] = [], first: [String], from: Timestamp, to: Timestamp,
        answered: [HistorySpan]
    ) -> [HistoryPart] {
        guard let series, from < to else { return [] }
        let known = Dictionary(grouping: answered, by: \.symbol)
        let everywhere = known[""] ?? []
        if series.isAboutAll {
            return !except.isEmpty ? [] : HistorySpan(symbol: "", from: from, to: to).without(everywhere).map(part)
        }
        let symbols = batch.perpetuals(of: assets, except: except, first: first, covers: series.covers)
        return symbols.flatMap { symbol in
            let listedAt = batch.listing(of: symbol)?.listedAt.map { Hour(containing: $0).startTime }
            let start = max(from, listedAt ?? from)
            guard start < to else { return [HistoryPart]() }
            let span = HistorySpan(symbol: symbol, from: start, to: to)
            return span.without((known[symbol] ?? []) + everywhere).map(part)
        }
    }

    private func part(_ span: HistorySpan) -> HistoryPart { HistoryPart(dataset: dataset, span: span) }

    /// The days and months of a part that have a file by `now`.
    public func periods(_ part: HistoryPart, now: Timestamp) -> [ArchivePeriod] {
        series?.periods(from: part.span.from, to: part.span.to, now: now) ?? []
    }

    /// The calls that name the files of periods; none where their addresses are known.
    public func listRequests(_ periods: [ArchivePeriod]) -> [Request] {
        guard let series, case .listed(let most, let ask) = series.address else { return [] }
        return stride(from: 0, to: periods.count, by: most).map { start in
            series.endpoint.request(ask(Array(periods[start..<min(periods.count, start + most)])))
        }
    }

    /// The files that an answer names, of periods that are wanted.
    /// - Throws: an error that says what the answer lacks.
    public func files(_ response: Response, of periods: [ArchivePeriod]) throws -> [ArchiveFile] {
        guard let series else { return [] }
        let wanted = Dictionary(periods.map { (OKXArchives.name($0), $0) }) { first, _ in first }
        return try OKXArchives.files(response).compactMap { file in
            wanted[file.name].map { ArchiveFile(series, symbol: nil, url: file.url, $0) }
        }
    }

    /// The files of a part's periods, where their addresses are known.
    public func files(_ part: HistoryPart, _ periods: [ArchivePeriod]) -> [ArchiveFile] {
        guard let series, case .known(let address) = series.address else { return [] }
        let symbol = part.span.symbol
        return periods.map { ArchiveFile(series, symbol: symbol, url: address(symbol, $0), $0) }
    }

    /// The spans of a file's period of which its text tells whole, and what is wrong with it.
    ///
    /// A file may lack hours and be replaced by a whole one within days: until then it answers only for hours that have a row.
    public func spans(
        _ file: ArchiveFile, text: UnsafeBufferPointer<UInt8>, now: Timestamp
    ) -> (spans: [HistorySpan], problem: String?) {
        guard let series else { return ([], nil) }
        var batch = batch
        let times = batch.read(
            ArchiveText(series: file.series, symbol: file.symbol, name: file.name, receivedAt: now, text: text))
        let (from, to) = (file.period.from, file.period.to)
        let whole = HistorySpan(symbol: file.symbol ?? "", from: from, to: to)
        guard !times.isEmpty else { return ([], "\(file.name): has no row that can be read") }
        guard series.isHourly, now.milliseconds - to.milliseconds < Self.replacedFor else { return ([whole], nil) }
        let hours = Set(times.map { Hour(containing: $0) }).filter { $0.startTime >= from && $0.startTime < to }
        let spans = HistorySpan.joined(
            hours.map { HistorySpan(symbol: whole.symbol, from: $0.startTime, to: $0.end) })
        let missing = Int((to.milliseconds - from.milliseconds) / Hour.milliseconds) - hours.count
        // A contract's first month begins with its listing.
        let listedAt = file.symbol.flatMap { batch.listing(of: $0)?.listedAt } ?? from
        let problem = missing > 0 && listedAt <= from ? "\(file.name): lacks \(missing) hours" : nil
        return (spans, problem)
    }
}

extension ArchiveSeries {
    /// The calls for the files that a span of so many contracts has by `now`, their weight, and the limit that they count
    /// against.
    public func cost(
        from: Timestamp, to: Timestamp, contracts: Int, now: Timestamp
    ) -> (calls: Int, weight: Int, limit: String) {
        let files = periods(from: from, to: to, now: now).count * (isAboutAll ? 1 : contracts)
        let calls = files * (hasChecksums ? 2 : 1)
        return (calls, calls, Self.limit)
    }
}
