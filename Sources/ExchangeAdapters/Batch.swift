import JSONReader
import PerpCore

/// The records of one exchange and hour while its responses are read, in any order.
///
/// A row that cannot be read is set aside with its reason, and leaves nothing behind.
public struct Batch {
    let adapter: Adapter
    let roster: Roster
    var drafts: [Draft]
    private(set) var indexBySymbol: [String: Int]
    /// The place of the symbol that was named last.
    private var lastIndex = -1
    private(set) var longShortRatios: [RatioDraft] = []
    var liquidations: [LiquidationDraft] = []
    private(set) var spotTickers: [SpotDraft] = []
    private(set) var settlements: [SettlementDraft] = []
    private(set) var rejections: [Rejection] = []
    private(set) var rows: [Int]
    private(set) var rejected: [Int]

    /// Whether the whole list of instruments has been read: a symbol that it does not name is none.
    private(set) var hasWholeList = false
    private var responses = 0
    private var endpoint = 0
    private var row = 0
    private var receivedAt = Timestamp(milliseconds: 0)

    /// - Parameter roster: what an earlier hour of the same exchange has left behind.
    public init(adapter: Adapter, roster: Roster? = nil) {
        self.adapter = adapter
        self.roster = roster ?? Roster(exchange: adapter.exchange)
        drafts = self.roster.symbols.map { Draft(symbol: $0, receivedAt: Timestamp(milliseconds: 0)) }
        indexBySymbol = self.roster.indexBySymbol
        rows = Array(repeating: 0, count: adapter.endpoints.count)
        rejected = rows
    }

    /// Reads a response into records; one that cannot be read becomes a rejection of its endpoint.
    public mutating func read(_ response: Response) {
        guard let index = adapter.endpoints.firstIndex(where: { $0.id == response.endpoint }) else { return }
        responses += 1
        endpoint = index
        row = -1
        receivedAt = response.receivedAt
        do throws(AdapterError) {
            if let message = adapter.errorText(response.body) { throw .refused(message) }
            try adapter.endpoints[index].read(response, &self)
            let isLast = adapter.endpoints[index].isList && adapter.endpoints[index].endsList(response)
            // A list without a row is no list.
            if isLast, rows[index] > 0 { hasWholeList = true }
        } catch {
            rejectResponse("\(error)", value: response.body.summary)
        }
    }

    // MARK: - What readers add

    /// Reads one row about a symbol: its listing, its market, or both.
    mutating func add(
        _ value: JSONValue, symbol field: StaticString = "symbol",
        _ read: (inout ResponseRow, inout Draft) throws(FieldError) -> Void
    ) {
        addRow(value) { (batch, row) throws(FieldError) in
            let symbol = try row.string(field)
            let index = batch.index(of: symbol)
            try batch.claim(index, field, symbol)
            let before = batch.drafts[index]
            do throws(FieldError) {
                try read(&row, &batch.drafts[index])
                batch.drafts[index].isNamed = true
            } catch {
                batch.drafts[index] = before
                if batch.adapter.endpoints[batch.endpoint].isList { batch.drafts[index].isListedUnread = true }
                throw error
            }
        }
    }

    /// Reads one row of an index, which is also told to the instrument that it prices, if there is one.
    mutating func addIndex(
        _ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> (symbol: String, price: Double?)
    ) {
        addRow(value) { (batch, row) throws(FieldError) in
            let index = try read(&row)
            batch.drafts[batch.index(of: index.symbol)].quote.indexPrice = index.price
        }
    }

    /// Reads one row of long and short holders, of one population or of several.
    mutating func addRatios(_ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> [RatioDraft]) {
        addRow(value) { (batch, row) throws(FieldError) in
            batch.longShortRatios += try read(&row)
        }
    }

    /// Reads one row of a forced closing; a `nil` is a row that is none.
    mutating func addLiquidation(
        _ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> LiquidationDraft?
    ) {
        addRow(value) { (batch, row) throws(FieldError) in
            guard var draft = try read(&row) else { return }
            draft.location = RowLocation(response: batch.responses, endpoint: batch.endpoint, row: batch.row)
            batch.liquidations.append(draft)
        }
    }

    mutating func addSettlement(_ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> SettlementDraft) {
        addRow(value) { (batch, row) throws(FieldError) in
            batch.settlements.append(try read(&row))
        }
    }

    mutating func addSpot(_ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> SpotDraft) {
        addRow(value) { (batch, row) throws(FieldError) in
            batch.spotTickers.append(try read(&row))
        }
    }

    /// Reads a row that is an array, `[time, ratio]`; `nil` is read for a row that does not count.
    mutating func addArrayRatio(_ value: JSONValue, _ read: (JSONArray) throws(FieldError) -> RatioDraft?) {
        beginRow()
        guard let array = value.array else { return reject(.notText(field: "row", value: value.summary), nil) }
        do throws(FieldError) {
            if let ratio = try read(array) { longShortRatios.append(ratio) }
        } catch {
            reject(error, nil)
        }
    }

    // MARK: - What readers and plans ask

    /// The rows that an endpoint's answers have had.
    func rowCount(_ id: String) -> Int { adapter.endpoints.firstIndex { $0.id == id }.map { rows[$0] } ?? 0 }

    /// The instruments that are perpetual and trading, by symbol.
    var tradingPerpetuals: [String] { drafts.filter(\.isTradingPerpetual).map(\.symbol).sorted() }

    /// The symbol that the list of instruments gives an asset's main perpetual: the usual one, or else the linear one
    /// with the best known quote. `nil`: none trades.
    func mainPerpetual(of asset: String, usually usual: String) -> String? {
        let quotes = ["USDT", "USDC", "USD"]
        func rank(_ draft: Draft) -> (Int, Int, String) {
            let parts = draft.listing?.parts
            return (
                draft.symbol == usual ? 0 : 1 + (parts?.kind == .linear ? 0 : 1),
                parts.flatMap { quotes.firstIndex(of: $0.quote) } ?? quotes.count, draft.symbol
            )
        }
        return drafts.filter { $0.isTradingPerpetual && self.asset(of: $0.symbol) == asset }
            .min { rank($0) < rank($1) }?.symbol
    }

    /// The canonical asset of a symbol; without a listing its ticker.
    func asset(of symbol: String) -> String {
        let draft = indexBySymbol[symbol].map { drafts[$0] }
        let base = (draft?.listing?.parts ?? adapter.parts(symbol))?.base ?? symbol
        return roster.asset(base, draft?.presumedClass).asset
    }

    /// What the symbol names, from the instruments response or from its own text.
    func parts(of symbol: String) -> SymbolParts? {
        indexBySymbol[symbol].flatMap { drafts[$0].listing?.parts } ?? adapter.parts(symbol)
    }

    /// The instruments response's row of a symbol.
    func listing(of symbol: String) -> InstrumentDraft? { indexBySymbol[symbol].flatMap { drafts[$0].listing } }

    // MARK: - Rows

    private mutating func beginRow() {
        row += 1
        rows[endpoint] += 1
    }

    private mutating func addRow(
        _ value: JSONValue, _ add: (inout Batch, inout ResponseRow) throws(FieldError) -> Void
    ) {
        beginRow()
        guard let members = value.object else { return reject(.notText(field: "row", value: value.summary), nil) }
        var fields = ResponseRow(members)
        do throws(FieldError) {
            try add(&self, &fields)
        } catch {
            reject(error, members)
        }
    }

    private mutating func index(of symbol: String) -> Int {
        // An exchange mostly names its symbols in one order in all its responses: the next one is tried first.
        let expected = lastIndex + 1
        if expected < drafts.count, drafts[expected].symbol == symbol {
            lastIndex = expected
        } else if let index = indexBySymbol[symbol] {
            lastIndex = index
        } else {
            indexBySymbol[symbol] = drafts.count
            lastIndex = drafts.count
            drafts.append(Draft(symbol: symbol, receivedAt: receivedAt))
        }
        if receivedAt > drafts[lastIndex].receivedAt { drafts[lastIndex].receivedAt = receivedAt }
        return lastIndex
    }

    /// Marks that the endpoint has spoken of the symbol; its second row of one symbol is refused.
    private mutating func claim(_ index: Int, _ field: StaticString, _ symbol: String) throws(FieldError) {
        let bit: UInt32 = 1 << UInt32(endpoint)
        guard drafts[index].endpoints & bit == 0 else { throw .duplicate(field: "\(field)", value: symbol) }
        drafts[index].endpoints |= bit
    }

    private mutating func reject(_ error: FieldError, _ members: JSONObject?) {
        rejected[endpoint] += 1
        rejections.append(
            Rejection(
                endpoint: adapter.endpoints[endpoint].id, row: row, symbol: members.flatMap(anySymbol),
                field: error.field, reason: error.reason, value: error.value))
    }

    /// The row's own name, whatever the exchange calls it.
    private func anySymbol(_ members: JSONObject) -> String? {
        var members = members
        return
            (members.value("symbol") ?? members.value("instId") ?? members.value("contract")
            ?? members.value("name") ?? members.value("ticker") ?? members.value("market"))?.string
    }

    private mutating func rejectResponse(_ reason: String, value: String) {
        rejected[endpoint] += 1
        rejections.append(
            Rejection(endpoint: adapter.endpoints[endpoint].id, reason: reason, value: value.isEmpty ? nil : value))
    }

    /// Sets aside something of an endpoint that was read but cannot be used.
    mutating func reject(_ rejection: Rejection) {
        rejections.append(rejection)
        if let index = adapter.endpoints.firstIndex(where: { $0.id == rejection.endpoint }) { rejected[index] += 1 }
    }
}

/// Where a row stands among the responses of an hour.
struct RowLocation: Hashable {
    /// The response, counted as they were read.
    var response: Int
    /// The endpoint's place in the adapter's table.
    var endpoint: Int
    var row: Int
}

/// A forced closing in the exchange's own units.
struct LiquidationDraft: Hashable {
    /// What its size counts.
    enum Unit: Hashable {
        case contracts, base, quote
        /// Base or quote units: the response's arithmetic decides.
        case baseOrQuote
    }

    var symbol: String
    var side: LiquidationSide
    /// Quote units a base unit.
    var price: Double
    var size: Double
    var unit: Unit
    var occurredAt: Timestamp
    var id: String?
    var location = RowLocation(response: 0, endpoint: 0, row: 0)

    init(
        symbol: String, side: LiquidationSide, price: Double, size: Double, unit: Unit,
        occurredAt: Timestamp, id: String? = nil
    ) {
        self.symbol = symbol
        self.side = side
        self.price = price
        self.size = size
        self.unit = unit
        self.occurredAt = occurredAt
        self.id = id
    }

    /// Time and size tell nearly all events apart.
    func hash(into hasher: inout Hasher) {
        hasher.combine(occurredAt)
        hasher.combine(size)
    }
}

/// A spot market in the exchange's own units.
struct SpotDraft {
    var symbol: String
    var lastPrice: Double?
    var bidPrice: Double?
    var askPrice: Double?
    var volumeQuote: Double?
    var observedAt: Timestamp
}
