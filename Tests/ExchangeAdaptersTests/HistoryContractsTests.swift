import JSONReader
import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("What is asked of the past")
struct HistoryContractsTests {
    private let from = Hour("2026-11-01T00")!
    private let to = Hour("2026-11-03T00")!

    /// Three contracts of Bybit: BTC and ETH since long ago, NEW since the second day.
    private func contracts(_ dataset: HistoryDataset = .candles) throws -> HistoryContracts {
        let listed = Hour("2026-11-02T06")!.startMilliseconds
        func row(_ base: String, _ launch: Int64) -> String {
            """
            {"symbol":"\(base)USDT","contractType":"LinearPerpetual","status":"Trading","baseCoin":"\(base)",
            "quoteCoin":"USDT","settleCoin":"USDT","launchTime":"\(launch)","fundingInterval":480,"symbolType":""}
            """
        }
        let rows = [row("ETH", 1), row("BTC", 1), row("NEW", listed)].joined(separator: ",")
        let body = #"{"retCode":0,"retMsg":"OK","result":{"list":[\#(rows)],"nextPageCursor":""},"time":1}"#
        var contracts = HistoryContracts(Bybit.adapter, dataset)
        let parser = JSONParser()
        contracts.read(
            list: Response(
                endpoint: "instruments", url: "https://api.bybit.com/v5/market/instruments-info?category=linear",
                receivedAt: to.startTime, body: try parser.parse(ByteBuffer(Array(body.utf8)))))
        return contracts
    }

    private func parts(
        assets: [String] = [], first: [String] = [], answered: [HistorySpan] = []
    ) throws -> [HistoryPart] {
        try contracts().parts(
            assets: assets, first: first, from: from.startTime, to: to.startTime, answered: answered)
    }

    @Test("contracts of the assets that come first, then the others by symbol; none before its listing")
    func order() throws {
        let parts = try parts(first: ["ETH"])
        #expect(parts.map(\.span.symbol) == ["ETHUSDT", "BTCUSDT", "NEWUSDT"])
        #expect(parts[2].span.from == Hour("2026-11-02T06")!.startTime)
        #expect(parts.allSatisfy { $0.span.to == to.startTime })
        #expect(try self.parts(assets: ["BTC"]).map(\.span.symbol) == ["BTCUSDT"])
    }

    @Test("what was answered is not asked again, and what lies between is")
    func answered() throws {
        let day = Hour("2026-11-02T00")!
        let spans = [
            HistorySpan(symbol: "BTCUSDT", from: from.startTime, to: day.startTime),
            HistorySpan(symbol: "BTCUSDT", from: day.advanced(by: 2).startTime, to: to.startTime),
            HistorySpan(symbol: "ETHUSDT", from: from.startTime, to: to.startTime),
        ]
        let parts = try parts(assets: ["BTC", "ETH"], answered: spans)
        #expect(
            parts.map(\.span) == [
                HistorySpan(symbol: "BTCUSDT", from: day.startTime, to: day.advanced(by: 2).startTime)
            ])
        let everything = [HistorySpan(symbol: "", from: from.startTime, to: to.startTime)]
        #expect(try self.parts(answered: everything).isEmpty)
    }

    @Test("a span without others is cut where they lie, whatever their order and however they overlap")
    func without() {
        func span(_ from: Int64, _ to: Int64) -> HistorySpan {
            HistorySpan(symbol: "X", from: Timestamp(milliseconds: from), to: Timestamp(milliseconds: to))
        }
        #expect(span(0, 100).without([]) == [span(0, 100)])
        #expect(span(0, 100).without([span(60, 70), span(10, 30), span(20, 40)]) == [span(0, 10), span(40, 60), span(70, 100)])
        #expect(span(0, 100).without([span(0, 100)]) == [])
        #expect(span(0, 100).without([span(90, 200), span(0, 5)]) == [span(5, 90)])
    }

    @Test("both ends are always sent to Bybit, to which a start alone is an error, and pages go back from the newest")
    func pages() throws {
        let contracts = try contracts()
        let part = try #require(
            contracts.parts(
                assets: ["BTC"], first: [], from: from.startTime, to: to.startTime, answered: []
            ).first)
        var questions = contracts.questions(part)
        let url = try #require(questions.request?.url)
        let last = to.startMilliseconds - 1
        #expect(url.contains("symbol=BTCUSDT&start=\(from.startMilliseconds)&end=\(last)&interval=60&limit=1000"))
        // An answer that reaches the start ends the part.
        let body =
            #"{"retCode":0,"retMsg":"OK","result":{"list":[["\#(from.startMilliseconds)","1","2","1","2","3","4"]]},"time":1}"#
        let parser = JSONParser()
        questions.take(
            Response(
                endpoint: "history_candles", url: url, symbol: "BTCUSDT", receivedAt: to.startTime,
                body: try parser.parse(ByteBuffer(Array(body.utf8)))))
        #expect(questions.request == nil)
        #expect(questions.problem == nil)
    }

    @Test("a contract that was listed and trades has candles: an empty answer is asked for once more, and then believed")
    func empty() throws {
        for (dataset, calls) in [(HistoryDataset.candles, 2), (.openInterest, 1)] {
            let contracts = try contracts(dataset)
            let part = try #require(
                contracts.parts(
                    assets: ["BTC"], first: [], from: from.startTime, to: to.startTime, answered: []
                ).first)
            var questions = contracts.questions(part)
            let body = #"{"retCode":0,"retMsg":"OK","result":{"list":[]},"time":1}"#
            let parser = JSONParser()
            var asked: [String] = []
            while let request = questions.request {
                asked.append(request.url)
                questions.take(
                    Response(
                        endpoint: "history_\(dataset.rawValue)", url: request.url, symbol: "BTCUSDT",
                        receivedAt: to.startTime, body: try parser.parse(ByteBuffer(Array(body.utf8)))))
            }
            #expect(asked.count == calls && Set(asked).count == 1)
            #expect(questions.problem == nil)
        }
    }
}
