import PerpCore
import Testing

@testable import ExchangeAdapters
@testable import SimulatedMarket

private let market = Market(seed: 7, size: .small)
private let noon = Hour("2025-10-23T12")!  // a literal hour of the calendar

/// An exchange whose past the simulator tells, one of its contracts, and the call for its list of instruments.
private struct Place: CustomTestStringConvertible, Sendable {
    var exchange: Exchange
    var symbol: String
    var list: String
    var target: String
    var body: String?

    var testDescription: String { exchange.id }

    var moment: Moment { Moment(market: market, exchange: exchange, hour: noon) }

    func respond(_ target: String, _ body: String?) -> SimulatedResponse {
        market.respond(
            to: SimulatedRequest(
                exchange: exchange, method: body == nil ? "GET" : "POST", target: target, body: body ?? ""),
            at: noon)
    }

    /// What the exchange tells of the hours before noon.
    func ask(_ endpoint: HistoryEndpoint, hours: Int64) throws -> HistoryRun {
        let list = TestResponse(list, String(decoding: respond(target, body).body, as: UTF8.self))
        let question = try historyQuestion(
            exchange, symbol, from: noon.startMilliseconds - hours * Hour.milliseconds, to: noon.startMilliseconds)
        return try ExchangeAdaptersTests.ask(
            exchange, endpoint, question, lists: [list], receivedAt: moment.time
        ) { call in
            let response = respond(call.path, call.body)
            #expect(response.status == 200, "\(call.path)")
            return String(decoding: response.body, as: UTF8.self)
        }
    }
}

private let places = [
    Place(exchange: .binance, symbol: "BTCUSDT", list: "exchange_info", target: "/fapi/v1/exchangeInfo"),
    Place(exchange: .aster, symbol: "BTCUSDT", list: "exchange_info", target: "/fapi/v1/exchangeInfo"),
    Place(exchange: .binanceCOINM, symbol: "BTCUSD_PERP", list: "exchange_info", target: "/dapi/v1/exchangeInfo"),
    Place(
        exchange: .okx, symbol: "BTC-USDT-SWAP", list: "instruments", target: "/api/v5/public/instruments?instType=SWAP"),
    Place(
        exchange: .okx, symbol: "BTC-USD-SWAP", list: "instruments", target: "/api/v5/public/instruments?instType=SWAP"),
    Place(
        exchange: .bybit, symbol: "BTCUSDT", list: "instruments",
        target: "/v5/market/instruments-info?category=linear&limit=1000"),
    Place(exchange: .gate, symbol: "BTC_USDT", list: "contracts", target: "/api/v4/futures/usdt/contracts"),
    Place(
        exchange: .bitget, symbol: "BTCUSDT", list: "contracts",
        target: "/api/v2/mix/market/contracts?productType=USDT-FUTURES"),
    Place(
        exchange: .hyperliquid, symbol: "kPEPE", list: "meta_and_asset_ctxs", target: "/info",
        body: #"{"type":"metaAndAssetCtxs"}"#),
    Place(exchange: .dydx, symbol: "BTC-USD", list: "perpetual_markets", target: "/v4/perpetualMarkets"),
]

/// The starts of the hours before noon, oldest first.
private func hours(_ count: Int64) -> [Int64] {
    (1...count).reversed().map { noon.startMilliseconds - $0 * Hour.milliseconds }
}

private func isInSpan(_ time: Timestamp, _ count: Int64) -> Bool {
    time.milliseconds >= noon.startMilliseconds - count * Hour.milliseconds && time < noon.startTime
}

@Suite("The past that the simulator tells, by the adapters' own pages")
struct SimulatedHistoryTests {
    @Test("each hour has one candle of each price, which closes at the price of that instant", arguments: places)
    private func candles(place: Place) throws {
        let listing = try #require(place.moment.listing(place.symbol))
        for endpoint in Adapter.adapter(for: place.exchange).history {
            guard let price = endpoint.dataset.price else { continue }
            let run = try place.ask(endpoint, hours: 60)
            #expect(run.problem == nil && run.staged.rejections == [], "\(endpoint.id)")
            let found = run.staged.candles.filter { isInSpan($0.from, 60) }
            #expect(found.map(\.from.milliseconds) == hours(60), "\(endpoint.id)")
            for candle in found {
                let quote = place.moment.at(candle.from.milliseconds + Hour.milliseconds).quote(listing)
                let value = price == .last ? quote.last : price == .mark ? quote.mark : quote.index
                let half = 0.51 / powersOfTen[max(1, listing.pricePlaces - 1)]
                #expect(abs(candle.close * listing.unit - value) <= half, "\(endpoint.id) \(candle.from)")
                #expect(candle.low <= min(candle.open, candle.close) && candle.high >= max(candle.open, candle.close))
                #expect((candle.volumeBase ?? 0 > 0) == (price == .last))
            }
        }
    }

    @Test("24 candles have about the volume of the day that the live answer states", arguments: places)
    private func volumes(place: Place) throws {
        let listing = try #require(place.moment.listing(place.symbol))
        let run = try place.ask(try historyEndpoint(place.exchange, "history_candles"), hours: 24)
        let found = run.staged.candles.filter { isInSpan($0.from, 24) }
        let day = place.moment.quote(listing)
        let coins = found.compactMap(\.volumeBase).reduce(0, +)
        #expect(coins / (day.volume * listing.unit) > 0.5 && coins / (day.volume * listing.unit) < 2)
        if place.exchange != .hyperliquid {
            let dollars = found.compactMap(\.volumeUSD).reduce(0, +)
            #expect(dollars / day.turnover > 0.5 && dollars / day.turnover < 2)
        }
    }

    @Test("each settlement of the grid is found once, with its rate", arguments: places)
    private func funding(place: Place) throws {
        let listing = try #require(place.moment.listing(place.symbol))
        let run = try place.ask(try historyEndpoint(place.exchange, "history_funding"), hours: 60)
        #expect(run.problem == nil && run.staged.rejections == [])
        let found = run.staged.fundingSettlements.filter { isInSpan($0.settledAt, 60) }
        let grid = place.moment.settlements(of: listing, from: hours(60)[0], to: noon.startMilliseconds - 1)
        #expect(found.map(\.settledAt.milliseconds) == grid)
        for settlement in found {
            let rate = place.moment.fundingRate(listing, at: settlement.settledAt.milliseconds)
            #expect(abs(settlement.fundingRate - rate) <= 0.51e-6)
        }
    }

    @Test("each hour has one figure of open interest, that of the instant", arguments: places)
    private func openInterest(place: Place) throws {
        guard let endpoint = Adapter.adapter(for: place.exchange).history.first(where: { $0.dataset == .openInterest })
        else { return }
        let listing = try #require(place.moment.listing(place.symbol))
        let run = try place.ask(endpoint, hours: 60)
        #expect(run.problem == nil && run.staged.rejections == [])
        let found = run.staged.openInterests.filter { isInSpan($0.observedAt, 60) }
        #expect(found.map(\.observedAt.milliseconds) == hours(60))
        for figure in found {
            let quote = place.moment.at(figure.observedAt.milliseconds).quote(listing)
            if let base = figure.base { #expect(abs(base / quote.openInterest - 1) < 1e-3) }
            if let dollars = figure.usd { #expect(abs(dollars / (quote.openInterest * quote.mark) - 1) < 1e-3) }
            #expect(figure.base != nil || figure.usd != nil)
        }
    }

    @Test("each hour has one ratio of each population, that of the instant", arguments: places)
    private func ratios(place: Place) throws {
        let listing = try #require(place.moment.listing(place.symbol))
        let endpoints = Adapter.adapter(for: place.exchange).history.filter { $0.dataset == .longShort }
        var populations: Set<LongShortRatio.Population> = []
        for endpoint in endpoints {
            let run = try place.ask(endpoint, hours: 60)
            #expect(run.problem == nil && run.staged.rejections == [], "\(endpoint.id)")
            let found = run.staged.longShortRatios.filter { isInSpan($0.observedAt, 60) }
            for (population, number) in [
                (LongShortRatio.Population.accounts, UInt64(0)), (.topAccounts, 1), (.topPositions, 2), (.taker, 3),
            ] {
                let rows = found.filter { $0.population == population }
                if rows.isEmpty { continue }
                populations.insert(population)
                #expect(rows.map(\.observedAt.milliseconds) == hours(60), "\(endpoint.id)")
                for row in rows {
                    let long = place.moment.longFraction(
                        listing, population: number, at: row.observedAt.milliseconds)
                    #expect(abs(row.longFraction - long) < 1e-3, "\(endpoint.id)")
                }
            }
        }
        if !endpoints.isEmpty { #expect(populations.count == (place.exchange == .bybit ? 1 : 4)) }
    }

    @Test("liquidations are those of the span, each once", arguments: places)
    private func liquidations(place: Place) throws {
        guard let endpoint = Adapter.adapter(for: place.exchange).history.first(where: { $0.dataset == .liquidations })
        else { return }
        let listing = try #require(place.moment.listing(place.symbol))
        let run = try place.ask(endpoint, hours: 20)
        #expect(run.problem == nil)
        let found = run.staged.liquidations.filter { isInSpan($0.occurredAt, 20) && $0.symbol == place.symbol }
        let events = place.moment.liquidations([listing], from: hours(20)[0], to: noon.startMilliseconds)
        #expect(Set(found.map(\.occurredAt.milliseconds)) == Set(events.map(\.time)))
        #expect(found.count >= events.count && !events.isEmpty)
        // Steps of one closing are rows of their own at Gate.
        if place.exchange != .gate { #expect(found.count == events.count) }
        let size = found.compactMap(\.quantityContracts).reduce(0, +)
        if place.exchange == .gate || place.exchange == .okx {
            #expect(size == Double(events.map(\.contracts).reduce(0, +)))
        }
    }

    // MARK: - Depth

    @Test("what is older than an exchange tells of is an error or an empty list, as the exchange has it")
    func depth() throws {
        let old = noon.startMilliseconds - 100 * 24 * Hour.milliseconds
        func answer(_ index: Int, _ target: String, _ body: String? = nil) -> String {
            String(decoding: places[index].respond(target, body).body, as: UTF8.self)
        }
        #expect(
            answer(0, "/futures/data/openInterestHist?symbol=BTCUSDT&period=1h&startTime=\(old)&endTime=\(old + 1)&limit=500")
                == #"{"code":-1130,"msg":"parameter 'startTime' is invalid."}"#)
        #expect(
            answer(2, "/dapi/v1/klines?symbol=BTCUSD_PERP&interval=1h&startTime=1&endTime=\(old)")
                == #"{"code":-4088,"msg":"Maximum time interval is 200 days."}"#)
        #expect(
            answer(3, "/api/v5/public/funding-rate-history?instId=BTC-USDT-SWAP&after=\(old)&limit=100")
                == #"{"code":"0","data":[],"msg":""}"#)
        #expect(
            answer(3, "/api/v5/rubik/stat/contracts/open-interest-history?instId=BTC-USDT-SWAP&period=1H&begin=\(old)&end=\(old + 9_000_000)")
                == #"{"code":"0","data":[],"msg":""}"#)
        #expect(answer(6, "/api/v4/futures/usdt/liq_orders?from=\(old / 1000)&to=\(old / 1000 + 3599)&limit=1000") == "[]")
        #expect(
            answer(6, "/api/v4/futures/usdt/candlesticks?contract=BTC_USDT&interval=1h&from=\(old / 1000)")
                .contains("range too broad"))
        let page = answer(7, "/api/v2/mix/market/history-fund-rate?symbol=BTCUSDT&productType=USDT-FUTURES&pageSize=100&pageNo=4")
        #expect(page.contains(#""data":[]"#))
        #expect(
            answer(7, "/api/v2/mix/market/history-candles?symbol=BTCUSDT&productType=USDT-FUTURES&granularity=1H&startTime=\(old)&endTime=\(noon.startMilliseconds)")
                .contains("90 days"))
        #expect(
            answer(8, "/info", #"{"type":"candleSnapshot","req":{"coin":"BTC","interval":"1h","startTime":1,"endTime":\#(old - 5000 * Hour.milliseconds)}}"#)
                == "[]")
        #expect(answer(9, "/v4/candles/perpetualMarkets/BTC-USD?resolution=1HOUR&limit=1001").contains("max: 1000"))
    }

    @Test("the hour that runs is in the answers of those that send it, and in no fact")
    func runningHour() throws {
        for place in places where place.exchange != .bitget {
            let endpoint = try historyEndpoint(place.exchange, "history_candles")
            var question = try historyQuestion(
                place.exchange, place.symbol, from: noon.startMilliseconds - 2 * Hour.milliseconds,
                to: noon.startMilliseconds + Hour.milliseconds)
            question.id = place.symbol
            var rows = 0
            let run = try ask(place.exchange, endpoint, question, receivedAt: place.moment.time) { call in
                let text = String(decoding: place.respond(call.path, call.body).body, as: UTF8.self)
                rows += text.contains("\(noon.start)") || text.contains("\(noon)") ? 1 : 0
                return text
            }
            #expect(rows > 0, "\(place.exchange.id)")
            #expect(run.staged.candles.last?.from.milliseconds == noon.startMilliseconds - Hour.milliseconds)
        }
    }
}
