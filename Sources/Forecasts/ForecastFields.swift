import PerpCore

// The fields of a stored forecast: what each column is called, counts, and where a forecast keeps it.

extension ForecastTarget: FieldConvertible {}
extension ForecastMethod: FieldConvertible {}
extension ForecastFlag: FieldConvertible {}
extension FundingFormula.Family: FieldConvertible {}

extension FundingForecast: FieldRecord {
    /// A forecast without values, which reading fills.
    public static let unread = FundingForecast(
        hour: Hour(containing: 0 as Int64), exchange: .binance, symbol: "", target: .next,
        settlesAt: Timestamp(milliseconds: 0), leadHours: 1, method: .displayed, intervalHours: 1, formula: .plain,
        rate: 0, defaultRate: 0, trained: 0, residuals: 0, flags: [])

    /// The columns of the table `funding_forecast`.
    public static let fields: [Field<FundingForecast>] = [
        Field("hour", \.hour, unit: "epoch seconds"),
        Field("exchange_id", \.exchange, unit: "exchange"),
        Field("symbol", \.symbol, unit: "the exchange's own spelling"),
        Field("target", \.target, unit: "next or next8"),
        Field("settles_at_ms", \.settlesAt, unit: "UTC milliseconds"),
        Field("lead_h", \.leadHours, unit: "hours"),
        Field("method", \.method, unit: "how the rate was made"),
        Field("interval_h", \.intervalHours, unit: "hours between settlements"),
        Field("family", \.formula.family, unit: "clamped or plain"),
        Field("interest_8h", \.formula.interest8h, unit: "fraction per eight hours"),
        Field("rate", \.rate, unit: "fraction, positive: longs pay"),
        Field("low", \.low, unit: "fraction"),
        Field("high", \.high, unit: "fraction"),
        Field("model", \.model, unit: "fraction"),
        Field("displayed", \.displayed, unit: "fraction"),
        Field("displayed_low", \.displayedLow, unit: "fraction"),
        Field("displayed_high", \.displayedHigh, unit: "fraction"),
        Field("last_settled", \.lastSettled, unit: "fraction"),
        Field("habit", \.habit, unit: "fraction"),
        Field("default_rate", \.defaultRate, unit: "fraction"),
        Field("n_train", \.trained, unit: "forecasts"),
        Field("n_resid", \.residuals, unit: "forecasts"),
        Field("flags", \.flags, unit: "words"),
        Field("realised", \.realised, unit: "fraction"),
    ]
}
