import PerpCore

/// The stored hours and settlements of a contract.
public struct ContractHistory: Sendable {
    /// A contract without a mark for more hours than this is delisted.
    public static let longestSilence = 24

    /// The contract.
    public let contract: TradedContract
    /// The stored hours, ascending, one each.
    public let rows: [ContractHour]
    /// The settlements that were stored, ascending.
    public let settlements: [FundingSettlement]
    let charges: [FundingCharge]
    /// For each row the last row before a silence.
    private let lastsBeforeSilence: [Int]
    /// For each hour from the first row on the place of its row, or of the next one.
    private let places: [Int]

    /// Takes rows and settlements in any order; of two rows of an hour the first counts, and a row without a price above
    /// zero is no stored hour.
    public init(_ contract: TradedContract, rows: [ContractHour], settlements: [FundingSettlement] = []) {
        self.contract = contract
        var ordered: [ContractHour] = []
        for row in rows.filter({ $0.markPrice > 0 && $0.markPrice.isFinite }).sorted(by: { $0.hour < $1.hour })
        where ordered.last?.hour != row.hour {
            ordered.append(row)
        }
        self.rows = ordered
        self.settlements = contract.isSpot ? [] : settlements.sorted { $0.settledAt < $1.settledAt }
        charges = contract.isSpot ? [] : FundingCharges(rows: ordered).charges(settlements)
        lastsBeforeSilence = Self.lastsBeforeSilence(ordered)
        places = Self.places(ordered)
    }

    private static func lastsBeforeSilence(_ rows: [ContractHour]) -> [Int] {
        var lasts = Array(rows.indices)
        for index in rows.indices.dropLast().reversed()
        where rows[index].hour.distance(to: rows[index + 1].hour) <= longestSilence {
            lasts[index] = lasts[index + 1]
        }
        return lasts
    }

    private static func places(_ rows: [ContractHour]) -> [Int] {
        guard let first = rows.first?.hour, let last = rows.last?.hour else { return [] }
        var place = 0
        return (0...first.distance(to: last)).map { offset in
            if rows[place].hour < first.advanced(by: offset) { place += 1 }
            return place
        }
    }

    /// The place of the first row at or after an hour; the number of rows when there is none.
    func firstIndex(from hour: Hour) -> Int {
        guard let first = rows.first?.hour else { return 0 }
        let offset = first.distance(to: hour)
        return offset < 0 ? 0 : offset < places.count ? places[offset] : rows.count
    }

    /// The place of the row of an hour; `nil` when it is not stored.
    func index(of hour: Hour) -> Int? {
        let index = firstIndex(from: hour)
        return index < rows.count && rows[index].hour == hour ? index : nil
    }

    /// The row of an hour; `nil` when it is not stored.
    public func row(at hour: Hour) -> ContractHour? { index(of: hour).map { rows[$0] } }

    /// The first stored hour of a span; `nil` when none is stored.
    func firstIndex(in hours: ClosedRange<Hour>) -> Int? {
        let index = firstIndex(from: hours.lowerBound)
        return index < rows.count && rows[index].hour <= hours.upperBound ? index : nil
    }

    /// The last row before a silence that is longer than a day, from the row at `index` on; `nil` when no such silence is
    /// known at the hour `end`.
    func lastBeforeSilence(from index: Int, knownAt end: Hour) -> Int? {
        let last = lastsBeforeSilence[index]
        return rows[last].hour.distance(to: end) > Self.longestSilence ? last : nil
    }

    /// The charges after one instant up to another.
    func charges(after start: Timestamp, through end: Timestamp) -> ArraySlice<FundingCharge> {
        let first = charges.partitioningIndex { $0.settledAt > start }
        return charges[first...].prefix { $0.settledAt <= end }
    }

    /// The history as it was stored at the end of an hour.
    public func cut(after hour: Hour) -> ContractHistory {
        let kept = Array(rows[..<firstIndex(from: hour.next)])
        let seen = kept.last?.observedAt ?? Timestamp(milliseconds: .min)
        return ContractHistory(contract, rows: kept, settlements: settlements.filter { $0.settledAt <= seen })
    }
}
