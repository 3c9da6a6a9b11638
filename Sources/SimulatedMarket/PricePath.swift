/// The prices of all coins at any time: a market factor that all coins share, plus each coin's own movement. Both are sums
/// of noise at several scales, or random walks, so that every time costs the same few hashes.
struct PricePath: Sendable {
    private let key: UInt64
    /// Replaces the shock that the seed has in its span.
    private let placed: Shock?
    /// The walks of a world with regimes; `nil` in the usual one.
    let walk: MarketWalk?

    init(seed: UInt64, placed: Shock? = nil, world: Market.World = .usual) {
        key = Noise.hash("market", seed: seed)
        self.placed = placed
        walk = world == .usual ? nil : MarketWalk(key: key, world: world)
    }

    private static let marketScales: [(hours: Double, size: Double)] = [
        (720, 0.26), (168, 0.08), (48, 0.035), (12, 0.016), (3, 0.007), (0.75, 0.003), (0.125, 0.0009),
    ]
    private static let coinScales: [(hours: Double, size: Double)] = [
        (500, 0.7), (96, 0.16), (24, 0.06), (6, 0.024), (1.5, 0.009), (0.3, 0.003),
    ]

    /// The logarithm of the market factor at `time`, in hours after the epoch.
    func market(at time: Double) -> Double {
        if let walk { return walk.market(at: time) + (placed?.move(at: time) ?? 0) }
        var sum = 0.0
        for (index, scale) in Self.marketScales.enumerated() {
            sum += scale.size * Noise.wave(key, UInt64(index), hours: scale.hours, at: time)
        }
        return sum + shock(at: time)
    }

    /// The price of a coin in USD at `time`, given the market factor at that time.
    func price(of coin: Coin, at time: Double, market: Double) -> Double {
        if let walk { return coin.price * exponential(coin.beta * market + walk.own(coin, at: time)) }
        var sum = 0.0
        for (index, scale) in Self.coinScales.enumerated() {
            sum += scale.size * Noise.wave(coin.key, UInt64(index) + 100, hours: scale.hours, at: time)
        }
        return coin.price * exponential(coin.beta * market + coin.wander * sum)
    }

    // MARK: - Shocks

    /// A sudden move of the whole market; there are several per week, mostly down.
    struct Shock: Sendable {
        /// Hours after the epoch at which the move begins; it takes a quarter of an hour.
        let start: Double
        /// The logarithm of the move at its end.
        let size: Double

        private static let fall = 0.25
        private static let memory = 36.0

        /// The logarithm of what is left of it at `time`: it comes back over a day and a half.
        func move(at time: Double) -> Double {
            let age = time - start
            if age <= 0 || age >= Self.memory { return 0 }
            if age < Self.fall {
                let part = age / Self.fall
                return size * part * part * (3 - 2 * part)
            }
            let left = 1 - (age - Self.fall) / (Self.memory - Self.fall)
            return size * left * left
        }
    }

    private static let shockSpacing = 40.0

    /// The shock of one span of forty hours; every span has one.
    func shock(number: Int64) -> Shock {
        if let placed, Int64((placed.start / Self.shockSpacing).rounded(.down)) == number { return placed }
        let draw = Noise.hash(key ^ 0x5_0C4, number)
        let start = Double(number) * Self.shockSpacing + 3 + (Noise.unit(draw, 1) * 32).rounded(.down)
        let strength = 0.022 + 0.055 * power(Noise.unit(draw, 2), 2)
        return Shock(
            start: start + 0.15 + 0.4 * Noise.unit(draw, 3),
            size: Noise.unit(draw, 4) < 0.2 ? strength * 0.8 : -strength)
    }

    /// The shock that begins in the hour that starts `hour` hours after the epoch; `nil` when none does. In a world with
    /// regimes it is a burst, whose size is that of the market's move.
    func shock(within hour: Double) -> Shock? {
        if let placed, placed.start >= hour, placed.start < hour + 1 { return placed }
        if let walk {
            return walk.calendar.burst(within: hour).map { start in
                let end = start + RegimeCalendar.burstLength
                return Shock(start: start, size: walk.market(at: end) - walk.market(at: start))
            }
        }
        let shock = shock(number: Int64((hour / Self.shockSpacing).rounded(.down)))
        return shock.start >= hour && shock.start < hour + 1 ? shock : nil
    }

    private func shock(at time: Double) -> Double {
        let number = Int64((time / Self.shockSpacing).rounded(.down))
        return shock(number: number - 1).move(at: time) + shock(number: number).move(at: time)
    }
}
