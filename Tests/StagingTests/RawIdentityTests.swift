import ExchangeAdapters
import Foundation
import PerpCore
import Testing

@testable import PipelineFiles
@testable import Staging

@Suite("Whose file a raw file is")
struct RawIdentityTests {
    private let hour = Hour("2025-10-23T15")!  // a literal hour

    private func at(_ minutes: Int64) -> Timestamp { hour.startTime.advanced(byMilliseconds: minutes * 60_000) }

    private func asked(_ endpoint: String, _ minutes: Int64, of exchange: Exchange = .bybit) -> RawLineOrigin {
        RawLineOrigin(
            exchange: exchange, endpoint: endpoint, dataset: nil, isOfStream: false, sentAt: at(minutes), heardAt: at(minutes))
    }

    private func heard(_ minutes: Int64) -> RawLineOrigin {
        RawLineOrigin(exchange: .bybit, endpoint: nil, dataset: nil, isOfStream: true, sentAt: nil, heardAt: at(minutes))
    }

    private func answered(_ dataset: HistoryDataset) -> RawLineOrigin {
        RawLineOrigin(exchange: .bybit, endpoint: nil, dataset: dataset, isOfStream: false, sentAt: nil, heardAt: nil)
    }

    private func identity(_ lines: RawLineOrigin...) throws -> RawIdentity {
        var stated = StatedOrigin()
        for line in lines { stated.add(line) }
        return try stated.identity(of: "x")
    }

    @Test("responses are live, of the hour of the first request")
    func live() throws {
        #expect(try identity(asked("tickers", 2), asked("instruments", 61)) == .hour(.bybit, hour, .live))
    }

    @Test("lines of connections are of a stream, of the hour of most of them, whenever its lists were asked for")
    func stream() throws {
        let lines = [asked("instruments", -50), heard(1), heard(2), heard(60)]
        #expect(try identity(lines[0], lines[1], lines[2], lines[3]) == .hour(.bybit, hour, .stream))
    }

    @Test("a stream that was up and silent has a line at either end: it is of the earlier hour")
    func silentStream() throws {
        #expect(try identity(asked("instruments", -50), heard(0), heard(60)) == .hour(.bybit, hour, .stream))
    }

    @Test("an endpoint of the past says the dataset; the file began with it, and not with the list")
    func past() throws {
        let expected = RawIdentity.past(HistoryFile(.bybit, .candles, begunAt: at(3)))
        #expect(try identity(asked("instruments", -90), asked("history_candles", 3), asked("history_candles", 4)) == expected)
        #expect(try identity(asked("history_candles", 4), asked("history_candles", 3), answered(.candles)) == expected)
    }

    @Test("a file of the past in which everything failed but the list still names its dataset")
    func answeredOnly() throws {
        let identity = try identity(asked("instruments", 3), answered(.funding))
        #expect(identity == .past(HistoryFile(.bybit, .funding, begunAt: at(3))))
    }

    @Test("a record of archives needs its path")
    func archives() {
        let series = Adapter.adapter(for: .binance).archives[0]
        #expect(throws: FormatError(path: "x", reason: RawIdentity.namesArchives)) {
            try identity(asked(series.id, 3, of: .binance))
        }
    }

    @Test("lists alone do not say the hour of a stream, and are no live file: the essential answer is missing")
    func listsAlone() {
        #expect(throws: FormatError.self) { try identity(asked("instruments", 3)) }
    }

    @Test("no line, no identity")
    func nothing() { #expect(throws: FormatError(path: "x", reason: "has no line of a raw file")) { try identity() } }

    @Test("the endpoints of the past have other names than the live ones: a name says which it is", arguments: Exchange.allCases)
    func names(exchange: Exchange) {
        let adapter = Adapter.adapter(for: exchange)
        let live = Set(adapter.endpoints.map(\.id))
        let past = Set(adapter.history.map(\.id))
        #expect(live.isDisjoint(with: past) && past.isDisjoint(with: adapter.archives.map(\.id)))
        #expect(live.isDisjoint(with: adapter.archives.map(\.id)))
    }

    @Test(
        "a path says whose file it is, and where the staged one belongs",
        arguments: [
            "2025-10-23/15/okx.ndjson.gz", "2025-10-23/15/okx.stream.ndjson.gz", "history/okx/candles/2026-11-28T173300Z.ndjson.gz",
            "history/binance/open_interest/archive/2026-11-28T173300Z.ndjson.gz",
        ])
    func path(tail: String) {
        let paths = ArchivePaths(staged: "made")
        #expect(RawIdentity(path: "s3://bucket/raw/\(tail)")?.stagedFile(in: paths) == "made/\(tail)")
    }
}
