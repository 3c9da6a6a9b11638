import PerpCore
import Testing

@testable import Sealing
@testable import Signals

@Suite("Sealing an hour")
struct HourSummarizerTests {
    @Test("the order of venues and of their rows leaves no trace")
    func orderIndependence() {
        let (_, history) = SimulatedHours.seal(30)
        let venues = SimulatedHours.venues(29)
        let expected = Self.summary(29, venues, history)
        var random = SplitMix64(seed: 7)
        for _ in 0..<20 {
            var shuffled = venues.shuffled(using: &random)
            for place in shuffled.indices {
                shuffled[place].tickers.shuffle(using: &random)
                shuffled[place].longShortRatios.shuffle(using: &random)
            }
            #expect(Self.summary(29, shuffled, history) == expected)
        }
    }

    @Test("the first hour starts cold")
    func coldStart() throws {
        let (first, _) = SimulatedHours.seal(1)
        let row = try #require(first.market(.v2))
        #expect(row.status == .ok)
        #expect(row.openInterestGrowth24h == nil)
        #expect(row.flags == [.coldStart, .noLongShortBaseline, .openInterestImputed])
        #expect(first.scores.count == 12)
        #expect(first.scores.first { $0.model == .v2 && $0.factor == .openInterestPrice }?.score == nil)
        #expect(first.exchanges.map(\.exchange) == [.binance, .okx, .bybit, .hyperliquid, .aster])
    }

    @Test("a day later growth is known, with the price taken out")
    func growth() throws {
        let (last, _) = SimulatedHours.seal(25)
        let row = try #require(last.market(.v2))
        // Open interest is 1.048 times that of 24 hours before, the price 1.024 times, give or take
        // a tenth of a percent a ticker.
        #expect(abs((row.openInterestGrowth24h ?? .nan) - ln(1.048 / 1.024)) < 0.001)
        #expect(abs((row.markChange1h ?? .nan) - ln(1.024 / 1.023)) < 0.001)
        #expect(last.scores.first { $0.model == .v2 && $0.factor == .openInterestPrice }?.quality == 1)
        #expect(row.flags == [.noLongShortBaseline, .openInterestImputed])
    }

    @Test("a missing hour a day ago is replaced by its older neighbour")
    func neighbours() throws {
        let (_, history) = SimulatedHours.seal(26)
        let kept = history.snapshots.filter { $0.hour != SimulatedHours.hour(1) }
        let without = History(hours: history.hours, snapshots: kept)
        #expect(without.snapshot(dayBefore: SimulatedHours.hour(25))?.hour == SimulatedHours.hour(0))
        #expect(history.snapshot(dayBefore: SimulatedHours.hour(25))?.hour == SimulatedHours.hour(1))
    }

    @Test("a history built from stored rows seals like the rolling one")
    func storedHistory() {
        let (last, history) = SimulatedHours.seal(30)
        let hour = SimulatedHours.hour(29)
        let stored = History(
            hours: history.hours.reversed(),
            snapshots: History.wantedSnapshots.map { back in
                OpenInterestSnapshot(
                    hour: hour.advanced(by: -back), exchanges: SimulatedHours.venues(29 - back))
            })
        #expect(Self.summary(29, SimulatedHours.venues(29), stored) == last)
    }

    @Test("the rolling history is bounded")
    func bounded() {
        var history = History()
        for offset in 0..<800 {
            history.append(Self.emptySummary(offset))
        }
        #expect(history.hours.count == History.summaryHours)
        #expect(history.snapshots.count == History.snapshotHours)
        #expect(history.trailing(10, before: SimulatedHours.hour(800)).count == 10)
        #expect(history.trailing(10, before: SimulatedHours.hour(795)).last?.hour == SimulatedHours.hour(794))
    }

    @Test("two venues are not enough for a score, and nothing is made up")
    func insufficient() throws {
        let summary = Self.summary(0, Array(SimulatedHours.venues(0).prefix(2)), History())
        for model in SentimentModel.allCases {
            let row = try #require(summary.market(model))
            #expect(row.status == .insufficient)
            #expect(row.compositeScore == nil && row.sentiment == nil && row.strength == nil)
            #expect(row.totalVolumeUSD != nil)
        }
        #expect(summary.scores.isEmpty)
    }

    @Test("the hour is insufficient when less than half of the usual volume reports")
    func coverage() throws {
        let (_, history) = SimulatedHours.seal(10)
        var venues = SimulatedHours.venues(9)
        for place in 0..<2 { venues[place].status = .failed }
        venues[0].tickers = []
        venues[1].tickers = []
        let three = try #require(Self.summary(9, venues, history).market(.v2))
        #expect(three.exchangesCount == 3)
        #expect(three.coverage > 0.5 && three.coverage < 0.7)
        #expect(three.status == .ok)
        venues[2].tickers = []
        let two = try #require(Self.summary(9, venues, history).market(.v2))
        #expect(two.coverage < 0.5)
        #expect(two.status == .insufficient)
    }

    @Test("v2 wants evidence behind its factors; the seed formula does not ask")
    func quality() throws {
        var venues = SimulatedHours.venues(0)
        for place in venues.indices {
            venues[place].longShortRatios = []
            for row in venues[place].tickers.indices {
                venues[place].tickers[row].fundingRate = nil
                venues[place].tickers[row].openInterestUSD = nil
            }
        }
        let summary = Self.summary(0, venues, History())
        let row = try #require(summary.market(.v2))
        // Only the price is left: 0.20 of 0.92.
        #expect(isClose(row.quality, 0.20 / 0.92))
        #expect(row.status == .insufficient && row.compositeScore == nil)
        #expect(row.flags.contains(.noDispersion))
        #expect(summary.market(.seedV1)?.status == .ok)
        #expect(Set(summary.scores.map(\.model)) == [.seedV1])
    }

    @Test("one failed venue leaves the rows of the others as they are")
    func failedVenue() throws {
        var venues = SimulatedHours.venues(0)
        let whole = Self.summary(0, venues, History())
        venues[2] = ExchangeFacts(exchange: .bybit, status: .failed, reason: "tickers: timeout")
        let summary = Self.summary(0, venues, History())
        #expect(summary.market(.v2)?.status == .ok)
        #expect(summary.market(.v2)?.exchangesCount == 4)
        #expect(summary.exchanges.count == 5)
        #expect(
            summary.exchanges.filter { $0.exchange != .bybit }
                == whole.exchanges.filter { $0.exchange != .bybit })
    }

    @Test("liquidations are summed over 1, 4 and 24 hours, and venues without any have no row")
    func liquidations() throws {
        let (last, history) = SimulatedHours.seal(30)
        #expect(last.liquidations.map(\.exchange) == [.binance, .okx, .bybit])
        #expect(last.marketLiquidations.map(\.windowHours) == [1, 4, 24])
        let hourly = (history.hours.suffix(23).flatMap(\.liquidations) + last.liquidations)
        let day = try #require(last.marketLiquidation(windowHours: 24))
        #expect(isClose(day.totalUSD, hourly.reduce(0) { $0 + $1.totalUSD }))
        #expect(day.count == 720)  // 24 hours of 3 venues with 10 events
        let hour = try #require(last.marketLiquidation(windowHours: 1))
        #expect(isClose(hour.totalUSD, last.liquidations.reduce(0) { $0 + $1.totalUSD }))
        #expect(hour.reportingExchanges == 3)
        #expect(hour.flags == [.prorated, .openInterestImputed, .noHistory, .floor])
        // Aster's open interest is estimated; binance and bybit count whole, okx half.
        let market = last.exchanges.compactMap(\.openInterestUSD).reduce(0, +)
        #expect((hour.coverage ?? 0) > 0.4 && (hour.coverage ?? 0) < 2.5 * 4e9 * 1.06 / market)
    }

    @Test("what is usual is known after a week")
    func cascadeHistory() {
        let (last, _) = SimulatedHours.seal(171)
        #expect(last.marketLiquidation(windowHours: 1)?.flags.contains(.noHistory) == false)
        #expect(last.market(.v2)?.flags == [.openInterestImputed])
    }

    @Test("ratios older than two hours, and other populations, are left out")
    func longShare() {
        var venue = ExchangeFacts(exchange: .okx, status: .ok)
        func ratio(_ population: LongShortRatio.Population, _ minutes: Int64, _ long: Double)
            -> LongShortRatio
        {
            LongShortRatio(
                symbol: "BTC-USDT", asset: "BTC", population: population, period: "1h", longFraction: long,
                shortFraction: 1 - long,
                observedAt: Timestamp(seconds: SimulatedHours.first.start - minutes * 60))
        }
        venue.longShortRatios = [
            ratio(.accounts, 121, 0.9), ratio(.accounts, 120, 0.6), ratio(.topAccounts, 0, 0.8),
        ]
        var row = ExchangeSummary(hour: SimulatedHours.first, exchange: .okx, status: .ok)
        LongFraction.note(venue, in: &row)
        let share = LongFraction([row])
        #expect(share.fraction == 0.6 && share.series == 1)
    }

    @Test("an inverse contract's open interest is not repriced")
    func inverse() throws {
        func snapshot(_ hour: Int, _ kind: ContractKind, _ dollars: Double, _ mark: Double)
            -> OpenInterestSnapshot
        {
            let position = OpenInterestSnapshot.InstrumentOpenInterest(
                symbol: "A", kind: kind, openInterestUSD: dollars, markPrice: mark, isPriceOutlier: false)
            return OpenInterestSnapshot(
                hour: SimulatedHours.hour(hour),
                exchanges: [OpenInterestSnapshot.ExchangeOpenInterest(exchange: .okx, instruments: [position])],
                totalOpenInterestUSD: dollars)
        }
        func growth(_ kind: ContractKind) -> Double? {
            OpenInterestGrowth.overDay(from: snapshot(0, kind, 100, 10), to: snapshot(24, kind, 110, 11))?
                .growth
        }
        #expect(isClose(growth(.inverse), ln(1.1)))
        #expect(abs(try #require(growth(.linear))) < 1e-15)
    }

    @Test("the seed's row reads OKX's BTC ratio and the reference BTC perpetuals")
    func seedRow() throws {
        let venues = SimulatedHours.venues(0)
        let summary = Self.summary(0, venues, History())
        let row = try #require(summary.market(.seedV1))
        let okx = try #require(venues.first { $0.exchange == .okx })
        let ratio = try #require(okx.longShortRatios.first { $0.asset == "BTC" }?.ratio)
        #expect(isClose(row.longFraction, ratio / (ratio + 1)))
        #expect(row.openInterestGrowth24h == summary.market(.v2)?.openInterestGrowth24h)
        let bitcoin = okx.tickers.first { $0.asset == "BTC" }
        #expect(
            summary.exchanges.first { $0.exchange == .okx }?.seedFundingPercent
                == bitcoin?.fundingRate.map { 100 * $0 })
    }

    @Test("a context of the hour holds what the detectors read")
    func context() {
        let (last, history) = SimulatedHours.seal(30)
        let input = HourInput(
            hour: SimulatedHours.hour(29), exchanges: SimulatedHours.venues(29), history: history)
        let context = MarketContext(SealedHour(input: input, summary: last))
        #expect(context.composite == last.market(.v2)?.compositeScore)
        #expect(context.sustained == nil && context.trend == TrendContext())
        #expect(context.usualVolumeUSD == nil)
        #expect(context.bases.count == 5)
        #expect(context.cascade?.isFloor == true)
        let detections = Strategy.detectAll(context)
        #expect(Set(detections.map(\.strategy)) == Set(Strategy.allCases))
        #expect(detections.allSatisfy { $0.message.count >= 2 && $0.message.last == context.sourceLine })
        #expect(Set(detections.map(\.key)).count == detections.count)
        let seed = MarketContext(SealedHour(input: input, summary: last), model: .seedV1)
        #expect(seed.composite == last.market(.seedV1)?.compositeScore)
        #expect(seed.fundingTrades.allSatisfy { $0.netAPR > 0.005 * 1095 })
    }

    @Test("a steady market has no anomalies, a feed that stands still has")
    func anomalies() {
        var history = History()
        for offset in 0..<3 {
            history.append(
                HourSummarizer.summarize(
                    HourInput(
                        hour: SimulatedHours.hour(offset), exchanges: SimulatedHours.venues(0), history: history)
                ))
        }
        let input = HourInput(
            hour: SimulatedHours.hour(3), exchanges: SimulatedHours.venues(0), history: history)
        let found = Anomalies(input, summary: HourSummarizer.summarize(input)).find()
        #expect(
            found.filter { $0.kind == .staleFeed }.map(\.exchange) == [.binance, .okx, .bybit, .hyperliquid])
        let moved = HourInput(
            hour: SimulatedHours.hour(3), exchanges: SimulatedHours.venues(1), history: history)
        #expect(
            !Anomalies(moved, summary: HourSummarizer.summarize(moved)).find().contains {
                $0.kind == .staleFeed
            })
    }

    @Test("half of an exchange's open interest is no jump of it")
    func halfIsNoJump() {
        var history = History()
        for offset in 0..<3 { history.append(Self.summary(offset, SimulatedHours.venues(offset), history)) }
        func jumps(_ change: (inout Ticker) -> Void) -> [Exchange?] {
            var venues = SimulatedHours.venues(3)
            for place in venues[1].tickers.indices.dropFirst() { change(&venues[1].tickers[place]) }
            let input = HourInput(hour: SimulatedHours.hour(3), exchanges: venues, history: history)
            return Anomalies(input, summary: HourSummarizer.summarize(input)).find()
                .filter { $0.kind == .jump }.map(\.exchange)
        }
        #expect(jumps { $0.openInterestUSD = nil } == [])
        #expect(jumps { $0.openInterestUSD = 1e8 } == [.okx])
    }

    static func summary(_ offset: Int, _ venues: [ExchangeFacts], _ history: History) -> HourSummary {
        HourSummarizer.summarize(
            HourInput(hour: SimulatedHours.hour(offset), exchanges: venues, history: history))
    }

    static func emptySummary(_ offset: Int) -> HourSummary {
        HourSummary(
            hour: SimulatedHours.hour(offset), exchanges: [], markets: [], scores: [], liquidations: [],
            marketLiquidations: [],
            openInterest: OpenInterestSnapshot(
                hour: SimulatedHours.hour(offset), exchanges: [], totalOpenInterestUSD: nil))
    }
}
