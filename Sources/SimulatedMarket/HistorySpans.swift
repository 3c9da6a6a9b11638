import PerpCore

extension Moment {
    /// The newest hours of a contract's life in a span, by their starts, oldest first; the last one may still run.
    ///
    /// - Parameters:
    ///   - from: UTC milliseconds; `nil` when only the number of hours limits the span.
    ///   - through: UTC milliseconds, itself in the span; `nil` for now.
    func newestHours(of listing: SimulatedListing, from: Int64?, through: Int64?, most count: Int) -> [Int64] {
        let last = min(through ?? time, time)
        let first = max(from ?? 0, last - Int64(count + 1) * Self.hourLength)
        return pastHours(of: listing, from: first, to: last + 1).suffix(count)
    }

    /// The oldest hours of a contract's life in a span, by their starts, and whether the span has more of them.
    func oldestHours(
        of listing: SimulatedListing, from: Int64, through: Int64, most count: Int
    ) -> (hours: [Int64], hasMore: Bool) {
        let start = max(from, listing.listedAt)
        let end = min(through, start + Int64(count + 1) * Self.hourLength)
        let hours = pastHours(of: listing, from: start, to: end + 1)
        return (Array(hours.prefix(count)), hours.count > count)
    }

    /// The newest settlements in a span with both ends, newest first, after so many that are passed over.
    func newestSettlements(
        of listing: SimulatedListing, from: Int64? = nil, through: Int64? = nil, skipping skipped: Int = 0,
        most count: Int
    ) -> [Int64] {
        let step = Int64(max(listing.interval, listing.pastInterval?.hours ?? 0)) * Self.hourLength
        let last = min(through ?? time, time)
        let first = max(from ?? 0, last - Int64(skipped + count + 1) * step)
        return Array(settlements(of: listing, from: first, to: last).reversed().dropFirst(skipped).prefix(count))
    }

    /// What `count` rows a call gets: as many as it asks for, within the exchange's limits.
    static func rows(_ asked: Int64?, usual: Int, most: Int) -> Int {
        Int(max(1, min(Int64(most), asked ?? Int64(usual))))
    }
}
