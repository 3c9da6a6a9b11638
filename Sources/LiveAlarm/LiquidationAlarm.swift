import AlertDelivery
import ExchangeAdapters
import JSONReader
import Notifiers
import PerpCore
import PipelineFiles
import Sealing
import Signals
import StreamClient
import Warehouse

/// Watches liquidations as they happen, and decides on alerts between two hourly runs.
///
/// The cascade score of the hour that ends now is worked out when a message comes, at most four times a second, and each
/// second. Episodes and messages stand in a database of the recorder's own.
public actor LiquidationAlarm: StreamSink {
    /// The shortest time between two evaluations, in milliseconds.
    static let shortestPause: Int64 = 250
    /// The longest, in milliseconds.
    static let longestPause: Int64 = 1000
    /// How long a detection that says nothing new is not decided again, in milliseconds.
    private static let decidedFor: Int64 = 30_000
    /// How long too little may be heard before that is told, in milliseconds: a connection that is made again is no outage.
    static let longestSilence: Int64 = 60_000

    private let clock: StreamClock
    private let rules: AlertRules
    private let live: Warehouse
    private let warehouse: String
    /// Is told what to print: alarms, and what is wrong.
    private let tell: @Sendable (AlarmNews) -> Void

    private var readers: [Exchange: StreamReader] = [:]
    private let parser = JSONParser()
    private let text = ByteBuffer(capacity: 1 << 14)
    private var rolling = RollingHour()
    private var recent = RecentEvents()
    private var ground: AlarmGround?
    private var evaluatedAt = Timestamp(milliseconds: 0)
    private var hasNews = false
    private var score: CascadeScore?
    private var decided: (detection: Detection, at: Timestamp)?
    /// The decision that was told last in this cascade.
    private var toldDecision: String?
    /// Why each exchange's last connection ended.
    private var endings: [Exchange: String] = [:]
    private var silentSince: Timestamp?
    private var toldSilence: Bool

    /// An alarm that has heard nothing yet.
    ///
    /// - Parameters:
    ///   - warehouse: the path of the warehouse. The recorder's own database is beside it, and made where there is none.
    ///   - tell: is told of alarms, and of what is wrong.
    /// - Throws: an error of the database.
    public init(
        warehouse: String, rules: AlertRules, clock: StreamClock, tell: @escaping @Sendable (AlarmNews) -> Void
    ) throws {
        self.clock = clock
        self.rules = rules
        self.tell = tell
        self.warehouse = warehouse
        live = try LiveAlerts.open(beside: warehouse) { tell(.problem($0)) }
        toldSilence = try AlertStore(live).states().contains { $0.key == LiveAlerts.streamsKey && $0.since != nil }
    }

    // MARK: - What it hears

    /// Takes an exchange's stream with its list of instruments.
    public func use(_ reader: StreamReader, of exchange: Exchange) {
        readers[exchange] = reader
        rolling.setNames(Set(reader.connections.map(\.name)), of: exchange)
    }

    /// Takes when a connection began and ended to hear.
    public func note(_ event: StreamEvent, of exchange: Exchange) {
        rolling.advance(exchange, to: min(event.at, clock.now))
        switch event.kind {
        case .open: break
        // A file begins with the connections that were up before its hour.
        case .subscribed, .alive: rolling.begin(event.connection, of: exchange)
        case .lost, .closed:
            rolling.end(event.connection, of: exchange, at: event.at)
            endings[exchange] = event.reason
        }
    }

    /// Does nothing: a connection counts as heard until it is noted as lost, which says since when.
    public func sign(of connection: String, _ exchange: Exchange, at: Timestamp) {}

    /// Adds the liquidations of a message to the hour, and evaluates where the last time is long enough ago.
    public func keep(
        _ message: [UInt8], _ meaning: StreamMessage, of exchange: Exchange, connection: String, at: Timestamp
    ) {
        guard meaning == .liquidations, let value = parse(message) else { return }
        hear(value, of: exchange, at: at)
        let now = clock.now
        if hasNews, now.milliseconds - evaluatedAt.milliseconds >= Self.shortestPause { evaluate(at: now) }
    }

    private func parse(_ bytes: [UInt8]) -> JSONValue? {
        text.removeAll()
        bytes.withUnsafeBufferPointer { text.append($0) }
        return try? parser.parse(text)  // what is no JSON holds no liquidation
    }

    private func hear(_ message: JSONValue, of exchange: Exchange, at time: Timestamp) {
        rolling.advance(exchange, to: time)
        guard let events = readers[exchange]?.liquidations(in: message, receivedAt: time) else { return }
        var numbers: [Liquidation: Int] = [:]
        for event in events {
            let number = numbers[event, default: 0]
            numbers[event] = number + 1
            guard recent.isNew(event, of: exchange, number: number, at: time) else { continue }
            rolling.add(event, of: exchange)
            hasNews = true
        }
    }

    /// Reads again what an earlier recorder wrote in the last hour, so that a restart forgets nothing.
    ///
    /// A file that cannot be read is told, and counts as not heard.
    public func restore(from paths: ArchivePaths, of exchanges: [Exchange]) {
        let hour = Hour(containing: clock.now)
        for exchange in exchanges {
            // Some streams need no list.
            if readers[exchange] == nil, let reader = StreamReader(of: exchange) { use(reader, of: exchange) }
            for path in [hour.previous, hour].flatMap({
                [paths.rawFile(exchange, $0, .stream), paths.streamPart(exchange, $0)]
            }) where FileSystem.size(of: path) > 0 {
                do {
                    try restore(exchange, from: path)
                } catch {
                    tell(.problem("\(error)"))
                }
            }
        }
    }

    private func restore(_ exchange: Exchange, from path: String) throws {
        let file = RawReader()
        try file.open(path)
        var reader = StreamReader(of: exchange)
        try file.readLines { line in
            switch line {
            case .response(let response):
                guard let body = response.body else { return }
                reader?.read(
                    list: Response(
                        endpoint: response.endpoint, url: response.url, receivedAt: response.receivedAt, body: body))
                if let reader { use(reader, of: exchange) }
            case .message(let message):
                if let body = message.body { hear(body, of: exchange, at: message.receivedAt) }
            case .event(let event, _): note(event, of: exchange)
            case .answered: break  // is of a file of the past
            }
        } refuse: { _, _, _ in
            // `transform` counts it as rejected.
        }
    }

    // MARK: - What it decides

    /// Takes what the warehouse says now, and evaluates by it.
    public func stand(on ground: AlarmGround) {
        self.ground = ground
        evaluate(at: clock.now)
    }

    /// Evaluates where it is time. To be called four times a second.
    public func tick() {
        let now = clock.now
        let pause = now.milliseconds - evaluatedAt.milliseconds
        guard pause >= Self.longestPause || hasNews && pause >= Self.shortestPause else { return }
        evaluate(at: now)
        lookAtStreams(at: now)
    }

    /// The state in words: `cascade score 0.12, seen through 61 % of open interest`.
    public var status: String {
        guard ground != nil else { return "the alarm waits for a sealed hour" }
        let seen = Phrases.plainPercent(score?.coverage.map { 100 * $0 }, 0)
        guard let value = score?.score else { return "no cascade score: seen through \(seen) of open interest" }
        return "cascade score \(Numbers.fixed(value, 2)), seen through \(seen) of open interest"
    }

    /// The fraction of the last hour in which each exchange's stream was up, 0 to 1.
    var heardShares: [Exchange: Double] {
        Dictionary(uniqueKeysWithValues: readers.keys.map { ($0, rolling.heard($0, .complete).heardShare) })
    }

    private func evaluate(at now: Timestamp) {
        evaluatedAt = now
        hasNews = false
        rolling.advance(to: now)
        guard let ground else { return }
        let heard = readers.keys.map { ($0, rolling.heard($0, $0.liquidationSources.stream.coverage)) }
        let score = ground.baseline.score(Dictionary(uniqueKeysWithValues: heard))
        self.score = score
        guard Strategy.isCascade(score.score) else {
            decided = nil
            toldDecision = nil
            return
        }
        let context = MarketContext(
            live: score, heard: heard.count { $0.1.heardShare > 0 },
            largest: rolling.largest(3).map { MarketContext.AssetLiquidations(asset: $0.asset, totalUSD: $0.totalUSD) },
            at: now, after: ground.baseline.past)
        let detection = Strategy.detectCascade(live: context)
        guard isNews(detection, at: now) else { return }
        do {
            try decide(detection, context, ground, at: now)
            decided = (detection, now)
        } catch {
            tell(.problem("\(error)"))
        }
    }

    /// Whether a detection may say more than what was decided last.
    private func isNews(_ detection: Detection, at now: Timestamp) -> Bool {
        guard let decided else { return true }
        let last = decided.detection
        return now.milliseconds - decided.at.milliseconds >= Self.decidedFor || detection.status != last.status
            || detection.direction != last.direction || detection.final > last.final + 5
    }

    private func decide(
        _ detection: Detection, _ context: MarketContext, _ ground: AlarmGround, at now: Timestamp
    ) throws {
        // No other program moves rows out of here meanwhile; what it moved before is in the warehouse by now.
        try live.transaction { try decideHolding(detection, context, ground, at: now) }
    }

    private func decideHolding(
        _ detection: Detection, _ context: MarketContext, _ ground: AlarmGround, at now: Timestamp
    ) throws {
        let store = AlertStore(live)
        let midnight = AlertMemory.midnight(before: now)
        let mine = try AlertMemory(store, since: midnight)
        let memory = (latestMemory(since: midnight) ?? ground.memory).joined(by: mine)
        let outcome = rules.evaluate(
            live: detection, memory.states, gate: ground.gate, outbox: memory.outbox, now: now)
        let hour = Hour(containing: now)
        let messages = try outcome.outbox(hour: hour, now: now).map { alert in
            OutboxRow(
                alert, tier: detection.tier,
                payload: try DiscordMessage(detection, context: context, alert: alert.id).json(), isLive: true)
        }
        let alerts = outcome.decisions.map {
            AlertRow(detection, decision: $0.word, hour: hour, model: context.model, isLive: true)
        }
        let states = outcome.states.values.filter { memory.states[$0.key] != $0 }.map(\.row)
        guard !(alerts.isEmpty && messages.isEmpty && states.isEmpty) else { return }
        try store.store(alerts: alerts, states: states, outbox: messages)
        for alert in alerts where alert.decision != toldDecision || !messages.isEmpty {
            tell(.decision("\(detection.title): \(alert.decision)", detection.message))
            toldDecision = alert.decision
        }
        if !messages.isEmpty { tell(.message) }
    }

    /// What the warehouse knows of earlier alerts now; `nil` when it cannot be read at once.
    private func latestMemory(since midnight: Timestamp) -> AlertMemory? {
        guard let warehouse = try? Warehouse(path: warehouse, for: .reading) else { return nil }
        return try? AlertMemory(AlertStore(warehouse), since: midnight)
    }

    // MARK: - Streams that are down

    /// Tells once that too little is heard for a score: silence is not calm.
    private func lookAtStreams(at now: Timestamp) {
        let up = Dictionary(
            uniqueKeysWithValues: rolling.up.map { ($0, $0.liquidationSources.stream.coverage) })
        let isBlind = ground.map { CascadeBaseline.isBlind($0.baseline.coverage(of: up)) } ?? up.isEmpty
        guard isBlind else {
            silentSince = nil
            if toldSilence { endSilence(at: now) }
            return
        }
        let since = silentSince ?? now
        silentSince = since
        guard !toldSilence, now.milliseconds - since.milliseconds >= Self.longestSilence else { return }
        do {
            try tellSilence(since: since, at: now)
        } catch {
            tell(.problem("\(error)"))
        }
    }

    private func tellSilence(since: Timestamp, at now: Timestamp) throws {
        let down = readers.keys.sorted().filter { !rolling.up.contains($0) }
        let reasons = down.map { exchange in
            endings[exchange].map { "\(exchange.displayName) (\($0))" } ?? exchange.displayName
        }
        let words = SilenceText(since: since, exchanges: reasons)
        let alert = try silenceAlert(at: now)
        let state = AlertState(key: LiveAlerts.streamsKey, since: alert.hour, confidence: 100, touched: alert.hour)
        try AlertStore(live).store(
            alerts: [], states: [state.row],
            outbox: [
                OutboxRow(
                    alert, tier: 1, payload: try words.message(alert: alert.id, at: now).json(), isLive: true)
            ])
        toldSilence = true
        tell(.problem(words.line))
        tell(.message)
    }

    /// An alert with a name of its own: there may be a second outage in an hour.
    private func silenceAlert(at now: Timestamp) throws -> OutboxAlert {
        let known = try AlertMemory(AlertStore(live), since: AlertMemory.midnight(before: now)).outbox
        let told = Set((known + (ground?.memory.outbox ?? [])).map(\.id))
        let alerts = AlertReason.allCases.map { reason in
            OutboxAlert(
                key: LiveAlerts.streamsKey, hour: Hour(containing: now), reason: reason, createdAt: now,
                confidence: 100,
                direction: .neutral)
        }
        return alerts.first { !told.contains($0.id) } ?? alerts[0]
    }

    private func endSilence(at now: Timestamp) {
        let state = AlertState(key: LiveAlerts.streamsKey, touched: Hour(containing: now))
        do {
            try AlertStore(live).store(alerts: [], states: [state.row], outbox: [])
            toldSilence = false
            tell(.problem("liquidation streams are up again"))
        } catch {
            tell(.problem("\(error)"))
        }
    }
}

/// What the alarm tells.
public enum AlarmNews: Sendable {
    /// An alert was decided on: a line, and the lines of its message.
    case decision(String, [String])
    /// A message waits in the outbox.
    case message
    /// Something is wrong, or right again.
    case problem(String)
}
