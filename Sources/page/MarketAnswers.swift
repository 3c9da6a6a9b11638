import OutcomeKeeping
import Pages
import PerpCore
import Sealing
import Signals
import TrackRecord
import Trends
import Warehouse

/// What the pages of the market, of exchanges, of signals and of data quality show.
struct MarketAnswers: Sendable {
    let market: MarketRows
    let exchanges: ExchangeRows
    let quality: QualityRows
    let signals: SignalRows
    /// Liquidations by coin, exchange and hour of the last week.
    let coinLiquidations: StoredRows

    /// Asks the warehouse.
    /// - Throws: an error of the database.
    init(_ database: Warehouse, _ hour: Hour, now: Timestamp, _ settings: SiteSettings) throws {
        let questions = MarketQuestions(database, hour, now: now, settings)
        let sealed = try SealedHours(database).hour(hour)
        market = try questions.marketRows(sealed)
        exchanges = try questions.exchangeRows(market)
        quality = try questions.qualityRows(exchanges)
        signals = try questions.signalRows(sealed, market)
        coinLiquidations = try PageReader(database)
            .answer(.coinLiquidations, of: hour.advanced(by: -180)...hour.previous)
    }
}

/// The questions behind those pages.
private struct MarketQuestions {
    private let database: Warehouse
    private let reader: PageReader
    private let hour: Hour
    private let now: Timestamp
    private let settings: SiteSettings

    init(_ database: Warehouse, _ hour: Hour, now: Timestamp, _ settings: SiteSettings) {
        (self.database, self.hour, self.now, self.settings) = (database, hour, now, settings)
        reader = PageReader(database)
    }

    private var week: ClosedRange<Hour> { hour.advanced(by: -167)...hour }
    private var month: ClosedRange<Hour> { hour.advanced(by: -719)...hour }

    // MARK: - The market

    func marketRows(_ sealed: SealedHour) throws -> MarketRows {
        var rows = MarketRows()
        rows.market = try reader.answer(.market, of: hour)
        rows.scores = try reader.answer(.scores, of: week)
        rows.factors = try reader.answer(.factors, of: hour)
        rows.exchanges = try reader.answer(.exchanges, of: hour)
        rows.exchangeSeries = try reader.answer(.exchangeSeries, of: week)
        rows.openInterestChanges = try reader.answer(.openInterestChanges, of: hour)
        rows.shares = try reader.answer(.shares, of: hour)
        rows.trends = try reader.answer(.trends, of: hour)
        rows.volatility = try reader.answer(.volatility, of: hour)
        rows.volatilityEvents = try reader.answer(.volatilityEvents, of: week)
        rows.references = try reader.answer(.references, of: hour)
        rows.forecasts = try reader.answer(.forecasts, of: hour)
        rows.liquidations = try reader.answer(.liquidations, of: week)
        rows.fundingSpreads = try reader.answer(.fundingSpreads, of: hour)
        rows.priceSpreads = try reader.answer(.priceSpreads, of: hour)
        rows.bases = try reader.answer(.bases, of: hour)
        rows.alerts = try reader.answer(.alerts, of: week)
        rows.classes = try reader.answer(.classes, of: hour)
        rows.absences = try reader.answer(.absences, of: hour)
        rows.silences = try reader.answer(.silences, of: hour.previous)
        rows.doubts = Anomalies(sealed.input, summary: sealed.summary).find().map {
            MarketRows.Doubt(kind: $0.kind.rawValue, severity: $0.severity.rawValue, text: $0.text)
        }
        return rows
    }

    // MARK: - Data quality and exchanges

    func exchangeRows(_ market: MarketRows) throws -> ExchangeRows {
        var rows = ExchangeRows()
        rows.exchanges = market.exchanges
        rows.series = market.exchangeSeries
        rows.recorded = try reader.answer(.recorded, of: month)
        rows.missing = try reader.answer(.missing, of: month)
        rows.endpoints = try reader.answer(.endpoints, of: week)
        rows.refusals = try reader.answer(.refusals, of: week)
        rows.drift = try reader.answer(.drift, of: month)
        return rows
    }

    func qualityRows(_ exchanges: ExchangeRows) throws -> QualityRows {
        var rows = QualityRows()
        rows.storedHours = Set(exchanges.recorded.rows.compactMap { $0.integer("hour") }).count
        rows.missing = exchanges.missing
        rows.drift = exchanges.drift
        rows.holes = try HistoryHoles(database).states(in: month, of: Exchange.allCases, at: now).map {
            QualityRows.Hole(
                $0.hole, answered: $0.answered, contracts: $0.contracts, isClosed: $0.isClosed,
                isLost: $0.hole.isLost(at: now))
        }
        rows.streamGaps = try reader.answer(.streamGaps, of: month)
        rows.heard = try reader.answer(.heard, of: month)
        rows.checks = try reader.answer(.checks)
        rows.restatements = try reader.answer(.restatements)
        rows.findings = try reader.answer(.findings, of: hour)
        return rows
    }

    // MARK: - Signals

    func signalRows(_ sealed: SealedHour, _ market: MarketRows) throws -> SignalRows {
        let history = try AlertHistory(database, at: hour)
        let regime = try SealedHours(database).trends(at: hour)?.volatility(of: TrendScope.market)?.regime?.rawValue
        var rows = SignalRows()
        rows.facts = market.market
        rows.decisions = try reader.answer(.decisions, of: hour)
        rows.record = history.claims(regime: regime)
        rows.isRecordUsed = history.judgement.isOn
        rows.detections = history.recalled(try detections(sealed), regime: regime).map { detection in
            SignalRows.Detected(
                key: detection.key, fires: detection.fires, confidence: detection.final,
                direction: detection.direction.rawValue, message: detection.message.first ?? "",
                unmet: detection.conditions.filter { $0.isKnown && !$0.isMet }.map(\.name), unknown: detection.unknown)
        }
        rows.alerts = try reader.answer(.alerts, of: month)
        rows.outcomes = try reader.answer(.outcomes, of: hour)
        rows.backtest = try reader.answer(.backtest)
        if let run = rows.backtest.rows.first?.text("run_id") {
            rows.metrics = try reader.answer(.metrics, of: run)
            rows.equity = try reader.answer(.equity, of: run)
        }
        rows.skill = try reader.answer(.skill, of: month)
        rows.errorDays = try reader.answer(.errorDays, of: month)
        rows.proposals = try reader.answer(.proposals)
        return rows
    }

    /// What the strategies say of the hour, as `report hour` shows it.
    private func detections(_ sealed: SealedHour) throws -> [Detection] {
        let stored = SealedHours(database)
        let model = try database.sentimentModel()
        let context = MarketContext(
            sealed, model: model, settlements: try stored.settlements(days: 7, before: hour),
            spreads: FundingSpreads(takerFees: settings.fees), trends: try stored.trends(at: hour),
            next8: try ForecastReader(database).next8(at: hour))
        return Strategy.detectAll(context, rules: RuleSet(model))
    }
}
