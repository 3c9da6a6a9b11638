import PerpCore

/// A ratio as a response states it, before its symbol has an asset.
struct RatioDraft {
    var symbol: String
    var population: LongShortRatio.Population
    /// As the exchange writes it: `1h`, `1H`.
    var period: String
    /// Longs over shorts as sent; `nil` where none is sent.
    var ratio: Double?
    /// Fractions of the whole.
    var longFraction: Double
    var shortFraction: Double
    var observedAt: Timestamp

    func named(_ asset: String) -> LongShortRatio {
        LongShortRatio(
            symbol: symbol, asset: asset, population: population, period: period, ratio: ratio,
            longFraction: longFraction, shortFraction: shortFraction, observedAt: observedAt)
    }
}

extension RatioDraft {
    /// A row that states both fractions and milliseconds in fields of these names.
    init(
        _ row: inout ResponseRow, symbol: String, population: LongShortRatio.Population, period: String,
        ratio: Double? = nil,
        long: StaticString, short: StaticString, time: StaticString
    ) throws(FieldError) {
        self.init(
            symbol: symbol, population: population, period: period, ratio: ratio,
            longFraction: try row.nonNegative(long), shortFraction: try row.nonNegative(short),
            observedAt: try row.milliseconds(time))
    }

    /// Bought and sold volume of takers, in any one unit. Throws where nothing was traded.
    init(
        symbol: String, period: String, ratio: Double? = nil, buys: Double, sells: Double, observedAt: Timestamp
    ) throws(FieldError) {
        guard buys + sells > 0 else { throw .notPositive(field: "buyVol", value: "\(buys)") }
        self.init(
            symbol: symbol, population: .taker, period: period, ratio: ratio, longFraction: buys / (buys + sells),
            shortFraction: sells / (buys + sells), observedAt: observedAt)
    }
}

/// A settlement as a response states it, before its symbol has an asset.
struct SettlementDraft {
    var symbol: String
    /// Floored to the minute.
    var settledAt: Timestamp
    /// Fraction of notional for one interval.
    var fundingRate: Double
    var fundingIntervalHours: Double?

    init(symbol: String, settledAt: Timestamp, fundingRate: Double, fundingIntervalHours: Double? = nil) {
        self.symbol = symbol
        self.settledAt = settledAt.flooredToMinute
        self.fundingRate = fundingRate
        self.fundingIntervalHours = fundingIntervalHours
    }

    /// A row that states symbol, milliseconds and rate in fields of these names.
    init(
        _ row: inout ResponseRow, symbol: StaticString, time: StaticString, rate: StaticString = "fundingRate",
        hours: Double? = nil
    ) throws(FieldError) {
        self.init(
            symbol: try row.string(symbol), settledAt: try row.milliseconds(time), fundingRate: try row.number(rate),
            fundingIntervalHours: hours)
    }

    func named(_ asset: String) -> FundingSettlement {
        FundingSettlement(
            symbol: symbol, asset: asset, settledAt: settledAt, fundingRate: fundingRate,
            fundingIntervalHours: fundingIntervalHours)
    }
}
