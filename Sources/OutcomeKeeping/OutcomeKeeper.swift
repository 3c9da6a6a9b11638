import Backtesting
import PerpCore
import Signals
import TrackRecord
import Warehouse

/// Keeps the table `alert_outcome` equal to what the stored alerts and the recorded hours show.
///
/// A refresh looks at alerts without an outcome, at open ones, and at those whose hours were loaded anew. The rows are those
/// that all alerts would get if they were judged at once.
package struct OutcomeKeeper {
    private let warehouse: Warehouse
    private let store: OutcomeStore

    /// Uses a connection that is open for writing.
    package init(_ warehouse: Warehouse) {
        self.warehouse = warehouse
        store = OutcomeStore(warehouse)
    }

    /// Brings the rows to the last sealed hour.
    /// - Returns: how many rows were written.
    /// - Throws: an error of the database; nothing is then written.
    @discardableResult
    package func refresh() throws -> Int {
        guard let last = try SealedHours(warehouse).span()?.upperBound else { return 0 }
        let due = try store.due(changedFrom: store.changedFrom(), before: last, wholeFrom: wholeFrom())
        let rows = try judged(due, through: last)
        try store.store(rows)
        return rows.count
    }

    /// Makes all rows anew, but for those that look back on removed hours, which are taken over.
    /// - Parameter live: where the alerts are from.
    /// - Throws: an error of a database.
    package func rebuild(takingOver live: Warehouse) throws {
        let kept = try wholeFrom()
        let old = try kept.map { kept in try OutcomeStore(live).rows().filter { $0.decided < kept } } ?? []
        try store.removeAll()
        if !old.isEmpty {
            try store.store(old)
            try store.forgetProgress()
        }
        try refresh()
    }

    /// The first alert that looks back on whole hours; `nil` when none were removed.
    private func wholeFrom() throws -> Hour? {
        try Retention(warehouse).keptFrom()?.advanced(by: OutcomeJudge.lookBack)
    }

    // MARK: - Judging

    private func judged(_ due: [OutcomeStore.Due], through last: Hour) throws -> [OutcomeRow] {
        let ended = try ended(due, through: last)
        guard let first = ended.first?.hour else { return [] }
        var judge = OutcomeJudge(warehouse, in: first.advanced(by: -OutcomeJudge.lookBack)...last)
        return try ended.compactMap { alert in
            guard let event = try BacktestEvent(alert, judge) else { return OutcomeRow(claimingNothing: alert) }
            return OutcomeRow(alert, try judge.outcome(event))
        }
    }

    /// The alerts without those that are still open: to see that, the hours since the alert are enough.
    private func ended(_ due: [OutcomeStore.Due], through last: Hour) throws -> [AlertEvent] {
        guard let first = due.first(where: \.isOpen)?.event.hour else { return due.map(\.event) }
        var judge = OutcomeJudge(warehouse, in: first...last)
        return try due.filter { alert in
            guard alert.isOpen, let event = try BacktestEvent(alert.event, judge) else { return true }
            return try judge.outcome(event).status != .open
        }.map(\.event)
    }
}

extension BacktestEvent {
    /// An alert as it is stored; `nil` where its strategy or direction is none of ours: it claims nothing.
    /// - Throws: an error of the database.
    init?(_ alert: AlertEvent, _ judge: OutcomeJudge) throws {
        guard let strategy = Strategy(name: alert.strategy), let direction = Direction(rawValue: alert.direction) else {
            return nil
        }
        var legs: TradeLegs?
        if let short = alert.shortLeg.flatMap(TradeLegs.Market.init(text:)),
            let long = alert.longLeg.flatMap(TradeLegs.Market.init(text:))
        {
            legs = TradeLegs(short: short, long: long)
        }
        self.init(
            key: alert.key, decided: alert.hour, strategy: strategy, direction: direction,
            asset: Detection.asset(ofKey: alert.key), confidence: alert.confidence, adjusted: alert.adjusted,
            regime: alert.regime, legs: try judge.legs(legs))
    }
}

extension OutcomeJudge {
    /// What comes of a detection that begins a setup in an hour, for a history that is moved on to the hour in which it is
    /// known; `nil` when it claims nothing, when its claim never begins, and when nobody can judge it.
    /// - Parameter regime: the volatility regime of the hour; `nil` when it is unknown.
    /// - Throws: an error of the database.
    package mutating func followed(_ detection: Detection, at hour: Hour, regime: String?) throws -> PastAlert? {
        let event = BacktestEvent(
            key: detection.key, decided: hour, strategy: detection.strategy, direction: detection.direction,
            asset: Detection.asset(ofKey: detection.key), confidence: detection.confidence,
            adjusted: detection.adjusted, regime: regime, legs: try legs(detection.legs))
        let outcome = try outcome(event)
        guard let entry = outcome.entry, let claim = outcome.claim, !outcome.isBorrowUnknown else { return nil }
        return PastAlert(
            key: event.key, strategy: event.strategy, direction: event.direction, regime: regime, entry: entry,
            resolved: outcome.resolved, horizonHours: claim.horizon, isRight: outcome.isSuccess,
            baseRate: outcome.base?.share, estimate: detection.estimate)
    }
}

extension OutcomeRow {
    init(claimingNothing alert: AlertEvent) {
        self.init(alert, status: EventOutcome.Status.noClaim.rawValue, version: TrackRecord.version)
    }

    /// The row of an outcome; `nil` while it is not known whether there will be an entry.
    init?(_ alert: AlertEvent, _ outcome: EventOutcome) {
        guard outcome.status != .waiting else { return nil }
        self.init(alert, status: outcome.status.rawValue, version: TrackRecord.version)
        claim = outcome.claim?.kind.rawValue
        horizonHours = outcome.claim?.horizon
        entry = outcome.entry
        resolved = outcome.resolved
        valueBasisPoints = outcome.claim?.isTraded ?? false ? outcome.value : nil
        isRight = outcome.isSuccess
        baseRate = outcome.base?.share
        let known = [
            outcome.base?.isAssumed ?? false ? Flag.baseAssumed : nil,
            outcome.isBorrowUnknown ? Flag.borrowUnknown : nil,
        ]
        flags = known.compactMap { $0?.rawValue }.joined(separator: " ")
    }

    /// What a reader of a row must know about it.
    private enum Flag: String {
        /// Too little was stored to say how often the claim comes true: one half.
        case baseAssumed = "base_assumed"
        /// Coins had to be borrowed, at a price that is unknown: listed, and in no record.
        case borrowUnknown = "borrow_unknown"
    }

    /// The alert as the record of alerts counts it; `nil` for one whose claim never began, and for one that nobody can judge.
    var pastAlert: PastAlert? {
        guard let strategy = Strategy(name: strategy), let direction = Direction(rawValue: direction), let entry,
            let horizonHours, !flags.split(separator: " ").contains(Substring(Flag.borrowUnknown.rawValue))
        else { return nil }
        return PastAlert(
            key: key, strategy: strategy, direction: direction, regime: regime, entry: entry, resolved: resolved,
            horizonHours: horizonHours, isRight: isRight, baseRate: baseRate, estimate: estimateIssued)
    }
}

extension AlertHistory {
    /// What is known of stored alerts in an hour.
    /// - Throws: an error of the database.
    package init(_ warehouse: Warehouse, at hour: Hour) throws {
        self.init()
        add(try OutcomeStore(warehouse).rows().compactMap(\.pastAlert))
        advance(to: hour)
    }

    /// Detections of the hour with what the past says to those that fire and claim something.
    /// - Parameter regime: the volatility regime of the hour; `nil` when it is unknown.
    package func recalled(_ detections: [Detection], regime: String?) -> [Detection] {
        detections.map { detection in
            guard detection.fires, let claim = Claim(detection.strategy, detection.direction) else { return detection }
            return detection.recalling(
                recollection(
                    detection.strategy, detection.direction, regime: regime, horizonHours: claim.horizon))
        }
    }
}
