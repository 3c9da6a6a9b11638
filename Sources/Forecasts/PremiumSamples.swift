import PerpCore
import Sealing

/// The premiums of one contract in the hours of the last day: mark over index, less one, as fractions.
public struct PremiumSamples: Hashable, Sendable {
    /// The largest premium that is believed, up or down.
    public static let largest = 0.05
    /// How far back premiums are looked at.
    public static let hours = 24
    /// How many stored hours in a row with mark and index equal show that the exchange has one price only.
    static let equalHours = 24

    private struct Sample: Hashable, Sendable {
        var hour: Hour
        var premium: Double
    }

    private var samples: [Sample] = []
    /// Stored hours with both prices, at most `equalHours`, and how many of the last ones have them equal.
    private var stored = 0
    private var equal = 0

    /// No premiums.
    public init() {}

    func write(to writer: inout NumberWriter) {
        writer.add(samples) { writer, sample in
            writer.add(sample.hour)
            writer.add(sample.premium)
        }
        writer.add(stored)
        writer.add(equal)
    }

    init(from reader: inout NumberReader) throws(NumberReader.Unreadable) {
        samples = try reader.list { (reader) throws(NumberReader.Unreadable) in
            Sample(hour: try reader.hour(), premium: try reader.number())
        }
        stored = try reader.integer()
        equal = try reader.integer()
    }

    /// Adds the prices of an hour, which must be later than all others, and answers its premium. It is `nil` without both
    /// prices, beyond 5 %, and when mark and index were equal in each of the last 24 stored hours, or in all that there are:
    /// an exchange with one price has no premium.
    @discardableResult
    public mutating func add(mark: Double?, index: Double?, at hour: Hour) -> Double? {
        samples.removeFirst(samples.prefix { $0.hour.distance(to: hour) >= Self.hours }.count)
        guard let mark, let index, index > 0 else { return nil }
        stored = min(stored + 1, Self.equalHours)
        equal = mark == index ? equal + 1 : 0
        let premium = mark / index - 1
        guard equal < stored, abs(premium) <= Self.largest else { return nil }
        samples.append(Sample(hour: hour, premium: premium))
        return premium
    }

    /// The mean over the last `hours` up to `hour`, weighted 1 for the oldest to `hours` for `hour` itself, as exchanges weigh
    /// the samples of an interval. Hours without a premium are left out; `nil` when they have more than half of the weight.
    public func weightedMean(hours: Int, to hour: Hour) -> Double? {
        var sum = 0.0
        var weight = 0
        for sample in samples {
            let place = hours - sample.hour.distance(to: hour)
            guard place > 0 else { continue }
            sum += Double(place) * sample.premium
            weight += place
        }
        guard weight > 0, 4 * weight >= hours * (hours + 1) else { return nil }
        return sum / Double(weight)
    }

    /// The plain mean over the last `hours` up to `hour`; `nil` with fewer than half of them.
    public func mean(hours: Int, to hour: Hour) -> Double? {
        let values = samples.filter { $0.hour.distance(to: hour) < hours }.map(\.premium)
        return 2 * values.count >= hours ? Sealing.mean(values) : nil
    }
}
