import PerpCore

/// What the two feeds of an exchange state of a closed hour. Both state the same events, so one of them counts.
public struct LiquidationFeeds: Hashable, Sendable {
    /// What REST states; `nil` when no file states anything.
    public var rest: LiquidationWindow?
    /// What the stream states; `nil` without a file of the stream.
    public var stream: LiquidationWindow?
    /// Milliseconds of the closed hour in which the stream was heard, 0 to 3,600,000; `nil` without a file of the stream.
    public var heardMilliseconds: Int64?

    /// Takes what both feeds state.
    public init(rest: LiquidationWindow?, stream: LiquidationWindow?, heardMilliseconds: Int64?) {
        self.rest = rest
        self.stream = stream
        self.heardMilliseconds = heardMilliseconds
    }

    /// The feed that counts; `nil` when neither knows anything.
    ///
    /// What is complete wins, REST before the stream; of two lower bounds the larger one is the better one. What knows
    /// nothing never wins.
    public var counted: Feed? {
        guard let stream = Self.known(stream) else { return Self.known(rest) == nil ? nil : .live }
        guard let rest = Self.known(rest) else { return .stream }
        if rest.coverageClass != .sampled { return .live }
        if stream.coverageClass == .complete { return .stream }
        return stream.longUSD + stream.shortUSD > rest.longUSD + rest.shortUSD ? .stream : .live
    }

    /// The figures of the feed that counts; `nil` when no file states anything.
    public var window: LiquidationWindow? { counted == .stream ? stream : rest }

    /// The figures that do not count, since the other feed does; `nil` when there are none.
    package var notCounted: LiquidationWindow? {
        switch counted {
        case .stream: Self.known(rest)
        case .live: Self.known(stream)
        case .history, .archive, nil: nil
        }
    }

    private static func known(_ window: LiquidationWindow?) -> LiquidationWindow? {
        window.flatMap { $0.coverageClass == .none ? nil : $0 }
    }
}
