import PerpCore

@testable import Forecasts

/// A premium of each minute that wanders about a habit, what an exchange makes of it, and what an hourly snapshot sees.
struct SimulatedFunding {
    var intervalHours = 8
    var days = 120
    var seed: UInt64 = 7
    /// The share of hours without a snapshot.
    var missing = 0.0
    /// The mean premium, in basis points per eight hours.
    var mean = 6.5
    /// How far what we sample is off the exchange's own prices, in basis points.
    var bias = 0.7

    static let start = Hour("2026-01-01T00")!  // a literal

    var hours: [FundingHour] {
        var random = SplitMix64(seed: seed)
        let minutes = premiums(&random)
        let formula = FundingFormula.clamped()
        var hours: [FundingHour] = []
        var settlements: [FundingSettlement] = []
        for place in (24 + 1)..<24 * days {
            let hour = Self.start.advanced(by: place)
            if place.isMultiple(of: intervalHours) {
                let rate = formula.rate(ofPremium: weighted(minutes, to: 60 * place), hours: intervalHours)
                settlements.append(
                    FundingSettlement(
                        symbol: "BTCUSDT", asset: "BTC", settledAt: hour.startTime, fundingRate: rate,
                        fundingIntervalHours: Double(intervalHours)))
            }
            let noise = 0.3 * Self.normal(&random)
            if Double.random(in: 0..<1, using: &random) < missing { continue }
            let seen = 60 * place + 2
            let estimate = formula.rate(ofPremium: weighted(minutes, to: seen), hours: intervalHours)
            hours.append(
                FundingHour(
                    hour: hour, observedAt: hour.startTime.advanced(byMilliseconds: 120_000),
                    mark: 1 + minutes[seen] + 1e-4 * (bias + noise), index: 1, displayed: estimate,
                    intervalHours: intervalHours,
                    nextFundingAt: hour.advanced(by: intervalHours - place % intervalHours).startTime,
                    settlements: settlements))
            settlements = []
        }
        return hours
    }

    /// Fractions per eight hours.
    private func premiums(_ random: inout SplitMix64) -> [Double] {
        var level = mean
        var short = 0.0
        return (0..<60 * 24 * days + 3).map { _ in
            level += (mean - level) / 3000 + 0.05 * Self.normal(&random)
            short += -short / 90 + 0.15 * Self.normal(&random)
            return 1e-4 * (level + short)
        }
    }

    /// The mean of an interval up to a minute, weighted 1, 2, 3 ...
    private func weighted(_ minutes: [Double], to end: Int) -> Double {
        let count = 60 * intervalHours
        var sum = 0.0
        for place in 0..<count { sum += Double(place + 1) * minutes[end - count + place] }
        return sum / Double(count * (count + 1) / 2)
    }

    private static func normal(_ random: inout SplitMix64) -> Double {
        var sum = -3.0
        for _ in 0..<6 { sum += Double(random.next() >> 11) * 0x1p-53 }
        return sum * 2.0.squareRoot()
    }
}

extension [FundingHour] {
    /// All forecasts with their outcomes.
    var forecasts: [FundingForecast] {
        var forecaster = FundingForecaster(exchange: .binance, symbol: "BTCUSDT")
        return forecasts(by: &forecaster)
    }

    /// All forecasts with their outcomes, of a forecaster that goes on.
    func forecasts(by forecaster: inout FundingForecaster) -> [FundingForecast] {
        var places: [ForecastName: Int] = [:]
        var forecasts: [FundingForecast] = []
        for hour in self {
            let step = forecaster.add(hour)
            for outcome in step.outcomes {
                guard let place = places[ForecastName(hour: outcome.hour, target: outcome.target)] else { continue }
                forecasts[place].realised = outcome.realised
            }
            for forecast in step.forecasts {
                places[ForecastName(hour: forecast.hour, target: forecast.target)] = forecasts.count
                forecasts.append(forecast)
            }
        }
        return forecasts
    }
}

private struct ForecastName: Hashable {
    var hour: Hour
    var target: ForecastTarget
}
