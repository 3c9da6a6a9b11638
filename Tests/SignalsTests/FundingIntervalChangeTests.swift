import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("Intervals of funding that change")
struct FundingIntervalChangeTests {
    private static let hour = Hour("2026-01-01T16")!  // a valid hour

    private static func change(
        _ symbol: String = "SOLUSDT", from previousHours: Double = 8, to hours: Double = 1, previousRate: Double? = 0.0001,
        rate: Double? = 0.0001, volume: Double? = 1e9
    ) -> FundingIntervalChange {
        FundingIntervalChange(
            exchange: .bybit, symbol: symbol, asset: String(symbol.dropLast(4)), hour: hour, previousHours: previousHours,
            hours: hours, previousRate: previousRate, rate: rate, volumeUSD24h: volume)
    }

    private static func detect(_ changes: [FundingIntervalChange]) -> Detection {
        var sealed = SealedHour(
            sealing: HourInput(
                hour: hour, exchanges: [ExchangeFacts(exchange: .okx, status: .failed)], history: History()))
        sealed.intervalChanges = changes
        return Strategy.fundingIntervalChange.detect(MarketContext(sealed))
    }

    @Test("the sentence has the rate each interval, for 8 h and a year, before and now")
    func sentence() {
        // 0.01 % three times a day is 10.95 % a year; each hour it is 0.08 % in 8 h and 87.6 % a year.
        #expect(
            Self.change().sentence == "Bybit SOLUSDT: 8 h to 1 h. Was +0.0100 % each 8 h (+10.95 % a year), "
                + "is +0.0100 % each 1 h (+0.0800 % / 8 h, +87.60 % a year).")
        #expect(
            Self.change(from: 4, to: 8, previousRate: nil, rate: -0.02).sentence
                == "Bybit SOLUSDT: 4 h to 8 h. Was n/a each 4 h, is -2.0000 % each 8 h (-2190.00 % a year).")
    }

    @Test("it fires for contracts with enough volume, the largest first")
    func fires() {
        let found = Self.detect([Self.change("AAAUSDT", volume: 5e6), Self.change(volume: 1e9)])
        #expect(found.fires && found.confidence == 100 && found.tier == 3)
        #expect(found.key == "funding_interval_change:MARKET")
        #expect(found.title == "Funding Interval Changed - NEUTRAL - 100%")
        #expect(found.message.count == 3)
        #expect(found.message[0].hasPrefix("Bybit SOLUSDT:") && found.message[1].hasPrefix("Bybit AAAUSDT:"))
        #expect(
            found.metricLines == [
                "volume of the contracts $1.00B", "funding a year before 10.950 %", "funding a year now 87.600 %",
            ])
        for volume in [4.99e6, nil] { #expect(!Self.detect([Self.change(volume: volume)]).fires) }
        let silent = Self.detect([])
        #expect(!silent.fires && silent.confidence == 0 && silent.message.count == 2)
    }

    @Test("many contracts are one message of few lines")
    func many() {
        let found = Self.detect((0..<5).map { Self.change("A\($0)USDT", to: 4, volume: 1e9 - Double($0)) })
        #expect(found.message.count == 5)
        #expect(found.message[3] == "And 2 more: Bybit A3USDT (8 h to 4 h), Bybit A4USDT (8 h to 4 h).")
    }

    // MARK: - Told once

    private static func evaluate(
        _ fires: Bool, _ states: [String: AlertState], hour offset: Int, isWhole: Bool = true, outbox: [OutboxAlert] = [],
        tiers: Set<Int> = [1, 2, 3]
    ) -> AlertOutcome {
        let found = Desk.detection(.fundingIntervalChange, fires ? 100 : 0, .neutral, fires: fires)
        var gate = AlertGate(hour: Desk.hour(offset), status: .ok, quality: 1, coverage: 1)
        gate.isWhole = isWhole
        return AlertRules(settings: AlertSettings(deliveredTiers: tiers)).evaluate(
            states, entering: [found], staying: [found], gate: gate, outbox: outbox, now: Desk.now(offset))
    }

    @Test("each hour with a change is told once, within the cooldown as well, and no end is told")
    func toldOnce() {
        var states: [String: AlertState] = [:]
        var outbox: [OutboxAlert] = []
        var told: [Int] = []
        for (hour, fires) in [true, true, false, false, false, true].enumerated() {
            let outcome = Self.evaluate(fires, states, hour: hour, outbox: outbox)
            states = outcome.states
            #expect(outcome.digest.isEmpty)
            for var alert in outcome.outbox(hour: Desk.hour(hour), now: Desk.now(hour)) {
                #expect(alert.reason == .new)
                alert.state = .delivered
                states[alert.key]?.markDelivered(alert)
                outbox.append(alert)
                told.append(hour)
            }
            // The same hour again has nothing to add.
            #expect(Self.evaluate(fires, states, hour: hour, outbox: outbox).decisions.isEmpty)
        }
        #expect(told == [0, 1, 5])
    }

    @Test("a missing exchange does not hold it back, and a tier that is not sent begins its episode all the same")
    func gates() {
        let hole = Self.evaluate(true, [:], hour: 0, isWhole: false)
        #expect(hole.decisions.map(\.outcome) == [.send(.new)])
        let off = Self.evaluate(true, [:], hour: 0, tiers: [1, 2])
        #expect(off.decisions.map(\.outcome) == [.held(.tierOff, for: .new)])
        #expect(off.states["funding_interval_change:MARKET"]?.since == Desk.hour(0))
    }
}
