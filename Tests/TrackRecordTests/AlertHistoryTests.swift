import PerpCore
import Signals
import Testing

@testable import TrackRecord

private let start = Hour("2026-01-01T00")!  // a literal

@Suite("What the past says to an alert")
struct AlertHistoryTests {
    /// Alerts a day and more apart, the first at hour 0, right or wrong in turn as `right` says.
    private func alerts(
        _ right: [Bool], strategy: Strategy = .breakout, direction: Direction = .bullish, estimate: Double? = nil,
        base: Double = 0.5
    ) -> [PastAlert] {
        right.enumerated().map { number, isRight in
            let entry = start.advanced(by: 30 * number)
            return PastAlert(
                key: "\(strategy.name):MARKET", strategy: strategy, direction: direction, entry: entry,
                resolved: entry.advanced(by: 24), horizonHours: 24, isRight: isRight, baseRate: base, estimate: estimate)
        }
    }

    private func history(_ alerts: [PastAlert], at hour: Int = 5000) -> AlertHistory {
        var history = AlertHistory()
        history.add(alerts)
        history.advance(to: start.advanced(by: hour))
        return history
    }

    private func recollection(_ history: AlertHistory, _ strategy: Strategy = .breakout) -> AlertHistory.Recollection {
        history.recollection(strategy, .bullish, regime: nil, horizonHours: 24)
    }

    @Test("an outcome counts from the hour on in which it is known")
    func known() {
        let alert = alerts([true])
        #expect(history(alert, at: 23).record.counts(.breakout, .bullish) == .init(resolved: 0, right: 0, open: 1))
        #expect(history(alert, at: 24).record.counts(.breakout, .bullish) == .init(resolved: 1, right: 1, open: 0))
    }

    @Test("moved on hour by hour it is what it is at once")
    func hourly() {
        let alerts = alerts((0..<40).map { $0 % 3 != 0 }, estimate: 0.6)
        var moved = AlertHistory()
        for number in 0...1300 {
            // Told when they begin, as a replay does it.
            moved.add(alerts.filter { $0.entry == start.advanced(by: number) })
            moved.advance(to: start.advanced(by: number))
        }
        let whole = history(alerts, at: 1300)
        #expect(recollection(moved) == recollection(whole))
        #expect(moved.judgement == whole.judgement)
    }

    @Test("without an outcome nothing is estimated; with few it is said")
    func few() {
        let none = recollection(history([]))
        #expect(none == .init(estimate: nil, boost: 0, sentence: "No outcome of an earlier one is known."))
        let three = recollection(history(alerts([true, true, false])))
        #expect(three.sentence == "Fired 3 times before; too few to judge.")
        #expect(three.boost == 0 && three.estimate != nil)
    }

    @Test("history is off until its estimates are better than chance, and then it counts")
    func judged() {
        // 30 of 40 right; an estimate of 0.75 each time is nearer to that than one half.
        let right = (0..<40).map { $0 % 4 != 0 }
        let off = recollection(history(alerts(right), at: 1200))
        #expect(off.boost == 0 && off.sentence.hasSuffix("(not used)."))
        let worse = recollection(history(alerts(right, estimate: 0.1), at: 1200))
        #expect(worse.boost == 0)
        let on = recollection(history(alerts(right, estimate: 0.75), at: 1200))
        #expect(on.boost > 0 && on.boost <= 20)
        #expect(on.sentence.hasPrefix("Fired 40 times, 30 right within 24 h; by chance 50 %. Estimated "))
        #expect(!on.sentence.contains("not used"))
        #expect(on.estimate == off.estimate)
    }

    @Test("a warning of a cascade loses nothing, another alert does")
    func cascade() {
        let wrong = [Bool](repeating: false, count: 40)
        let warning = history(alerts(wrong, strategy: .liquidationCascade, estimate: 0.1), at: 1200)
        #expect(warning.judgement.isOn)
        #expect(recollection(warning, .liquidationCascade).boost == 0)
        let breakout = history(alerts(wrong, estimate: 0.1), at: 1200)
        #expect(recollection(breakout).boost < 0)
    }

    @Test("an alert that nobody can judge is open, and then forgotten")
    func unresolved() {
        var alert = alerts([true])[0]
        alert.isRight = nil
        #expect(history([alert], at: 10).record.counts(.breakout, .bullish).open == 1)
        #expect(history([alert], at: 24).record.counts(.breakout, .bullish) == TrackRecord.Counts())
    }

    @Test("the sentence stands before the last line of a message, and confidence tells the points apart")
    func told() {
        var detection = Strategy.breakout.detect(MarketContext(hour: start, model: .v2))
        detection.confidence = 70
        let told = detection.recalling(.init(estimate: 0.6, boost: 12, sentence: "Fired 14 times."))
        #expect(told.message.dropLast().last == "Fired 14 times.")
        #expect(told.message.last == detection.message.last)
        #expect(told.confidence == 70 && told.adjusted == 70 && told.boost == 12 && told.final == 82)
        #expect(told.estimate == 0.6)
        detection.confidence = 95
        #expect(detection.recalling(.init(estimate: 0.6, boost: 12, sentence: "")).final == 100)
    }

    @Test("in a regime without an outcome the chance is that of the direction")
    func regime() {
        let history = history(alerts((0..<40).map { $0 % 4 != 0 }, base: 0.4))
        let estimate = history.estimate(.breakout, .bullish, regime: "CALM")
        #expect(abs(estimate.base - 0.4) < 1e-12)
    }
}
