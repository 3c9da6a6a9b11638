import PerpCore
import Sealing

/// What the settlements of one contract tell: its formula, its habit and its last rates.
struct SettledPremiums: Hashable, Sendable {
    /// How much of the old habit a settlement leaves.
    static let memory = 0.5

    /// A settlement with the premium behind it.
    private struct Settled: Hashable, Sendable {
        var at: Timestamp
        var premium: Double
    }

    let exchange: Exchange
    /// The last rates of eight hours, the oldest first, as many as tell the formula.
    private var rates8h: [Double] = []
    private(set) var formula: FundingFormula
    /// The habitual premium, a fraction per eight hours; `nil` before the first settlement.
    private(set) var habit: Double?
    /// The settlements of the last day.
    private var day: [Settled] = []
    private(set) var lastSettledAt: Timestamp?

    init(exchange: Exchange) {
        self.exchange = exchange
        formula = .usual(exchange)
    }

    func write(to writer: inout NumberWriter) {
        writer.add(rates8h) { $0.add($1) }
        writer.add(formula)
        writer.add(habit)
        writer.add(day) { writer, settled in
            writer.add(settled.at)
            writer.add(settled.premium)
        }
        writer.add(lastSettledAt)
    }

    init(exchange: Exchange, from reader: inout NumberReader) throws(NumberReader.Unreadable) {
        self.exchange = exchange
        rates8h = try reader.list { (reader) throws(NumberReader.Unreadable) in try reader.number() }
        formula = try reader.formula()
        habit = try reader.numberOrUnknown()
        day = try reader.list { (reader) throws(NumberReader.Unreadable) in
            Settled(at: try reader.time(), premium: try reader.number())
        }
        lastSettledAt = try reader.timeOrUnknown()
    }

    var lastRate8h: Double? { rates8h.last }

    /// Takes a settlement, which must be later than all others.
    /// - Parameter guess: the premium that our own samples showed before it; `nil` when they showed none.
    mutating func add(rate: Double, hours: Int, at time: Timestamp, guess: Double?) {
        if rates8h.count == FundingFormula.settlements { rates8h.removeFirst() }
        rates8h.append(8 * rate / Double(hours))
        formula = FundingFormula.read(settledRates8h: rates8h, exchange: exchange)
        let premium = premium(ofRate: rate, hours: hours, guess: guess, by: formula)
        habit = habit.map { Self.memory * $0 + (1 - Self.memory) * premium } ?? premium
        day.append(Settled(at: time, premium: premium))
        day.removeFirst(day.prefix { $0.at <= time.advanced(byMilliseconds: -24 * Hour.milliseconds) }.count)
        lastSettledAt = time
    }

    /// The premium behind a rate. At the interest it is the guess; without one the habit, and before the first settlement the
    /// interest, which is the middle of the band.
    func premium(ofRate rate: Double, hours: Int, guess: Double?, by formula: FundingFormula) -> Double {
        formula.premium(ofRate: rate, hours: hours, guess: guess ?? habit ?? formula.interest8h)
    }

    /// The mean premium of the settlements in the last `hours` up to `time`; `nil` with fewer than half of those that an
    /// interval of `intervalHours` has there.
    func meanPremium(hours: Int, to time: Timestamp, intervalHours: Int) -> Double? {
        let start = time.advanced(byMilliseconds: -Int64(hours) * Hour.milliseconds)
        let premiums = day.filter { $0.at > start }.map(\.premium)
        return 2 * premiums.count * intervalHours >= hours ? mean(premiums) : nil
    }
}
