import PerpCore
import Sealing

/// The liquidations of the hour that ends now, by exchange and by asset, and how much of the hour was heard.
///
/// Of each exchange two sums and a mark are kept per second, so its size does not grow with the number of events.
struct RollingHour {
    /// The length in seconds.
    static let length: Int64 = 3600
    private static let minutes = length / 60

    /// One exchange's hour: a value per second, at the second's number modulo the length.
    private struct Ring {
        var longUSD = [Double](repeating: 0, count: Int(RollingHour.length))
        var shortUSD = [Double](repeating: 0, count: Int(RollingHour.length))
        var isHeard = [Bool](repeating: false, count: Int(RollingHour.length))
        /// The names of the connections that the stream has.
        var names: Set<String> = []
        /// Those that are up: a name, `#` and a number each.
        var up: Set<String> = []
        /// The last second that has begun; `nil` before the first.
        var second: Int64?

        var isUp: Bool {
            !names.isEmpty && names.isSubset(of: up.map { String($0.prefix { $0 != "#" }) })
        }

        mutating func advance(to now: Int64) {
            guard let last = second else {
                second = now
                return
            }
            guard now > last else { return }
            let isUp = isUp
            for second in max(last + 1, now - RollingHour.length + 1)...now {
                let index = Int(second % RollingHour.length)
                longUSD[index] = 0
                shortUSD[index] = 0
                isHeard[index] = isUp
            }
            second = now
        }
    }

    private var rings: [Exchange: Ring] = [:]
    /// Dollars by minute and asset.
    private var assets: [Int64: [String: Double]] = [:]
    /// The latest second of any exchange; `nil` before the first.
    private var latest: Int64?

    /// Lets time pass for all exchanges; an earlier time changes nothing.
    mutating func advance(to time: Timestamp) {
        for exchange in rings.keys { advance(exchange, to: time) }
        note(time)
    }

    /// Lets time pass for one exchange: what is read again is of one after the other.
    mutating func advance(_ exchange: Exchange, to time: Timestamp) {
        rings[exchange, default: Ring()].advance(to: time.milliseconds / 1000)
        note(time)
    }

    private mutating func note(_ time: Timestamp) {
        let now = max(time.milliseconds / 1000, latest ?? .min)
        latest = now
        if assets.count > 2 * Self.minutes { assets = assets.filter { $0.key > (now - Self.length) / 60 } }
    }

    // MARK: - Connections

    /// Says which connections an exchange's stream has.
    mutating func setNames(_ names: Set<String>, of exchange: Exchange) {
        rings[exchange, default: Ring()].names = names
    }

    /// A connection hears from now on.
    mutating func begin(_ connection: String, of exchange: Exchange) {
        rings[exchange, default: Ring()].up.insert(connection)
    }

    /// A connection hears no more, and heard nothing after a time.
    mutating func end(_ connection: String, of exchange: Exchange, at time: Timestamp) {
        guard rings[exchange]?.up.remove(connection) != nil, rings[exchange]?.isUp == false,
            let second = rings[exchange]?.second
        else { return }
        let first = max(time.milliseconds / 1000 + 1, second - Self.length + 1)
        guard first <= second else { return }
        for silent in first...second { rings[exchange]?.isHeard[Int(silent % Self.length)] = false }
    }

    /// The exchanges whose connections are all up.
    var up: [Exchange] { rings.filter(\.value.isUp).keys.sorted() }

    // MARK: - Liquidations

    /// No single liquidation was ever near so many dollars: what states more is an error of the exchange.
    private static let mostUSD = 1e10
    /// The exchange's clock may be so far ahead of ours, in seconds.
    private static let ahead: Int64 = 60

    /// Adds a liquidation of a coin with a value in dollars, at the second in which it happened; others, and what cannot be
    /// true, are left out.
    mutating func add(_ event: Liquidation, of exchange: Exchange) {
        guard let value = event.valueUSD, value <= Self.mostUSD, AssetClass(ofAsset: event.asset) == .crypto,
            let second = rings[exchange]?.second
        else { return }
        let stated = event.occurredAt.milliseconds / 1000
        guard stated > second - Self.length, stated <= second + Self.ahead else { return }
        // A clock that is ahead of ours does not move the window.
        let occurred = min(stated, second)
        let index = Int(occurred % Self.length)
        switch event.side {
        case .long: rings[exchange]?.longUSD[index] += value
        case .short: rings[exchange]?.shortUSD[index] += value
        }
        assets[occurred / 60, default: [:]][event.asset, default: 0] += value
    }

    /// What was heard of an exchange in the hour.
    func heard(_ exchange: Exchange, _ coverage: LiquidationCoverage) -> CascadeBaseline.Heard {
        guard let ring = rings[exchange] else {
            return CascadeBaseline.Heard(coverageClass: .none, longUSD: 0, shortUSD: 0, heardShare: 0)
        }
        return CascadeBaseline.Heard(
            coverageClass: coverage, longUSD: ring.longUSD.reduce(0, +), shortUSD: ring.shortUSD.reduce(0, +),
            heardShare: Double(ring.isHeard.count { $0 }) / Double(Self.length))
    }

    /// The assets with the most dollars, the largest first, to the minute.
    func largest(_ count: Int) -> [(asset: String, totalUSD: Double)] {
        guard let latest else { return [] }
        var sums: [String: Double] = [:]
        for (minute, values) in assets where minute > (latest - Self.length) / 60 {
            sums.merge(values) { $0 + $1 }
        }
        let sorted = sums.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        return sorted.prefix(count).map { (asset: $0.key, totalUSD: $0.value) }
    }
}
