import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters
@testable import SimulatedMarket

/// The simulated market's past of one contract, asked as the adapters ask: call by call, page by page.
private struct SimulatedPast {
    static let market = Market(seed: 7, size: .small)
    /// 2026-03-10T00, in which everything is asked.
    static let hour = Hour(containing: Int64(1_773_100_800))

    let exchange: Exchange
    let symbol: String
    var moment: Moment { Moment(market: Self.market, exchange: exchange, hour: Self.hour) }

    private func response(to request: Request, symbol: String?, _ read: (Response) -> Void) throws {
        let target = request.url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }
        let answer = Self.market.respond(
            to: SimulatedRequest(exchange: exchange, target: String(target), body: request.body ?? ""), at: Self.hour)
        #expect(answer.status == 200, "\(request.url): \(String(decoding: answer.body, as: UTF8.self))")
        let parser = JSONParser()
        read(
            Response(
                endpoint: request.endpoint, url: request.url, symbol: symbol,
                receivedAt: Timestamp(milliseconds: moment.time), body: try parser.parse(ByteBuffer(answer.body))))
    }

    /// What the exchange tells of a span, and how many calls that took.
    func told(_ dataset: HistoryDataset, hours: Int) throws -> (staged: StagedHour, calls: Int) {
        let adapter = Adapter.adapter(for: exchange).forHistory(dataset)
        var batch = Batch(adapter: adapter)
        let plan = Plan(adapter: adapter, hour: Self.hour, focusAssets: [])
        for list in adapter.endpoints where list.phase == .instruments {
            for call in list.calls(plan) { try response(to: list.request(call), symbol: nil) { batch.read($0) } }
        }
        let listed = batch
        var calls = 0
        for endpoint in Adapter.adapter(for: exchange).history where endpoint.dataset == dataset {
            var follower = listed
            let question = HistoryQuestion(
                symbol: symbol, id: listed.listing(of: symbol)?.id ?? symbol,
                parts: try #require(listed.parts(of: symbol)), from: Self.hour.advanced(by: -hours).startTime,
                to: Self.hour.startTime)
            guard endpoint.covers(question.parts) else { continue }
            var pages = HistoryPages(endpoint, question)
            while let asked = pages.question, calls < 300 {
                calls += 1
                try response(to: endpoint.endpoint.request(endpoint.ask(asked)), symbol: symbol) { response in
                    batch.read(response)
                    follower.read(response)
                    var token: String?
                    if case .tokens(let next) = endpoint.paging { token = next(response) }
                    pages.take(follower.takePage(endpoint, token: token))
                }
            }
            #expect(pages.problem == nil && calls < 300)
        }
        let source = Source(
            rawSHA256: "", transformVersion: transformVersion, responses: calls, responsesOK: calls,
            endpoints: adapter.endpoints.map { ($0.id, Source.EndpointCount()) }, liquidations: .none,
            observedFrom: nil, observedTo: nil)
        let staged = batch.stagedHistory(dataset, hour: Self.hour, source: source, spans: [])
        #expect(staged.rejections.isEmpty)
        return (staged, calls)
    }

    /// The full hours of a span before the one in which everything is asked, by their starts.
    static func starts(_ hours: Int) -> [Int64] { (-hours..<0).map { hour.advanced(by: $0).startMilliseconds } }

    static func isIn(_ time: Timestamp, _ hours: Int) -> Bool {
        time >= hour.advanced(by: -hours).startTime && time < hour.startTime
    }
}

/// A contract of a simulated exchange, and how much its exchange rounds.
struct SimulatedContract: CustomTestStringConvertible, Sendable {
    var exchange: Exchange
    var symbol: String
    var testDescription: String { "\(exchange.id) \(symbol)" }

    init(_ exchange: Exchange, _ symbol: String) {
        self.exchange = exchange
        self.symbol = symbol
    }
}

@Suite("The simulated past of the exchanges after the first nine")
struct SimulatedHistorySecondTests {
    /// The main contract of each exchange, inverse ones, and such as count thousands of coins.
    static let contracts: [SimulatedContract] = [
        SimulatedContract(.deribit, "BTC_USDC-PERPETUAL"), SimulatedContract(.deribit, "BTC-PERPETUAL"),
        SimulatedContract(.krakenFutures, "PF_XBTUSD"), SimulatedContract(.krakenFutures, "PI_XBTUSD"),
        SimulatedContract(.mexc, "BTC_USDT"), SimulatedContract(.mexc, "BTC_USD"),
        SimulatedContract(.mexc, "SHIB_USDT"),
        SimulatedContract(.kucoin, "XBTUSDTM"), SimulatedContract(.kucoin, "XBTUSDM"),
        SimulatedContract(.kucoin, "KAITOUSDTM"),
        SimulatedContract(.bingx, "BTC-USDT"), SimulatedContract(.bingx, "1000PEPE-USDT"),
        SimulatedContract(.lighter, "BTC"), SimulatedContract(.lighter, "1000PEPE"),
        SimulatedContract(.htx, "BTC-USDT"), SimulatedContract(.htx, "1INCH-USDT"),
        SimulatedContract(.edgex, "BTCUSDC"), SimulatedContract(.edgex, "1000PEPEUSDC"),
        SimulatedContract(.pacifica, "BTC"), SimulatedContract(.pacifica, "kPEPE"),
        SimulatedContract(.backpack, "BTC_USDC_PERP"), SimulatedContract(.backpack, "kPEPE_USDC_PERP"),
        SimulatedContract(.extended, "BTC-USD"), SimulatedContract(.extended, "1000PEPE-USD"),
    ]

    /// Those whose past needs more than one call, with the hours that are asked about.
    private static let long = contracts.filter { $0.symbol.contains("BTC") || $0.symbol.contains("XBTUSDT") }

    @Test("each hour stands once, and a candle closes at the price that tickers had at its end", arguments: contracts)
    func candles(contract: SimulatedContract) throws {
        let past = SimulatedPast(exchange: contract.exchange, symbol: contract.symbol)
        let listing = try #require(past.moment.listing(contract.symbol))
        for dataset in HistoryDataset.allCases {
            guard let kind = dataset.price, contract.exchange.historyDepth(dataset) != .none else { continue }
            let candles = try past.told(dataset, hours: 60).staged.candles.filter { SimulatedPast.isIn($0.from, 60) }
            #expect(candles.map(\.from.milliseconds) == SimulatedPast.starts(60), "\(dataset)")
            #expect(candles.allSatisfy { $0.priceKind == kind && $0.symbol == contract.symbol })
            let step = 0.51 / powersOfTen[listing.pricePlaces] / listing.unit
            for candle in candles {
                let end = past.moment.at(candle.from.milliseconds + Hour.milliseconds).quote(listing)
                let price = kind == .last ? end.last : kind == .mark ? end.mark : end.index
                #expect(abs(candle.close - price / listing.unit) <= step, "\(dataset) \(candle.from)")
                #expect(candle.low <= min(candle.open, candle.close) && candle.high >= max(candle.open, candle.close))
            }
        }
    }

    /// Whether an exchange states volume in coins; dollars are known of each, stated or at the candle's price.
    private static func statesCoins(_ contract: SimulatedContract) -> Bool {
        switch contract.exchange {
        case .krakenFutures: contract.symbol != "PI_XBTUSD"
        case .kucoin: contract.symbol != "XBTUSDM"
        default: true
        }
    }

    @Test("volume is in coins and in dollars, counted once, whatever the exchange counts", arguments: contracts)
    func volume(contract: SimulatedContract) throws {
        let past = SimulatedPast(exchange: contract.exchange, symbol: contract.symbol)
        let listing = try #require(past.moment.listing(contract.symbol))
        let candles = try past.told(.candles, hours: 24).staged.candles.filter { SimulatedPast.isIn($0.from, 24) }
        let truth = past.moment.candles(of: listing, hours: SimulatedPast.starts(24), price: .last)
        let statesCoins = Self.statesCoins(contract)
        // A whole contract more or less, and the digits that are cut off.
        let contractBase = listing.inverse ? listing.contractSize / truth[0].close : listing.contractSize
        for (candle, told) in zip(candles, truth) {
            #expect((candle.volumeBase != nil) == statesCoins && candle.volumeUSD != nil)
            let step = contractBase + told.volume * 1e-3
            if let volume = candle.volumeBase { #expect(abs(volume / listing.unit - told.volume) <= step) }
            if let dollars = candle.volumeUSD {
                #expect(abs(dollars - told.turnover) <= step * max(told.open, told.close) * 1.01)
            }
        }
    }

    @Test("settlements stand once at the instants of the contract's grid, at the rate of the instant", arguments: contracts)
    func funding(contract: SimulatedContract) throws {
        let past = SimulatedPast(exchange: contract.exchange, symbol: contract.symbol)
        let listing = try #require(past.moment.listing(contract.symbol))
        let settlements = try past.told(.funding, hours: 60).staged.fundingSettlements
            .filter { SimulatedPast.isIn($0.settledAt, 60) }
        // Deribit is paid all the time and tells of each hour.
        let interval = contract.exchange == .deribit ? 1 : listing.interval
        let grid = SimulatedPast.starts(60).filter { $0 % (Int64(interval) * Hour.milliseconds) == 0 }
        #expect(settlements.map(\.settledAt.milliseconds) == grid)
        for settlement in settlements {
            let time = settlement.settledAt.milliseconds
            // Pacifica's rate is fixed an hour before.
            let fixed = contract.exchange == .pacifica ? time - Hour.milliseconds : time
            let rate = past.moment.fundingRate(listing, at: fixed) / (contract.exchange == .deribit ? 8 : 1)
            #expect(abs(settlement.fundingRate - rate) <= 6e-7)
        }
    }

    @Test(
        "open interest of an hour is what the list said then",
        arguments: [
            SimulatedContract(.htx, "BTC-USDT"), SimulatedContract(.extended, "BTC-USD"),
            SimulatedContract(.extended, "1000PEPE-USD"),
        ])
    func openInterest(contract: SimulatedContract) throws {
        let past = SimulatedPast(exchange: contract.exchange, symbol: contract.symbol)
        let listing = try #require(past.moment.listing(contract.symbol))
        let told = try past.told(.openInterest, hours: 60).staged.openInterests
            .filter { SimulatedPast.isIn($0.observedAt, 60) }
        #expect(told.map(\.observedAt.milliseconds) == SimulatedPast.starts(60))
        for figure in told {
            let quote = past.moment.at(figure.observedAt.milliseconds).quote(listing)
            let price = contract.exchange == .htx ? quote.last : quote.mark
            let step = listing.contractSize + quote.openInterest * 1e-6
            #expect(abs(try #require(figure.base) / listing.unit - quote.openInterest) <= step)
            #expect(abs(try #require(figure.usd) - quote.openInterest * price) <= step * price * 1.01)
        }
    }

    @Test("HTX tells of top traders' accounts and positions, and of each liquidation once")
    func htx() throws {
        let past = SimulatedPast(exchange: .htx, symbol: "BTC-USDT")
        let listing = try #require(past.moment.listing("BTC-USDT"))
        let ratios = try past.told(.longShort, hours: 24).staged.longShortRatios
            .filter { SimulatedPast.isIn($0.observedAt, 24) }
        #expect(ratios.filter { $0.population == .topAccounts }.map(\.observedAt.milliseconds) == SimulatedPast.starts(24))
        #expect(ratios.filter { $0.population == .topPositions }.count == 24)
        for ratio in ratios where ratio.population == .topAccounts {
            let long = past.moment.longFraction(listing, population: 0, at: ratio.observedAt.milliseconds)
            #expect(abs(ratio.longFraction - long) <= 6e-5)
        }
        let told = try past.told(.liquidations, hours: 60)
        let events = past.moment.liquidations(
            [listing], from: SimulatedPast.starts(60)[0], to: SimulatedPast.hour.startMilliseconds)
        #expect(told.calls >= 2 && !events.isEmpty)
        #expect(told.staged.liquidations.map(\.occurredAt.milliseconds) == events.map(\.time))
    }

    @Test("a span that takes many calls has each hour once", arguments: long)
    func manyCalls(contract: SimulatedContract) throws {
        let past = SimulatedPast(exchange: contract.exchange, symbol: contract.symbol)
        let listing = try #require(past.moment.listing(contract.symbol))
        let hours = 2100
        let candles = try past.told(.candles, hours: hours)
        #expect(
            candles.staged.candles.filter { SimulatedPast.isIn($0.from, hours) }.map(\.from.milliseconds)
                == SimulatedPast.starts(hours))
        #expect(candles.calls > 1 || contract.exchange == .pacifica)
        // Kraken's answer, which is one, has a week here.
        guard contract.exchange != .krakenFutures else { return }
        let funding = try past.told(.funding, hours: hours)
        let interval = contract.exchange == .deribit ? 1 : listing.interval
        let grid = SimulatedPast.starts(hours).filter { $0 % (Int64(interval) * Hour.milliseconds) == 0 }
        #expect(
            funding.staged.fundingSettlements.filter { SimulatedPast.isIn($0.settledAt, hours) }
                .map(\.settledAt.milliseconds) == grid)
        #expect(funding.calls > 1 || contract.exchange == .pacifica)
    }

    @Test("HTX tells of open interest for 200 hours, of which the newest still runs")
    func depth() throws {
        let past = SimulatedPast(exchange: .htx, symbol: "BTC-USDT")
        let told = try past.told(.openInterest, hours: 500)
        #expect(told.calls == 1)
        #expect(told.staged.openInterests.map(\.observedAt.milliseconds) == SimulatedPast.starts(199))
    }
}
