import JSONReader
import PerpCore

/// Collects the records of one exchange and hour from its responses, which may come in any order.
///
/// A row that cannot be read becomes a rejection with its reason and changes nothing else.
public struct Batch {
    let adapter: Adapter
    let roster: Roster
    var drafts: [Draft]
    private(set) var indexBySymbol: [String: Int]
    /// Symbols by the exchange's ids, as the list of instruments states them.
    private var symbolByID: [String: String] = [:]
    /// The index in `drafts` of the latest symbol; -1 before the first.
    private var lastIndex = -1
    private(set) var longShortRatios: [RatioDraft] = []
    var liquidations: [LiquidationDraft] = []
    /// Liquidations that several responses or messages stated, without the first statement of each.
    public internal(set) var repeatedLiquidations = 0
    /// What is known of Hyperliquid's builder markets.
    var builders = BuilderMarkets()
    private(set) var spotTickers: [SpotDraft] = []
    private(set) var settlements: [SettlementDraft] = []
    /// What was read of the past.
    var history = HistoryDrafts()
    /// The rows of the pages that `takePage` has taken.
    var rowsTaken = 0
    private(set) var rejections: [Rejection] = []
    private(set) var rows: [Int]
    private(set) var rejected: [Int]

    /// The lists of instruments that have been read to their end, one bit per endpoint: a symbol that they do not name is not
    /// an instrument.
    private var wholeLists: UInt32 = 0
    /// For each endpoint, the bits of the lists that name its symbols.
    private let listsOfEndpoint: [UInt32]
    private let mainLists: UInt32
    private var responses = 0
    /// Whether all responses so far are lists that repeat those of the hour before.
    private var hasOnlyRepetitions = true
    /// The endpoint of the latest response, if it was read whole before all others, so that `keptList` may keep it.
    private var keepable: Int?
    private var endpoint = 0
    private var row = 0
    private(set) var receivedAt = Timestamp(milliseconds: 0)

    /// An empty batch.
    ///
    /// - Parameter roster: what earlier hours of the same exchange have shown, which only saves work.
    public init(adapter: Adapter, roster: Roster? = nil) {
        self.adapter = adapter
        self.roster = roster ?? Roster(exchange: adapter.exchange)
        drafts = self.roster.drafts
        indexBySymbol = self.roster.indexBySymbol
        rows = Array(repeating: 0, count: adapter.endpoints.count)
        rejected = rows
        func bits(_ isWanted: (Endpoint) -> Bool) -> UInt32 {
            adapter.endpoints.indices.reduce(0) { $0 | (isWanted(adapter.endpoints[$1]) ? 1 << UInt32($1) : 0) }
        }
        let main = bits { $0.isList && $0.isEssential }
        mainLists = main
        listsOfEndpoint = adapter.endpoints.map { endpoint in
            endpoint.listedBy.map { list in bits { $0.id == list } } ?? main
        }
    }

    /// Reads a response into records; one that cannot be read becomes a rejection.
    public mutating func read(_ response: Response) {
        guard let index = adapter.index(of: response.endpoint) else { return }
        responses += 1
        let isFirst = adapter.endpoints[index].repetition != nil && hasOnlyRepetitions && rows[index] == 0
        let rejectionsBefore = rejections.count
        hasOnlyRepetitions = hasOnlyRepetitions && adapter.endpoints[index].repetition != nil
        defer { keepable = isFirst && rejections.count == rejectionsBefore ? index : nil }
        endpoint = index
        row = -1
        receivedAt = response.receivedAt
        do throws(AdapterError) {
            // Messages of a stream have other envelopes than responses.
            if response.endpoint != LiquidationStream.endpointID, let message = adapter.errorText(response.body) {
                throw .refused(message)
            }
            try adapter.endpoints[index].read(response, &self)
            let isLast = adapter.endpoints[index].isList && adapter.endpoints[index].endsList(response)
            // An empty list does not count.
            if isLast, rows[index] > 0 { wholeLists |= 1 << UInt32(index) }
        } catch {
            rejectResponse("\(error)", value: response.body.summary)
        }
    }

    // MARK: - Lists that are the same as an hour before

    /// What the response of an endpoint said that was read last; `nil` where it is not the first one, or another response may
    /// have said something of the same symbols.
    public func keptList(of endpoint: String) -> KeptList? {
        guard let index = keepable, adapter.endpoints[index].id == endpoint else { return nil }
        let bit: UInt32 = 1 << UInt32(index)
        let named = drafts.indices.filter { drafts[$0].endpoints & bit != 0 }
        guard !named.isEmpty, named.allSatisfy({ drafts[$0].endpoints == bit }) else { return nil }
        return KeptList(
            endpoint: index, rows: rows[index], drafts: named.map { ($0, drafts[$0]) },
            isWhole: wholeLists & bit != 0)
    }

    /// Adds what a response says that repeats another one, of another hour.
    /// - Parameter list: what the other one said to the batch of that hour, which had the same roster.
    /// - Returns: `false`, and adds nothing, where the response must be read: the batch is not as that one was before it.
    public mutating func add(_ list: KeptList, receivedAt time: Timestamp) -> Bool {
        guard hasOnlyRepetitions, rows[list.endpoint] == 0,
            list.drafts.allSatisfy({ index, draft in
                index < drafts.count && drafts[index].endpoints == 0 && drafts[index].symbol == draft.symbol
            })
        else { return false }
        responses += 1
        keepable = nil
        endpoint = list.endpoint
        receivedAt = time
        row = list.rows - 1
        rows[endpoint] = list.rows
        for (index, draft) in list.drafts {
            drafts[index] = draft
            drafts[index].receivedAt = time
            if let id = draft.listing?.id { symbolByID[id] = draft.symbol }
            lastIndex = index
        }
        if list.isWhole { wholeLists |= 1 << UInt32(endpoint) }
        return true
    }

    // MARK: - What readers add

    /// Reads one row about a symbol: its instrument, its market, or both.
    mutating func add(
        _ value: JSONValue, symbol field: StaticString = "symbol",
        _ read: (inout ResponseRow, inout Draft) throws(FieldError) -> Void
    ) {
        add(value, field, isID: false, read)
    }

    /// Reads one row about a symbol that it names by the exchange's id, which the list of instruments explains.
    mutating func add(
        _ value: JSONValue, id field: StaticString,
        _ read: (inout ResponseRow, inout Draft) throws(FieldError) -> Void
    ) {
        add(value, field, isID: true, read)
    }

    private mutating func add(
        _ value: JSONValue, _ field: StaticString, isID: Bool,
        _ read: (inout ResponseRow, inout Draft) throws(FieldError) -> Void
    ) {
        addRow(value) { (batch, row) throws(FieldError) in
            let name = try row.string(field)
            guard let symbol = isID ? batch.symbolByID[name] : name else {
                throw .unknown(field: "\(field)", value: name)
            }
            let index = batch.index(of: symbol)
            try batch.claim(index, field, symbol)
            let before = batch.drafts[index]
            do throws(FieldError) {
                try read(&row, &batch.drafts[index])
                batch.drafts[index].isNamed = true
                if let id = batch.drafts[index].listing?.id { batch.symbolByID[id] = symbol }
            } catch {
                batch.drafts[index] = before
                if batch.adapter.endpoints[batch.endpoint].isList { batch.drafts[index].isListedUnread = true }
                throw error
            }
        }
    }

    /// Reads one row that makes no record by itself; `read` keeps what other rows need.
    mutating func addFact(_ value: JSONValue, _ read: (JSONValue, inout BuilderMarkets) throws(FieldError) -> Void) {
        beginRow()
        do throws(FieldError) {
            try read(value, &builders)
        } catch {
            reject(error, value.object)
        }
    }

    /// Reads one row of an index price, for the instrument that it prices.
    mutating func addIndex(
        _ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> (symbol: String, price: Double?)
    ) {
        addRow(value) { (batch, row) throws(FieldError) in
            let index = try read(&row)
            batch.drafts[batch.index(of: index.symbol)].market.indexPrice = index.price
        }
    }

    /// Reads one row of long and short fractions, for one population or several.
    mutating func addRatios(_ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> [RatioDraft]) {
        addRow(value) { (batch, row) throws(FieldError) in
            batch.longShortRatios += try read(&row)
        }
    }

    /// Reads one row of liquidations; `read` returns `nil` when the row is not a liquidation.
    mutating func addLiquidation(
        _ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> LiquidationDraft?
    ) {
        addLiquidations(value) { (row) throws(FieldError) in try read(&row).map { [$0] } ?? [] }
    }

    /// Reads one row of liquidations, which may state none, one or several.
    mutating func addLiquidations(
        _ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> [LiquidationDraft]
    ) {
        addRow(value) { (batch, row) throws(FieldError) in
            for var draft in try read(&row) {
                draft.location = RowLocation(response: batch.responses, endpoint: batch.endpoint, row: batch.row)
                batch.liquidations.append(draft)
            }
        }
    }

    /// Reads rows of long and short fractions of one population, in fields of these names.
    ///
    /// - Parameters:
    ///   - symbol: the field that names the symbol; `nil` where only the request's parameter `symbol` names it.
    ///   - ratio: the field with the ratio of longs to shorts, where the rows have one.
    mutating func addRatios(
        _ rows: JSONArray, in response: Response, of population: LongShortRatio.Population, symbol: StaticString?,
        ratio: StaticString? = nil, long: StaticString, short: StaticString, time: StaticString
    ) {
        let asked = response.parameter("symbol")
        let period = response.parameter("period") ?? "1h"
        for row in rows {
            addRatios(row) { (row) throws(FieldError) in
                var name = asked
                if let symbol { name = try row.string(symbol) }
                guard let name else { throw .missing(field: "symbol") }
                var stated: Double?
                if let ratio { stated = try row.optionalNonNegative(ratio) }
                return [
                    try RatioDraft(
                        &row, symbol: name, population: population, period: period, ratio: stated, long: long,
                        short: short, time: time)
                ]
            }
        }
    }

    /// Reads rows of funding settlements, in fields of these names.
    mutating func addSettlements(
        _ rows: JSONArray, symbol: StaticString = "symbol", time: StaticString = "fundingTime", hours: Double? = nil
    ) {
        for row in rows {
            addSettlement(row) { (row) throws(FieldError) in
                try SettlementDraft(&row, symbol: symbol, time: time, hours: hours)
            }
        }
    }

    /// Reads one row of settlements; `read` returns `nil` when the row is not one yet.
    mutating func addSettlement(
        _ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> SettlementDraft?
    ) {
        addRow(value) { (batch, row) throws(FieldError) in
            if let settlement = try read(&row) { batch.settlements.append(settlement) }
        }
    }

    /// Adds a settlement that a row about the market states beside the market.
    mutating func addSettlement(_ settlement: SettlementDraft) { settlements.append(settlement) }

    mutating func addSpot(_ value: JSONValue, _ read: (inout ResponseRow) throws(FieldError) -> SpotDraft) {
        addRow(value) { (batch, row) throws(FieldError) in
            batch.spotTickers.append(try read(&row))
        }
    }

    /// Reads a row that is an array, such as `[time, ratio]`; `read` returns `nil` for a row to skip.
    mutating func addArrayRatio(_ value: JSONValue, _ read: (JSONArray) throws(FieldError) -> RatioDraft?) {
        beginRow()
        guard let array = value.array else { return reject(.notText(field: "row", value: value.summary), nil) }
        do throws(FieldError) {
            if let ratio = try read(array) { longShortRatios.append(ratio) }
        } catch {
            reject(error, nil)
        }
    }

    /// Adds ratios of a row that was read elsewhere.
    mutating func add(_ ratios: [RatioDraft]) { longShortRatios += ratios }

    /// Begins to read a file as the endpoint with an id; `false` when there is none.
    mutating func begin(_ id: String, receivedAt: Timestamp) -> Bool {
        guard let index = adapter.endpoints.firstIndex(where: { $0.id == id }) else { return false }
        responses += 1
        endpoint = index
        row = -1
        self.receivedAt = receivedAt
        return true
    }

    /// Counts rows of the file that is being read.
    mutating func count(rows count: Int) { rows[endpoint] += count }

    /// Counts rows of the file that is being read as rejected, without a rejection for each.
    mutating func count(rejected count: Int) { rejected[endpoint] += count }

    // MARK: - What readers and plans ask

    /// Whether the whole main list of instruments has been read.
    var hasWholeList: Bool { wholeLists & mainLists != 0 }

    /// Whether a whole list of instruments should name the symbol and does not.
    func isUnlisted(_ draft: Draft) -> Bool {
        guard draft.listing == nil, !draft.isListedUnread else { return false }
        if draft.endpoints == 0 { return hasWholeList }
        return listsOfEndpoint.indices.contains { endpoint in
            draft.endpoints & (1 << UInt32(endpoint)) != 0 && listsOfEndpoint[endpoint] & wholeLists != 0
        }
    }

    /// The number of rows in an endpoint's responses so far.
    func rowCount(_ id: String) -> Int { adapter.endpoints.firstIndex { $0.id == id }.map { rows[$0] } ?? 0 }

    /// The symbols of perpetuals that are trading, sorted.
    public var tradingPerpetuals: [String] { drafts.filter(\.isTradingPerpetual).map(\.symbol).sorted() }

    /// The perpetuals that are trading, by the names that the exchange's stream has for them; sorted.
    public var streamNames: [String] {
        drafts.filter(\.isTradingPerpetual).map { $0.listing?.id ?? $0.symbol }.sorted()
    }

    /// The symbol that the list of instruments has for an id; `nil` when no row with that id has been read.
    func symbol(withID id: String) -> String? { symbolByID[id] }

    /// The exchange's ids of perpetuals that are trading, in the order of their symbols.
    var tradingIDs: [String] { tradingPerpetuals.compactMap { listing(of: $0)?.id } }

    /// The symbol of an asset's main perpetual in the list of instruments: the usual one, or else a linear one in the most
    /// common quote; one that the exchange itself lists comes first. `nil` when none is trading.
    func mainPerpetual(of asset: String, usually usual: String) -> String? {
        let quotes = ["USDT", "USDC", "USD"]
        func rank(_ draft: Draft) -> (Int, Int, String) {
            let parts = draft.listing?.parts
            return (
                draft.symbol == usual
                    ? 0 : 1 + (parts?.kind == .linear ? 0 : 1) + (draft.listing?.isCore == false ? 2 : 0),
                parts.flatMap { quotes.firstIndex(of: $0.quote) } ?? quotes.count, draft.symbol
            )
        }
        return drafts.filter { $0.isTradingPerpetual && self.asset(of: $0.symbol) == asset }
            .min { rank($0) < rank($1) }?.symbol
    }

    /// The canonical asset of a symbol, by its text where the list of instruments does not name it.
    func asset(of symbol: String) -> String {
        let draft = indexBySymbol[symbol].map { drafts[$0] }
        let base = (draft?.listing?.parts ?? adapter.parts(symbol))?.base ?? symbol
        return roster.asset(base, draft?.presumedClass).asset
    }

    /// The assets and the term of a symbol, from the list of instruments or from the symbol's text; `nil` when neither tells.
    func parts(of symbol: String) -> SymbolParts? {
        indexBySymbol[symbol].flatMap { drafts[$0].listing?.parts } ?? adapter.parts(symbol)
    }

    /// What the list of instruments says of a symbol; `nil` when it does not name it.
    func listing(of symbol: String) -> InstrumentDraft? { indexBySymbol[symbol].flatMap { drafts[$0].listing } }

    /// The perpetuals that are trading and of which there is something to ask: those of the assets that come first, then the
    /// others by symbol.
    ///
    /// - Parameters:
    ///   - assets: whose contracts are wanted; empty for all of them.
    ///   - except: whose contracts are left out.
    func perpetuals(
        of assets: [String], except: [String], first: [String], covers: (SymbolParts) -> Bool
    ) -> [String] {
        let wanted = Set(assets)
        // Markets that others run on the exchange are in no total, and are not asked about.
        let named = tradingPerpetuals.filter { listing(of: $0)?.isCore != false }
            .map { (symbol: $0, asset: asset(of: $0)) }
            .filter { (wanted.isEmpty || wanted.contains($0.asset)) && !except.contains($0.asset) }
            .filter { contract in parts(of: contract.symbol).map(covers) ?? false }
        func rank(_ asset: String) -> Int { first.firstIndex(of: asset) ?? first.count }
        return named.sorted { (rank($0.asset), $0.symbol) < (rank($1.asset), $1.symbol) }.map(\.symbol)
    }

    // MARK: - Rows

    private mutating func beginRow() {
        row += 1
        rows[endpoint] += 1
    }

    mutating func addRow(
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

    /// Reads a row that is an array.
    mutating func addArrayRow(
        _ value: JSONValue, _ add: (inout Batch, inout ArrayRow) throws(FieldError) -> Void
    ) {
        guard let array = value.array else {
            beginRow()
            return reject(.notText(field: "row", value: value.summary), nil)
        }
        addElements(ArrayRow(array), add)
    }

    /// Reads a row that has been put together from its elements.
    mutating func addElements(
        _ row: ArrayRow, _ add: (inout Batch, inout ArrayRow) throws(FieldError) -> Void
    ) {
        beginRow()
        var elements = row
        do throws(FieldError) {
            try add(&self, &elements)
        } catch {
            reject(error, nil)
        }
    }

    private mutating func index(of symbol: String) -> Int {
        // Exchanges mostly list symbols in the same order in all responses: try the next one first.
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

    /// Notes that the endpoint has a row for the symbol; a second one is an error.
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

    /// The row's symbol, under any of the names that exchanges use for it. Beside a contract's code, `symbol` is only its
    /// asset.
    private func anySymbol(_ members: JSONObject) -> String? {
        var members = members
        let code = members.value("contract_code") ?? members.value("symbol") ?? members.value("instId")
        return
            (code ?? members.value("contract") ?? members.value("name") ?? members.value("ticker")
            ?? members.value("market") ?? members.value("s") ?? members.value("instrument_name")
            ?? members.value("product_id") ?? members.value("contractName") ?? members.value("instrument"))?
            .string
    }

    private mutating func rejectResponse(_ reason: String, value: String) {
        rejected[endpoint] += 1
        rejections.append(
            Rejection(endpoint: adapter.endpoints[endpoint].id, reason: reason, value: value.isEmpty ? nil : value))
    }

    /// Drops what was read of the past, for a batch that only follows its pages.
    mutating func forgetFacts() {
        history = HistoryDrafts()
        settlements.removeAll(keepingCapacity: true)
        longShortRatios.removeAll(keepingCapacity: true)
        liquidations.removeAll(keepingCapacity: true)
        forgetRejections()
    }

    /// Drops the rejections, for a batch that is read without an end.
    mutating func forgetRejections() { rejections.removeAll() }

    /// Adds a rejection for something that was read but cannot be used.
    mutating func reject(_ rejection: Rejection) {
        rejections.append(rejection)
        if let index = adapter.endpoints.firstIndex(where: { $0.id == rejection.endpoint }) { rejected[index] += 1 }
    }
}

/// What one list of instruments said, for the next hour in which it says the same.
public struct KeptList {
    /// The endpoint's index in the adapter's table.
    let endpoint: Int
    let rows: Int
    /// The symbols that it names, with their places in a batch; in no other response that was read before.
    let drafts: [(index: Int, draft: Draft)]
    /// Whether it is the end of the whole list.
    let isWhole: Bool
}

/// Where a row is among the responses of an hour.
struct RowLocation: Hashable {
    /// The number of the response, in the order of reading, from 1.
    var response: Int
    /// The endpoint's index in the adapter's table.
    var endpoint: Int
    var row: Int
}

/// A liquidation in the exchange's units.
struct LiquidationDraft: Hashable {
    /// What `size` counts.
    enum Unit: Hashable {
        case contracts, base, quote
        /// Base or quote units: `decideUnits` finds out which.
        case baseOrQuote
    }

    var symbol: String
    var side: LiquidationSide
    /// Quote units per base unit.
    var price: Double
    var size: Double
    var unit: Unit
    /// The number of contracts, where the exchange states it beside another size.
    var contracts: Double?
    var occurredAt: Timestamp
    var id: String?
    var location = RowLocation(response: 0, endpoint: 0, row: 0)

    init(
        symbol: String, side: LiquidationSide, price: Double, size: Double, unit: Unit, contracts: Double? = nil,
        occurredAt: Timestamp, id: String? = nil
    ) {
        self.symbol = symbol
        self.side = side
        self.price = price
        self.size = size
        self.unit = unit
        self.contracts = contracts
        self.occurredAt = occurredAt
        self.id = id
    }

    /// Hashes time and size only, which differ for nearly all events.
    func hash(into hasher: inout Hasher) {
        hasher.combine(occurredAt)
        hasher.combine(size)
    }
}

/// A spot market in the exchange's units.
struct SpotDraft {
    var symbol: String
    var lastPrice: Double?
    var bidPrice: Double?
    var askPrice: Double?
    /// Quote units traded in 24 hours.
    var volumeQuote: Double?
    var observedAt: Timestamp
}

extension SpotDraft {
    /// A row with fields of these names.
    ///
    /// - Parameters:
    ///   - time: the field with milliseconds, where the row has one.
    ///   - fallback: the time of a row that states none.
    init(
        _ row: inout ResponseRow, symbol: StaticString, last: StaticString, bid: StaticString, ask: StaticString,
        turnover: StaticString, time: StaticString? = nil, fallback: Timestamp
    ) throws(FieldError) {
        self.init(
            symbol: try row.string(symbol), lastPrice: try row.price(last), bidPrice: try row.price(bid),
            askPrice: try row.price(ask), volumeQuote: try row.optionalNonNegative(turnover), observedAt: fallback)
        if let time, let stated = try row.optionalMilliseconds(time) { observedAt = stated }
    }
}
