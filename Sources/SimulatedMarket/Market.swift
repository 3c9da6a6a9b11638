import PerpCore

/// A simulated market of all exchanges with their instruments, which depends only on its seed.
///
/// It keeps no state between calls, so any number of tasks can request hours in any order.
public struct Market: Sendable {
    /// The number of instruments per exchange.
    public enum Size: String, Sendable, CaseIterable {
        /// About 20 per exchange, including all unusual kinds.
        case small
        /// As many as the real exchanges have: about 9,000 in total.
        case full
    }

    /// The number that decides all prices and events.
    public let seed: UInt64
    /// The number of instruments per exchange.
    public let size: Size
    /// What kind of market it is.
    public let world: World
    let coins: Coins
    let path: PricePath
    private let catalogues: [Catalogue]
    let bitcoin: Int
    /// The hour in which Kraken's bitcoin is dearer than elsewhere; `nil` without one.
    private let divergence: Hour?

    /// The market of a seed.
    ///
    /// - Parameter cascade: an hour in which the whole market falls by 7 %, with liquidations on all exchanges; with `nil`
    ///   such hours depend on the seed only. Five hours later Kraken's bitcoin is 0.45 % dearer than its index, and at the
    ///   first full third of a day after twelve hours, Bybit and Gate settle SOL's funding every hour instead of every eight.
    /// - Parameter world: what kind of market it is.
    /// - Parameter coinCount: how many of the largest coins each exchange lists, with one perpetual for each and nothing
    ///   unusual; `nil` for all that the size has.
    public init(seed: UInt64, size: Size, cascade: Hour? = nil, world: World = .usual, coinCount: Int? = nil) {
        self.seed = seed
        self.size = size
        self.world = world
        coins = Coins(seed: seed)
        path = PricePath(
            seed: seed,
            placed: cascade.map { .init(start: Double($0.start) / Double(Hour.seconds) + 0.3, size: -0.075) },
            world: world)
        bitcoin = coins.index(of: "BTC")
        divergence = cascade?.advanced(by: 5)
        let change = cascade.map(Self.intervalChange)
        catalogues = Exchange.allCases.map { [coins] exchange in
            Catalogue(
                exchange: exchange, size: size, coins: coins, seed: seed, intervalChange: change,
                hasTurns: world != .usual, coinCount: coinCount)
        }
    }

    /// The settlement after which funding of a coin is settled every hour: the first of the day's three after twelve hours,
    /// so that there are several of the new ones within a day of the cascade.
    static func intervalChange(after cascade: Hour) -> Hour {
        let earliest = cascade.advanced(by: 12).start / Hour.seconds
        return Hour(containing: (earliest + 7) / 8 * 8 * Hour.seconds)
    }

    func catalogue(_ exchange: Exchange) -> Catalogue { catalogues[exchange.position] }

    /// How much dearer a perpetual is than the noise makes it, as a fraction of its index.
    fileprivate func divergence(of listing: SimulatedListing, on exchange: Exchange, at time: Int64) -> Double {
        guard let divergence, exchange == .krakenFutures, listing.coin == bitcoin,
            divergence.contains(Timestamp(milliseconds: time))
        else { return 0 }
        return 0.0045
    }

    /// The time of an exchange's responses for `hour`, in UTC milliseconds: up to 4 seconds into its second minute.
    func observation(of exchange: Exchange, in hour: Hour) -> Int64 {
        let draw = Noise.unit(Noise.hash(exchange.rawValue, seed: seed), hour.start)
        return hour.startMilliseconds + 60_000 + Int64(draw * 4000)
    }

    /// The instruments in an exchange's list at `hour`: each symbol, and whether it is trading.
    public func instruments(of exchange: Exchange, at hour: Hour) -> [(symbol: String, trading: Bool)] {
        let time = observation(of: exchange, in: hour)
        return catalogue(exchange).listings(at: time).map {
            (String(decoding: $0.symbol, as: UTF8.self), $0.isTrading(at: time))
        }
    }
}

/// One exchange at one time, with the market factor at the times that are needed again and again.
struct Moment {
    let market: Market
    let exchange: Exchange
    let hour: Hour
    /// UTC milliseconds.
    let time: Int64
    /// The logarithm of the market factor now; below an hour and a day before.
    private let now: Double
    private let hourAgo: Double
    private let dayAgo: Double

    private static let milliseconds = 3_600_000.0

    init(market: Market, exchange: Exchange, hour: Hour) {
        self.init(
            market: market, exchange: exchange, hour: hour, time: market.observation(of: exchange, in: hour))
    }

    init(market: Market, exchange: Exchange, hour: Hour, time: Int64) {
        self.market = market
        self.exchange = exchange
        self.hour = hour
        self.time = time
        let position = Double(time) / Self.milliseconds
        now = market.path.market(at: position)
        hourAgo = market.path.market(at: position - 1)
        dayAgo = market.path.market(at: position - 24)
    }

    /// The moves of the whole market in the last hour and in the last day, as logarithms.
    var moves: (hour: Double, day: Double) { (now - hourAgo, now - dayAgo) }

    func listings() -> [SimulatedListing] { market.catalogue(exchange).listings(at: time) }

    func listing(_ symbol: String) -> SimulatedListing? { market.catalogue(exchange).listing(symbol, at: time) }

    /// The price of a coin in USD at `time`, apart from any exchange.
    ///
    /// - Parameter coin: its index in `Coins.all`.
    func coinPrice(_ coin: Int, at time: Int64) -> Double {
        let position = Double(time) / Self.milliseconds
        return market.path.price(
            of: market.coins.all[coin], at: position, market: market.path.market(at: position))
    }

    // MARK: - Prices

    /// The index price of an instrument in its quote currency, for one base unit of the exchange.
    func index(of listing: SimulatedListing, at time: Int64) -> Double {
        let position = Double(time) / Self.milliseconds
        return index(of: listing, position: position, market: market.path.market(at: position))
    }

    private func index(of listing: SimulatedListing, position: Double, market factor: Double) -> Double {
        let path = market.path
        var price = path.price(of: market.coins.all[listing.coin], at: position, market: factor)
        if listing.quote == .btc {
            price /= path.price(of: market.coins.all[market.bitcoin], at: position, market: factor)
        }
        let deviation = 0.00012 * Noise.wave(listing.key, 1, hours: 3, at: position)
        return price * listing.unit * (1 + deviation)
    }

    /// All figures in tickers for an instrument.
    func quote(_ listing: SimulatedListing) -> SimulatedQuote {
        if let frozen = listing.frozenAt, frozen <= time { return stillQuote(listing, at: frozen) }
        let position = Double(time) / Self.milliseconds
        let coin = market.coins.all[listing.coin]
        let index = index(of: listing, position: position, market: now)
        let key = listing.key
        var premium = premium(listing, at: time)
        if case .dated(let delivery) = listing.contract {
            premium += 0.06 * Double(delivery - time) / (365 * 86_400_000.0)
        }
        premium += market.divergence(of: listing, on: exchange, at: time)
        let mark = index * (1 + premium)
        let last = mark * (1 + 0.0002 * Noise.wave(key, 4, hours: 0.2, at: position))
        let before = self.index(of: listing, position: position - 24, market: dayAgo)
        let hourBefore = self.index(of: listing, position: position - 1, market: hourAgo)
        let open = before * (1 + dayOldPremium(listing, position: position))
        let move = logarithmOfRatio(last, open)
        let width = abs(move) * 0.15 + 0.004 + 0.01 * Noise.unit(key, time / 3_600_000)
        let tick = 1 / powersOfTen[listing.pricePlaces]
        let half = max(tick / 2, last * 0.00005)

        let activity =
            0.5 * Noise.wave(key, 5, hours: 30, at: position)
            + 0.35 * Noise.wave(coin.key, 6, hours: 40, at: position)
            + 0.25 * Noise.wave(market.seed, 7, hours: 24, at: position) + min(1.2, 6 * abs(move))
        let turnover = coin.dailyTurnover * listing.share * exponential(activity)
        let quoteUSD = listing.quote == .btc ? last / index : 1
        let coinUSD = listing.quote == .btc ? coinPrice(listing.coin, at: time) * listing.unit : last
        let volume = turnover / (coinUSD * quoteUSD) * (1 + 0.002 * Noise.signed(key, time))

        // Open interest falls with the price and recovers slowly.
        let flow =
            0.22 * Noise.wave(key, 8, hours: 120, at: position)
            + 0.03 * Noise.wave(key, 9, hours: 6, at: position) + max(-0.5, min(0.5, 1.2 * move))
        let level = coin.dailyTurnover * coin.depth * listing.share / (coin.price * listing.unit)
        return SimulatedQuote(
            index: index, mark: mark, last: last, bid: last - half, ask: last + half, open: open,
            hourBefore: hourBefore, high: max(last, open) * (1 + width), low: min(last, open) * (1 - width),
            volume: volume, turnover: volume * (last + open) / 2,
            trades: Int64(turnover / (180 + 900 * Noise.unit(key, 3))) + 1,
            openInterest: level * exponential(flow), premium: premium, funding: (self, listing))
    }

    /// How far an instrument is above its index at `time`, as a fraction, without the time value of a dated one.
    private func premium(_ listing: SimulatedListing, at time: Int64) -> Double {
        let coin = market.coins.all[listing.coin]
        guard market.world == .usual else {
            return SimulatedPremium(listing, coin: coin).sample(minute: time / 60_000)
        }
        let position = Double(time) / Self.milliseconds
        return 0.0004 * Noise.wave(listing.key, 2, hours: 9, at: position)
            + 0.0004 * Noise.wave(coin.key, 3, hours: 20, at: position)
    }

    /// The premium in the price at which the day before `time` began.
    private func dayOldPremium(_ listing: SimulatedListing, position: Double) -> Double {
        guard market.world == .usual else { return premium(listing, at: time - 86_400_000) }
        return 0.0006 * Noise.wave(listing.key, 2, hours: 9, at: position - 24)
    }

    private func logarithmOfRatio(_ left: Double, _ right: Double) -> Double {
        left / right - 1  // good enough for moves of a day, and cheaper than a logarithm
    }

    private func stillQuote(_ listing: SimulatedListing, at frozen: Int64) -> SimulatedQuote {
        let price = index(of: listing, at: frozen)
        return SimulatedQuote(
            index: price, mark: price, last: price, bid: price, ask: price, open: price, hourBefore: price,
            high: price, low: price, volume: 0, turnover: 0, trades: 0, openInterest: 0, premium: 0,
            funding: nil)
    }

    // MARK: - Funding

    /// The estimate at `time` of the rate for one interval, as a fraction of notional: the premium, kept near the interest
    /// rate.
    func fundingRate(_ listing: SimulatedListing, at time: Int64) -> Double {
        guard listing.isPerpetual else { return 0 }
        let coin = market.coins.all[listing.coin]
        guard market.world == .usual else {
            return FundingRule(exchange, quote: listing.quote)
                .rate(premium: averagePremium(listing, at: time), hours: listing.interval(at: time - 1))
        }
        let position = Double(time) / Self.milliseconds
        // Rates follow the market's day; large coins stay near the interest rate, the tail strays.
        let lean = 0.003 * coin.beta * (time == self.time ? now - dayAgo : dayMove(at: position))
        let mood =
            0.00008 + max(-0.0004, min(0.0004, lean))
            + (0.35 + coin.wander)
            * (0.0005 * Noise.wave(coin.key, 10, hours: 60, at: position)
                + 0.0003 * Noise.wave(listing.key, 11, hours: 14, at: position)
                + 0.0004 * Noise.wave(market.seed, 12, hours: 90, at: position))
        let interest = 0.0001
        let rate = mood + max(-0.0001, min(0.0001, interest - mood))
        if listing.quote == .btc { return 0 }
        return max(-0.02, min(0.02, rate)) * Double(listing.interval(at: time - 1)) / 8
    }

    /// The average premium that makes the rate at `time`, as a fraction, in worlds other than the usual one.
    func averagePremium(_ listing: SimulatedListing, at time: Int64) -> Double {
        let rule = FundingRule(exchange)
        let minutes = rule.minutes(at: time, hours: listing.interval(at: time - 1))
        return rule.mean(SimulatedPremium(listing, coin: market.coins.all[listing.coin]).samples(minutes))
    }

    private func dayMove(at position: Double) -> Double {
        market.path.market(at: position) - market.path.market(at: position - 24)
    }

    /// The first settlement after `time`, in UTC milliseconds.
    func nextSettlement(_ listing: SimulatedListing, after time: Int64) -> Int64 {
        let interval = Int64(listing.interval(at: time)) * 3_600_000
        return (time / interval + 1) * interval
    }

    /// The last settlements until `time`, which may be one, newest first, whatever the phase of the contract.
    func lastSettlements(_ listing: SimulatedListing, until time: Int64, count: Int64) -> [Int64] {
        var end = time
        return (0..<count).map { _ in
            let interval = Int64(listing.interval(at: end)) * 3_600_000
            let settled = end / interval * interval
            end = settled - 1
            return settled
        }
    }

    func nextSettlement(_ listing: SimulatedListing) -> Int64 { nextSettlement(listing, after: time) }

    /// The delay in the time that an exchange states for a settlement, in milliseconds below `limit`.
    func lateness(_ listing: SimulatedListing, settlement: Int64, limit: Double) -> Int64 {
        let draw = Noise.unit(listing.key ^ 0x1A7E, settlement)
        return draw < 0.4 ? 0 : Int64(draw * limit)
    }

    // MARK: - Long and short

    /// The fraction of long positions or accounts in one population, between 0.3 and 0.75.
    func longFraction(_ listing: SimulatedListing, population: UInt64, at time: Int64) -> Double {
        let coin = market.coins.all[listing.coin]
        let position = Double(time) / Self.milliseconds
        // In other worlds ratios do not follow the price, so that only the price tells what it predicts.
        let move =
            market.world == .usual ? market.path.market(at: position) - market.path.market(at: position - 12) : 0
        let wave =
            0.06 * Noise.wave(coin.key, 20 + population, hours: 36, at: position)
            + 0.02 * Noise.wave(listing.key, 30 + population, hours: 8, at: position)
        // Accounts buy the dip; takers and the large positions go with the move.
        let lean = population == 0 ? -1.1 : 0.7
        let level = population == 0 ? 0.58 : 0.52
        return max(0.3, min(0.75, level + wave + lean * move))
    }
}

/// The figures of an instrument's ticker: prices in quote currency per base unit of the exchange, quantities in base units
/// of the exchange, open interest counted on one side.
struct SimulatedQuote {
    let index, mark, last, bid, ask: Double
    /// The last price a day before.
    let open: Double
    let hourBefore: Double
    let high, low: Double
    let volume: Double
    /// Volume in quote currency.
    let turnover: Double
    let trades: Int64
    let openInterest: Double
    let premium: Double
    /// What the rate follows from, since it costs more than all other figures and few read it; `nil` for a rate of 0.
    fileprivate let funding: (moment: Moment, listing: SimulatedListing)?

    /// A fraction of notional for one interval.
    var fundingRate: Double { funding.map { $0.moment.fundingRate($0.listing, at: $0.moment.time) } ?? 0 }

    /// The change of 24 hours as a fraction.
    var change: Double { last / open - 1 }
}
