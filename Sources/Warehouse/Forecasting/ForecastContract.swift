import Forecasts
import PerpCore

/// A contract whose funding is forecast, as it stands after an hour.
final class ForecastContract {
    /// What a contract is called.
    struct Name: Hashable, Comparable {
        var exchange: Exchange
        var symbol: String

        static func < (left: Name, right: Name) -> Bool {
            (left.exchange, left.symbol) < (right.exchange, right.symbol)
        }
    }

    /// A settlement that a file stated and no ticker has seen yet.
    private struct Waiting {
        var at: Timestamp
        var rate: Double
        var hours: Double?
    }

    let name: Name
    let asset: String
    /// Its first hour. It tells its lessons from those of an earlier forecaster of the same contract.
    let since: Hour
    private(set) var forecaster: FundingForecaster
    private var waiting: [Waiting] = []
    /// How many lessons of a lead are stored.
    var storedLessons: [Int: Int] = [:]

    /// A contract of which nothing is known before `hour`.
    init(_ name: Name, asset: String, since hour: Hour) {
        self.name = name
        self.asset = asset
        since = hour
        forecaster = FundingForecaster(exchange: name.exchange, symbol: name.symbol)
    }

    /// The contract that `numbers` gave; all its lessons are stored. `nil` when these are not the numbers of one.
    init?(_ name: Name, asset: String, since hour: Hour, numbers: [Double]) {
        guard let count = numbers.first.flatMap({ Int(exactly: $0) }), (0...(numbers.count - 1) / 3).contains(count),
            let forecaster = FundingForecaster(
                exchange: name.exchange, symbol: name.symbol, numbers: Array(numbers[(1 + 3 * count)...]))
        else { return nil }
        self.name = name
        self.asset = asset
        since = hour
        self.forecaster = forecaster
        for place in 0..<count {
            guard let at = Int64(exactly: numbers[1 + 3 * place]) else { return nil }
            let hours = numbers[3 + 3 * place]
            waiting.append(
                Waiting(
                    at: Timestamp(milliseconds: at), rate: numbers[2 + 3 * place], hours: hours.isFinite ? hours : nil))
        }
        storedLessons = forecaster.records.mapValues(\.count)
    }

    /// What the contract is stored as, besides its lessons.
    var numbers: [Double] {
        var numbers = [Double(waiting.count)]
        for settlement in waiting {
            numbers += [Double(settlement.at.milliseconds), settlement.rate, settlement.hours ?? .infinity]
        }
        return numbers + forecaster.numbers
    }

    /// Takes a settlement that a file states. One that is known already, in any words, changes nothing.
    func take(settledAt at: Timestamp, rate: Double, hours: Double?) {
        if let last = forecaster.lastSettledAt, at <= last { return }
        if waiting.contains(where: { $0.at == at }) { return }
        waiting.append(Waiting(at: at, rate: rate, hours: hours))
    }

    /// The settlements that a ticker of `time` has seen, ascending; they no longer wait.
    func settlements(through time: Timestamp) -> [FundingSettlement] {
        let seen = waiting.filter { $0.at <= time }.sorted { $0.at < $1.at }
        waiting.removeAll { $0.at <= time }
        return seen.map {
            FundingSettlement(
                symbol: name.symbol, asset: asset, settledAt: $0.at, fundingRate: $0.rate,
                fundingIntervalHours: $0.hours)
        }
    }

    /// Forecasts the next hour. The lessons of its leads must be whole.
    func add(_ hour: FundingHour) -> FundingForecaster.Step { forecaster.add(hour) }

    /// Puts stored lessons before those at hand.
    func recall(_ lessons: [Lesson], lead: Int) { forecaster.recall(lessons, lead: lead) }
}
