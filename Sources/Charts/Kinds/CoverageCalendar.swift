import PerpCore

/// What was recorded of each hour of many days: a row per day, a column per hour of UTC, a letter per cause of what is missing.
public struct CoverageCalendar: Chart {
    /// What is there of an hour.
    public enum State: Hashable, Sendable {
        /// All that was expected.
        case complete
        /// A part. `share` is 0 to 1, `nil` when the part is not known.
        case partial(share: Double?, cause: String)
        /// Nothing.
        case missing(cause: String)
        /// Nothing was expected: before the first hour, or still to come.
        case outside

        var cause: String? {
            switch self {
            case .complete, .outside: nil
            case .partial(_, let cause), .missing(let cause): cause
            }
        }
    }

    /// What the chart shows.
    public let title: String
    /// What is to be seen, before what the numbers say; may be empty.
    public let note: String
    /// The first and the last day.
    public let days: ClosedRange<CalendarDay>
    /// A state per hour, from the first day's midnight on; 24 for each day.
    public let states: [State]

    /// A calendar.
    /// - Parameter states: what is there of each hour from the first day's midnight on; a shorter list ends with hours that
    ///   are outside.
    public init(title: String, note: String = "", days: ClosedRange<CalendarDay>, states: [State]) {
        (self.title, self.note, self.days) = (title, note, days)
        let count = Int(days.upperBound.number - days.lowerBound.number + 1) * 24
        let kept = states.prefix(count)
        self.states = kept + Array(repeating: .outside, count: count - kept.count)
    }

    /// The causes, those of most hours first; each has the letter of its place.
    var causes: [String] {
        let counts = states.compactMap(\.cause).reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map(\.key)
    }

    /// What can be seen, in sentences.
    public var summary: String {
        func count(_ matches: (State) -> Bool) -> Int { states.filter(matches).count }
        let partial = count { if case .partial = $0 { true } else { false } }
        let missing = count { if case .missing = $0 { true } else { false } }
        let said = [
            note, "From \(days.lowerBound) to \(days.upperBound), UTC: \(count { $0 == .complete }) hours complete,",
            "\(partial) in part, \(missing) missing.",
            causes.isEmpty ? "" : "Causes, most frequent first: \(causes.prefix(8).joined(separator: ", ")).",
        ]
        return said.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// Spans of hours of one state, which say the same in fewer rows.
    public var tables: [DataTable] {
        let spans = spans
        return [
            DataTable(
                caption: title,
                columns: [
                    DataColumn("From", .times(spans.map(\.from))), DataColumn("To", .times(spans.map(\.to))),
                    DataColumn("Hours", .numbers(spans.map { Double($0.hours) }, .number(decimals: 0))),
                    DataColumn("State", .words(spans.map { Self.word($0.state) })),
                    DataColumn(
                        "Share of what was expected",
                        .numbers(spans.map { Self.share($0.state) }, .percent(decimals: 0))),
                    DataColumn("Cause", .names(spans.map { $0.state.cause ?? "" })),
                ])
        ]
    }

    private var spans: [(from: Timestamp, to: Timestamp, hours: Int, state: State)] {
        let grid = TimeGrid(
            start: Timestamp(seconds: days.lowerBound.start), step: Hour.milliseconds, count: states.count)
        var (spans, start): ([(Timestamp, Timestamp, Int, State)], Int) = ([], 0)
        for index in states.indices where index + 1 == states.count || states[index + 1] != states[index] {
            let times = [start, index + 1].map { grid.start.advanced(byMilliseconds: Int64($0) * grid.step) }
            if states[index] != .outside { spans.append((times[0], times[1], index + 1 - start, states[index])) }
            start = index + 1
        }
        return spans
    }

    private static func word(_ state: State) -> String {
        switch state {
        case .complete: "complete"
        case .partial: "in part"
        case .missing: "missing"
        case .outside: ""
        }
    }

    private static func share(_ state: State) -> Double? {
        switch state {
        case .complete: 1
        case .partial(let share, _): share
        case .missing: 0
        case .outside: nil
        }
    }

    // MARK: - Drawing

    private static let left = 84.0
    private static let top = 22.0
    private static let width = 29.5
    private static let height = 17.0

    /// The image.
    public func drawing(_ id: Anchor) -> Drawing {
        let bottom = Self.top + Double(states.count / 24) * Self.height
        return Drawing(
            width: Drawing.width, height: bottom + 34 + Double((shownCauses.count + 1) / 2) * 17,
            content: heads + cells(id) + legend(id, top: bottom + 12))
    }

    private func box(_ index: Int) -> Box {
        Box(
            left: Self.left + Double(index % 24) * Self.width + 0.5,
            top: Self.top + Double(index / 24) * Self.height + 0.5,
            width: Self.width - 1, height: Self.height - 1)
    }

    private var heads: Markup {
        let hours = stride(from: 0, to: 24, by: 3).map { hour in
            Shape.text(box(hour).left + Self.width / 2, Self.top - 7, "m q", hour < 10 ? "0\(hour)" : "\(hour)")
        }
        let names = (0..<states.count / 24).map { row -> Markup in
            let day = CalendarDay(number: days.lowerBound.number + Int64(row))
            return Shape.text(Self.left - 8, box(row * 24).top + 12.5, "e q", day.description)
        }
        return .joined(hours + names) + Shape.text(0, Self.top - 7, "q", "hour, UTC")
    }

    /// What is there is filled, what is missing is hatched; an hour of which a part is there is filled to its height.
    private func cells(_ id: Anchor) -> Markup {
        var (full, holes) = (Outline(), Outline())
        var letters: [Markup] = []
        let names = causes
        for (index, state) in states.enumerated() {
            let box = box(index)
            switch state {
            case .outside: continue
            case .complete: full.box(box)
            case .missing: holes.box(box)
            case .partial(let share, _):
                let level = box.height * (1 - min(1, max(0, share ?? 0.5)))
                holes.box(Box(left: box.left, top: box.top, width: box.width, height: level))
                full.box(Box(left: box.left, top: box.top + level, width: box.width, height: box.height - level))
            }
            if let cause = state.cause, let number = names.firstIndex(of: cause) {
                letters.append(Shape.text(box.left + box.width / 2, box.top + 12, nil, Self.letter(number)))
            }
        }
        return Shape.path("full", full) + Hatch.path(id, holes) + .element("g", ["class": "over m"], letters)
    }

    private var shownCauses: ArraySlice<String> { causes.prefix(25) }

    /// A to Y, and Z for all others.
    static func letter(_ number: Int) -> String {
        String(UnicodeScalar(UInt8(ascii: "A") + UInt8(min(number, 25))))
    }

    private func legend(_ id: Anchor, top: Double) -> Markup {
        var full = Outline()
        full.box(Box(left: Self.left, top: top, width: 20, height: 11))
        let states =
            Shape.path("full", full) + Shape.text(Self.left + 26, top + 10, nil, "complete")
            + Hatch.box(id, Box(left: Self.left + 100, top: top, width: 20, height: 11))
            + Shape.text(Self.left + 126, top + 10, nil, "missing; in part: filled to its share; empty: not expected")
        let names = shownCauses.enumerated().map { number, cause in
            Shape.text(
                Self.left + Double(number % 2) * 340, top + 30 + Double(number / 2) * 17, nil,
                "\(Self.letter(number)): \(Label.cut(cause, 42))")
        }
        return states + .joined(names)
    }
}
