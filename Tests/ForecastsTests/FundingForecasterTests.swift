import Foundation
import PerpCore
import Testing

@testable import Forecasts

@Suite("Forecast of funding")
struct FundingForecasterTests {
    static let start = PremiumSamplesTests.start

    /// An hour of a contract that settles at hours divisible by `interval`; premiums and rates in basis points.
    private func hour(
        _ place: Int, premium: Double? = nil, displayed: Double? = nil, interval: Int? = 8, next: Int? = nil,
        settled: [(hour: Int, rate: Double)] = []
    ) -> FundingHour {
        let hour = Self.start.advanced(by: place)
        let due = interval.map { $0 - place % $0 }
        return FundingHour(
            hour: hour, observedAt: hour.startTime.advanced(byMilliseconds: 120_000), mark: premium.map { 1 + 1e-4 * $0 },
            index: premium.map { _ in 1 }, displayed: displayed.map { 1e-4 * $0 }, intervalHours: interval,
            nextFundingAt: (next ?? due.map { place + $0 }).map { Self.start.advanced(by: $0).startTime },
            settlements: settled.map { settlement in
                FundingSettlement(
                    symbol: "X", asset: "X", settledAt: Self.start.advanced(by: settlement.hour).startTime,
                    fundingRate: 1e-4 * settlement.rate, fundingIntervalHours: interval.map(Double.init))
            })
    }

    private func forecaster() -> FundingForecaster { FundingForecaster(exchange: .binance, symbol: "X") }

    @Test("worked: what the model looks at")
    func features() throws {
        var forecaster = forecaster()
        for place in 0..<24 {
            let wave = Double((5 * place) % 7 - 3)
            let premium = 3 + 0.2 * wave + 0.15 * Double(place)
            // The first settlement makes the habit 6.1, the second one the mean of it and -5.1.
            let settled: [(hour: Int, rate: Double)] = place == 8 ? [(8, 1.1)] : place == 16 ? [(16, -0.1)] : []
            _ = forecaster.add(hour(place, premium: premium, displayed: 1.2, settled: settled))
        }
        let habit = try #require(forecaster.habit)
        #expect(isClose(habit, 0.5e-4))
        let row = try #require(forecaster.pending.last?.row)
        #expect(isClose(row.base, 6.2e-4))
        // Premiums are differences of prices: ten digits of them are left.
        let expected = [0.35, -0.175, -1.3833333333333333, 0.5 - 6.2]
        #expect(zip(row.features, expected).allSatisfy { abs($0 - $1) < 1e-10 })
    }

    @Test("the next settlement must be known, after the observation and within the interval")
    func upcoming() {
        #expect(hour(7, displayed: 1).upcoming?.leadHours == 1)
        #expect(hour(8, displayed: 1).upcoming?.leadHours == 8)
        #expect(hour(7, displayed: 1, next: 7).upcoming == nil)
        #expect(hour(7, displayed: 1, next: 16).upcoming == nil)
        #expect(hour(7, displayed: 1, interval: nil, next: 8).upcoming == nil)
        #expect(hour(7, displayed: 1, interval: 1).upcoming?.leadHours == 1)
        var forecaster = forecaster()
        #expect(forecaster.add(hour(7, displayed: 1, next: 7)).forecasts.isEmpty)
    }

    @Test("an interval that is not whole hours is unknown", arguments: [nil, 0, 0.5, 25, -1, .infinity, .nan])
    func interval(hours: Double?) { #expect(FundingHour.wholeHours(hours) == nil) }

    @Test("the method that is left when something is missing")
    func degrading() throws {
        func method(_ hour: FundingHour, after settled: [(hour: Int, rate: Double)], interval: Int = 8) -> ForecastMethod? {
            var forecaster = forecaster()
            if !settled.isEmpty { _ = forecaster.add(self.hour(1, interval: interval, settled: settled)) }
            return forecaster.add(hour).forecasts.first?.method
        }
        #expect(method(hour(2, premium: 1, displayed: 1), after: [(0, 2)]) == .displayed)
        #expect(method(hour(2, displayed: 1), after: [(0, 2)]) == .displayed)
        #expect(method(hour(2, displayed: 1), after: []) == .displayed)
        // One premium has the weight of 8 of 36 in an interval of 8 hours, and all of it in one of 1 hour.
        #expect(method(hour(2, premium: 1), after: [(0, 2)]) == .habit)
        #expect(method(hour(2, premium: 1, interval: 1), after: [(0, 2)], interval: 1) == .samples)
        #expect(method(hour(2), after: [(0, 2)]) == .habit)
        #expect(method(hour(2, interval: 1), after: [(0, 2)], interval: 1) == .last)
        #expect(method(hour(2), after: []) == nil)
        #expect(method(hour(2, premium: 1), after: []) == nil)
    }

    @Test("rates of the methods, and what stands beside them")
    func rates() throws {
        var forecaster = forecaster()
        _ = forecaster.add(hour(8, settled: [(8, 3)]))
        let habit = try #require(forecaster.add(hour(9)).forecasts.first)
        #expect(isClose(habit.rate, 3e-4))
        #expect(habit.low == nil && habit.high == nil && habit.flags.isEmpty && habit.displayed == nil)
        let displayed = try #require(forecaster.add(hour(10, displayed: -2)).forecasts.first)
        #expect(displayed.rate == -2e-4)
        #expect(isClose(displayed.lastSettled, 3e-4))
        #expect(isClose(displayed.habit, 3e-4))
        #expect(displayed.defaultRate == 1e-4)
        #expect(displayed.leadHours == 6)
        #expect(displayed.settlesAt == Self.start.advanced(by: 16).startTime)
    }

    @Test("without settlements there is the exchange's own estimate, without an interval")
    func noSettlements() throws {
        var forecaster = forecaster()
        var last: FundingForecast?
        for place in 0..<2000 { last = forecaster.add(hour(place, premium: 1, displayed: 1.5)).forecasts.first }
        let forecast = try #require(last)
        #expect(forecast.method == .displayed)
        #expect(forecast.flags == [.noSettlements])
        #expect(forecast.low == nil && forecast.model == nil)
        // What can never settle does not pile up.
        #expect(forecaster.pending.count <= 64)
    }

    @Test("a settlement after the observation is not known")
    func future() {
        let early = hour(8, displayed: 1, settled: [(8, 2), (9, 5)])
        #expect(early.settlements.map(\.fundingRate) == [2e-4])
    }

    @Test("a settlement shows the outcome of each forecast of it")
    func outcomes() {
        var forecaster = forecaster()
        for place in 1...7 where place != 4 { _ = forecaster.add(hour(place, displayed: 1)) }
        let step = forecaster.add(hour(8, displayed: 1, settled: [(8, 2)]))
        #expect(step.outcomes.filter { $0.target == .next }.map { Self.start.distance(to: $0.hour) } == [1, 2, 3, 5, 6, 7])
        #expect(step.outcomes.filter { $0.target == .next8 }.count == 6)
        #expect(step.outcomes.allSatisfy { $0.realised == 2e-4 })
        #expect(forecaster.pending.map { Self.start.distance(to: $0.hour) } == [8])
        // Told once.
        #expect(forecaster.add(hour(9, displayed: 1, settled: [(8, 2)])).outcomes.isEmpty)
    }

    @Test("a settlement that is missing leaves its forecasts without an outcome")
    func missingSettlement() {
        var forecaster = forecaster()
        _ = forecaster.add(hour(7, displayed: 1))
        _ = forecaster.add(hour(9, displayed: 1))
        let step = forecaster.add(hour(17, displayed: 1, settled: [(16, 2)]))
        #expect(step.outcomes.filter { $0.target == .next }.map { Self.start.distance(to: $0.hour) } == [9])
    }

    @Test("another interval, or another time of settlement, drops what waits and is said once")
    func intervalChanged() throws {
        for (interval, next) in [(4, 4), (8, 6)] {
            var forecaster = forecaster()
            _ = forecaster.add(hour(1, displayed: 1))
            _ = forecaster.add(hour(2, displayed: 1))
            let changed = forecaster.add(hour(3, displayed: 1, interval: interval, next: next))
            #expect(changed.forecasts.first?.flags.contains(.intervalChanged) == true)
            #expect(forecaster.pending.count == 1)
            let after = forecaster.add(hour(3 + (next - 3) - 0, displayed: 1, interval: interval, settled: [(next, 2)]))
            #expect(after.outcomes.filter { $0.target == .next }.map { Self.start.distance(to: $0.hour) } == [3])
            #expect(after.forecasts.first?.flags.contains(.intervalChanged) == false)
        }
    }

    @Test("an unknown interval is no change")
    func unknownInterval() {
        var forecaster = forecaster()
        _ = forecaster.add(hour(1, displayed: 1))
        _ = forecaster.add(hour(2, displayed: 1, interval: nil))
        #expect(forecaster.pending.count == 1)
        #expect(forecaster.add(hour(8, displayed: 1, settled: [(8, 2)])).outcomes.count == 2)
    }

    @Test("the next eight hours of an hourly contract are the sum of eight settlements")
    func eightHours() throws {
        var forecaster = forecaster()
        var sums: [Double] = []
        var last: FundingForecast?
        for place in 0..<40 {
            let rate = 0.1 * Double(place % 5)
            let step = forecaster.add(hour(place, displayed: 0.2, interval: 1, settled: [(place, rate)]))
            sums += step.outcomes.filter { $0.target == .next8 }.map { 1e4 * $0.realised }
            last = step.forecasts.last
        }
        let forecast = try #require(last)
        #expect(forecast.target == .next8)
        #expect(forecast.method == .displayed)
        #expect(isClose(forecast.rate, 1.6e-4))
        #expect(forecast.rate8h == forecast.rate)
        #expect(forecast.leadHours == 8)
        #expect(forecast.settlesAt == Self.start.advanced(by: 47).startTime)
        // Hours 1 to 8 hold 1 2 3 4 0 1 2 3 tenths.
        #expect(sums.count == 32)
        #expect(abs(sums[0] - 1.6) < 1e-12)
        #expect(forecaster.pendingSums.count == 8)
    }

    @Test("without an estimate of the exchange the next eight hours are the last rate; with a longer interval they are unknown")
    func eightHoursOfHistory() {
        var hourly = forecaster()
        let step = hourly.add(hour(4, interval: 4, settled: [(4, 0.3)]))
        #expect(isClose(step.forecasts.first { $0.target == .next8 }?.rate, 0.6e-4))
        var daily = forecaster()
        #expect(daily.add(hour(4, displayed: 1, interval: 24)).forecasts.map(\.target) == [.next])
        var eight = forecaster()
        let same = eight.add(hour(4, displayed: 1)).forecasts
        #expect(same.map(\.target) == [.next, .next8])
        #expect(same[0].rate == same[1].rate && same[0].leadHours == same[1].leadHours)
    }

    @Test("a sum with a missing settlement is never complete")
    func brokenSum() {
        var forecaster = forecaster()
        var outcomes = 0
        for place in 0..<16 {
            let settled = place == 6 ? [] : [(hour: place, rate: 1.0)]
            outcomes +=
                forecaster.add(hour(place, displayed: 0.2, interval: 1, settled: settled)).outcomes.filter {
                    $0.target == .next8
                }.count
        }
        // The sums of hours 0 to 5 hold hour 6; those of 6 and 7 are complete at 14 and 15.
        #expect(outcomes == 2)
    }
}

@Suite("Forecast of a simulated contract")
struct SimulatedForecastTests {
    @Test("updated by an hour, the model says what all of the past says")
    func incremental() {
        let hours = SimulatedFunding(days: 45, missing: 0.1, mean: 8).hours
        var forecaster = FundingForecaster(exchange: .binance, symbol: "BTCUSDT")
        var compared: Set<Int> = []
        for (place, hour) in hours.enumerated() {
            let forecast = forecaster.add(hour).forecasts.first
            guard place >= hours.count - 8 else { continue }
            let slow = SlowForecast(Array(hours.prefix(place + 1))).model
            #expect((forecast?.model == nil) == (slow == nil))
            guard let forecast, let model = forecast.model, let slow, forecast.trained >= 90 else { continue }
            #expect(forecast.formula == .clamped())
            #expect(abs(model - slow) < 1e-12 * abs(slow))
            if model != hour.displayed { compared.insert(forecast.leadHours) }
        }
        #expect(compared.count >= 4)
    }

    @Test("a stored forecaster goes on like one that never stopped, with the lessons that an hour looks at")
    func stored() throws {
        let hours = SimulatedFunding(intervalHours: 2, days: 60, missing: 0.05).hours
        var one = FundingForecaster(exchange: .binance, symbol: "BTCUSDT")
        var lessons: [Int: [Lesson]] = [:]
        for (place, hour) in hours.enumerated() {
            let before = one.numbers
            let counts = one.records.mapValues(\.count)
            let expected = one.add(hour)
            defer { for lead in expected.learned { lessons[lead, default: []] += one.lessons(lead, after: counts[lead] ?? 0) } }
            // Now and then another run goes on from what was stored.
            guard place < 24 || place.isMultiple(of: 37) else { continue }
            var other = try #require(
                FundingForecaster(exchange: .binance, symbol: "BTCUSDT", numbers: before))
            #expect(other.numbers == before)
            for lead in other.leads(of: hour) where other.record(lead)?.isWhole == false {
                other.recall(Array((lessons[lead] ?? []).suffix(Residuals.most)), lead: lead)
            }
            #expect(other.add(hour) == expected)
            #expect(other.numbers == one.numbers)
            for lead in expected.learned {
                let count = counts[lead] ?? 0
                #expect(other.lessons(lead, after: count) == one.lessons(lead, after: count))
            }
        }
        #expect(lessons.keys.sorted() == [0, 1, 2])
        #expect(one.numbers.count < 1000)
        #expect(one.record(1)?.count == lessons[1]?.count)
    }

    @Test("lessons are read back as they were, and from no other numbers")
    func storedLessons() throws {
        var forecaster = FundingForecaster(exchange: .binance, symbol: "BTCUSDT")
        for hour in SimulatedFunding(days: 20).hours { _ = forecaster.add(hour) }
        let lessons = try #require(forecaster.record(3)).lessons
        #expect(!lessons.isEmpty)
        for lesson in lessons {
            var numbers: [Double] = []
            lesson.write(to: &numbers)
            #expect(Lesson(numbers: numbers[...]) == lesson)
            #expect(Lesson(numbers: numbers.dropLast()) == nil)
            #expect(Lesson(numbers: [.nan] + numbers.dropFirst()) == nil)
        }
    }

    @Test("numbers that are not those of a forecaster are not read")
    func damaged() throws {
        var forecaster = FundingForecaster(exchange: .binance, symbol: "BTCUSDT")
        for hour in SimulatedFunding(days: 20).hours { _ = forecaster.add(hour) }
        func read(_ numbers: [Double]) -> FundingForecaster? {
            FundingForecaster(exchange: .binance, symbol: "BTCUSDT", numbers: numbers)
        }
        let numbers = forecaster.numbers
        #expect(read(numbers) != nil)
        #expect(read([]) == nil)
        #expect(read([.nan] + numbers.dropFirst()) == nil)
        #expect(read(numbers + [1]) == nil)
        for count in [1, 12, 100, numbers.count - 1] { #expect(read(Array(numbers.prefix(count))) == nil) }
        // A list that is longer than what follows.
        var long = numbers
        long[2] = 1e9
        #expect(read(long) == nil)
    }

    @Test("a record looks at the last 500 lessons, and learns without them")
    func withoutLessons() throws {
        var whole = LeadRecord(features: 1, cut: 5)
        let displayed = Candidate(method: .displayed, value: 0, rate: 0)
        for place in 0..<510 {
            whole.learn([displayed], row: nil, value: Double(place), rate: 0)
        }
        #expect(whole.count == 510 && whole.lessons.count == 500 && whole.isWhole)
        #expect(whole.residuals(of: .displayed).values == (10..<510).map(Double.init))
        var writer = NumberWriter()
        whole.write(to: &writer)
        var reader = NumberReader(writer.numbers)
        var bare = LeadRecord(features: 1, cut: 5)
        try bare.read(from: &reader)
        #expect(bare.count == 510 && !bare.isWhole)
        bare.learn([displayed], row: nil, value: 510, rate: 0)
        whole.learn([displayed], row: nil, value: 510, rate: 0)
        #expect(bare.lessons == whole.lessons.suffix(1))
        bare.recall(Array(whole.lessons.dropLast()))
        #expect(bare == whole)
    }

    @Test("what comes later changes no forecast")
    func truncation() {
        let hours = SimulatedFunding(days: 50).hours
        let whole = hours.forecasts
        for cut in [100, 333, 801] {
            let before = Array(hours.prefix(cut)).forecasts.map(Self.withoutOutcome)
            #expect(Array(whole.prefix(before.count)).map(Self.withoutOutcome) == before)
        }
    }

    private static func withoutOutcome(_ forecast: FundingForecast) -> FundingForecast {
        var forecast = forecast
        forecast.realised = nil
        return forecast
    }

    @Test("before it has learned, the model is the exchange's own estimate")
    func untrained() {
        for forecast in SimulatedFunding(days: 80).hours.forecasts where forecast.trained < 90 && forecast.target == .next {
            #expect(forecast.model == nil || forecast.model == forecast.displayed)
        }
    }

    @Test("an interval whose errors lie on both sides of 0 holds the forecast, also where it ends at the interest")
    func straddling() {
        let next = SimulatedFunding(days: 150, mean: 4).hours.forecasts
        var held = 0
        for forecast in next where forecast.low != nil {
            // In this world the errors of each method lie on both sides.
            #expect(forecast.low! <= forecast.rate && forecast.rate <= forecast.high!)  // both are known
            held += 1
        }
        #expect(held > 100)
    }

    @Test("where the premium returns to a habit, the model is published and better, and intervals hold what they ask")
    func skill() throws {
        let next = SimulatedFunding(days: 330).hours.forecasts.filter { $0.target == .next }
        let published = next.filter { $0.method == .model }
        #expect(!published.isEmpty)
        let skill = try #require(FundingSkill(published))
        #expect(skill.beatsDisplayed == true)
        #expect((skill.comparisons[0].skill ?? 0) > 0.05)
        let interval = try #require(skill.interval)
        #expect(interval.coverage > 0.78)
        #expect(interval.pinball < (skill.intervalOfDisplayed?.pinball ?? 0))
        for forecast in next {
            if let low = forecast.low, let high = forecast.high { #expect(low <= high) }
            #expect(forecast.method != .model || forecast.trained >= 200)
        }
    }
}

extension FundingForecaster {
    /// What a lead has learned since its record had `count` lessons.
    fileprivate func lessons(_ lead: Int, after count: Int) -> [Lesson] {
        record(lead).map { Array($0.lessons.suffix($0.count - count)) } ?? []
    }
}
