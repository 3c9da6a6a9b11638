import PerpCore

/// What is forecast.
public enum ForecastTarget: String, Hashable, Sendable, CaseIterable {
    /// The next settlement: a fraction of notional for its interval.
    case next
    /// The sum of the settlements in the eight hours after the observation: comparable between exchanges.
    case next8
}

/// What a reader of a forecast should know beside it.
public enum ForecastFlag: String, Hashable, Sendable, CaseIterable {
    /// No settlement of the contract is stored: no model and no interval.
    case noSettlements = "no_settlements"
    /// The exchange moved the next settlement or its interval: forecasts that waited were dropped.
    case intervalChanged = "interval_changed"
}

/// A funding rate of one contract as it was forecast in one hour: a row of `funding_forecast`.
///
/// Rates are fractions of notional, positive when longs pay: for the next settlement a rate of its interval, for the next eight
/// hours a rate of eight hours.
public struct FundingForecast: Hashable, Sendable {
    /// The hour of the snapshot, in UTC.
    public var hour: Hour
    /// The exchange of the contract.
    public var exchange: Exchange
    /// The exchange's own spelling: `BTC-USDT-SWAP`.
    public var symbol: String
    /// What is forecast.
    public var target: ForecastTarget
    /// The settlement that is forecast; of the next eight hours the last one.
    public var settlesAt: Timestamp
    /// Hours from the start of `hour` to the settlement, rounded; 8 for the next eight hours.
    public var leadHours: Int
    /// How `rate` was made.
    public var method: ForecastMethod
    /// Hours between settlements.
    public var intervalHours: Int
    /// The formula that the exchange's settlements showed.
    public var formula: FundingFormula
    /// The forecast.
    public var rate: Double
    /// The lower end of an interval that holds at least 80 % of outcomes; `nil` with fewer than 100 resolved forecasts.
    public var low: Double?
    /// The upper end of the interval.
    public var high: Double?
    /// What the model says, published or not; `nil` when something that it looks at is unknown.
    public var model: Double?
    /// The exchange's own estimate; `nil` when it shows none.
    public var displayed: Double?
    /// The lower end of the interval of the exchange's own estimate, by its own past errors.
    public var displayedLow: Double?
    /// The upper end of the interval of the exchange's own estimate.
    public var displayedHigh: Double?
    /// The rate that settled last; `nil` without a stored settlement.
    public var lastSettled: Double?
    /// What the habitual premium would settle at; `nil` without a stored settlement.
    public var habit: Double?
    /// What the interest alone would settle at.
    public var defaultRate: Double
    /// How many resolved forecasts the correction had learned from.
    public var trained: Int
    /// How many past errors of the method there were for its interval.
    public var residuals: Int
    /// In the order of `ForecastFlag`.
    public var flags: [ForecastFlag]
    /// The rate that settled; `nil` until it is known.
    public var realised: Double?

    /// The factor that makes a rate of eight hours of `rate`.
    public var scale8h: Double { target == .next ? 8 / Double(intervalHours) : 1 }
    /// The forecast as a rate of eight hours.
    public var rate8h: Double { rate * scale8h }
}

/// The rate that settled, for a forecast of an earlier hour.
public struct ForecastOutcome: Hashable, Sendable {
    /// The hour of the forecast.
    public var hour: Hour
    /// What was forecast.
    public var target: ForecastTarget
    /// The settlement that was forecast; of the next eight hours the last one.
    public var settlesAt: Timestamp
    /// The rate that settled, in the unit of the forecast.
    public var realised: Double
}
