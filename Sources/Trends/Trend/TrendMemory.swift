import PerpCore

/// Where a series is going.
public enum TrendState: String, Hashable, Sendable, CaseIterable {
    case flat = "FLAT"
    case up = "UP"
    case down = "DOWN"
    /// Nothing was evaluated within six hours.
    case unknown = "UNKNOWN"

    /// Whether the two are opposite sides.
    public func isOpposite(of other: TrendState) -> Bool {
        (self == .up && other == .down) || (self == .down && other == .up)
    }
}

/// A state that has been asked for in evaluated hours in a row, and how often.
public struct Run<State: Hashable & Sendable>: Hashable, Sendable {
    /// The state asked for; never the one that is.
    public var state: State
    /// Evaluated hours in a row, from 1.
    public var count: Int

    /// Takes a state and how often it was asked for.
    public init(_ state: State, count: Int) {
        self.state = state
        self.count = count
    }

    /// The run after one more hour that asks for `state`.
    static func next(after run: Run?, _ state: State) -> Run {
        guard let run, run.state == state else { return Run(state, count: 1) }
        return Run(state, count: run.count + 1)
    }
}

/// What the trend of one series, scope and window remembers from hour to hour.
public struct TrendMemory: Hashable, Sendable {
    /// The least z, in standard deviations, that asks for a trend: one-sided 5 %.
    public static let enterZ = 1.65
    /// The z below which a trend is not kept.
    public static let stayZ = 0.8
    /// Evaluated hours in a row that must ask for the same state.
    public static let neededHours = 3
    /// Hours without an evaluation after which nothing is remembered.
    public static let forgottenAfterHours = 6

    /// The state: never unknown here.
    public private(set) var state = TrendState.flat
    /// The hour since when the state is so: the first evaluated one at the beginning; `nil` before it.
    public private(set) var since: Hour?
    /// What was asked for last; `nil` when that is the state.
    public private(set) var run: Run<TrendState>?
    /// The last evaluated hour; `nil` before the first.
    public private(set) var touched: Hour?

    /// Nothing is known.
    public init() {}

    /// Continues from what was stored.
    public init(state: TrendState, since: Hour?, run: Run<TrendState>?, touched: Hour?) {
        self.state = state == .unknown ? .flat : state
        self.since = since
        self.run = run
        self.touched = touched
    }

    /// Continues from the stored rows of one series, scope and window over the last day, ascending: a run goes back over two
    /// evaluated hours at most, and those are at most six hours apart.
    public init(_ rows: some Sequence<TrendHour>) {
        self.init()
        for row in rows {
            forget(before: row.hour)
            guard let numbers = row.numbers else { continue }
            if touched == nil { state = row.state }
            let wanted = wanted(numbers)
            run = wanted == state ? nil : Run.next(after: run, wanted)
            if row.state != state { (state, run) = (row.state, nil) }
            (since, touched) = (row.since, row.hour)
        }
    }

    /// Moves on to an hour, `numbers` being `nil` when it is not evaluated; gives the state that is shown.
    public mutating func advance(to hour: Hour, _ numbers: TrendNumbers?) -> TrendState {
        forget(before: hour)
        guard let numbers else { return touched == nil ? .unknown : state }
        if touched == nil { since = hour }
        touched = hour
        take(wanted(numbers), hour)
        return state
    }

    private mutating func forget(before hour: Hour) {
        if let touched, touched.distance(to: hour) > Self.forgottenAfterHours { self = TrendMemory() }
    }

    private func wanted(_ numbers: TrendNumbers) -> TrendState {
        if numbers.z >= Self.enterZ, numbers.slopePerHour > 0 { return .up }
        if numbers.z <= -Self.enterZ, numbers.slopePerHour < 0 { return .down }
        if state == .up, numbers.z < Self.stayZ { return .flat }
        if state == .down, numbers.z > -Self.stayZ { return .flat }
        return state
    }

    private mutating func take(_ wanted: TrendState, _ hour: Hour) {
        run = wanted == state ? nil : Run.next(after: run, wanted)
        guard let run, run.count >= Self.neededHours else { return }
        state = wanted
        since = hour
        self.run = nil
    }
}
