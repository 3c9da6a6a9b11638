import PerpCore

/// What the page of the market is made from: the rows of an hour and of the week up to it.
public struct MarketRows: Sendable {
    /// Something that a reader should doubt or look at.
    public struct Doubt: Hashable, Sendable {
        let kind: String
        let severity: String
        let text: String

        /// What was found, by which rule, and how strongly to doubt the hour.
        public init(kind: String, severity: String, text: String) {
            (self.kind, self.severity, self.text) = (kind, severity, text)
        }
    }

    /// `market_hours` of the hour.
    public var market = StoredRows.none
    /// Score and exchanges of each hour of the week.
    public var scores = StoredRows.none
    /// The factors of the score, the heaviest first.
    public var factors = StoredRows.none
    /// Each exchange in the hour, absent ones too.
    public var exchanges = StoredRows.none
    /// Volume and open interest of each exchange and hour of the week.
    public var exchangeSeries = StoredRows.none
    /// `open_interest_changes` of the hour.
    public var openInterestChanges = StoredRows.none
    /// `market_shares` of the hour and of a day before.
    public var shares = StoredRows.none
    /// `trends` of the hour.
    public var trends = StoredRows.none
    /// `volatility` of the hour.
    public var volatility = StoredRows.none
    /// `volatility_events` of the week.
    public var volatilityEvents = StoredRows.none
    /// The perpetual that stands for each asset on each exchange.
    public var references = StoredRows.none
    /// Forecasts of next settlements.
    public var forecasts = StoredRows.none
    /// Liquidations of each exchange in the hours of the week.
    public var liquidations = StoredRows.none
    /// What pairs of exchanges pay, the best first.
    public var fundingSpreads = StoredRows.none
    /// How far prices lie apart.
    public var priceSpreads = StoredRows.none
    /// How far perpetuals lie above spot.
    public var bases = StoredRows.none
    /// Alerts of the week with what came of them.
    public var alerts = StoredRows.none
    /// `class_totals` of the hour.
    public var classes = StoredRows.none
    /// `missing_hours` of the hour.
    public var absences = StoredRows.none
    /// Streams that were not heard for all of the hour before.
    public var silences = StoredRows.none
    /// What is to be doubted in the hour.
    public var doubts: [Doubt] = []

    /// No rows.
    public init() {}

    /// Assets of a class apart from coins have the class before their name.
    static func isCoin(_ row: StoredRow) -> Bool { ["crypto", "unknown"].contains(row.text("asset_class") ?? "") }

    /// The exchanges that gave nothing in the hour, by id, with why.
    var causes: [String: String] {
        var causes: [String: String] = [:]
        for row in exchanges.rows where row.text("status") == "failed" {
            causes[row.text("exchange_id") ?? ""] = row.text("reason") ?? row.text("cause") ?? "not known"
        }
        return causes
    }

    /// How many exchanges there should be; `nil` in hours of older rules.
    var expected: Int? { market.rows.first?.integer("exchanges_expected").map(Int.init) }
}
