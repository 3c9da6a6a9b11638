import JSONReader
import PerpCore

/// A candle in the exchange's units, before its symbol has an asset.
struct CandleDraft {
    var symbol: String
    var priceKind: CandlePrice
    var from: Timestamp
    /// Quote units per base unit.
    var open: Double
    var high: Double
    var low: Double
    var close: Double
    var volumeContracts: Double?
    var volumeBase: Double?
    /// Turnover in quote units.
    var volumeQuote: Double?
}

/// Open interest of the past in the exchange's units, one side counted, before its symbol has an asset.
struct OpenInterestDraft {
    var symbol: String
    var observedAt: Timestamp
    var contracts: Double?
    /// Base units, where the exchange states them.
    var base: Double?
    /// Quote units, where the exchange states them.
    var quote: Double?
}

/// The facts of the past that have been read.
struct HistoryDrafts {
    var candles: [CandleDraft] = []
    var openInterests: [OpenInterestDraft] = []
    /// The span of the rows since the last page was taken.
    var page = HistoryPage(rows: 0)

    mutating func note(_ time: Timestamp) {
        page.first = min(page.first ?? time, time)
        page.last = max(page.last ?? time, time)
    }
}

extension Batch {
    /// Reads one row of candles of the contract that was asked about. A candle whose hour still ran when the answer came is
    /// left out: it will be another one.
    mutating func addCandle(
        _ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> CandleDraft
    ) {
        addRow(value) { (batch, row) throws(FieldError) in batch.keep(try read(&row)) }
    }

    /// Reads one row of candles that is an array.
    mutating func addCandleArray(
        _ value: JSONValue, _ read: (inout ArrayRow) throws(FieldError) -> CandleDraft
    ) {
        addArrayRow(value) { (batch, row) throws(FieldError) in batch.keep(try read(&row)) }
    }

    /// Reads candles that come as one list for each field, all equally long: `{"time": […], "open": […]}`.
    ///
    /// - Parameter fields: the names of the lists, in the order of the elements that `read` gets. Lists that are missing at
    ///   the end are passed over.
    mutating func addCandleColumns(
        _ body: JSONValue, _ fields: [StaticString],
        _ read: (inout ArrayRow) throws(FieldError) -> CandleDraft
    ) throws(AdapterError) {
        var columns: [[JSONValue]] = []
        for field in fields {
            guard let column = body.member(field)?.array else { break }
            columns.append(Array(column))
        }
        guard let count = columns.first?.count, columns.allSatisfy({ $0.count == count }) else {
            throw .unexpectedShape(expected: "lists of one length, the first of them '\(fields[0])'")
        }
        for index in 0..<count {
            addElements(ArrayRow(columns.map { $0[index] })) { (batch, row) throws(FieldError) in
                batch.keep(try read(&row))
            }
        }
    }

    /// Reads one row of open interest; `read` returns `nil` for one that will be another one.
    mutating func addOpenInterest(
        _ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> OpenInterestDraft?
    ) {
        addRow(value) { (batch, row) throws(FieldError) in if let figure = try read(&row) { batch.keep(figure) } }
    }

    /// Reads one row of open interest that is an array; `read` returns `nil` for one that will be another one.
    mutating func addOpenInterestArray(
        _ value: JSONValue, _ read: (inout ArrayRow) throws(FieldError) -> OpenInterestDraft?
    ) {
        addArrayRow(value) { (batch, row) throws(FieldError) in if let figure = try read(&row) { batch.keep(figure) } }
    }

    private mutating func keep(_ candle: CandleDraft) {
        history.note(candle.from)
        guard candle.from.milliseconds + Hour.milliseconds <= receivedAt.milliseconds else { return }
        history.candles.append(candle)
    }

    private mutating func keep(_ figure: OpenInterestDraft) {
        history.note(figure.observedAt)
        history.openInterests.append(figure)
    }

    /// What the answers since the last call hold. Their facts are forgotten: the file keeps them.
    ///
    /// - Parameter token: that of the next page, where the answer names one.
    mutating func takePage(_ endpoint: HistoryEndpoint, token: String?) -> HistoryPage {
        var page = history.page
        for time in settlements.map(\.settledAt) + longShortRatios.map(\.observedAt) + liquidations.map(\.occurredAt) {
            page.first = min(page.first ?? time, time)
            page.last = max(page.last ?? time, time)
        }
        page.rows = rowCount(endpoint.id) - rowsTaken
        page.token = token
        page.isUnread = rejections.contains { $0.endpoint == endpoint.id && $0.row == nil }
        rowsTaken = rowCount(endpoint.id)
        forgetFacts()
        return page
    }
}

/// One row of a response that is an array, read element by element.
struct ArrayRow {
    private let values: [JSONValue]

    init(_ array: JSONArray) { values = Array(array) }

    /// A row of elements that stand apart in the response.
    init(_ values: [JSONValue]) { self.values = values }

    /// Number of elements.
    var count: Int { values.count }

    /// A finite number.
    func number(_ index: Int) throws(FieldError) -> Double {
        guard index < values.count, let number = values[index].number, number.isFinite else {
            throw .notANumber(field: "[\(index)]", value: index < values.count ? values[index].summary : "")
        }
        return number
    }

    /// A number that is not negative; `nil` when the element is missing, `null` or blank.
    func optionalNonNegative(_ index: Int) throws(FieldError) -> Double? {
        guard index < values.count, !values[index].isNull, values[index].utf8?.isEmpty != true else { return nil }
        let number = try number(index)
        guard number >= 0 else { throw .negative(field: "[\(index)]", value: "\(number)") }
        return number
    }

    /// A positive price.
    func price(_ index: Int) throws(FieldError) -> Double {
        let number = try number(index)
        guard number > 0 else { throw .notPositive(field: "[\(index)]", value: "\(number)") }
        return number
    }

    /// A time in milliseconds after the epoch.
    func milliseconds(_ index: Int) throws(FieldError) -> Timestamp { try time(index, unit: 1) }

    /// A time in seconds after the epoch.
    func seconds(_ index: Int) throws(FieldError) -> Timestamp { try time(index, unit: 1000) }

    private func time(_ index: Int, unit: Double) throws(FieldError) -> Timestamp {
        let number = (try number(index) * unit).rounded(.down)
        guard number > 0, number <= Double(Timestamp.latest.milliseconds) else {
            throw .notATime(field: "[\(index)]", value: "\(number)")
        }
        return Timestamp(milliseconds: Int64(number))
    }
}
