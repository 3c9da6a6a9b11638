import PerpCore
import Sealing

/// Forecasts the funding of one contract, hour by hour.
///
/// It holds all that later hours need of the past. A stored forecaster and one more hour give the next one: nothing is looked up
/// again, and a forecast teaches as soon as its settlement is known, before the next forecast is made. Its `numbers` are few
/// and change each hour. The lessons of its records are many and stored apart: a step names the leads that learned one.
///
/// The exchange's own estimate is a mean of thousands of samples and hard to beat. The model adds to it what it cannot know:
/// where the premium is now, and where this market usually returns to. The correction is shrunk to nothing and published only
/// where it was better than the estimate alone.
public struct FundingForecaster: Hashable, Sendable {
    /// The rules, stored with what was issued and with what forecasters know.
    public static let version = "funding-1"
    /// After so many hours without its settlement a forecast is dropped.
    static let patience = 48

    /// The premium that our own samples showed in the last stored hour that had one.
    private struct Guess: Hashable, Sendable {
        var observedAt: Timestamp
        var premium: Double
    }

    /// The exchange of the contract.
    public let exchange: Exchange
    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public let symbol: String
    private var lastHour: Hour?
    private var intervalHours: Int?
    private var samples = PremiumSamples()
    private var settled: SettledPremiums
    private var guess: Guess?
    /// Of the next settlement, by lead: the first is that of one hour.
    private(set) var leads: [LeadRecord] = []
    private(set) var eightHours = Self.emptyRecord(ofEightHours)
    private(set) var pending: [PendingSettlement] = []
    private(set) var pendingSums: [PendingSum] = []

    /// Knows nothing of its contract yet.
    public init(exchange: Exchange, symbol: String) {
        self.exchange = exchange
        self.symbol = symbol
        settled = SettledPremiums(exchange: exchange)
    }

    // MARK: - Storage

    /// All that is known but the lessons, as some hundred numbers, which `init(exchange:symbol:numbers:)` reads back.
    public var numbers: [Double] {
        var writer = NumberWriter()
        writer.add(lastHour)
        writer.add(intervalHours)
        samples.write(to: &writer)
        settled.write(to: &writer)
        writer.add(guess?.observedAt)
        writer.add(guess?.premium)
        writer.add(leads) { $1.write(to: &$0) }
        eightHours.write(to: &writer)
        writer.add(pending) { $1.write(to: &$0) }
        writer.add(pendingSums) { $1.write(to: &$0) }
        return writer.numbers
    }

    /// The forecaster that `numbers` gave, without lessons; `nil` when these are not the numbers of one.
    public init?(exchange: Exchange, symbol: String, numbers: [Double]) {
        self.init(exchange: exchange, symbol: symbol)
        var reader = NumberReader(numbers)
        do {
            try read(from: &reader)
        } catch {
            return nil
        }
        guard reader.isAtEnd else { return nil }
    }

    private mutating func read(from reader: inout NumberReader) throws(NumberReader.Unreadable) {
        lastHour = try reader.hourOrUnknown()
        intervalHours = try reader.integerOrUnknown()
        samples = try PremiumSamples(from: &reader)
        settled = try SettledPremiums(exchange: exchange, from: &reader)
        if let observedAt = try reader.timeOrUnknown() {
            guess = Guess(observedAt: observedAt, premium: try reader.number())
        } else {
            _ = try reader.numberOrUnknown()
        }
        let count = try reader.integer()
        guard (0...Self.mostLeads).contains(count) else { throw NumberReader.Unreadable() }
        makeRecords(to: count)
        for place in leads.indices { try leads[place].read(from: &reader) }
        try eightHours.read(from: &reader)
        pending = try reader.list(PendingSettlement.init)
        pendingSums = try reader.list(PendingSum.init)
    }

    /// The key of the record of the next eight hours; others are those of a lead, 1 to 24 hours.
    public static let ofEightHours = 0
    /// The longest lead in hours: that of an interval of a day.
    public static let mostLeads = 24

    /// What was learned, by lead.
    public var records: [Int: LeadRecord] {
        var records = [Self.ofEightHours: eightHours]
        for (place, record) in leads.enumerated() { records[place + 1] = record }
        return records
    }

    /// What was learned of a lead; `nil` when it was never forecast.
    public func record(_ lead: Int) -> LeadRecord? {
        if lead == Self.ofEightHours { return eightHours }
        return leads.indices.contains(lead - 1) ? leads[lead - 1] : nil
    }

    /// Puts stored lessons, the oldest first, before those that a record has at hand.
    public mutating func recall(_ older: [Lesson], lead: Int) {
        if lead == Self.ofEightHours {
            eightHours.recall(older)
        } else {
            leads[lead - 1].recall(older)
        }
    }

    /// The leads whose lessons the forecasts of an hour look at: they must be whole before it is added.
    public func leads(of hour: FundingHour) -> [Int] {
        guard let upcoming = hour.upcoming else { return [] }
        return upcoming.intervalHours < 8 ? [Self.ofEightHours, upcoming.leadHours] : [upcoming.leadHours]
    }

    /// The last hour that was added; `nil` before the first.
    public var lastAdded: Hour? { lastHour }
    /// When the last settlement was that is known; `nil` before the first.
    public var lastSettledAt: Timestamp? { settled.lastSettledAt }

    private static func emptyRecord(_ lead: Int) -> LeadRecord {
        lead == ofEightHours ? LeadRecord(features: 3, cut: 10) : LeadRecord(features: 4, cut: 5)
    }

    private mutating func makeRecords(to lead: Int) {
        while leads.count < lead { leads.append(Self.emptyRecord(leads.count + 1)) }
    }

    /// The formula that the settlements showed so far.
    public var formula: FundingFormula { settled.formula }
    /// The habitual premium, a fraction per eight hours; `nil` before the first settlement.
    public var habit: Double? { settled.habit }

    /// What an hour leads to.
    public struct Step: Hashable, Sendable {
        /// The forecasts of the hour, at most one of each target.
        public var forecasts: [FundingForecast] = []
        /// The outcomes of earlier forecasts that the hour's settlements show.
        public var outcomes: [ForecastOutcome] = []
        /// The leads whose record changed.
        public var learned: Set<Int> = []
    }

    /// Takes the next stored hour of the contract, which must be later than all others.
    public mutating func add(_ hour: FundingHour) -> Step {
        precondition(lastHour.map { $0 < hour.hour } ?? true, "hours are added in order")
        lastHour = hour.hour
        var step = Step()
        for settlement in hour.settlements { settle(settlement, hour, &step) }
        let isMoved = dropMoved(hour)
        intervalHours = hour.intervalHours ?? intervalHours
        let nowcast = look(hour)
        forecastNext(hour, nowcast, isMoved, &step)
        forecastEightHours(hour, isMoved, &step)
        return step
    }

    // MARK: - Settlements

    private mutating func settle(_ settlement: FundingSettlement, _ hour: FundingHour, _ step: inout Step) {
        let time = settlement.settledAt.flooredToMinute
        let hours = FundingHour.wholeHours(settlement.fundingIntervalHours) ?? intervalHours ?? hour.intervalHours
        guard let hours, settled.lastSettledAt.map({ $0 < time }) ?? true else { return }
        let guess = guess(before: time, hours: hours)
        resolve(time, settlement.fundingRate, hours, guess, &step)
        resolveSums(time, settlement.fundingRate, hours, &step)
        settled.add(rate: settlement.fundingRate, hours: hours, at: time, guess: guess)
    }

    /// What our samples showed in the last stored hour before a settlement, if that hour was within its interval.
    private func guess(before time: Timestamp, hours: Int) -> Double? {
        let start = time.advanced(byMilliseconds: -Int64(hours) * Hour.milliseconds)
        guard let guess, guess.observedAt < time, guess.observedAt >= start else { return nil }
        return guess.premium
    }

    private mutating func resolve(
        _ time: Timestamp, _ rate: Double, _ hours: Int, _ guess: Double?, _ step: inout Step
    ) {
        for forecast in pending where forecast.settlesAt == time && forecast.intervalHours == hours {
            let premium = settled.premium(ofRate: rate, hours: hours, guess: guess, by: forecast.formula)
            makeRecords(to: forecast.leadHours)
            leads[forecast.leadHours - 1].learn(forecast.candidates, row: forecast.row, value: premium, rate: rate)
            step.learned.insert(forecast.leadHours)
            let targets: [ForecastTarget] = hours == 8 ? [.next, .next8] : [.next]
            step.outcomes += targets.map {
                ForecastOutcome(hour: forecast.hour, target: $0, settlesAt: time, realised: rate)
            }
        }
        pending.removeAll { $0.settlesAt <= time }
    }

    private mutating func resolveSums(_ time: Timestamp, _ rate: Double, _ hours: Int, _ step: inout Step) {
        for place in pendingSums.indices { pendingSums[place].add(rate, hours: hours, at: time) }
        for forecast in pendingSums where forecast.isComplete {
            eightHours.learn(forecast.candidates, row: forecast.row, value: forecast.sum, rate: forecast.sum)
            step.learned.insert(Self.ofEightHours)
            step.outcomes.append(
                ForecastOutcome(hour: forecast.hour, target: .next8, settlesAt: forecast.lastAt, realised: forecast.sum)
            )
        }
        pendingSums.removeAll { $0.isComplete || $0.nextAt <= time }
    }

    /// Drops what waits for a settlement that the exchange no longer announces, and what has waited too long.
    private mutating func dropMoved(_ hour: FundingHour) -> Bool {
        let oldest = hour.observedAt.advanced(byMilliseconds: -Int64(Self.patience) * Hour.milliseconds)
        pending.removeAll { $0.settlesAt < oldest }
        pendingSums.removeAll { $0.nextAt < oldest }
        guard let hours = hour.intervalHours, let next = hour.nextFundingAt else { return false }
        let count = pending.count + pendingSums.count
        pending.removeAll { $0.settlesAt > hour.observedAt && ($0.settlesAt != next || $0.intervalHours != hours) }
        pendingSums.removeAll { $0.intervalHours != hours || ($0.nextAt > hour.observedAt && $0.nextAt != next) }
        return pending.count + pendingSums.count < count
    }

    // MARK: - The next settlement

    /// What our own samples show at an hour: fractions per eight hours.
    private struct Nowcast {
        /// The premium of the hour, the weighted mean of the interval, and the means of eight hours and of a day.
        var premium: Double?
        var interval: Double?
        var eightHours: Double?
        var day: Double?
    }

    private mutating func look(_ hour: FundingHour) -> Nowcast {
        var nowcast = Nowcast()
        nowcast.premium = samples.add(mark: hour.mark, index: hour.index, at: hour.hour)
        nowcast.interval = hour.intervalHours.flatMap { samples.weightedMean(hours: $0, to: hour.hour) }
        nowcast.eightHours = samples.mean(hours: 8, to: hour.hour)
        nowcast.day = samples.mean(hours: 24, to: hour.hour)
        if let premium = nowcast.interval { guess = Guess(observedAt: hour.observedAt, premium: premium) }
        return nowcast
    }

    private mutating func forecastNext(
        _ hour: FundingHour, _ nowcast: Nowcast, _ isMoved: Bool, _ step: inout Step
    ) {
        guard let upcoming = hour.upcoming else { return }
        makeRecords(to: upcoming.leadHours)
        let record = leads[upcoming.leadHours - 1]
        let row = correctionRow(hour, nowcast, upcoming)
        let candidates = candidates(hour, nowcast, upcoming, row, record)
        guard let best = record.published(of: candidates) else { return }
        var forecast = blank(hour, .next, upcoming, best, candidates, record, isMoved)
        let hours = upcoming.intervalHours
        forecast.setEnds(record, candidates, best) { formula.rate(ofPremium: $0, hours: hours) }
        step.forecasts.append(forecast)
        if hours == 8 { step.forecasts.append(forecast.asEightHours) }
        pending.append(
            PendingSettlement(
                hour: hour.hour, settlesAt: upcoming.settlesAt, leadHours: upcoming.leadHours, intervalHours: hours,
                formula: formula, row: row, candidates: candidates))
    }

    /// The features of the correction, and the premium that the exchange's own estimate stands for; `nil` when something is
    /// unknown.
    private func correctionRow(
        _ hour: FundingHour, _ nowcast: Nowcast, _ upcoming: FundingHour.Upcoming
    ) -> CorrectionRow? {
        guard let displayed = hour.displayed, let premium = nowcast.premium, let interval = nowcast.interval,
            let eightHours = nowcast.eightHours, let day = nowcast.day, let habit
        else { return nil }
        let base = formula.premium(ofRate: displayed, hours: upcoming.intervalHours, guess: interval)
        // Differences of our own samples: what they are off the exchange's own prices cancels.
        let features = [premium - interval, eightHours - interval, day - interval, habit - base].map { 1e4 * $0 }
        return CorrectionRow(features: features, base: base)
    }

    private func candidates(
        _ hour: FundingHour, _ nowcast: Nowcast, _ upcoming: FundingHour.Upcoming, _ row: CorrectionRow?,
        _ record: LeadRecord
    ) -> [Candidate] {
        let hours = upcoming.intervalHours
        func candidate(_ method: ForecastMethod, _ premium: Double) -> Candidate {
            Candidate(method: method, value: premium, rate: formula.rate(ofPremium: premium, hours: hours))
        }
        var candidates: [Candidate] = []
        if let displayed = hour.displayed {
            let base = settled.premium(ofRate: displayed, hours: hours, guess: nowcast.interval, by: formula)
            let estimate = Candidate(method: .displayed, value: base, rate: displayed)
            if let row {
                let correction = record.correction(row.features)
                let uncorrected = Candidate(method: .model, value: base, rate: displayed)
                candidates.append(correction.map { candidate(.model, base + $0) } ?? uncorrected)
            }
            candidates.append(estimate)
        }
        if let interval = nowcast.interval { candidates.append(candidate(.samples, interval)) }
        if hours > 1, let habit { candidates.append(candidate(.habit, habit)) }
        if hours == 1, let rate8h = settled.lastRate8h {
            let premium = settled.premium(ofRate: rate8h, hours: 8, guess: nil, by: formula)
            candidates.append(Candidate(method: .last, value: premium, rate: rate8h / 8))
        }
        return candidates
    }

    // MARK: - The next eight hours

    private mutating func forecastEightHours(_ hour: FundingHour, _ isMoved: Bool, _ step: inout Step) {
        guard let upcoming = hour.upcoming, upcoming.intervalHours < 8,
            let sum = PendingSum(hour, upcoming)
        else { return }
        let row = eightHoursRow(hour, upcoming)
        let candidates = eightHoursCandidates(hour, upcoming, row)
        guard let best = eightHours.published(of: candidates) else { return }
        let last = FundingHour.Upcoming(settlesAt: sum.lastAt, leadHours: 8, intervalHours: upcoming.intervalHours)
        var forecast = blank(hour, .next8, last, best, candidates, eightHours, isMoved)
        forecast.setEnds(eightHours, candidates, best) { $0 }
        step.forecasts.append(forecast)
        pendingSums.append(sum.with(row, candidates))
    }

    /// What the contract's own settlements say, around the last rate of eight hours; `nil` when something is unknown.
    private func eightHoursRow(_ hour: FundingHour, _ upcoming: FundingHour.Upcoming) -> CorrectionRow? {
        func premium(_ hours: Int) -> Double? {
            settled.meanPremium(hours: hours, to: hour.observedAt, intervalHours: upcoming.intervalHours)
        }
        guard let base = settled.lastRate8h, let habit, let eightHours = premium(8), let day = premium(24)
        else { return nil }
        let features = [habit, eightHours, day].map { 1e4 * (formula.rate8h(ofPremium: $0) - base) }
        return CorrectionRow(features: features, base: base)
    }

    private func eightHoursCandidates(
        _ hour: FundingHour, _ upcoming: FundingHour.Upcoming, _ row: CorrectionRow?
    ) -> [Candidate] {
        func candidate(_ method: ForecastMethod, _ rate: Double) -> Candidate {
            Candidate(method: method, value: rate, rate: rate)
        }
        var candidates: [Candidate] = []
        if let row { candidates.append(candidate(.model, row.base + (eightHours.correction(row.features) ?? 0))) }
        if let displayed = hour.displayed {
            candidates.append(candidate(.displayed, displayed * 8 / Double(upcoming.intervalHours)))
        }
        if let rate8h = settled.lastRate8h { candidates.append(candidate(.last, rate8h)) }
        return candidates
    }

    // MARK: - Rows

    private func blank(
        _ hour: FundingHour, _ target: ForecastTarget, _ upcoming: FundingHour.Upcoming, _ best: Candidate,
        _ candidates: [Candidate], _ record: LeadRecord, _ isMoved: Bool
    ) -> FundingForecast {
        let hours = target == .next ? upcoming.intervalHours : 8
        var flags: [ForecastFlag] = []
        if habit == nil { flags.append(.noSettlements) }
        if isMoved { flags.append(.intervalChanged) }
        func rate(_ method: ForecastMethod) -> Double? { candidates.first { $0.method == method }?.rate }
        return FundingForecast(
            hour: hour.hour, exchange: exchange, symbol: symbol, target: target, settlesAt: upcoming.settlesAt,
            leadHours: upcoming.leadHours, method: best.method, intervalHours: upcoming.intervalHours, formula: formula,
            rate: best.rate, model: rate(.model), displayed: rate(.displayed),
            lastSettled: settled.lastRate8h.map { $0 * Double(hours) / 8 },
            habit: habit.map { formula.rate(ofPremium: $0, hours: hours) },
            defaultRate: formula.interest8h * Double(hours) / 8, trained: record.ridge.count,
            residuals: 0, flags: flags)
    }
}

extension FundingForecast {
    /// Sets the ends of the forecast and of the exchange's own estimate; `rate` turns a value of a candidate into a rate.
    fileprivate mutating func setEnds(
        _ record: LeadRecord, _ candidates: [Candidate], _ best: Candidate, _ rate: (Double) -> Double
    ) {
        func ends(_ candidate: Candidate, _ residuals: Residuals) -> (low: Double, high: Double)? {
            guard let (below, above) = residuals.ends else { return nil }
            let (low, high) = (rate(candidate.value + below), rate(candidate.value + above))
            // An estimate that the exchange shows need not be exactly what its premium settles at.
            return (below <= 0 ? min(low, candidate.rate) : low, above >= 0 ? max(high, candidate.rate) : high)
        }
        let own = record.residuals(of: best.method)
        residuals = own.values.count
        (low, high) = ends(best, own).map { ($0.low, $0.high) } ?? (nil, nil)
        if best.method == .displayed {
            (displayedLow, displayedHigh) = (low, high)
        } else if let displayed = candidates.first(where: { $0.method == .displayed }) {
            let ends = ends(displayed, record.residuals(of: .displayed))
            (displayedLow, displayedHigh) = ends.map { ($0.low, $0.high) } ?? (nil, nil)
        }
    }

    /// The same forecast, which covers eight hours already.
    fileprivate var asEightHours: FundingForecast {
        var forecast = self
        forecast.target = .next8
        return forecast
    }
}
