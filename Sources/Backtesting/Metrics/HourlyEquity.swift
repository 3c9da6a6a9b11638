import PerpCore

/// Changes of equity on every hour of the clock.
public struct HourlyEquity: Hashable, Sendable {
    /// The first and the last hour.
    public let span: ClosedRange<Hour>
    /// Dollars of each hour from first to last; 0 when flat, or when the hour is missing: the change falls on the hour of
    /// return.
    public let changes: [Double]
    /// Dollars of the legs that are held in each hour, at their entry.
    public let exposure: [Double]

    /// The sum of trades in their order; those without an entry add nothing.
    public init(_ trades: some Sequence<SimulatedTrade>, span: ClosedRange<Hour>) {
        self.span = span
        let hours = span.lowerBound.distance(to: span.upperBound) + 1
        var changes = [Double](repeating: 0, count: hours)
        var exposure = changes
        for trade in trades {
            for change in trade.changes {
                let place = span.lowerBound.distance(to: change.hour)
                if changes.indices.contains(place) { changes[place] += change.dollars }
            }
            guard let entry = trade.entry else { continue }
            let first = span.lowerBound.distance(to: entry)
            let held = first..<(first + trade.hoursHeld(until: span.upperBound))
            for place in held.clamped(to: 0..<hours) { exposure[place] += trade.notional * Double(trade.legs.count) }
        }
        self.changes = changes
        self.exposure = exposure
    }

    /// Dollars at the end.
    public var total: Double { sum(changes) }
    /// The equity at each hour, in dollars, from a capital on.
    public func equity(capital: Double) -> [Double] {
        var equity = capital
        return changes.map { change in
            equity += change
            return equity
        }
    }

    /// The share of hours with a position.
    public var exposedShare: Double { Double(exposure.count { $0 > 0 }) / Double(exposure.count) }
    /// The most dollars that were held at once.
    public var largestExposure: Double { exposure.max() ?? 0 }

    /// Dollars of each day of UTC; the first and the last may be parts.
    public var daily: [Double] {
        var days: [Double] = []
        var day: CalendarDay?
        for (hour, change) in zip(span.hours, changes) {
            if hour.day != day {
                day = hour.day
                days.append(0)
            }
            days[days.count - 1] += change
        }
        return days
    }
}
