import PerpCore

/// Values of one thing over the spans of a grid.
public struct Series: Hashable, Sendable {
    /// What it is: an exchange, a figure.
    public let name: String
    /// A value per span of the grid; `nil` where it is not known.
    public let values: [Double?]

    /// A series.
    public init(_ name: String, _ values: [Double?]) { (self.name, self.values) = (name, values) }
}

/// Liquidations of a span by the side that was liquidated, and by how complete what is known of them is.
public struct LiquidationBar: Hashable, Sendable {
    /// Dollars of longs from feeds that tell of each event, or of sums of all.
    public let longComplete: Double
    /// Dollars of longs from feeds that tell of some: a lower bound.
    public let longSampled: Double
    /// Dollars of shorts from feeds that tell of each event, or of sums of all.
    public let shortComplete: Double
    /// Dollars of shorts from feeds that tell of some: a lower bound.
    public let shortSampled: Double

    /// Dollars by side and completeness; none is negative.
    public init(longComplete: Double, longSampled: Double, shortComplete: Double, shortSampled: Double) {
        (self.longComplete, self.longSampled) = (longComplete, longSampled)
        (self.shortComplete, self.shortSampled) = (shortComplete, shortSampled)
    }

    var long: Double { longComplete + longSampled }
    var short: Double { shortComplete + shortSampled }
}

/// A forecast with its interval, behind what was observed.
public struct Fan: Hashable, Sendable {
    /// What was observed, per span; `nil` where it is not known, and where the forecast has begun.
    public let observed: [Double?]
    /// The mean of the forecast, per span; `nil` before it begins.
    public let mean: [Double?]
    /// The lower end of the interval, per span.
    public let low: [Double?]
    /// The upper end of the interval, per span.
    public let high: [Double?]
    /// What the interval covers: `10 to 90 %`.
    public let interval: String

    /// A forecast with its interval.
    public init(observed: [Double?], mean: [Double?], low: [Double?], high: [Double?], interval: String) {
        (self.observed, self.mean, self.low, self.high) = (observed, mean, low, high)
        self.interval = interval
    }
}

/// One of the panels that share an axis of time.
public struct Panel: Hashable, Sendable {
    /// What a panel shows. All lists have a value per span of the chart's grid.
    public enum Content: Hashable, Sendable {
        /// A line per series. At most eight: more cannot be told apart.
        case lines([Series], ScaleKind)
        /// Areas above one another, the first at the bottom; values are not negative. At most eight.
        case stack([Series])
        /// Longs below the axis, shorts above it, what is only a lower bound dotted. `nil` where nothing is known.
        case liquidations([LiquidationBar?])
        /// A forecast with its interval.
        case fan(Fan)
    }

    /// What is shown: `Open interest`.
    public let title: String
    /// How its values are written.
    public let format: ValueFormat
    /// What is drawn.
    public let content: Content

    /// A panel.
    public init(_ title: String, _ format: ValueFormat, _ content: Content) {
        (self.title, self.format, self.content) = (title, format, content)
    }

    /// Whether some of its values may be lower bounds.
    var hasLowerBounds: Bool {
        if case .liquidations = content { true } else { false }
    }

    /// The named lists of the panel, as its table has them.
    var columns: [Series] {
        switch content {
        case .lines(let series, _): series
        case .stack(let series): series + (series.count > 1 ? [Series("Total", Self.totals(series))] : [])
        case .liquidations(let bars):
            [
                Series("Longs, complete", bars.map { $0?.longComplete }),
                Series("Longs, lower bound", bars.map { $0?.longSampled }),
                Series("Shorts, complete", bars.map { $0?.shortComplete }),
                Series("Shorts, lower bound", bars.map { $0?.shortSampled }),
            ]
        case .fan(let fan):
            [
                Series("Observed", fan.observed), Series("Forecast, mean", fan.mean),
                Series("Forecast, low", fan.low), Series("Forecast, high", fan.high),
            ]
        }
    }

    /// Sums per span; `nil` where a part is not known, since the rest is no total.
    private static func totals(_ series: [Series]) -> [Double?] {
        let count = series.map(\.values.count).min() ?? 0
        return (0..<count).map { index in
            series.reduce(0) { sum, each in
                if let sum, let value = each.values[index] { sum + value } else { nil }
            }
        }
    }
}

/// Something that happened at an instant.
public struct EventMark: Hashable, Sendable {
    /// What kind of thing happened; each has its own shape.
    public enum Kind: String, CaseIterable, Hashable, Sendable {
        /// A market was listed.
        case listing = "listed"
        /// A market was removed.
        case delisting = "removed"
        /// The interval of funding changed.
        case intervalChange = "interval changed"
        /// An alert was sent.
        case alert = "alert"
        /// An exchange was not reachable, or a stream not heard.
        case outage = "outage"
        /// What was known of the past changed.
        case restatement = "restated"
    }

    /// When it happened.
    public let time: Timestamp
    /// What kind of thing it is.
    public let kind: Kind
    /// What happened, in a few words; names in it are text.
    public let text: String

    /// An event.
    public init(_ time: Timestamp, _ kind: Kind, _ text: String) {
        (self.time, self.kind, self.text) = (time, kind, text)
    }
}
