import Backtesting
import Explainers
import Explaining
import OutcomeKeeping
import Pages
import PerpCore
import PipelineFiles
import Sealing
import Signals
import TrackRecord
import Trends
import Warehouse

/// What is set about pages.
struct SiteSettings {
    var fees = TakerFees()
    /// The coins that always have a page.
    var focus = ["BTC", "ETH", "SOL"]
    /// How many contracts of each coin in the focus have their numbers explained on pages of their own.
    var explained = 1
    /// Where raw and staged files are.
    var archive = ArchivePaths(raw: "raw", staged: "staged")
    /// In how many hours the page of each smaller coin is made once, the pages of some in each; 1 makes all.
    var everyHours = 1

    /// Whether the page of a smaller coin is to be made in an hour. Its turn depends on its name alone, so that the hours share
    /// the work evenly.
    func isTurn(of asset: String, in hour: Hour) -> Bool {
        var hash = StableHash()
        var name = asset
        name.withUTF8 { hash.add($0) }
        let hours = UInt64(hour.startMilliseconds / Hour.milliseconds)
        return (hash.value % 1024 + hours) % UInt64(everyHours) == 0
    }
}

/// Asks the warehouse for what the pages show, and makes them.
struct SiteMaker {
    private let database: Warehouse
    private let reader: PageReader
    private let hour: Hour
    private let now: Timestamp
    private let settings: SiteSettings

    /// - Parameter now: decides what of the past can still be asked for.
    init(_ database: Warehouse, _ hour: Hour, now: Timestamp, _ settings: SiteSettings) {
        (self.database, self.hour, self.now, self.settings) = (database, hour, now, settings)
        reader = PageReader(database)
    }

    private var week: ClosedRange<Hour> { hour.advanced(by: -167)...hour }
    private var month: ClosedRange<Hour> { hour.advanced(by: -719)...hour }

    /// Makes the pages into a folder. The page of a coin that is listed, but was not there in this hour, stays as it is.
    func makePages(in folder: SiteFolder) throws {
        let sealed = try SealedHours(database).hour(hour)
        let market = try marketRows(sealed)
        let contracts = try reader.answer(.contracts, of: hour)
        let numbers = ExplainedNumber.all(contracts, focus: settings.focus, count: settings.explained)
        let frame = try frame(market, contracts, numbers, folder)
        let exchanges = try exchangeRows(market)
        try folder.put(MarketPage(frame, market).page)
        try folder.put(QualityPage(frame, try qualityRows(exchanges)).page)
        try folder.put(SignalsPage(frame, try signalRows(sealed, market)).page)
        for page in try explanations(numbers, frame) { try folder.put(page) }
        for page in ExchangePages(frame, exchanges).pages { try folder.put(page) }
        let coins = CoinPages(frame, try coinRows(market, contracts, frame))
        try folder.put(coins.list)
        let often = CoinRows.largest(contracts, count: Self.always).union(settings.focus)
        let due = frame.assets.filter {
            often.contains($0) || settings.isTurn(of: $0, in: hour) || !folder.keep(SitePage.path(ofCoin: $0))
        }
        try folder.putAll(due.count) { coins.page(due[$0]) }
    }

    /// The coins whose pages are made in each hour: the largest ones, and those of the focus.
    private static let always = 60

    private func frame(
        _ market: MarketRows, _ contracts: StoredRows, _ numbers: [ExplainedNumber], _ folder: SiteFolder
    ) throws -> SiteFrame {
        let assets = CoinRows.assets(contracts, focus: settings.focus)
        let listed = CoinRows.assets(try reader.answer(.listedCoins, of: hour), focus: settings.focus)
        let missing = Set(listed).subtracting(assets).map { ($0, folder.keep(SitePage.path(ofCoin: $0))) }
        return SiteFrame(
            hour: hour, exchanges: market.exchanges, assets: assets, missing: Dictionary(uniqueKeysWithValues: missing),
            explained: numbers, everyHours: settings.everyHours)
    }

    // MARK: - The way back

    private func explanations(_ numbers: [ExplainedNumber], _ frame: SiteFrame) throws -> [SitePage] {
        let explainer = Explainer(database, files: ExplainedFiles(settings.archive))
        return try numbers.compactMap { (number) -> SitePage? in
            guard let question = question(number) else { return nil }
            do {
                let explanation = try explainer.answer(to: question).explanation
                return ExplanationPage(frame, number, question: explanation.question, text: explanation.text).page
            } catch let error as FormatError {
                // A damaged file is no reason for having no pages: the way back ends there, and says so.
                return ExplanationPage(frame, number, question: "\(number.name) \(hour)", text: "\(error)").page
            }
        }
    }

    private func question(_ number: ExplainedNumber) -> Question? {
        switch number.subject {
        case .market(let figure):
            MarketFigure(rawValue: figure).map { .market($0, hour) }
        case .contract(let id, let symbol, let column):
            Exchange(rawValue: id).map { .ticker($0, contract: symbol, column: column, hour) }
        }
    }

    // MARK: - The market

    private func marketRows(_ sealed: SealedHour) throws -> MarketRows {
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

    private func exchangeRows(_ market: MarketRows) throws -> ExchangeRows {
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

    private func qualityRows(_ exchanges: ExchangeRows) throws -> QualityRows {
        var rows = QualityRows()
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

    // MARK: - Coins

    private func coinRows(_ market: MarketRows, _ contracts: StoredRows, _ frame: SiteFrame) throws -> CoinRows {
        var rows = CoinRows()
        rows.spans = CoinSpan.all(through: hour, since: try SealedHours(database).span()?.lowerBound ?? hour)
        rows.hours = Set(rows.spans.flatMap(\.hours)).sorted()
        rows.series = try reader.coinSeries(rows.hours, of: Set(frame.assets))
        rows.contracts = contracts
        rows.liquidations = try reader.answer(.coinLiquidations, of: hour.advanced(by: -180)...hour.previous)
        rows.tellers = market.liquidations
        rows.events = try reader.answer(.contractEvents, of: (rows.spans.last?.hours.first ?? hour)...hour)
        rows.exchanges = market.exchanges
        return rows
    }

    // MARK: - Signals

    private func signalRows(_ sealed: SealedHour, _ market: MarketRows) throws -> SignalRows {
        let history = try AlertHistory(database, at: hour)
        let regime = try SealedHours(database).trends(at: hour)?.volatility(of: TrendScope.market)?.regime?.rawValue
        var rows = SignalRows()
        rows.facts = market.market
        rows.decisions = try reader.answer(.decisions, of: hour)
        rows.record = Strategy.allCases.flatMap { strategy in
            Direction.allCases.compactMap { recorded(strategy, $0, history, regime) }
        }
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

    /// `nil` for what makes no claim, and for what never fired.
    private func recorded(
        _ strategy: Strategy, _ direction: Direction, _ history: AlertHistory, _ regime: String?
    ) -> SignalRows.Recorded? {
        let counts = history.record.counts(strategy, direction)
        guard let claim = Claim(strategy, direction), counts.resolved + counts.open > 0 else { return nil }
        let past = history.recollection(strategy, direction, regime: regime, horizonHours: claim.horizon)
        let base = history.estimate(strategy, direction, regime: regime).base
        return SignalRows.Recorded(
            strategy: strategy.name, title: strategy.title, direction: direction.rawValue, horizonHours: claim.horizon,
            resolved: counts.resolved, right: counts.right, open: counts.open,
            baseRate: counts.resolved > 0 ? base : nil, estimate: past.estimate, boost: past.boost,
            sentence: past.sentence)
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
