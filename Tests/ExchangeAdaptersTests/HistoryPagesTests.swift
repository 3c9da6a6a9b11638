import PerpCore
import Testing

@testable import ExchangeAdapters

/// The first instant of the spans, 2026-03-10 00:00 UTC; times below are minutes after it.
private let start: Int64 = 1_773_100_800_000

private func time(_ minutes: Int64) -> Timestamp { Timestamp(milliseconds: start + minutes * 60_000) }

private func minutes(_ time: Timestamp) -> Int64 { (time.milliseconds - start) / 60_000 }

/// What was asked, in minutes.
private struct Asked {
    var spans: [Range<Int64>] = []
    var pages: [Int] = []
    var tokens: [String?] = []
    var problem: String?
}

/// Follows the pages of a span of hours, at most 20 of them. `answer` gives the times of a page's rows and the next token.
private func follow(
    _ paging: HistoryPaging, _ dataset: HistoryDataset = .candles, hours: Range<Int64>,
    answer: (HistoryQuestion) -> (rows: [Int64], token: String?)
) -> Asked {
    let endpoint = HistoryEndpoint(
        dataset, "history_test", "https://exchange.example", limit: "requests", paging: paging,
        ask: { _ in EndpointCall("/") }, read: { (_, _) throws(AdapterError) in })
    var pages = HistoryPages(
        endpoint,
        HistoryQuestion(
            symbol: "BTCUSDT", id: "BTCUSDT", parts: SymbolParts(base: "BTC", quote: "USDT", settle: "USDT"),
            from: time(hours.lowerBound * 60), to: time(hours.upperBound * 60)))
    var asked = Asked()
    while let question = pages.question, asked.spans.count < 20 {
        asked.spans.append(minutes(question.from)..<minutes(question.to))
        asked.pages.append(question.page)
        asked.tokens.append(question.token)
        let page = answer(question)
        pages.take(
            HistoryPage(
                rows: page.rows.count, first: page.rows.min().map(time), last: page.rows.max().map(time),
                token: page.token))
    }
    asked.problem = pages.problem
    return asked
}

/// Rows at full hours, in minutes.
private func hourly(_ hours: Range<Int64>) -> [Int64] { hours.map { $0 * 60 } }

/// An exchange that answers with its rows from a start on, oldest first, at most `limit` of them.
private func oldest(_ rows: [Int64], limit: Int) -> (HistoryQuestion) -> ([Int64], String?) {
    { question in (Array(rows.filter { time($0) >= question.from && time($0) < question.to }.prefix(limit)), nil) }
}

/// An exchange that answers with the newest rows before an end, and with those at the end where `edge` says so.
private func newest(_ rows: [Int64], limit: Int, edge: Bool = false) -> (HistoryQuestion) -> ([Int64], String?) {
    { question in
        let found = rows.filter { edge ? time($0) <= question.to : time($0) < question.to }
        return (Array(found.suffix(limit)), nil)
    }
}

@Suite("Pages of the past")
struct HistoryPagesTests {
    // MARK: - Forwards

    @Test("forwards, each page begins a minute after the newest row, until the last hour of the span has come")
    func forwards() {
        let asked = follow(.forwards, hours: 0..<10, answer: oldest(hourly(0..<10), limit: 4))
        #expect(asked.spans == [0..<600, 181..<600, 421..<600])
        #expect(asked.problem == nil)
    }

    @Test("settlements an hour apart are asked for to the end, though most contracts settle every eight hours")
    func hourlySettlements() {
        let asked = follow(.forwards, .funding, hours: 0..<10, answer: oldest(hourly(0..<10), limit: 4))
        #expect(asked.spans == [0..<600, 181..<600, 421..<600])
    }

    @Test("forwards, an empty page is the end, and so is one before the first row")
    func nothingMore() {
        let asked = follow(.forwards, hours: 0..<10, answer: oldest(hourly(2..<4), limit: 4))
        #expect(asked.spans == [0..<600, 181..<600])
        #expect(follow(.forwards, hours: 0..<10, answer: oldest([], limit: 4)).spans == [0..<600])
    }

    @Test("an exchange that does not heed the start is noticed")
    func startIgnored() {
        let asked = follow(.forwards, hours: 0..<10) { _ in (hourly(0..<4), nil) }
        #expect(asked.spans == [0..<600, 181..<600])
        #expect(asked.problem == "a page repeats the one before it")
    }

    @Test("an answer that cannot be read is no end of the rows; other windows are asked all the same")
    func unread() {
        func pages(_ paging: HistoryPaging) -> (asked: Int, problem: String?) {
            let endpoint = HistoryEndpoint(
                .candles, "history_test", "https://exchange.example", limit: "requests", paging: paging,
                ask: { _ in EndpointCall("/") }, read: { (_, _) throws(AdapterError) in })
            var pages = HistoryPages(
                endpoint,
                HistoryQuestion(
                    symbol: "BTCUSDT", id: "BTCUSDT", parts: SymbolParts(base: "BTC", quote: "USDT", settle: "USDT"),
                    from: time(0), to: time(120)))
            var asked = 0
            while pages.question != nil {
                asked += 1
                pages.take(HistoryPage(rows: 0, isUnread: asked == 1))
            }
            return (asked, pages.problem)
        }
        #expect(pages(.forwards) == (1, "an answer could not be read"))
        #expect(pages(.windows(hours: 1, rows: 5)) == (2, "an answer could not be read"))
    }

    // MARK: - Backwards

    @Test("backwards, each page ends at the oldest row, until the first hour of the span has come")
    func backwards() {
        let asked = follow(.backwards, hours: 0..<10, answer: newest(hourly(0..<10), limit: 4))
        #expect(asked.spans == [0..<600, 0..<360, 0..<120])
        #expect(asked.problem == nil)
    }

    @Test("rows before the span end it; an exchange without a start shows them")
    func beyondTheStart() {
        let asked = follow(.backwards, hours: 5..<10, answer: newest(hourly(0..<10), limit: 4))
        #expect(asked.spans == [300..<600, 300..<360])
    }

    @Test("edges of pages repeat: a page with nothing but the edge is the end")
    func edges() {
        let asked = follow(.backwards, hours: 0..<10, answer: newest(hourly(4..<10), limit: 4, edge: true))
        #expect(asked.spans == [0..<600, 0..<360, 0..<240])
        #expect(asked.problem == nil)
    }

    @Test("several events of one instant at the edge are no repetition")
    func edgeOfSeveral() {
        let asked = follow(.backwards, hours: 0..<10, answer: newest([240, 240, 300, 360], limit: 4, edge: true))
        #expect(asked.spans == [0..<600, 0..<240])
        #expect(asked.problem == nil)
    }

    @Test("an exchange that does not heed the end is noticed")
    func endIgnored() {
        let asked = follow(.backwards, hours: 0..<10) { _ in (hourly(6..<10), nil) }
        #expect(asked.spans == [0..<600, 0..<360])
        #expect(asked.problem == "a page repeats the one before it")
    }

    // MARK: - Windows

    @Test("windows are asked from the oldest on, and the last one ends with the span")
    func windows() {
        let asked = follow(.windows(hours: 4, rows: 5), hours: 0..<10, answer: oldest(hourly(0..<10), limit: 5))
        #expect(asked.spans == [0..<240, 240..<480, 480..<600])
    }

    @Test("a full window is cut at an hour, and its halves come before the next window")
    func halves() {
        let rows = [250, 260, 300, 310, 350, 400, 500] as [Int64]
        let asked = follow(.windows(hours: 4, rows: 5), hours: 0..<10, answer: oldest(rows, limit: 5))
        // The six rows of 4 h to 8 h fill an answer; of the halves, the first holds exactly five and is cut again.
        #expect(asked.spans == [0..<240, 240..<480, 240..<360, 240..<300, 300..<360, 360..<480, 480..<600])
        #expect(asked.problem == nil)
    }

    @Test("an hour that fills an answer is cut at minutes")
    func minutesOfAnHour() {
        let asked = follow(.windows(hours: 1, rows: 4), .liquidations, hours: 0..<1, answer: oldest([5, 10, 20, 40, 50], limit: 4))
        #expect(asked.spans == [0..<60, 0..<30, 30..<60])
        #expect(asked.problem == nil)
    }

    @Test("a minute that fills an answer is a problem, and the rest is asked all the same")
    func fullMinute() {
        let rows = [3, 3, 3, 3] as [Int64]
        let asked = follow(.windows(hours: 1, rows: 4), .liquidations, hours: 0..<2, answer: oldest(rows, limit: 4))
        #expect(
            asked.spans
                == [0..<60, 0..<30, 0..<15, 0..<7, 0..<3, 3..<7, 3..<5, 3..<4, 4..<5, 5..<7, 7..<15, 15..<30, 30..<60, 60..<120])
        #expect(asked.problem == "a minute has 4 rows, more than an answer can be known to hold")
    }

    // MARK: - Numbers and tokens

    @Test("numbered pages end with an empty one, or with one that reaches beyond the span")
    func numbers() {
        let pages = [1: hourly(6..<10), 2: hourly(2..<6), 3: hourly(0..<2)]
        let all = follow(.numbers(from: 1), hours: 0..<10) { (pages[$0.page] ?? [], nil) }
        #expect(all.pages == [1, 2, 3, 4])
        let newest = follow(.numbers(from: 1), hours: 3..<10) { (pages[$0.page] ?? [], nil) }
        #expect(newest.pages == [1, 2])
    }

    @Test("an exchange that repeats its last page for each further number is noticed")
    func sameNumber() {
        let asked = follow(.numbers(from: 0), hours: 0..<10) { ($0.page == 0 ? hourly(6..<10) : hourly(2..<6), nil) }
        #expect(asked.pages == [0, 1, 2])
        #expect(asked.problem == "a page repeats the one before it")
    }

    @Test("tokens are followed until a page names none or reaches beyond the span")
    func tokens() {
        let pages: [String?: ([Int64], String?)] = [
            nil: (hourly(6..<10), "b"), "b": (hourly(2..<6), "c"), "c": (hourly(0..<2), nil),
        ]
        let paging = HistoryPaging.tokens { _ in nil }
        #expect(follow(paging, hours: 0..<10) { pages[$0.token] ?? ([], nil) }.tokens == [nil, "b", "c"])
        #expect(follow(paging, hours: 3..<10) { pages[$0.token] ?? ([], nil) }.tokens == [nil, "b"])
    }

    @Test("a token that names its own page is noticed")
    func sameToken() {
        let asked = follow(.tokens { _ in nil }, hours: 0..<10) { _ in (hourly(6..<10), "a") }
        #expect(asked.tokens == [nil, "a"])
        #expect(asked.problem == "a page repeats the one before it")
    }

    @Test("a whole answer is one call")
    func whole() {
        #expect(follow(.whole, hours: 0..<10, answer: oldest([], limit: 1)).spans == [0..<600])
    }
}
