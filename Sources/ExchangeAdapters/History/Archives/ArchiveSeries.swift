import PerpCore

/// A series of files that an exchange publishes about days or months that have passed, and how to read them.
public struct ArchiveSeries: Sendable {
    /// The spans of time that have a file each.
    enum Periods: Sendable {
        /// Days, which begin so many milliseconds before those of UTC.
        case days(lead: Int64)
        /// Months of UTC.
        case months
        /// Months of UTC, and days while the month has no file.
        case monthsAndDays
    }

    /// How the address of a file is found.
    enum Address: Sendable {
        /// By its symbol and its period.
        case known(@Sendable (_ symbol: String, ArchivePeriod) -> String)
        /// By an answer of the exchange that names the files of days, at most so many at once.
        case listed(mostDays: Int, ask: @Sendable ([ArchivePeriod]) -> EndpointCall)
    }

    /// What the files tell of.
    public let dataset: HistoryDataset
    /// The dataset in whose folder they are kept: some tell of two.
    public let home: HistoryDataset
    /// Whether the SHA-256 of each file stands beside it, under its address with `.CHECKSUM`.
    public let hasChecksums: Bool
    /// Whether one file is about all contracts.
    public let isAboutAll: Bool
    /// Whether each hour of a period has a row.
    public let isHourly: Bool
    let periods: Periods
    let address: Address
    /// Milliseconds after the end of a day or a month until its file is published.
    let delay: (day: Int64, month: Int64)
    /// The columns of a file without a header.
    let columns: [StaticString]
    /// Whether only the first row of each hour is kept.
    let isThinned: Bool
    let covers: @Sendable (SymbolParts) -> Bool
    let read: @Sendable (CSVRow, ArchiveSubject) throws(FieldError) -> ArchiveFact
    let endpoint: Endpoint

    /// The name in raw files and reports.
    public var id: String { endpoint.id }

    /// The name of the limit on calls for files.
    static let limit = "archives"
    /// The name of the limit on calls that list files.
    static let listLimit = "archive_lists"
    private static let day: Int64 = 86_400_000

    /// - Parameters:
    ///   - home: the dataset in whose folder the files are kept; `nil` for `dataset`.
    ///   - daysUntil: how long it takes until a day's file and a month's are published.
    init(
        _ dataset: HistoryDataset, _ id: String, home: HistoryDataset? = nil, host: String, periods: Periods,
        address: Address, hasChecksums: Bool = false, isAboutAll: Bool = false, isHourly: Bool = true,
        isThinned: Bool = false, daysUntil: (day: Int64, month: Int64), columns: [StaticString],
        covers: @escaping @Sendable (SymbolParts) -> Bool = { $0.contract == .perpetual },
        read: @escaping @Sendable (CSVRow, ArchiveSubject) throws(FieldError) -> ArchiveFact
    ) {
        self.dataset = dataset
        self.home = home ?? dataset
        self.hasChecksums = hasChecksums
        self.isAboutAll = isAboutAll
        self.isHourly = isHourly
        self.periods = periods
        self.address = address
        delay = (daysUntil.day * Self.day, daysUntil.month * Self.day)
        self.columns = columns
        self.isThinned = isThinned
        self.covers = covers
        self.read = read
        endpoint = Endpoint(
            id, host, phase: .details, limit: Self.listLimit, calls: { _ in [] },
            read: { (_, _) throws(AdapterError) in throw .unexpectedShape(expected: "rows: they are in an archive") })
    }
}

/// A day or a month that has a file.
public struct ArchivePeriod: Hashable, Sendable {
    /// As file names have it: `2026-11-01` or `2026-11`.
    public let name: String
    /// The first instant.
    public let from: Timestamp
    /// The instant after the last one.
    public let to: Timestamp

    /// A day that begins so many milliseconds before that of UTC.
    init(_ day: CalendarDay, lead: Int64 = 0) {
        name = "\(day)"
        from = Timestamp(milliseconds: day.start * 1000 - lead)
        to = Timestamp(milliseconds: day.next.start * 1000 - lead)
    }

    /// The month of a day.
    init(monthOf day: CalendarDay) {
        let (year, month, _) = day.date
        name = String("\(day)".prefix(7))
        from = Timestamp(seconds: CalendarDay(year: year, month: month, day: 1).start)
        let next = month == 12 ? (year + 1, 1) : (year, month + 1)
        to = Timestamp(seconds: CalendarDay(year: next.0, month: next.1, day: 1).start)
    }
}

/// What a file is about, for its reader.
struct ArchiveSubject {
    /// The contract; `nil` where the rows name theirs.
    var symbol: String?
    /// What is known of it; `nil` as for `symbol`.
    var parts: SymbolParts?
}

/// What a row of an archive states, in the exchange's units.
enum ArchiveFact {
    case candle(CandleDraft)
    case settlement(SettlementDraft)
    case openInterest(OpenInterestDraft)
    /// Of one instant, one for each population.
    case ratios(symbol: String, at: Timestamp, [RatioDraft])

    var symbol: String {
        switch self {
        case .candle(let candle): candle.symbol
        case .settlement(let settlement): settlement.symbol
        case .openInterest(let figure): figure.symbol
        case .ratios(let symbol, _, _): symbol
        }
    }

    var time: Timestamp {
        switch self {
        case .candle(let candle): candle.from
        case .settlement(let settlement): settlement.settledAt
        case .openInterest(let figure): figure.observedAt
        case .ratios(_, let time, _): time
        }
    }
}

extension ArchiveSeries {
    /// The periods that have a file and that a span touches, oldest first.
    ///
    /// - Parameter now: a file that is not published yet by then is left out.
    func periods(from: Timestamp, to: Timestamp, now: Timestamp) -> [ArchivePeriod] {
        guard from < to else { return [] }
        func isPublished(_ period: ArchivePeriod, _ delay: Int64) -> Bool {
            period.to.milliseconds + delay <= now.milliseconds
        }
        switch periods {
        case .days(let lead):
            return Self.days(from: from, to: to, lead: lead).filter { isPublished($0, delay.day) }
        case .months:
            return Self.months(from: from, to: to).filter { isPublished($0, delay.month) }
        case .monthsAndDays:
            return Self.months(from: from, to: to).flatMap { month in
                let (start, end) = (max(from, month.from), min(to, month.to))
                let days = Self.days(from: start, to: end, lead: 0)
                // A few days are fewer bytes than their month.
                if days.count > Self.daysWorthAMonth, isPublished(month, delay.month) { return [month] }
                return days.filter { isPublished($0, delay.day) }
            }
        }
    }

    private static let daysWorthAMonth = 4

    private static func days(from: Timestamp, to: Timestamp, lead: Int64) -> [ArchivePeriod] {
        let first = CalendarDay(containing: (from.milliseconds + lead) / 1000).number
        let last = CalendarDay(containing: (to.milliseconds - 1 + lead) / 1000).number
        return first <= last ? (first...last).map { ArchivePeriod(CalendarDay(number: $0), lead: lead) } : []
    }

    private static func months(from: Timestamp, to: Timestamp) -> [ArchivePeriod] {
        var months: [ArchivePeriod] = []
        var start = from
        while start < to {
            let month = ArchivePeriod(monthOf: CalendarDay(containing: start.milliseconds / 1000))
            months.append(month)
            start = month.to
        }
        return months
    }
}
