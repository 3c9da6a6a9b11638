import PerpCore

/// A long/short ratio as a response states it, before its symbol has an asset.
struct RatioDraft {
    var symbol: String
    var population: LongShortRatio.Population
    /// As the exchange writes it: `1h`, `1H`.
    var period: String
    /// Longs over shorts as sent; `nil` when not sent.
    var ratio: Double?
    /// Fraction of longs, 0 to 1.
    var longFraction: Double
    /// Fraction of shorts, 0 to 1.
    var shortFraction: Double
    var observedAt: Timestamp

    func named(_ asset: String) -> LongShortRatio {
        LongShortRatio(
            symbol: symbol, asset: asset, population: population, period: period, ratio: ratio,
            longFraction: longFraction, shortFraction: shortFraction, observedAt: observedAt)
    }
}

extension RatioDraft {
    /// A row with both fractions and milliseconds in fields of these names.
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

    /// The volume that takers bought and sold, in any unit.
    ///
    /// - Throws: `FieldError.notPositive` when nothing was traded.
    init(
        symbol: String, period: String, ratio: Double? = nil, buys: Double, sells: Double, observedAt: Timestamp
    ) throws(FieldError) {
        guard buys + sells > 0 else { throw .notPositive(field: "buyVol", value: "\(buys)") }
        self.init(
            symbol: symbol, population: .taker, period: period, ratio: ratio, longFraction: buys / (buys + sells),
            shortFraction: sells / (buys + sells), observedAt: observedAt)
    }
}

/// A funding settlement as a response states it, before its symbol has an asset.
struct SettlementDraft {
    var symbol: String
    /// Floored to the minute.
    var settledAt: Timestamp
    /// Fraction of notional for one interval; positive when longs paid shorts.
    var fundingRate: Double
    var fundingIntervalHours: Double?

    init(symbol: String, settledAt: Timestamp, fundingRate: Double, fundingIntervalHours: Double? = nil) {
        self.symbol = symbol
        self.settledAt = settledAt.flooredToMinute
        self.fundingRate = fundingRate
        self.fundingIntervalHours = fundingIntervalHours
    }

    /// A row with symbol, milliseconds and rate in fields of these names.
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
