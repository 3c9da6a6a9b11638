import Pages
import PerpCore
import Sealing
import Signals
import Trends
import Warehouse

/// Asks the warehouse for what the pages show, and makes them.
struct SiteMaker {
    private let database: Warehouse
    private let reader: PageReader
    private let hour: Hour
    private let now: Timestamp
    private let fees: TakerFees

    /// - Parameter now: decides what of the past can still be asked for.
    init(_ database: Warehouse, _ hour: Hour, now: Timestamp, fees: TakerFees) {
        (self.database, self.hour, self.now, self.fees) = (database, hour, now, fees)
        reader = PageReader(database)
    }

    private var week: ClosedRange<Hour> { hour.advanced(by: -167)...hour }
    private var month: ClosedRange<Hour> { hour.advanced(by: -719)...hour }

    /// Makes the pages and hands each over, so that not all are held at once.
    func makePages(_ take: (SitePage) throws -> Void) throws {
        let sealed = try SealedHours(database).hour(hour)
        let market = try marketRows(sealed)
        let coins = try coinRows(market)
        let frame = SiteFrame(
            hour: hour, assets: CoinRows.assets(coins.contracts),
            exchangeIDs: market.exchanges.rows.compactMap { $0.text("exchange_id") })
        let exchanges = try exchangeRows(market)
        try take(MarketPage(frame, market).page)
        try take(QualityPage(frame, try qualityRows(exchanges)).page)
        try take(SignalsPage(frame, try signalRows(sealed)).page)
        for page in ExchangePages(frame, exchanges).pages { try take(page) }
        for page in CoinPages(frame, coins).pages { try take(page) }
    }

    // MARK: - The market

    private func marketRows(_ sealed: SealedHour) throws -> MarketRows {
        var rows = MarketRows()
        rows.market = try reader.market(hour)
        rows.scores = try reader.scores(week)
        rows.factors = try reader.factors(hour)
        rows.exchanges = try reader.exchanges(hour)
        rows.exchangeSeries = try reader.exchangeSeries(week)
        rows.openInterestChanges = try reader.openInterestChanges(hour)
        rows.shares = try reader.shares(hour)
        rows.trends = try reader.trends(hour)
        rows.volatility = try reader.volatility(hour)
        rows.volatilityEvents = try reader.volatilityEvents(week)
        rows.references = try reader.references(hour)
        rows.forecasts = try reader.forecasts(hour)
        rows.liquidations = try reader.liquidations(week)
        rows.fundingSpreads = try reader.fundingSpreads(hour)
        rows.priceSpreads = try reader.priceSpreads(hour)
        rows.bases = try reader.bases(hour)
        rows.alerts = try reader.alerts(week)
        rows.classes = try reader.classes(hour)
        rows.absences = try reader.absences(hour)
        rows.silences = try reader.silences(hour.previous)
        rows.doubts = Anomalies(sealed.input, summary: sealed.summary).find().map {
            MarketRows.Doubt(kind: $0.kind.rawValue, severity: $0.severity.rawValue, text: $0.text)
        }
        return rows
    }

    // MARK: - Data quality and exchanges

    private func exchangeRows(_ market: MarketRows) throws -> ExchangeRows {
        var rows = ExchangeRows()
        rows.exchanges = market.exchanges
        rows.series = market.exchangeSeries
        rows.recorded = try reader.recorded(month)
        rows.missing = try reader.missing(month)
        rows.endpoints = try reader.endpoints(week)
        rows.refusals = try reader.refusals(week)
        rows.drift = try reader.drift(month)
        return rows
    }

    private func qualityRows(_ exchanges: ExchangeRows) throws -> QualityRows {
        var rows = QualityRows()
        rows.missing = exchanges.missing
        rows.drift = exchanges.drift
        rows.holes = try HistoryHoles(database).states(in: month, of: Exchange.allCases, at: now).map {
            QualityRows.Hole(
                $0.hole, answered: $0.answered, contracts: $0.contracts, isClosed: $0.isClosed,
                isLost: $0.hole.isLost(at: now))
        }
        rows.streamGaps = try reader.streamGaps(month)
        rows.heard = try reader.heard(month)
        rows.checks = try reader.checks()
        rows.restatements = try reader.restatements()
        rows.findings = try reader.findings(hour)
        return rows
    }

    // MARK: - Coins

    private func coinRows(_ market: MarketRows) throws -> CoinRows {
        var rows = CoinRows()
        rows.spans = CoinSpan.all(through: hour, since: try SealedHours(database).span()?.lowerBound ?? hour)
        rows.points = try reader.coinPoints(Set(rows.spans.flatMap(\.hours)).sorted())
        rows.contracts = try reader.contracts(hour)
        rows.liquidations = try reader.coinLiquidations(hour.advanced(by: -180)...hour.previous)
        rows.tellers = market.liquidations
        rows.events = try reader.contractEvents((rows.spans.last?.hours.first ?? hour)...hour)
        rows.exchanges = market.exchanges
        return rows
    }

    // MARK: - Signals

    private func signalRows(_ sealed: SealedHour) throws -> SignalRows {
        var rows = SignalRows()
        rows.detections = try detections(sealed).map { detection in
            SignalRows.Detected(
                key: detection.key, fires: detection.fires, confidence: detection.final,
                direction: detection.direction.rawValue, message: detection.message.first ?? "",
                unmet: detection.conditions.filter { $0.isKnown && !$0.isMet }.map(\.name), unknown: detection.unknown)
        }
        rows.alerts = try reader.alerts(month)
        rows.outcomes = try reader.outcomes(through: hour)
        rows.backtest = try reader.backtest()
        if let run = rows.backtest.rows.first?.text("run_id") { rows.metrics = try reader.metrics(ofRun: run) }
        rows.skill = try reader.skill(month)
        rows.proposals = try reader.proposals()
        return rows
    }

    /// What the strategies say of the hour, as `report hour` shows it.
    private func detections(_ sealed: SealedHour) throws -> [Detection] {
        let stored = SealedHours(database)
        let model = try database.sentimentModel()
        let context = MarketContext(
            sealed, model: model, settlements: try stored.settlements(days: 7, before: hour),
            spreads: FundingSpreads(takerFees: fees), trends: try stored.trends(at: hour),
            next8: try ForecastReader(database).next8(at: hour))
        return Strategy.detectAll(context, rules: RuleSet(model))
    }
}
