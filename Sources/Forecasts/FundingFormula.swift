import PerpCore
import Sealing

/// How an exchange makes a funding rate of a premium, as its own settlements show it.
///
/// A premium is how far the perpetual is above the index, as a fraction, averaged over the interval; it and the interest are
/// on a scale of eight hours. A rate is a fraction of notional for one interval, positive when longs pay.
public struct FundingFormula: Hashable, Sendable {
    /// The two kinds of formula.
    public enum Family: String, Hashable, Sendable, CaseIterable {
        /// The premium is drawn towards the interest by at most `band`, so premiums within the band settle at the interest.
        case clamped
        /// The rate is the premium.
        case plain
    }

    /// How far from the interest a premium may be and still settle at it: a fraction per eight hours.
    public static let band = 0.0005
    /// The interest of nearly all exchanges: a fraction per eight hours.
    public static let usualInterest8h = 0.0001
    /// How many settlements tell the formula of a contract.
    public static let settlements = 90
    /// How often a rate occurs among them when it is the interest: three equal rates by chance are rare.
    static let repeats = 3
    /// How near to the interest a settled rate of eight hours says no more than that the premium was within the band.
    static let tolerance = 5e-9

    /// Which kind of formula it is.
    public var family: Family
    /// The rate of eight hours at which premiums within the band settle; 0 for the plain family.
    public var interest8h: Double

    /// The formula with a band about `interest8h`.
    public static func clamped(interest8h: Double = usualInterest8h) -> FundingFormula {
        FundingFormula(family: .clamped, interest8h: interest8h)
    }

    /// The formula in which the rate is the premium.
    public static let plain = FundingFormula(family: .plain, interest8h: 0)

    /// The formula of a contract whose settlements are too few to tell it.
    public static func usual(_ exchange: Exchange) -> FundingFormula { exchange == .dydx ? .plain : .clamped() }

    /// The formula that the last 90 settled rates show: the rate which occurs most often is the interest, the smaller one on a
    /// tie; when none occurs three times, the formula has no interest. With fewer than 90 rates it is the usual one.
    /// - Parameter settledRates8h: fractions per eight hours, the oldest first.
    public static func read(settledRates8h: [Double], exchange: Exchange) -> FundingFormula {
        guard settledRates8h.count >= settlements else { return usual(exchange) }
        var counts: [Int: Int] = [:]
        for rate in settledRates8h.suffix(settlements) { counts[Int((rate * 1e9).rounded()), default: 0] += 1 }
        let usual = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        guard let usual, usual.value >= repeats else { return .plain }
        return .clamped(interest8h: Double(usual.key) / 1e9)
    }

    /// The rate that a premium settles at, for an interval of `hours`; it never falls when the premium rises.
    public func rate(ofPremium premium: Double, hours: Int) -> Double {
        rate8h(ofPremium: premium) * Double(hours) / 8
    }

    /// The rate of eight hours that a premium settles at.
    public func rate8h(ofPremium premium: Double) -> Double {
        guard family == .clamped else { return premium }
        if premium > interest8h + Self.band { return max(interest8h, premium - Self.band) }
        if premium < interest8h - Self.band { return min(interest8h, premium + Self.band) }
        return interest8h
    }

    /// The premium behind a rate. A rate at the interest tells only that the premium was within the band: there it is `guess`,
    /// moved into the band.
    /// - Parameter hours: the interval of the rate.
    public func premium(ofRate rate: Double, hours: Int, guess: Double) -> Double {
        let rate8h = 8 * rate / Double(hours)
        guard family == .clamped else { return rate8h }
        if rate8h > interest8h + Self.tolerance { return rate8h + Self.band }
        if rate8h < interest8h - Self.tolerance { return rate8h - Self.band }
        return clamp(guess, interest8h - Self.band, interest8h + Self.band)
    }
}
