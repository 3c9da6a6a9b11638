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

    /// A folder of its own for a test, removed after it.
    private static func inFolder<Value>(_ use: (String) throws -> Value) rethrows -> Value {
        let path = FileManager.default.temporaryDirectory.appending(path: "perps-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }  // a leftover of a test harms nobody
        return try use(path)
    }

    /// Makes the pages of an hour; no raw file is there to explain numbers with.
    private static func make(_ number: Int, in path: String) throws -> SiteFolder.Result {
        let hour = start.advanced(by: number)
        let folder = SiteFolder(path)
        let archive = ArchivePaths(raw: "\(path)/raw", staged: "\(path)/staged")
        _ = try SiteMaker(try warehouse(), now: hour.end, SiteSettings(archive: archive)).makePages(in: folder) { hour }
        try folder.removeOthers()
        return folder.result
    }

    private static func pages(_ number: Int) throws -> [String: String] {
        try inFolder { path in
            _ = try make(number, in: path)
            let names = try #require(FileManager.default.enumerator(atPath: path)).compactMap { $0 as? String }
            return Dictionary(
                uniqueKeysWithValues: try names.filter { $0.hasSuffix(".html") }.map {
                    ($0, try String(contentsOfFile: "\(path)/\($0)", encoding: .utf8))
                })
        }
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
        let explained = names.filter { $0.hasPrefix("explain/") }
        #expect(explained.isSuperset(of: ["explain/market-score.html", "explain/BTC-price-1.html"]))
        #expect(names.count - explained.count == 9)
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
        let answer = try PageReader(warehouse).answer(.references, of: Self.start)
        #expect(!answer.sql.contains("?1") && answer.sql.contains("\(Self.start.start)"))
        #expect(try warehouse.storedRows(answer.sql, []) == answer.rows)
        #expect(PageReader.written("a = ?1 AND b = ?2 ", [.text("it's"), .missing]) == "a = 'it''s' AND b = NULL")
    }

    @Test("only what changed is written, pages of what is gone are removed, and other files are left")
    func folder() throws {
        try Self.inFolder { path in try Self.changes(in: path) }
    }

    private static func changes(in path: String) throws {
        let frame = SiteFrame(hour: start, assets: [], exchangeIDs: [])
        let market = MarketPage(frame, MarketRows()).page
        let signals = SignalsPage(frame, SignalRows()).page
        let first = SiteFolder(path)
        try first.putAll(2) { [market, signals][$0] }
        try first.removeOthers()
        #expect("\(first.result)" == "2 written, 0 unchanged, 0 removed")
        try Data("kept".utf8).write(to: URL(filePath: "\(path)/published.json"))
        let second = SiteFolder(path)
        try second.putAll(1) { _ in market }
        try second.removeOthers()
        #expect("\(second.result)" == "0 written, 1 unchanged, 1 removed")
        #expect(try FileSystem.names(in: path).sorted() == ["index.html", "published.json"])
    }

    @Test("pages of the same hour are left alone, byte for byte and file for file")
    func unchanged() throws {
        try Self.inFolder { path in
            let first = try Self.make(4, in: path)
            #expect(first.unchanged == 0 && first.written > 9)
            func number(_ name: String) throws -> Any? {
                try FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")[.systemFileNumber]
            }
            let before = try #require(try number("index.html") as? Int)
            let second = try Self.make(4, in: path)
            #expect(second.written == 0 && second.unchanged == first.written && second.removed == 0)
            #expect(try number("index.html") as? Int == before)
        }
    }

    @Test("what a page says at its top is in it as JSON")
    func numbers() throws {
        let index = try #require(try Self.pages(4)["index.html"])
        let start = try #require(index.range(of: "id=\"page.data\" type=\"application/json\">") ?? index.range(of: "id=\"page.data\">"))
        let end = try #require(index.range(of: "</script>", range: start.upperBound..<index.endIndex))
        let object = try JSONSerialization.jsonObject(with: Data(index[start.upperBound..<end.lowerBound].utf8)) as? [String: Any]
        #expect((object?["numbers"] as? [[String: Any]])?.contains { $0["name"] as? String == "Exchanges" && $0["value"] as? String == "2 of 2" } == true)
        #expect(object?["as_of_ms"] as? Int == Int(Self.start.advanced(by: 4).startMilliseconds))
    }

    @Test("each smaller coin has its turn once in the hours, and all have it where that is one")
    func turns() {
        var settings = SiteSettings()
        let coins = (0..<240).map { "COIN\($0)" }
        let hours = (0..<12).map { Self.start.advanced(by: $0) }
        #expect(coins.allSatisfy { settings.isDue($0, in: hours[1], since: hours[0]) })
        settings.everyHours = 6
        let turns = (1...6).map { number in
            coins.count { settings.isDue($0, in: hours[number], since: hours[number - 1]) }
        }
        #expect(turns.reduce(0, +) == 240 && turns.allSatisfy { (30...50).contains($0) }, "\(turns)")
        #expect(
            coins.allSatisfy {
                settings.isDue($0, in: hours[1], since: hours[0]) == settings.isDue($0, in: hours[7], since: hours[6])
            })
    }

    @Test("a coin that missed its turn has it as soon as its page is as old as a round, and one without a page at once")
    func missedTurns() {
        var settings = SiteSettings()
        settings.everyHours = 6
        let coins = (0..<50).map { "COIN\($0)" }
        #expect(coins.allSatisfy { settings.isDue($0, in: Self.start.advanced(by: 6), since: Self.start) })
        #expect(coins.allSatisfy { settings.isDue($0, in: Self.start, since: nil) })
        #expect(coins.allSatisfy { settings.isDue($0, in: Self.start, since: Self.start.next) }, "of a later hour")
        #expect(!coins.allSatisfy { settings.isDue($0, in: Self.start.advanced(by: 5), since: Self.start) })
    }

    @Test("a page says of when it is, and files of others stay, whatever their names")
    func strangers() throws {
        try Self.inFolder { path in
            _ = try Self.make(4, in: path)
            let folder = SiteFolder(path)
            #expect(folder.hourOfPage("index.html") == Self.start.advanced(by: 4))
            for name in ["about.html", "coin/notes.html", "coin/.half.html.tmp"] {
                try Data("mine".utf8).write(to: URL(filePath: "\(path)/\(name)"))
            }
            #expect(folder.hourOfPage("about.html") == nil && folder.hourOfPage("none.html") == nil)
            _ = try Self.make(4, in: path)
            #expect(try FileSystem.names(in: path).contains("about.html"))
            #expect(try FileSystem.names(in: "\(path)/coin").contains("notes.html"))
            #expect(try !FileSystem.names(in: "\(path)/coin").contains(".half.html.tmp"))
        }
    }
}
