import Foundation
import PerpCore
import PipelineFiles
import Sealing
import Testing

@testable import Pages
@testable import Warehouse
@testable import page

@Suite("From a warehouse to pages")
struct SiteTests {
    private static let start = Hour("2026-01-01T00")!  // a literal
    private static let hostile = "</script><img src=x onerror=alert(1)>\"'&\u{202E}\(String(repeating: "W", count: 120))"

    /// Five hours of BTC on two exchanges, of which one is not there in the fourth hour; a contract has a hostile name.
    private static func warehouse() throws -> Warehouse {
        let warehouse = try Warehouse()
        for number in 0..<5 {
            for exchange in [Exchange.binance, .okx] where !(exchange == .okx && number == 3) {
                let staged = staged(exchange, number)
                _ = try warehouse.load(
                    staged,
                    from: LoadedFile(
                        path: "staged/\(staged.hour.path)/\(exchange.id).ndjson.gz",
                        stagedSHA256: staged.source.rawSHA256, loadedAt: staged.hour.end))
            }
        }
        try warehouse.seal()
        return warehouse
    }

    private static func staged(_ exchange: Exchange, _ number: Int) -> StagedHour {
        let hour = start.advanced(by: number)
        let source = Source(
            rawSHA256: "raw \(exchange.id) \(number)", transformVersion: 2, responses: 1, responsesOK: 1,
            endpoints: [("tickers", .init(ok: 1, rows: 1))], liquidations: .none, observedFrom: hour.startTime,
            observedTo: hour.startTime)
        var staged = StagedHour(exchange: exchange, hour: hour, source: source)
        staged.tickers = [("BTCUSDT", "BTC"), ("\(hostile)USDT", hostile)].map { symbol, asset in
            var ticker = Ticker(
                symbol: symbol, asset: asset, kind: .linear, contract: .perpetual, quote: "USDT",
                observedAt: hour.startTime.advanced(byMilliseconds: 120_000))
            ticker.markPrice = 100 + Double(number)
            ticker.volumeUSD24h = 1e9
            ticker.openInterestUSD = 5e8
            ticker.fundingRate = 0.0001
            ticker.fundingIntervalHours = 8
            ticker.nextFundingAt = start.advanced(by: 8).startTime
            return ticker
        }
        return staged
    }

    private static func pages(_ number: Int) throws -> [String: String] {
        var files: [String: String] = [:]
        let hour = start.advanced(by: number)
        try SiteMaker(try warehouse(), hour, now: hour.end, fees: TakerFees()).makePages { files[$0.path] = $0.page.html }
        return files
    }

    @Test("there is a page of each kind, and hostile names make files of letters and digits")
    func files() throws {
        let files = try Self.pages(4)
        let names = Set(files.keys)
        #expect(
            names.isSuperset(of: [
                "index.html", "quality.html", "signals.html", "exchanges.html", "coins.html", "coin/BTC.html",
                "exchange/binance.html", "exchange/okx.html",
            ]))
        #expect(names.count == 9)
        for name in names { #expect(name.utf8.count < 100 && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./".contains($0)) }) }
    }

    @Test("no page asks for anything, each has its policy, none is large, and hostile names are text")
    func safety() throws {
        for (name, html) in try Self.pages(4) {
            #expect(html.contains("Content-Security-Policy") && html.contains("default-src &#39;none&#39;"), "\(name)")
            for mark in ["src=\"http", "href=\"http", "url(http", "@import", "<img", "<link rel=\"stylesheet"] {
                #expect(!html.contains(mark), "\(name): \(mark)")
            }
            #expect(html.utf8.count <= 500_000, "\(name)")
            #expect(!html.contains("\u{202E}"), "\(name)")
        }
    }

    @Test("an exchange that is missing is said, and its numbers are not made up")
    func missing() throws {
        let index = try #require(try Self.pages(3)["index.html"])
        #expect(index.contains("OKX is missing"))
        #expect(index.contains("1 of 2 exchanges") || index.contains("1 of 2"))
        #expect(try Self.pages(4)["index.html"]?.contains("OKX is missing") == false)
    }

    @Test("a query that a page shows has its values, and gives what the page shows")
    func queries() throws {
        let warehouse = try Self.warehouse()
        let answer = try PageReader(warehouse).references(Self.start)
        #expect(!answer.sql.contains("?1") && answer.sql.contains("\(Self.start.start)"))
        #expect(try warehouse.storedRows(answer.sql, []) == answer.rows)
        #expect(PageReader.written("a = ?1 AND b = ?2 ", [.text("it's"), .missing]) == "a = 'it''s' AND b = NULL")
    }

    @Test("only what changed is written, pages of what is gone are removed, and other files are left")
    func folder() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }  // a leftover of a test harms nobody
        let frame = SiteFrame(hour: Self.start, assets: [], exchangeIDs: [])
        let market = MarketPage(frame, MarketRows()).page
        let signals = SignalsPage(frame, SignalRows()).page
        let first = SiteFolder(path)
        try first.put(market)
        try first.put(signals)
        try first.removeOthers()
        #expect("\(first.result)" == "2 written, 0 unchanged, 0 removed")
        try Data("kept".utf8).write(to: URL(filePath: "\(path)/published.json"))
        let second = SiteFolder(path)
        try second.put(market)
        try second.removeOthers()
        #expect("\(second.result)" == "0 written, 1 unchanged, 1 removed")
        #expect(try FileSystem.names(in: path).sorted() == ["index.html", "published.json"])
    }
}
