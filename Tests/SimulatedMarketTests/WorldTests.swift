import PerpCore
import Testing

@testable import SimulatedMarket

private let noon = Hour("2026-03-10T12")!  // a literal hour of the calendar
private let others: [Market.World] = [.regimes, .factor, .nothing]
private let regimes = Market(seed: 7, size: .small, world: .regimes)

private func ask(_ exchange: Exchange, _ target: String, _ body: String = "", of market: Market, at hour: Hour) -> String {
    let request = SimulatedRequest(
        exchange: exchange, method: body.isEmpty ? "GET" : "POST", target: target, body: body)
    return String(decoding: market.respond(to: request, at: hour).body, as: UTF8.self)
}

/// The numbers under a name in a text, in quotes or not.
private func numbers(_ name: String, in text: String) -> [Double] {
    text.split(separator: "\"\(name)\":").dropFirst().compactMap { rest in
        Double(rest.drop { $0 == "\"" }.prefix { !"\",}".contains($0) })
    }
}

private func position(_ hour: Hour) -> Double { Double(hour.start) / 3600 }

private func correlation(_ pairs: [(Double, Double)]) -> Double {
    let count = Double(pairs.count)
    let means = (pairs.reduce(0) { $0 + $1.0 } / count, pairs.reduce(0) { $0 + $1.1 } / count)
    func sum(_ product: (Double, Double) -> Double) -> Double {
        pairs.reduce(0) { $0 + product($1.0 - means.0, $1.1 - means.1) }
    }
    return sum { $0 * $1 } / (sum { x, _ in x * x } * sum { _, y in y * y }).squareRoot()
}

@Suite("Worlds of the simulated market")
struct WorldTests {
    /// What the exchanges with the largest differences say in an hour.
    private func bodies(of market: Market, at hour: Hour) -> [String] {
        [
            ask(.binance, "/fapi/v1/premiumIndex", of: market, at: hour),
            ask(.bybit, "/v5/market/tickers?category=linear", of: market, at: hour),
            ask(.bybit, "/v5/market/funding/history?category=linear&symbol=BTCUSDT&limit=9", of: market, at: hour),
            ask(.hyperliquid, "/info", #"{"type":"metaAndAssetCtxs"}"#, of: market, at: hour),
        ]
    }

    @Test("an hour is the same whatever was asked before it, and differs between seeds", arguments: others)
    func pure(world: Market.World) {
        let hours = [0, -4000, 900, 31].map(noon.advanced(by:))
        let market = Market(seed: 7, size: .small, world: world)
        let other = Market(seed: 7, size: .small, world: world)
        let forward = hours.map { bodies(of: market, at: $0) }
        let backward = hours.reversed().map { bodies(of: other, at: $0) }
        #expect(forward == backward.reversed())
        #expect(bodies(of: Market(seed: 8, size: .small, world: world), at: noon) != forward[0])
        #expect(bodies(of: Market(seed: 7, size: .small), at: noon) != forward[0])
    }

    @Test("the usual world is the one that is not named")
    func usual() {
        let named = Market(seed: 7, size: .small, world: .usual)
        #expect(bodies(of: named, at: noon) == bodies(of: Market(seed: 7, size: .small), at: noon))
        #expect(named.path.walk == nil)
    }

    @Test("a walk begins at zero, and its variance is its time, on either side and over any step", arguments: [1.0, 24, 250])
    func walk(step: Double) {
        #expect(RandomWalk.value(5, at: 0) == 0)
        for side in [1.0, -1] {
            let values = (0...1000).map { RandomWalk.value(5, at: side * step * Double($0)) }
            let squares = zip(values.dropFirst(), values).map { ($0 - $1) * ($0 - $1) }
            let variance = squares.reduce(0, +) / 1000 / step
            // The standard error of a variance of 1000 draws is 0.045.
            #expect(abs(variance - 1) < 0.15)
            let steps = zip(values.dropFirst(), values).map(-)
            #expect(abs(correlation(Array(zip(steps, steps.dropFirst())))) < 0.1)
        }
    }

    @Test("between two minutes a walk is a line, and beyond thirty years it stands still")
    func walkEnds() {
        let step = 1 / 64.0
        let (left, middle, right) = (
            RandomWalk.value(9, at: 77), RandomWalk.value(9, at: 77 + step / 2), RandomWalk.value(9, at: 77 + step)
        )
        #expect(abs(middle - (left + right) / 2) < 1e-9)
        #expect(RandomWalk.value(9, at: 300_000) == RandomWalk.value(9, at: 400_000))
    }

    @Test("regimes last for days, and hourly returns are as volatile as their regime says", arguments: [UInt64(1), 2, 3])
    func volatility(seed: UInt64) throws {
        let path = Market(seed: seed, size: .small, world: .nothing, coinCount: 1).path
        let calendar = try #require(path.walk).calendar
        let start = position(noon)
        let days = (0..<365).map { calendar.regime(at: start + 24 * Double($0)) }
        let changes = zip(days, days.dropFirst()).count { $0 != $1 }
        #expect((30...120).contains(changes))  // of 2 to 12 days each
        func deviation(_ regime: RegimeCalendar.Regime) -> Double {
            let returns = (0..<365 * 24).map { start + Double($0) }.filter { calendar.regime(at: $0) == regime }
                .map { path.market(at: $0 + 1) - path.market(at: $0) }
            return (returns.reduce(0) { $0 + $1 * $1 } / Double(returns.count)).squareRoot()
        }
        let usual = deviation(.usual)
        #expect(abs(usual / (MarketWalk.dailyVolatility / 24.0.squareRoot()) - 1) < 0.05)
        #expect(abs(deviation(.calm) / usual / 0.5 - 1) < 0.1)
        #expect(abs(deviation(.stressed) / usual / 2.5 - 1) < 0.1)
    }

    @Test("trends are in the worlds that have them, up and down")
    func trends() throws {
        for world in others {
            let calendar = try #require(Market(seed: 7, size: .small, world: world, coinCount: 1).path.walk).calendar
            let drifts = Set((0..<365).map { calendar.trend(at: position(noon) + 24 * Double($0)) })
            #expect(drifts == (world == .nothing ? [0] : [0, 0.02, -0.02]))
        }
    }

    /// How the price factor of a day, `tanh` of its change in units of 5 %, correlates with the return of the day after.
    private func prediction(_ world: Market.World, seed: UInt64) -> Double {
        let path = Market(seed: seed, size: .small, world: world, coinCount: 1).path
        let start = position(noon)
        let returns = (0..<366).map { day in
            path.market(at: start + 24 * Double(day + 1)) - path.market(at: start + 24 * Double(day))
        }
        func factor(_ change: Double) -> Double {
            let power = exponential(2 * change / 0.05)
            return (power - 1) / (power + 1)
        }
        return correlation(zip(returns, returns.dropFirst()).map { (factor($0), $1) })
    }

    @Test("the price predicts the next day in the world with a factor, and nothing does in the one without")
    func factor() {
        let found = (1...20).map { prediction(.factor, seed: $0) }
        let absent = (1...20).map { prediction(.nothing, seed: $0) }
        // 365 days tell a correlation to 0.05, and less well where few stressed days weigh most.
        #expect(found.allSatisfy { $0 > 0.15 })
        #expect(absent.allSatisfy { abs($0) < 0.25 })
        #expect(abs(absent.reduce(0, +) / 20) < 0.05)
        #expect(found.reduce(0, +) / 20 > 0.3)
    }

    @Test("a market of few coins has the largest ones and nothing unusual", arguments: Exchange.allCases)
    func fewCoins(exchange: Exchange) {
        let market = Market(seed: 7, size: .small, coinCount: 3)
        let listings = Moment(market: market, exchange: exchange, hour: noon).listings()
        #expect(listings.map { market.coins.all[$0.coin].name } == ["BTC", "ETH", "SOL"])
        #expect(listings.allSatisfy { $0.isPerpetual && $0.isTrading(at: noon.startMilliseconds) })
        // What they say is what a whole market says.
        let whole = Moment(market: Market(seed: 7, size: .small), exchange: exchange, hour: noon)
        for listing in listings {
            let same = whole.listing(String(decoding: listing.symbol, as: UTF8.self))
            #expect(same.map { whole.quote($0).mark } == Moment(market: market, exchange: exchange, hour: noon).quote(listing).mark)
        }
    }

    @Test("in the middle of a year two coins are delisted on all exchanges, and others are listed")
    func turns() throws {
        for slot: Int64 in 0..<2 {
            let turn = Hour(
                containing: Timestamp(milliseconds: Catalogue.turn(year: 2026, slot: slot, seed: 7)))
            #expect((Hour("2026-05-15T00")!...Hour("2026-08-13T00")!).contains(turn))  // literal hours
            #expect(turn.start % 28_800 == 0)
            for exchange in Exchange.allCases where ![.deribit, .coinbase].contains(exchange) {
                let before = Set(regimes.instruments(of: exchange, at: turn.previous).map(\.symbol))
                let after = Set(regimes.instruments(of: exchange, at: turn).map(\.symbol))
                let few = Market(seed: 7, size: .small, world: .regimes, coinCount: 2)
                let gone = Set(few.instruments(of: exchange, at: turn.previous).map(\.symbol))
                    .subtracting(few.instruments(of: exchange, at: turn).map(\.symbol))
                let come = Set(few.instruments(of: exchange, at: turn).map(\.symbol))
                    .subtracting(few.instruments(of: exchange, at: turn.previous).map(\.symbol))
                #expect(gone.count == 1 && come.count == 1)
                #expect(gone.isSubset(of: before) && gone.isDisjoint(with: after))
                #expect(come.isSubset(of: after) && come.isDisjoint(with: before))
            }
        }
    }

    @Test("a delisted coin is in no list and no ticker, and has no number of another one")
    func delisted() throws {
        let turn = Hour(containing: Timestamp(milliseconds: Catalogue.turn(year: 2026, slot: 0, seed: 7)))
        let few = Market(seed: 7, size: .small, world: .regimes, coinCount: 2)
        let gone = try #require(
            Set(few.instruments(of: .binance, at: turn.previous).map(\.symbol))
                .subtracting(few.instruments(of: .binance, at: turn).map(\.symbol)).first)
        for target in ["/fapi/v1/exchangeInfo", "/fapi/v1/premiumIndex", "/fapi/v1/ticker/24hr"] {
            #expect(ask(.binance, target, of: regimes, at: turn.previous).contains("\"\(gone)\""))
            #expect(!ask(.binance, target, of: regimes, at: turn).contains("\"\(gone)\""))
        }
        // Its successor has its number in the list of what comes and goes, and the other one keeps its own.
        let moment = Moment(market: regimes, exchange: .lighter, hour: turn)
        let earlier = Moment(market: regimes, exchange: .lighter, hour: turn.advanced(by: -100))
        let name = try #require(few.instruments(of: .lighter, at: turn).map(\.symbol).last)
        #expect(moment.listing(name)?.number == earlier.listing(name)?.number)
    }

    @Test("stress has bursts, in which liquidations come, and a placed cascade is in every world")
    func shocks() throws {
        let calendar = try #require(regimes.path.walk).calendar
        let start = position(noon).rounded(.down)
        let hours = (0..<2000).map { start + Double($0) }
        let bursts = hours.filter { regimes.path.shock(within: $0) != nil }
        #expect(bursts.count > 10)
        #expect(bursts.allSatisfy { calendar.regime(at: $0) == .stressed })
        let cascade = Market(seed: 7, size: .small, cascade: noon, world: .nothing)
        let without = Market(seed: 7, size: .small, world: .nothing)
        let fall = { (market: Market) in market.path.market(at: start + 0.6) - market.path.market(at: start + 0.3) }
        #expect(abs(fall(cascade) - fall(without) + 0.075) < 0.001)
    }
}

@Suite("Simulated funding from premiums")
struct SimulatedFundingTests {
    @Test(
        "a rate is the premium, drawn to the interest by 5 bp at most, for the interval",
        arguments: [
            (-0.0006, -0.0001, -0.00005, -0.000_012_5), (-0.0004, 0.0001, 0.00005, 0.000_012_5),
            (0, 0.0001, 0.00005, 0.000_012_5), (0.0006, 0.0001, 0.00005, 0.000_012_5),
            (0.00061, 0.00011, 0.000055, 0.000_013_75),
            (0.000_994_392_6, 0.000_494_392_6, 0.000_247_196_3, 0.000_061_799_075),
        ])
    func rates(premium: Double, eight: Double, four: Double, one: Double) {
        let rule = FundingRule(.binance)
        for (hours, rate) in [(8, eight), (4, four), (1, one)] {
            #expect(abs(rule.rate(premium: premium, hours: hours) - rate) < 1e-15)
        }
        // dYdX has no interest: the rate is the premium.
        #expect(abs(FundingRule(.dydx).rate(premium: premium, hours: 1) - premium / 8) < 1e-15)
        #expect(FundingRule(.binance, quote: .btc).rate(premium: 0.0003, hours: 8) == 0)
    }

    @Test("minutes are averaged with flat weights, or the newest weighs most")
    func means() {
        let minutes = [1.0, 2, 3, 6]
        #expect(FundingRule(.hyperliquid).mean(minutes) == 3)  // 12 / 4
        #expect(FundingRule(.bybit).mean(minutes) == 3.8)  // (1 + 4 + 9 + 24) / 10
    }

    @Test("a display rolls on, or begins anew at each settlement, and both are whole at the settlement")
    func minutes() {
        let settled: Int64 = 480 * 60_000 * 3  // minute 1440
        for exchange in [Exchange.binance, .bybit] {
            #expect(FundingRule(exchange).minutes(at: settled, hours: 8) == 960..<1440)
        }
        // 62 s later two minutes have begun.
        let later = settled + 62_000
        #expect(FundingRule(.binance).minutes(at: later, hours: 8) == 962..<1442)
        #expect(FundingRule(.bybit).minutes(at: later, hours: 8) == 1440..<1442)
        #expect(FundingRule(.hyperliquid).minutes(at: later, hours: 1) == 1440..<1442)
        #expect(FundingRule(.okx).minutes(at: later, hours: 4) == 1202..<1442)
    }

    @Test("a minute's premium is the same alone and among others, and near its neighbours'")
    func samples() throws {
        let moment = Moment(market: regimes, exchange: .binance, hour: noon)
        let listing = try #require(moment.listing("BTCUSDT"))
        let premium = SimulatedPremium(listing, coin: regimes.coins.all[listing.coin])
        let first = noon.start / 60 - 137
        let all = premium.samples(first..<first + 500)
        #expect(all.count == 500)
        #expect(all == (first..<first + 500).map(premium.sample))
        #expect(zip(all, all.dropFirst()).allSatisfy { abs($0 - $1) < 0.0006 })
        #expect(premium.samples(first..<first).isEmpty)
    }

    @Test("premiums stray and come back: settlements at the interest, above and below it")
    func strays() throws {
        let moment = Moment(market: regimes, exchange: .binance, hour: noon)
        let listing = try #require(moment.listing("BTCUSDT"))
        let last = moment.nextSettlement(listing) - 8 * 3_600_000
        let rates = (0..<1000).map { moment.fundingRate(listing, at: last - $0 * 8 * 3_600_000) }
        let still = rates.count { abs($0 - 0.0001) < 1e-12 }
        #expect((300...750).contains(still))
        #expect(rates.count { $0 > 0.0001 + 1e-12 } > 50 && rates.count { $0 < 0.0001 - 1e-12 } > 50)
        #expect(rates.allSatisfy { abs($0) < 0.005 })
    }

    /// The rate of an interval from its minutes, worked step by step.
    private func worked(
        _ symbol: String, on exchange: Exchange, settled: Int64, hours: Int64, linear: Bool, clamped: Bool = true
    ) throws -> Double {
        let moment = Moment(market: regimes, exchange: exchange, hour: noon)
        let listing = try #require(moment.listing(symbol))
        let premium = SimulatedPremium(listing, coin: regimes.coins.all[listing.coin])
        let first = settled / 60_000 - hours * 60
        var (sum, weights) = (0.0, 0.0)
        for number in 0..<hours * 60 {
            let weight = linear ? Double(number + 1) : 1
            sum += weight * premium.sample(minute: first + number)
            weights += weight
        }
        let average = sum / weights
        guard clamped else { return average * Double(hours) / 8 }
        let rate =
            average > 0.0006 ? average - 0.0005 : average < -0.0004 ? average + 0.0005 : 0.0001
        return rate * Double(hours) / 8
    }

    @Test("settlements in histories are the formula's")
    func histories() throws {
        let eight = noon.startMilliseconds - 4 * 3_600_000  // 08:00
        let binance = ask(
            .binance, "/fapi/v1/fundingRate?symbol=BTCUSDT&limit=3", of: regimes, at: noon)
        let bybit = ask(
            .bybit, "/v5/market/funding/history?category=linear&symbol=BTCUSDT&limit=3", of: regimes, at: noon)
        let okx = ask(
            .okx, "/api/v5/public/funding-rate-history?instId=BTC-USDT-SWAP&limit=3", of: regimes, at: noon)
        let gate = ask(.gate, "/api/v4/futures/usdt/funding_rate?contract=BTC_USDT&limit=3", of: regimes, at: noon)
        let cases: [(Exchange, String, [Double], Double)] = [
            (.binance, "BTCUSDT", numbers("fundingRate", in: binance).reversed(), 1e-8),
            (.bybit, "BTCUSDT", numbers("fundingRate", in: bybit), 1e-8),
            (.okx, "BTC-USDT-SWAP", numbers("fundingRate", in: okx), 1e-15),
            (.gate, "BTC_USDT", numbers("r", in: gate), 1e-6),
        ]
        for (exchange, symbol, rates, step) in cases {
            #expect(rates.count == 3)
            for (number, rate) in rates.enumerated() {
                let settled = eight - Int64(number) * 8 * 3_600_000
                let wanted = try worked(symbol, on: exchange, settled: settled, hours: 8, linear: true)
                #expect(abs(rate - wanted) <= step, "\(exchange)")
            }
        }
    }

    @Test("each hour of Hyperliquid and dYdX is its own sixty minutes")
    func hourly() throws {
        let hour: Int64 = 3_600_000
        let from = noon.startMilliseconds - 2 * hour
        let body = ask(
            .hyperliquid, "/info", #"{"type":"fundingHistory","coin":"BTC","startTime":\#(from)}"#, of: regimes, at: noon)
        let rates = numbers("fundingRate", in: body)
        let premiums = numbers("premium", in: body)
        #expect(rates.count == 3 && premiums.count == 3)
        for (number, (rate, premium)) in zip(rates, premiums).enumerated() {
            let settled = from + Int64(number) * hour
            let wanted = try worked("BTC", on: .hyperliquid, settled: settled, hours: 1, linear: false)
            #expect(abs(rate - wanted) <= 1e-10)
            // Documented: the premium of the hour through the formula, an eighth of it.
            let rule = premium > 0.0006 ? premium - 0.0005 : premium < -0.0004 ? premium + 0.0005 : 0.0001
            #expect(abs(rate - rule / 8) <= 2e-10)
        }
        let dydx = numbers("rate", in: ask(.dydx, "/v4/historicalFunding/BTC-USD?limit=1", of: regimes, at: noon.previous))
        let settled = noon.previous.startMilliseconds
        let wanted = try worked("BTC-USD", on: .dydx, settled: settled, hours: 1, linear: false, clamped: false)
        #expect(dydx.count == 1 && abs(dydx[0] - wanted) <= 1e-12)
    }

    @Test("a ticker shows the premium of its minute, and the rate of the minutes before it")
    func tickers() throws {
        let moment = Moment(market: regimes, exchange: .binance, hour: noon)
        let listing = try #require(moment.listing("BTCUSDT"))
        let body = ask(.binance, "/fapi/v1/premiumIndex", of: regimes, at: noon)
        let row = String(try #require(body.split(separator: "{\"symbol\":\"").first { $0.hasPrefix("BTCUSDT\"") }))
        let (mark, index) = (numbers("markPrice", in: row)[0], numbers("indexPrice", in: row)[0])
        let premium = SimulatedPremium(listing, coin: regimes.coins.all[listing.coin])
        // 12:01:00 to 12:01:04: minute 1 of the hour.
        let minute = noon.start / 60 + 1
        #expect(abs(mark / index - 1 - premium.sample(minute: minute)) < 1e-9)
        // The last 480 minutes, the one that runs included; it rolls over the settlement of 08:00.
        let samples = (minute - 479...minute).map(premium.sample)
        let average = samples.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element } / (480.0 * 481 / 2)
        let rate = average > 0.0006 ? average - 0.0005 : average < -0.0004 ? average + 0.0005 : 0.0001
        #expect(abs(numbers("lastFundingRate", in: row)[0] - rate) <= 1e-8)
        // Bybit counts from 08:00 on: 242 minutes.
        let other = Moment(market: regimes, exchange: .bybit, hour: noon)
        let contract = try #require(other.listing("BTCUSDT"))
        let path = SimulatedPremium(contract, coin: regimes.coins.all[contract.coin])
        let since = (minute - 241...minute).map(path.sample)
        let mean = since.enumerated().reduce(0) { $0 + Double($1.offset + 1) * $1.element } / (242.0 * 243 / 2)
        let shown = mean > 0.0006 ? mean - 0.0005 : mean < -0.0004 ? mean + 0.0005 : 0.0001
        #expect(abs(other.fundingRate(contract, at: other.time) - shown) < 1e-15)
        #expect(other.quote(contract).fundingRate == other.fundingRate(contract, at: other.time))
    }

    @Test("at a change of the interval the old one is settled whole, and then each hour alone")
    func change() throws {
        let cascade = noon
        let market = Market(seed: 7, size: .small, cascade: cascade, world: .regimes)
        let change = Market.intervalChange(after: cascade)
        let moment = Moment(market: market, exchange: .bybit, hour: change.advanced(by: 2))
        let listing = try #require(moment.listing("SOLUSDT"))
        let premium = SimulatedPremium(listing, coin: market.coins.all[listing.coin])
        let rule = FundingRule(.bybit)
        for (later, hours) in [(0, 8), (1, 1), (2, 1)] as [(Int64, Int64)] {
            let settled = change.start / 60 + later * 60
            let average = rule.mean(premium.samples(settled - hours * 60..<settled))
            #expect(moment.fundingRate(listing, at: settled * 60_000) == rule.rate(premium: average, hours: Int(hours)))
        }
    }
}
