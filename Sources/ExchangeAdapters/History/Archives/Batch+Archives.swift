import PerpCore

/// The text of an archive, and what it is about.
public struct ArchiveText {
    /// The id of its series.
    let series: String
    /// The contract that was asked about; `nil` where the rows name theirs.
    let symbol: String?
    /// The file's name, for messages.
    let name: String
    let receivedAt: Timestamp
    /// Valid while it is read.
    let text: UnsafeBufferPointer<UInt8>

    /// A text that has been unpacked.
    ///
    /// - Parameters:
    ///   - series: the id of its series, as raw lines have it.
    ///   - symbol: the contract that was asked about; `nil` where the rows name theirs.
    ///   - name: the file's name.
    ///   - receivedAt: when the file was received.
    public init(
        series: String, symbol: String?, name: String, receivedAt: Timestamp, text: UnsafeBufferPointer<UInt8>
    ) {
        self.series = series
        self.symbol = symbol
        self.name = name
        self.receivedAt = receivedAt
        self.text = text
    }
}

extension Batch {
    /// Rejections that are kept of one file, besides the one that counts the others.
    private static let mostRejectionsOfFile = 20

    /// Reads an archive into records. A row that cannot be read takes no other with it; repeated rows count once, and of two
    /// rows of one contract and instant that differ the first one counts and the second is rejected.
    ///
    /// - Returns: the instants of the facts, without those that are left out because only one of each hour is kept.
    @discardableResult
    public mutating func read(_ archive: ArchiveText) -> [Timestamp] {
        guard let series = adapter.archives.first(where: { $0.id == archive.series }),
            begin(archive.series, receivedAt: archive.receivedAt)
        else { return [] }
        let subject = ArchiveSubject(symbol: archive.symbol, parts: archive.symbol.flatMap(parts))
        var table = ArchiveTable(archive, isThinned: series.isThinned)
        var lines = CSVLines(archive.text, columns: series.columns)
        while let row = lines.next() { table.add(row) { (row) throws(FieldError) in try series.read(row, subject) } }
        count(rows: table.rows)
        count(rejected: table.rejected - table.rejections.count)
        for rejection in table.rejections { reject(rejection) }
        let facts = table.facts
        for fact in facts { keep(fact) }
        return facts.map(\.time)
    }

    /// Adds a rejection of a whole archive.
    public mutating func reject(archive series: String, name: String, reason: String) {
        reject(Rejection(endpoint: series, reason: "\(name): \(reason)"))
    }

    private mutating func keep(_ fact: ArchiveFact) {
        switch fact {
        case .candle(let candle): history.candles.append(candle)
        case .settlement(let settlement): addSettlement(settlement)
        case .openInterest(let figure): history.openInterests.append(figure)
        case .ratios(_, _, let ratios): add(ratios)
        }
    }

    /// The rows of one file.
    private struct ArchiveTable {
        private struct Key: Hashable {
            var symbol: String
            var time: Timestamp
        }

        private let archive: ArchiveText
        private let isThinned: Bool
        private var all: [ArchiveFact] = []
        /// The line of the first fact of each contract and instant.
        private var lines: [Key: UnsafeBufferPointer<UInt8>] = [:]
        /// The first instant of each contract and hour, where only that is kept.
        private var firsts: [Key: Timestamp] = [:]
        private(set) var rows = 0
        private(set) var rejected = 0
        private var kept: [Rejection] = []

        init(_ archive: ArchiveText, isThinned: Bool) {
            self.archive = archive
            self.isThinned = isThinned
        }

        mutating func add(_ row: CSVRow, _ read: (CSVRow) throws(FieldError) -> ArchiveFact) {
            rows += 1
            do throws(FieldError) {
                try row.checkWidth()
                let fact = try read(row)
                let key = Key(symbol: fact.symbol, time: fact.time)
                if let first = lines[key] {
                    // Files have rows twice; that is no loss unless they differ.
                    guard first.elementsEqual(row.bytes) else { throw .duplicate(field: "time", value: row.text) }
                    return
                }
                lines[key] = row.bytes
                all.append(fact)
                guard isThinned else { return }
                let hour = Key(symbol: fact.symbol, time: Hour(containing: fact.time).startTime)
                firsts[hour] = min(firsts[hour] ?? fact.time, fact.time)
            } catch {
                refuse(row, error)
            }
        }

        private mutating func refuse(_ row: CSVRow, _ error: FieldError) {
            rejected += 1
            guard kept.count < mostRejectionsOfFile else { return }
            kept.append(
                Rejection(
                    endpoint: archive.series, row: row.line, symbol: archive.symbol, field: error.field,
                    reason: "\(archive.name): line \(row.line): \(error.reason)", value: error.value))
        }

        var rejections: [Rejection] {
            guard rejected > kept.count else { return kept }
            let reason = "\(archive.name): \(rejected - kept.count) more lines cannot be read"
            return kept + [Rejection(endpoint: archive.series, symbol: archive.symbol, reason: reason)]
        }

        var facts: [ArchiveFact] {
            guard isThinned else { return all }
            return all.filter { fact in
                firsts[Key(symbol: fact.symbol, time: Hour(containing: fact.time).startTime)] == fact.time
            }
        }
    }
}
