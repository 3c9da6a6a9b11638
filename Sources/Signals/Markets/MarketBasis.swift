import PerpCore
import Sealing

/// The basis of one coin over the exchanges.
public struct MarketBasis: Hashable, Sendable {
    /// How far perpetuals are above or below spot.
    public enum Structure: String, Hashable, Sendable, CaseIterable {
        case strongContango = "CONTANGO (Strong)"
        case mildContango = "CONTANGO (Mild)"
        case neutral = "NEUTRAL"
        case mildBackwardation = "BACKWARDATION (Mild)"
        case strongBackwardation = "BACKWARDATION (Strong)"

        /// Of a basis in percent; limits are exceeded, not reached.
        public init(basis: Double) {
            self =
                basis > 0.15
                ? .strongContango
                : basis > 0.05
                    ? .mildContango
                    : basis < -0.15 ? .strongBackwardation : basis < -0.05 ? .mildBackwardation : .neutral
        }
    }

    /// How much volume is in perpetuals, compared with spot.
    public enum Leverage: String, Hashable, Sendable, CaseIterable {
        case high = "high leverage"
        case balanced
        case spotDominant = "spot dominant"

        /// Of the volume of perpetuals over that of spot.
        public init(perpetualOverSpot ratio: Double) {
            self = ratio > 3 ? .high : ratio < 1.5 ? .spotDominant : .balanced
        }
    }

    /// The canonical coin.
    public let asset: String
    /// The median basis, in percent; positive when perpetuals are above spot.
    public let medianPercent: Double
    /// The smallest basis, in percent.
    public let smallestPercent: Double
    /// The largest basis, in percent.
    public let largestPercent: Double
    /// Exchanges that have a basis.
    public let exchangeCount: Int
    /// Volume of the perpetuals over that of spot, a ratio; `nil` unless both are known.
    public let perpetualOverSpot: Double?
    /// The class of the median basis.
    public var structure: Structure { Structure(basis: medianPercent) }
    /// How volume splits between perpetuals and spot; `nil` when unknown.
    public var leverage: Leverage? { perpetualOverSpot.map(Leverage.init(perpetualOverSpot:)) }

    /// `nil` when no exchange has a basis of `asset`.
    public init?(_ rows: [SpotBasis], asset: String) {
        let rows = rows.filter { $0.asset == asset }
        let values = rows.map(\.percent)
        guard let median = Quantiles.median(values), let smallest = values.min(), let largest = values.max()
        else { return nil }
        self.asset = asset
        medianPercent = median
        smallestPercent = smallest
        largestPercent = largest
        exchangeCount = values.count
        let known = rows.filter { $0.perpetualVolumeUSD != nil && $0.spotVolumeUSD != nil }
        perpetualOverSpot = ratio(
            Total.of(known.map(\.perpetualVolumeUSD)), Total.of(known.map(\.spotVolumeUSD)))
    }
}

/// What holding spot against a perpetual for a week comes to, percent of the position.
public struct Carry: Hashable, Sendable {
    /// Days for which the position is held.
    public static let days = 7.0

    /// The basis, in percent; cash-and-carry when positive: long spot, short perpetual.
    public let basis: Double
    /// Percent received from funding in a week at the current rate.
    public let funding: Double
    /// Percent to open and close both legs.
    public let fees: Double
    /// Whether the spot is held long and the perpetual short.
    public var isCashAndCarry: Bool { basis > 0 }
    /// Percent, if the basis returns to zero.
    public var net: Double { funding + abs(basis) - fees }
    /// Percent, if the basis stays as it is.
    public var netWithoutBasis: Double { funding - fees }

    /// `nil` without a funding rate. Fees are fractions of notional.
    public init?(_ row: SpotBasis, perpetualFee: Double, spotFee: Double) {
        guard let rate8h = row.fundingPercent8h else { return nil }
        basis = row.percent
        let paidToShorts = rate8h / 8 * 24 * Self.days
        funding = row.percent > 0 ? paidToShorts : -paidToShorts
        fees = 100 * 2 * (perpetualFee + spotFee)
    }
}
