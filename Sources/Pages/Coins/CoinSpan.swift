import Charts
import PerpCore

/// A span that a coin's page shows, and how far apart its points are: a page must stay small.
public struct CoinSpan: Hashable, Sendable {
    /// How it is called: `24 h`.
    let name: String
    /// The points; each is the snapshot of the hour in which its part of the span begins, the last one of the page's hour. So
    /// the first and the last are as far apart as the span is long.
    let grid: TimeGrid
    /// How many hours a part has.
    let step: Int

    /// How many points a span has at most, and one that is longer than 30 days.
    private static let most = 90
    private static let mostOfAll = 180

    private init(_ name: String, through hour: Hour, hours: Int) {
        let most = hours > 720 ? Self.mostOfAll : Self.most
        var step = max(1, (hours + most - 1) / most)
        if hours > 720 { step = (step + 23) / 24 * 24 }
        let count = (hours + step - 1) / step + 1
        (self.name, self.step) = (name, step)
        grid = TimeGrid(
            start: hour.advanced(by: (1 - count) * step).startTime, step: Int64(step) * Hour.milliseconds, count: count)
    }

    /// The spans up to an hour.
    /// - Parameter first: the first stored hour.
    public static func all(through hour: Hour, since first: Hour) -> [CoinSpan] {
        let known = max(first.distance(to: hour) + 1, 24)
        var spans = [CoinSpan("24 h", through: hour, hours: 24)]
        if known > 24 { spans.append(CoinSpan("7 d", through: hour, hours: 168)) }
        if known > 168 { spans.append(CoinSpan("30 d", through: hour, hours: 720)) }
        if known > 720 { spans.append(CoinSpan("All", through: hour, hours: known)) }
        return spans
    }

    /// The hours whose snapshots are its points, in order.
    public var hours: [Hour] {
        (0..<grid.count).map { Hour(containing: grid.start).advanced(by: $0 * step) }
    }

    /// The number of the point that is an hour's snapshot; `nil` for other hours.
    func index(of hour: Hour) -> Int? {
        let distance = Hour(containing: grid.start).distance(to: hour)
        guard distance >= 0, distance % step == 0, distance / step < grid.count else { return nil }
        return distance / step
    }

    /// How far apart its points are, in words.
    var resolution: String { step == 1 ? "each hour" : "each \(step) h" }

    /// Whether liquidations are summed for it: those of a week are read.
    var hasLiquidations: Bool { step <= 2 && grid.count * step <= 180 }

    /// The number of the part that an hour is in.
    func part(of hour: Hour) -> Int? { grid.index(of: hour.startTime) }
}
