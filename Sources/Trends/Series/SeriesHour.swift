import PerpCore
import Sealing

/// What was measured of one scope in one hour: later hours go on from it.
public struct SeriesHour: Hashable, Sendable {
    /// The hour, in UTC.
    public var hour: Hour
    /// `MARKET`, or a coin.
    public var scope: String
    /// The step of the price; `nil` where the hour is not stored in the chain.
    public var price: SeriesValue?
    /// The step of open interest, with the price taken out; `nil` where the hour is not stored in the chain.
    public var openInterest: SeriesValue?
    /// Percent per eight hours; `nil` is unknown. Positive: longs pay.
    public var fundingPercent8h: Double?
    /// The composites, -1 to 1, of the market alone; a model without one is insufficient.
    public var scores: [SentimentModel: Double]

    /// Takes one hour's values.
    public init(
        hour: Hour, scope: String, price: SeriesValue? = nil, openInterest: SeriesValue? = nil,
        fundingPercent8h: Double? = nil, scores: [SentimentModel: Double] = [:]
    ) {
        self.hour = hour
        self.scope = scope
        self.price = price
        self.openInterest = openInterest
        self.fundingPercent8h = fundingPercent8h
        self.scores = scores
    }

    /// What the hour adds to a series; `nil` where it is not stored in it.
    public subscript(series: TrendSeries) -> SeriesValue? {
        switch series {
        case .score: scores[.v2].map { .level($0) }
        case .price: price
        case .funding: fundingPercent8h.map { .level($0) }
        case .openInterest: openInterest
        }
    }
}

extension TrendSeries {
    /// The series of a scope: a score is of the market alone.
    public static func of(_ scope: String) -> [TrendSeries] {
        allCases.filter { scope == TrendScope.market || $0 != .score }
    }
}

/// The chains of one scope, an hour at a time.
public struct ScopeChains: Sendable {
    /// `MARKET`, or a coin.
    public let scope: String
    /// The steps of the price.
    public private(set) var price: Chain
    /// The steps of open interest.
    public private(set) var openInterest: Chain

    /// Continues after the last stored hours of both chains; begins without them.
    public init(scope: String, price: ScopeSnapshot? = nil, openInterest: ScopeSnapshot? = nil) {
        self.scope = scope
        self.price = Chain(.price, after: price)
        self.openInterest = Chain(.openInterest, after: openInterest)
    }

    /// Measures a later hour.
    /// - Parameter scores: the composites, for the market.
    public mutating func measure(_ measure: ScopeMeasure, scores: [SentimentModel: Double] = [:]) -> SeriesHour {
        SeriesHour(
            hour: measure.snapshot.hour, scope: scope, price: price.append(measure.snapshot),
            openInterest: openInterest.append(measure.snapshot), fundingPercent8h: measure.fundingPercent8h,
            scores: scores)
    }
}
