import PerpCore

@testable import Forecasts

/// The model of the next settlement as the formulas say it: all of the past is put into one table, then solved. Of contracts
/// whose interval and formula stay the same and whose prices are all known.
struct SlowForecast {
    private let hours: [FundingHour]
    private let formula = FundingFormula.clamped()
    /// In basis points.
    private var premiums: [Hour: Double] = [:]
    private var targets: [(at: Timestamp, premium: Double)] = []

    init(_ hours: [FundingHour]) {
        self.hours = hours
        for hour in hours { premiums[hour.hour] = 1e4 * (hour.mark! / hour.index! - 1) }  // all are known
        for settlement in hours.flatMap(\.settlements) {
            guard let before = hours.last(where: { $0.observedAt < settlement.settledAt && weighted($0) != nil }) else {
                // Nothing was seen: the middle of the band.
                targets.append((settlement.settledAt, premium(settlement.fundingRate, 8, 1)))
                continue
            }
            let target = premium(settlement.fundingRate, before.intervalHours!, weighted(before)!)  // as above
            targets.append((settlement.settledAt, target))
        }
    }

    /// In basis points.
    private func premium(_ rate: Double, _ hours: Int, _ guess: Double) -> Double {
        1e4 * formula.premium(ofRate: rate, hours: hours, guess: guess / 1e4)
    }

    private func weighted(_ at: FundingHour) -> Double? {
        let count = at.intervalHours!  // all are known
        var sum = 0.0
        var weight = 0.0
        for place in 0..<count {
            guard let premium = premiums[at.hour.advanced(by: place - count + 1)] else { continue }
            sum += Double(place + 1) * premium
            weight += Double(place + 1)
        }
        return weight >= Double(count * (count + 1)) / 4 ? sum / weight : nil
    }

    private func mean(_ count: Int, _ at: FundingHour) -> Double? {
        let known = (0..<count).compactMap { premiums[at.hour.advanced(by: -$0)] }
        return known.count >= count / 2 ? known.reduce(0, +) / Double(known.count) : nil
    }

    private func habit(_ at: FundingHour) -> Double? {
        var habit: Double?
        for target in targets where target.at <= at.observedAt {
            habit = habit.map { 0.5 * $0 + 0.5 * target.premium } ?? target.premium
        }
        return habit
    }

    /// The features and the base of an hour, in basis points.
    private func row(_ at: FundingHour) -> (features: [Double], base: Double)? {
        guard let interval = weighted(at), let eight = mean(8, at), let day = mean(24, at), let habit = habit(at),
            let now = premiums[at.hour]
        else { return nil }
        let base = premium(at.displayed!, at.intervalHours!, interval)  // all are known
        return ([now - interval, eight - interval, day - interval, habit - base], base)
    }

    /// What the model says in the last hour.
    var model: Double? {
        guard let last = hours.last, let row = row(last) else { return nil }
        var rows: [(features: [Double], target: Double)] = []
        for hour in hours.dropLast() where hour.upcoming?.leadHours == last.upcoming?.leadHours {
            guard let target = targets.first(where: { $0.at == hour.nextFundingAt }), let earlier = self.row(hour)
            else { continue }
            rows.append((earlier.features, max(-5, min(5, target.premium - earlier.base))))
        }
        guard rows.count >= 90 else { return last.displayed }
        var premium = row.base
        for (coefficient, feature) in zip(RidgeTests.solved(rows, features: 4), row.features) {
            premium += coefficient * feature
        }
        return formula.rate(ofPremium: premium / 1e4, hours: last.intervalHours!)  // known
    }
}
