import PerpCore

/// How an exchange makes a funding rate from a premium, in worlds other than the usual one.
///
/// Where an exchange does not say how it averages, or what it displays, the rule is an assumption, as stated beside it.
struct FundingRule: Sendable {
    enum Weights: Sendable {
        case flat
        /// 1, 2, 3 and so on, the newest sample the heaviest.
        case linear
    }

    /// Over what the displayed rate averages before the settlement; at the settlement both are the same.
    enum Display: Sendable {
        /// The last interval's length.
        case rolling
        /// The time since the last settlement.
        case sinceSettlement
    }

    /// Whether the premium is drawn towards the interest by at most `band`.
    let isClamped: Bool
    let weights: Weights
    let display: Display

    /// The rate to which the premium is drawn: a fraction for eight hours.
    let interest: Double
    static let band = 0.0005

    init(_ exchange: Exchange, quote: SimulatedListing.QuoteCurrency = .usdt) {
        isClamped = exchange != .dydx
        interest = quote == .btc ? 0 : 0.0001
        switch exchange {
        // Their announcements say so; Binance's display was measured.
        case .binance, .binanceCOINM, .okx: (weights, display) = (.linear, .rolling)
        case .bybit: (weights, display) = (.linear, .sinceSettlement)
        case .hyperliquid, .dydx: (weights, display) = (.flat, .sinceSettlement)
        // Deribit pays at each moment what the last eight hours say.
        case .deribit: (weights, display) = (.flat, .rolling)
        // Assumptions: the same form as the exchanges above.
        case .aster: (weights, display) = (.linear, .rolling)
        case .gate, .bitget: (weights, display) = (.linear, .sinceSettlement)
        case .krakenFutures, .coinbase, .mexc, .kucoin, .bingx, .lighter, .htx, .edgex, .pacifica, .backpack, .extended,
            .grvt, .paradex:
            (weights, display) = (.flat, .sinceSettlement)
        }
    }

    /// The rate for an interval of so many hours, from an average premium on a scale of eight hours; both are fractions.
    func rate(premium: Double, hours: Int) -> Double {
        let pull = isClamped ? max(-Self.band, min(Self.band, interest - premium)) : 0
        return (premium + pull) * Double(hours) / 8
    }

    /// The average of samples, the oldest first; there is at least one.
    func mean(_ samples: some Sequence<Double>) -> Double {
        var (sum, total, weight) = (0.0, 0.0, 0.0)
        for sample in samples {
            weight = weights == .flat ? 1 : weight + 1
            sum += weight * sample
            total += weight
        }
        return sum / total
    }

    /// The minutes whose samples make the rate at `time`, by their numbers since the epoch: those that began before it. At a
    /// settlement they are the whole interval that it ends.
    func minutes(at time: Int64, hours: Int) -> Range<Int64> {
        let interval = Int64(hours) * 3_600_000
        let end = (time + 59_999) / 60_000
        switch display {
        case .rolling: return end - interval / 60_000..<end
        case .sinceSettlement: return (time - 1) / interval * interval / 60_000..<end
        }
    }
}

/// The premium of a contract over its index, as a fraction, with a sample for each minute: a mood of weeks, a part that
/// returns to it by half in six and a half hours, two thirds of whose variance all exchanges share, and the noise of the
/// minute.
struct SimulatedPremium: Sendable {
    private let key: UInt64
    private let coinKey: UInt64
    /// Small coins stray more.
    private let scale: Double

    /// Sizes as fractions: 1 bp is 0.0001. With them bitcoin settles at the interest in three of five intervals of eight
    /// hours, the wildest coins in one of three; recorded were 32 to 60 of 100.
    private static let level = 0.0001
    private static let mood = (coin: 0.0008, own: 0.0002)
    private static let stray = 0.0008
    private static let noise = 0.0003
    /// What is left of a deviation after an hour, and after how many hours it is forgotten: 0.9^60 is 0.002.
    private static let memory = 0.9
    private static let hours: Int64 = 60

    init(_ listing: SimulatedListing, coin: Coin) {
        key = Noise.hash(listing.key, 0x9EE)
        coinKey = Noise.hash(coin.key, 0x9EE)
        scale = 0.6 + coin.wander
    }

    /// The premium in a minute, by its number since the epoch.
    func sample(minute: Int64) -> Double { samples(minute..<minute + 1)[0] }

    /// The premiums of some minutes, in order.
    func samples(_ minutes: Range<Int64>) -> [Double] {
        guard let last = minutes.last else { return [] }
        let hours = Self.hour(of: minutes.lowerBound)...Self.hour(of: last)
        let nodes = nodes(hours.lowerBound...hours.upperBound + 1)
        let noise = (key: key ^ 0x3140, size: scale * Self.noise)
        var samples: [Double] = []
        samples.reserveCapacity(minutes.count)
        for (node, hour) in hours.enumerated() {
            let start = nodes[node]
            let slope = (nodes[node + 1] - start) / 60
            for minute in minutes.clamped(to: hour * 60..<hour * 60 + 60) {
                let line = start + slope * Double(minute - hour * 60)
                samples.append(line + noise.size * Noise.signed(noise.key, minute))
            }
        }
        return samples
    }

    private static func hour(of minute: Int64) -> Int64 { (minute - (minute % 60 + 60) % 60) / 60 }

    /// The premiums at full hours, without the noise of minutes. Each is summed from the same draws in the same order,
    /// whichever hours are asked for with it.
    private func nodes(_ hours: ClosedRange<Int64>) -> [Double] {
        let first = hours.lowerBound - Self.hours + 1
        let draws = (first...hours.upperBound).map {
            0.8 * Noise.signed(coinKey, $0) + 0.6 * Noise.signed(key, $0)
        }
        // Draws between -1 and 1 have a variance of a third, and their sum 1 / (1 - memory^2) times it.
        let size = Self.stray * (3 * (1 - Self.memory * Self.memory)).squareRoot()
        var sums = [Double](repeating: 0, count: hours.count)
        for age in 0..<Int(Self.hours) {
            for index in sums.indices { sums[index] = Self.memory * sums[index] + draws[age + index] }
        }
        return zip(hours, sums).map { hour, sum in
            let mood =
                Self.mood.coin * Noise.wave(coinKey, 1, hours: 720, at: Double(hour))
                + Self.mood.own * Noise.wave(key, 2, hours: 200, at: Double(hour))
            return Self.level + scale * (mood + size * sum)
        }
    }
}
