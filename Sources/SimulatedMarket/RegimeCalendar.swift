import PerpCore

/// The days of a world with regimes: how volatile each is and which way it drifts, decided by the seed.
///
/// Volatility is the pace of a clock: prices are walks in this clock's time, so a stressed day is simply a longer one.
struct RegimeCalendar: Sendable {
    enum Regime: Sendable, CaseIterable {
        case calm, usual, stressed

        /// Volatility as a multiple of the usual one: that a day is calm or stressed should be seen within a day or two of
        /// hourly returns, which tell a volatility to a tenth or so.
        var volatility: Double {
            switch self {
            case .calm: 0.5
            case .usual: 1
            case .stressed: 2.5
            }
        }

        /// How many days it lasts; stress is the shortest, and so about a fifth of all days.
        fileprivate var days: ClosedRange<Int> { self == .stressed ? 2...5 : 4...12 }
    }

    private struct Day {
        let regime: Regime
        /// The logarithm of the market's drift in the day.
        let drift: Double
        /// Of the day's start: the clock, in usual hours, and the sum of all drifts; both are 0 at the anchor.
        var clock, drifted: Double
        /// Hours into the day at which a quarter of an hour has a fifth of the day's variance: stress comes in bursts.
        let burst: Double?
    }

    /// The first day that has a regime, the day at which prices are those of the table of coins, and the day after the last.
    private static let first = CalendarDay(year: 2009, month: 1, day: 1).number
    private static let anchor = CalendarDay(year: 2025, month: 1, day: 1).number
    private static let end = CalendarDay(year: 2041, month: 1, day: 1).number

    static let burstLength = 0.25
    private static let burstShare = 0.2
    /// The share of regimes that drift.
    private static let trendChance = 1.0 / 3

    private let days: [Day]

    /// - Parameter drift: the logarithm of a trend's drift per day, up or down; 0 for none.
    init(key: UInt64, drift: Double) {
        var days: [Day] = []
        var (clock, drifted) = (0.0, 0.0)
        var regime = Regime.usual
        var number: Int64 = 0
        while days.count < Self.end - Self.first {
            let draw = Noise.hash(key, number)
            number += 1
            let others = Regime.allCases.filter { $0 != regime }
            regime = others[Int(Noise.unit(draw, 1) * 2)]
            let range = regime.days
            let length = range.lowerBound + Int(Noise.unit(draw, 2) * Double(range.count))
            let isTrend = Noise.unit(draw, 3) < Self.trendChance
            let daily = isTrend ? (Noise.unit(draw, 4) < 0.5 ? drift : -drift) : 0
            for day in 0..<length {
                let burst = regime == .stressed ? 23.5 * Noise.unit(draw, 10 + Int64(day)) : nil
                days.append(Day(regime: regime, drift: daily, clock: clock, drifted: drifted, burst: burst))
                clock += 24 * regime.volatility * regime.volatility
                drifted += daily
            }
        }
        let origin = days[Int(Self.anchor - Self.first)]
        for index in days.indices {
            days[index].clock -= origin.clock
            days[index].drifted -= origin.drifted
        }
        self.days = days
    }

    /// The day that holds `time`, in hours after the epoch, and the hours since its start. The first and the last day go on
    /// for ever.
    private func day(at time: Double) -> (day: Day, hours: Double) {
        let index = max(0, min(Double(days.count - 1), (time / 24).rounded(.down) - Double(Self.first)))
        return (days[Int(index)], time - (index + Double(Self.first)) * 24)
    }

    func regime(at time: Double) -> Regime { day(at: time).day.regime }

    /// The logarithm of the market's drift per day at `time`, in hours after the epoch.
    func trend(at time: Double) -> Double { day(at: time).day.drift }

    /// The clock at `time`, in hours of usual volatility since the anchor.
    func clock(at time: Double) -> Double {
        let (day, hours) = day(at: time)
        let pace = day.regime.volatility * day.regime.volatility
        guard let burst = day.burst else { return day.clock + pace * hours }
        let part = max(0, min(1, (hours - burst) / Self.burstLength))
        return day.clock + pace * ((1 - Self.burstShare) * hours + Self.burstShare * 24 * part)
    }

    /// The sum of all drifts from the anchor to `time`, as a logarithm.
    func drift(at time: Double) -> Double {
        let (day, hours) = day(at: time)
        return day.drifted + day.drift * hours / 24
    }

    /// The burst that begins in the hour that starts `hour` hours after the epoch, by its start; `nil` when none does.
    func burst(within hour: Double) -> Double? {
        let (day, hours) = day(at: hour)
        guard let burst = day.burst, burst >= hours, burst < hours + 1 else { return nil }
        return hour - hours + burst
    }
}

/// The walks of all prices in a world with regimes, as logarithms.
struct MarketWalk: Sendable {
    /// The market's standard deviation of a usual day: 38 % a year.
    static let dailyVolatility = 0.02
    /// The same of a coin's own movement, for each unit of its wander: 0.7 % a day for bitcoin, 4 % for the wildest.
    static let ownVolatility = 0.06
    /// A trend moves as much in a day as the usual day's noise, so after nine days it is three times the noise.
    static let trend = dailyVolatility

    let calendar: RegimeCalendar
    private let key: UInt64
    private let echo: Double

    init(key: UInt64, world: Market.World) {
        self.key = Noise.hash(key, 0x3A1C)
        echo = world.echo
        calendar = RegimeCalendar(key: Noise.hash(key, 0x5EA5), drift: world.hasTrends ? Self.trend : 0)
    }

    /// The logarithm of the market factor at `time`, in hours after the epoch. An echo brings a part of each move once more
    /// a day later.
    func market(at time: Double) -> Double {
        var sum = RandomWalk.value(key, at: calendar.clock(at: time))
        if echo > 0 { sum += echo * RandomWalk.value(key, at: calendar.clock(at: time - 24)) }
        return Self.dailyVolatility / 24.0.squareRoot() * sum + calendar.drift(at: time)
    }

    /// The logarithm of a coin's own movement.
    func own(_ coin: Coin, at time: Double) -> Double {
        Self.ownVolatility * coin.wander / 24.0.squareRoot()
            * RandomWalk.value(Noise.hash(coin.key, 0x3A1C), at: calendar.clock(at: time))
    }
}
