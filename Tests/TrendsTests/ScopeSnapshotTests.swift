import PerpCore
import Testing

@testable import Sealing
@testable import Trends

@Suite("Steps between hours")
struct ScopeSnapshotTests {
    /// One BTC perpetual of an exchange; `openInterest` in dollars.
    struct Contract {
        var exchange: Exchange
        var symbol = "BTCUSDT"
        var asset = "BTC"
        var mark: Double?
        var volume = 1e9
        var openInterest: Double? = 1e8
        var rate: Double?
        var kind = ContractKind.linear
    }

    static func guarded(_ contracts: [Contract]) -> [GuardedExchange] {
        let exchanges = Dictionary(grouping: contracts, by: \.exchange)
        return FieldGuards.apply(
            to: exchanges.map { exchange, contracts in
                ExchangeFacts(exchange: exchange, status: .ok, tickers: contracts.map(ticker))
            })
    }

    private static func ticker(_ contract: Contract) -> Ticker {
        var ticker = Ticker(
            symbol: contract.symbol, asset: contract.asset, kind: contract.kind, contract: .perpetual, quote: "USDT",
            observedAt: firstHour.startTime)
        ticker.markPrice = contract.mark
        ticker.volumeUSD24h = contract.volume
        ticker.openInterestUSD = contract.openInterest
        ticker.fundingRate = contract.rate
        ticker.fundingIntervalHours = 8
        return ticker
    }

    static func bitcoin(_ offset: Int, _ contracts: [Contract]) -> ScopeSnapshot {
        ScopeSnapshot(hour: hour(offset), asset: "BTC", exchanges: guarded(contracts))
    }

    static func marks(_ offset: Int, _ marks: KeyValuePairs<Exchange, Double>) -> ScopeSnapshot {
        bitcoin(offset, marks.map { Contract(exchange: $0.key, mark: $0.value) })
    }

    @Test("the median over exchanges; one that fails moves nothing")
    func median() {
        let then = Self.marks(0, [.binance: 100, .okx: 100.2, .bybit: 99.9])
        let now = Self.marks(1, [.binance: 101, .okx: 101, .bybit: 101])
        #expect(isClose(now.priceChange(since: then), ln(101 / 100)))
        let fewer = Self.marks(1, [.binance: 101, .bybit: 101])
        #expect(isClose(fewer.priceChange(since: then), (ln(101 / 100) + ln(101 / 99.9)) / 2))
        #expect(Self.marks(1, [.gate: 101]).priceChange(since: then) == nil)
    }

    @Test("another symbol is not compared")
    func symbol() {
        let then = Self.bitcoin(0, [Contract(exchange: .okx, symbol: "A", mark: 100)])
        let now = Self.bitcoin(
            1,
            [
                Contract(exchange: .okx, symbol: "A", mark: 101, volume: 1),
                Contract(exchange: .okx, symbol: "B", mark: 105, volume: 2),
            ])
        #expect(now.priceChange(since: then) == nil)
    }

    @Test("an outlier is no price")
    func outlier() {
        let then = Self.marks(0, [.binance: 100, .okx: 100, .bybit: 100])
        let now = Self.marks(1, [.binance: 102, .okx: 102, .bybit: 150])
        #expect(now.marks.count == 2)
        #expect(isClose(now.priceChange(since: then), ln(1.02)))
    }

    @Test("open interest with the price taken out, of the coin alone")
    func openInterest() {
        func hours(_ offset: Int, _ mark: Double, _ openInterest: Double, _ ether: Double) -> ScopeSnapshot {
            Self.bitcoin(
                offset,
                [
                    Contract(exchange: .okx, mark: mark, openInterest: openInterest),
                    Contract(exchange: .okx, symbol: "ETHUSDT", asset: "ETH", mark: 3000, openInterest: ether),
                ])
        }
        let (then, now) = (hours(0, 100, 1e8, 1e8), hours(1, 110, 1.21e8, 2e8))
        #expect(then.openInterest.totalOpenInterestUSD == 1e8)
        #expect(isClose(now.openInterestChange(since: then), ln(1.1)))
    }

    @Test("the market's price is weighted by the earlier open interest")
    func market() {
        func snapshot(_ offset: Int, _ bitcoin: Double, _ ether: Double) -> ScopeSnapshot {
            ScopeSnapshot(
                market: OpenInterestSnapshot(
                    hour: hour(offset),
                    exchanges: Self.guarded([
                        Contract(exchange: .okx, mark: bitcoin, openInterest: 3e8),
                        Contract(exchange: .okx, symbol: "ETHUSDT", asset: "ETH", mark: ether, openInterest: 1e8),
                    ])))
        }
        let change = snapshot(1, 102, 9).priceChange(since: snapshot(0, 100, 10))
        #expect(isClose(change, 0.75 * ln(1.02) + 0.25 * ln(0.9)))
    }

    @Test("a coin's funding is weighted by open interest over all exchanges")
    func funding() {
        let exchanges = Self.guarded([
            Contract(exchange: .okx, mark: 100, openInterest: 3e8, rate: 0.0001),
            Contract(exchange: .bybit, mark: 100, openInterest: 1e8, rate: 0.0005),
            Contract(exchange: .bybit, symbol: "ETHUSDT", asset: "ETH", mark: 10, openInterest: 9e9, rate: -0.01),
        ])
        #expect(isClose(AssetFunding.percent8h(of: "BTC", on: exchanges), 0.02))
        #expect(AssetFunding.percent8h(of: "SOL", on: exchanges) == nil)
    }

    @Test("a chain bridges up to six hours, and begins anew after more")
    func gaps() {
        var chain = Chain(.price)
        #expect(chain.append(Self.marks(0, [.okx: 100])) == .start)
        #expect(chain.append(Self.marks(1, [.okx: 110])) == .step(Step(gapHours: 1, change: ln(1.1))))
        #expect(chain.append(Self.marks(7, [.okx: 121])) == .step(Step(gapHours: 6, change: ln(121.0 / 110))))
        #expect(chain.append(Self.marks(14, [.okx: 100])) == .start)
        #expect(chain.append(Self.bitcoin(15, [])) == nil)
        #expect(chain.append(Self.marks(16, [.okx: 101])) == .step(Step(gapHours: 2, change: ln(1.01))))
    }

    @Test("an hour that cannot be compared is passed over, and the chain goes on from the last stored one")
    func incomparable() {
        var chain = Chain(.price, after: Self.marks(0, [.okx: 100]))
        #expect(chain.append(Self.marks(1, [.bybit: 500])) == nil)
        #expect(chain.append(Self.marks(2, [.okx: 102, .bybit: 510])) == .step(Step(gapHours: 2, change: ln(1.02))))
    }

    @Test("an exchange that comes or goes leaves no jump in the chain")
    func venues() {
        var chain = Chain(.price)
        var level = 0.0
        for place in 0..<48 {
            let isThere = place % 3 == 0
            let snapshot = isThere ? Self.marks(place, [.okx: 100, .bybit: 115]) : Self.marks(place, [.okx: 100])
            if case .step(let step)? = chain.append(snapshot) { level += step.change }
        }
        #expect(level == 0)
    }

    @Test("all rows of a scope, an hour at a time")
    func scope() {
        var chains = TrendScope.all.map { ScopeChains(scope: $0) }
        var trends = MarketTrends()
        var series: [SeriesHour] = []
        var rows: HourTrends?
        for place in 0...30 {
            let exchanges = Self.guarded([
                Contract(exchange: .okx, mark: 100 + Double(place), openInterest: 1e8 * (1 + 0.01 * Double(place)))
            ])
            let measures = ScopeMeasure.all(
                market: OpenInterestSnapshot(hour: hour(place), exchanges: exchanges), fundingPercent8h: 0.01,
                exchanges: exchanges)
            series = measures.indices.map { chains[$0].measure(measures[$0], scores: $0 == 0 ? [.v2: 0.1] : [:]) }
            rows = trends.advance(to: hour(place), series).rows
        }
        // Four series of the market and three of each coin, over three windows.
        #expect(rows?.trends.count == 39)
        #expect(rows?.trend(.price, .day, of: "MARKET")?.state == .up)
        #expect(series[0].price == series[1].price)
        #expect(series[1].price != nil)
        #expect(series[1].fundingPercent8h == nil)
        #expect(series[3].price == nil)
        #expect(rows?.trend(.funding, .day, of: "BTC")?.state == .unknown)
        #expect(rows?.volatility(of: "MARKET")?.coveredHours == 24)
        #expect(rows?.sustained(.v2)?.status == .judged)
        #expect(rows?.sustained(.seedV1)?.storedRows == 0)
    }
}
