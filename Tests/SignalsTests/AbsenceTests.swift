import PerpCore
import Testing

@testable import Sealing
@testable import Signals

/// What an hour says when a part of the market is missing, held against the same days undisturbed.
@Suite("An absent exchange is not a market that fell")
struct AbsenceTests {
    /// What is taken out of an exchange's hour.
    enum Loss: CaseIterable, Sendable {
        case exchange, openInterest, volume, funding, priceChange, ratios

        func apply(to venue: ExchangeFacts) -> ExchangeFacts {
            var venue = venue
            switch self {
            case .exchange:
                return ExchangeFacts(exchange: venue.exchange, status: .failed, reason: "down", cause: "down")
            case .openInterest: for index in venue.tickers.indices { venue.tickers[index].openInterestUSD = nil }
            case .volume: for index in venue.tickers.indices { venue.tickers[index].volumeUSD24h = nil }
            case .funding: for index in venue.tickers.indices { venue.tickers[index].fundingRate = nil }
            case .priceChange: for index in venue.tickers.indices { venue.tickers[index].priceChange24h = nil }
            case .ratios: venue.longShortRatios = []
            }
            return venue
        }
    }

    struct Disturbance: Sendable, CustomTestStringConvertible {
        var loss: Loss
        var exchange: Exchange
        /// Hours after the first.
        var offset: Int

        var testDescription: String { "\(exchange.id) without \(loss) in hour \(offset)" }
    }

    static let hours = 100
    /// Every kind of loss at every exchange, each in an hour of its own.
    static let disturbances: [Disturbance] = {
        var random = SplitMix64(seed: 7)
        return Loss.allCases.flatMap { loss in
            SimulatedHours.exchanges.map { exchange in
                Disturbance(loss: loss, exchange: exchange, offset: 40 + Int(random.number(0...30)))
            }
        }
    }()

    /// The days with a loss in the hours that `isHit` names.
    struct Days {
        var summaries: [HourSummary] = []
        var contexts: [MarketContext] = []
        var gates: [AlertGate] = []

        init(_ loss: (exchange: Exchange, Loss)? = nil, isHit: (Int) -> Bool = { _ in false }) {
            var history = History()
            var said: [Hour: [ExchangeFacts]] = [:]
            for offset in 0..<AbsenceTests.hours {
                var venues = SimulatedHours.venues(offset)
                if let loss, isHit(offset) {
                    venues = venues.map { $0.exchange == loss.exchange ? loss.1.apply(to: $0) : $0 }
                }
                let input = HourInput(hour: SimulatedHours.hour(offset), exchanges: venues, history: history)
                said[input.hour] = venues
                let sealed = SealedHour(sealing: input)
                let summary = sealed.summary
                let context = MarketContext(sealed)
                var gate = AlertGate(PastHour(summary), history: history)
                if !gate.isWhole {
                    let completed = input.completed(summary) { said[$0] ?? [] }
                    let other = MarketContext(SealedHour(sealing: completed))
                    let firing = Set(Strategy.detectAll(other).filter(\.fires).map(\.key))
                    gate.doubted = Set(Strategy.detectAll(context).filter(\.fires).map(\.key)).subtracting(firing)
                }
                summaries.append(summary)
                contexts.append(context)
                gates.append(gate)
                history.append(summary)
            }
        }

        func market(_ offset: Int) -> MarketSummary { summaries[offset].market(.v2)! }  // every hour has a row

        /// The conditions that are met, by detector and place.
        func met(_ offset: Int) -> Set<String> {
            Set(
                Strategy.detectAll(contexts[offset]).flatMap { detection in
                    detection.conditions.enumerated().filter(\.element.isMet).map { "\(detection.key) \($0.offset)" }
                })
        }

        /// For each hour the keys whose episode runs, and those of which a new alert is sent.
        var alerts: [(active: Set<String>, new: Set<String>)] {
            let rules = AlertRules(settings: AlertSettings(deliveredTiers: [1, 2, 3]))
            var states: [String: AlertState] = [:]
            return summaries.indices.map { offset in
                let hour = summaries[offset].hour
                let outcome = rules.evaluate(
                    states, entering: Strategy.detectAll(contexts[offset]),
                    staying: Strategy.detectAll(contexts[offset], slack: .stay), gate: gates[offset], outbox: [],
                    now: hour.end)
                states = outcome.states
                let new = outcome.decisions.filter { $0.sentReason == .new }.map(\.detection.key)
                return (Set(states.values.filter(\.isActive).map(\.key)), Set(new))
            }
        }
    }

    static let undisturbed = Days()

    @Test("a change is the one over what both ends have, or it is not told", arguments: disturbances)
    func changes(disturbance: Disturbance) {
        let disturbed = Days((disturbance.exchange, disturbance.loss)) { $0 == disturbance.offset }
        // The same days without the exchange's part at all: what is left at both ends of a change.
        let common = Days((disturbance.exchange, disturbance.loss)) { _ in true }
        let measures: [(name: String, back: [Int], (MarketSummary) -> Double?)] = [
            ("volume 24 h", [24], { $0.completeness.volumeChangePercent24h }),
            ("open interest 24 h", [24], { $0.completeness.openInterestChangePercent24h }),
            ("growth 24 h", [24], { $0.openInterestGrowth24h }), ("growth 1 h", [1], { $0.openInterestGrowth1h }),
            ("mark 1 h", [1], { $0.markChange1h }),
        ]
        for offset in disturbance.offset..<Self.hours {
            for (name, back, measure) in measures {
                guard let value = measure(disturbed.market(offset)) else { continue }
                let isAtAnEnd = offset == disturbance.offset || back.contains(offset - disturbance.offset)
                let allowed = isAtAnEnd ? [common, Self.undisturbed] : [Self.undisturbed]
                #expect(
                    allowed.contains { isClose(measure($0.market(offset)), value) },
                    "\(name) of hour \(offset): \(value)")
            }
        }
    }

    @Test("a level is off by the exchange's part at most, or it is carried and says so", arguments: disturbances)
    func levels(disturbance: Disturbance) throws {
        let disturbed = Days((disturbance.exchange, disturbance.loss)) { $0 == disturbance.offset }
        let row = disturbed.market(disturbance.offset)
        let truth = Self.undisturbed.market(disturbance.offset)
        let part = try #require(
            Self.undisturbed.summaries[disturbance.offset].exchanges.first { $0.exchange == disturbance.exchange })
        func check(_ value: Double?, _ truth: Double?, _ part: Double?, _ carried: Double?) {
            guard let value, let truth else { return }
            if carried != nil { return #expect(abs(value - truth) < 0.25 * truth) }
            #expect(abs(value - truth) <= (part ?? 0) * (1 + 1e-9))
        }
        check(row.totalVolumeUSD, truth.totalVolumeUSD, part.volumeUSD, row.completeness.carriedVolumeUSD)
        check(row.totalOpenInterestUSD, truth.totalOpenInterestUSD, part.openInterestUSD, row.completeness.carriedOpenInterestUSD)
        check(row.completeness.reportedVolumeUSD, truth.completeness.reportedVolumeUSD, part.volumeUSD, nil)
        check(row.completeness.reportedOpenInterestUSD, truth.completeness.reportedOpenInterestUSD, part.openInterestUSD, nil)
        if disturbance.loss == .exchange {
            #expect(row.completeness.expectedExchanges == 5 && row.exchangesCount == 4)
            #expect(row.coverage < 1 && row.completeness.carriedAgeHours == 1)
        }
    }

    @Test("no condition is met for want of an exchange, and no alert is new", arguments: disturbances)
    func conditions(disturbance: Disturbance) {
        let disturbed = Days((disturbance.exchange, disturbance.loss)) { $0 == disturbance.offset }
        let common = Days((disturbance.exchange, disturbance.loss)) { _ in true }
        for offset in disturbance.offset..<Self.hours {
            let allowed = Self.undisturbed.met(offset).union(common.met(offset)).union(Self.undisturbed.met(offset - 1))
            #expect(disturbed.met(offset).subtracting(allowed).isEmpty, "hour \(offset)")
        }
        let (there, here) = (Self.undisturbed.alerts, disturbed.alerts)
        for offset in 0..<Self.hours {
            let known = there[offset].active.union(there[offset].new)
            #expect(here[offset].new.subtracting(known).isEmpty, "new in hour \(offset)")
        }
    }
}
