import PerpCore

/// What a page of the past holds, for the decision what to ask next.
public struct HistoryPage: Hashable, Sendable {
    /// Rows in the answer, with those that were rejected and those of an hour that still runs.
    public var rows: Int
    /// The time of the oldest row; `nil` without any.
    public var first: Timestamp?
    /// The time of the newest row; `nil` without any.
    public var last: Timestamp?
    /// The token of the next page, where the answer names one.
    public var token: String?
    /// Whether the answer had another shape than its readers know: it is no empty page.
    public var isUnread: Bool

    /// A page of `rows` rows from `first` to `last`.
    public init(
        rows: Int, first: Timestamp? = nil, last: Timestamp? = nil, token: String? = nil, isUnread: Bool = false
    ) {
        self.rows = rows
        self.first = first
        self.last = last
        self.token = token
        self.isUnread = isUnread
    }
}

/// The pages of one span of one contract, asked one after the other. Pure: answers come from the caller.
struct HistoryPages {
    /// The next question; `nil` when the span has been answered.
    private(set) var question: HistoryQuestion?
    /// Why the span cannot be answered whole; `nil` when it can.
    private(set) var problem: String?

    private let paging: HistoryPaging
    private let span: HistoryQuestion
    /// Parts of the span that are still to be asked, the next one last.
    private var parts: [HistoryQuestion] = []
    /// The answer before.
    private var previous: HistoryPage?

    /// The least distance between two rows where pages go forwards. Settlements may be eight hours apart, but an interval can
    /// become an hour at any time: only an answer says that there are no more.
    private static let step = Hour.milliseconds
    /// Facts are stamped to the minute, so that no two of one kind are closer; and no part of a span is shorter.
    private static let grain: Int64 = 60_000

    init(_ endpoint: HistoryEndpoint, _ span: HistoryQuestion) {
        paging = endpoint.paging
        self.span = span
        question = span
        switch endpoint.paging {
        case .windows(let hours, _):
            parts = Self.windows(of: span, hours: hours).reversed()
            question = parts.popLast()
        case .numbers(let first): question?.page = first
        case .forwards, .backwards, .tokens, .whole: break
        }
    }

    /// How many calls a span of so many hours takes, with answers as long as most exchanges give them.
    static func typicalCalls(_ endpoint: HistoryEndpoint, hours: Int) -> Int {
        let rows = 500
        let expected = endpoint.dataset == .funding ? hours / 8 + 1 : hours
        return switch endpoint.paging {
        case .whole: 1
        case .windows(let window, _): (hours + window - 1) / window
        case .forwards, .backwards, .numbers, .tokens: (expected + rows - 1) / rows
        }
    }

    private static func windows(of span: HistoryQuestion, hours: Int) -> [HistoryQuestion] {
        let length = Int64(hours) * Hour.milliseconds
        return stride(from: span.from.milliseconds, to: span.to.milliseconds, by: Int(length)).map { start in
            var part = span
            part.from = Timestamp(milliseconds: start)
            part.to = min(span.to, Timestamp(milliseconds: start + length))
            return part
        }
    }

    /// Takes the answer to the question.
    mutating func take(_ page: HistoryPage) {
        guard let asked = question else { return }
        guard !page.isUnread else {
            problem = "an answer could not be read"
            question = parts.popLast()
            return
        }
        switch paging {
        case .whole: question = nil
        case .forwards: question = following(page, asked)
        case .backwards: question = preceding(page, asked)
        case .windows(_, let rows): takeWindow(page, asked, rows)
        case .numbers:
            question = isPast(page) ? nil : page == previous ? stuck() : asked
            question?.page += 1
        case .tokens:
            question = isPast(page) || page.token == nil ? nil : page.token == asked.token ? stuck() : asked
            question?.token = page.token
        }
        previous = page
    }

    /// The question behind the newest row; `nil` at the end of the span, and when there is nothing behind.
    private mutating func following(_ page: HistoryPage, _ asked: HistoryQuestion) -> HistoryQuestion? {
        guard let last = page.last, last.milliseconds + Self.step < span.to.milliseconds else { return nil }
        var next = asked
        next.from = last.advanced(byMilliseconds: Self.grain)
        guard next.from > asked.from else { return stuck() }
        return next
    }

    /// The question before the oldest row; `nil` at the start of the span, and when there is nothing before.
    private mutating func preceding(_ page: HistoryPage, _ asked: HistoryQuestion) -> HistoryQuestion? {
        guard let first = page.first, first > span.from else { return nil }
        var next = asked
        next.to = first
        // Edges repeat: a page that holds only the edge of the one before says that there is nothing before it. Several events
        // may share the instant.
        guard next.to < asked.to else { return page.last == page.first ? nil : stuck() }
        return next
    }

    private mutating func takeWindow(_ page: HistoryPage, _ asked: HistoryQuestion, _ rows: Int) {
        if page.rows >= rows {
            guard let middle = Self.middle(of: asked) else {
                problem = "a minute has \(page.rows) rows, more than an answer can be known to hold"
                question = parts.popLast()
                return
            }
            var (older, newer) = (asked, asked)
            older.to = middle
            newer.from = middle
            parts += [newer, older]
        }
        question = parts.popLast()
    }

    /// Where a part is cut in two: at a full hour from its start, or at a full minute when it is not longer than an hour; `nil`
    /// when it is not longer than a minute.
    private static func middle(of part: HistoryQuestion) -> Timestamp? {
        let length = part.to.milliseconds - part.from.milliseconds
        let unit = length >= 2 * Hour.milliseconds ? Hour.milliseconds : grain
        let half = length / unit / 2 * unit
        return half > 0 ? part.from.advanced(byMilliseconds: half) : nil
    }

    /// Whether a page, newest rows first, reaches beyond the span's start.
    private func isPast(_ page: HistoryPage) -> Bool { page.first.map { $0 < span.from } ?? true }

    private mutating func stuck() -> HistoryQuestion? {
        problem = "a page repeats the one before it"
        return nil
    }
}
