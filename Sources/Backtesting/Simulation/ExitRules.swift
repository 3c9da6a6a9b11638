import PerpCore
import Sealing

/// When a position is closed.
struct ExitRules {
    /// The stored hours in a row that the rates of a pair must be against it.
    static let hoursAgainst = 3

    /// Hours after the entry.
    var horizon: Int
    /// The loss, a fraction; `nil` for none.
    var stop: Double?
    /// The hour of a later event of the other side; `nil` for none.
    var opposite: Hour?
    /// Whether a pair is closed when its displayed rates turn against it.
    var closesWhenCarryIsGone = false

    /// Three daily deviations of the price, between 1 and 15 %; 5 % where the volatility is unknown.
    /// - Parameter sigma24: an annualised fraction.
    static func stop(sigma24: Double?) -> Double {
        sigma24.map { clamp(3 * $0 / 365.0.squareRoot(), 0.01, 0.15) } ?? 0.05
    }

    /// The reason to close at a stored hour; `nil` to go on.
    /// - Parameters:
    ///   - excursion: what the price made, a fraction.
    ///   - hoursAgainst: hours in a row in which the displayed rates were against the position.
    func reason(at hour: Hour, entry: Hour, excursion: Double, hoursAgainst: Int) -> TradeStatus? {
        if let stop, excursion <= -stop { return .stop }
        if let opposite, hour > opposite { return .opposite }
        if entry.distance(to: hour) >= horizon { return .time }
        if closesWhenCarryIsGone, hoursAgainst >= Self.hoursAgainst { return .carryGone }
        return nil
    }
}
