import PerpCore
import WarehouseSQL

/// A question that a page asks: a query, and what it is asked of.
///
/// `Parameter` is an hour, a span of hours, a text, or nothing: what stands for `?1` and `?2` of the query. Only sealed hours are
/// answered.
public struct PageQuestion<Parameter>: Sendable {
    /// The query, with its question marks.
    let sql: String

    private init(_ sql: String) { self.sql = sql }
}

// MARK: - Of an hour

extension PageQuestion<Hour> {
    /// The row of the market in an hour, as the model of the settings sees it.
    public static var market: Self { Self(WarehouseSQL.query("pages.market")) }

    /// The factors of the score in an hour, the heaviest first.
    public static var factors: Self { Self(WarehouseSQL.query("pages.factors")) }

    /// Each exchange in an hour, in their fixed order, absent ones too.
    public static var exchanges: Self { Self(WarehouseSQL.query("pages.exchanges")) }

    /// How the open interest of each exchange changed up to an hour.
    public static var openInterestChanges: Self { Self(WarehouseSQL.query("pages.open_interest_changes")) }

    /// The shares of the exchanges in an hour and a day before it.
    public static var shares: Self { Self(WarehouseSQL.query("pages.shares")) }

    /// Where the series of the market and of some coins are going.
    public static var trends: Self { Self(WarehouseSQL.query("pages.trends")) }

    /// How volatile the market and some coins are.
    public static var volatility: Self { Self(WarehouseSQL.query("pages.volatility")) }

    /// The perpetual that stands for each asset on each exchange in an hour.
    public static var references: Self { Self(WarehouseSQL.query("pages.references")) }

    /// The forecast of each next settlement in an hour.
    public static var forecasts: Self { Self(WarehouseSQL.query("pages.forecasts")) }

    /// What being short on one exchange and long on another pays, the best first.
    public static var fundingSpreads: Self { Self(WarehouseSQL.query("pages.funding_spreads")) }

    /// How far prices lie apart over the exchanges, the widest first.
    public static var priceSpreads: Self { Self(WarehouseSQL.query("pages.price_spreads")) }

    /// How far perpetuals lie above their spot market.
    public static var bases: Self { Self(WarehouseSQL.query("pages.bases")) }

    /// What is traded of each class of asset in an hour.
    public static var classes: Self { Self(WarehouseSQL.query("pages.classes")) }

    /// Which exchanges are missing or partial in an hour, and why.
    public static var absences: Self { Self(WarehouseSQL.query("pages.absences")) }

    /// The streams that were not heard for all of an hour.
    public static var silences: Self { Self(WarehouseSQL.query("pages.silences")) }

    /// What guards set aside in an hour.
    public static var findings: Self { Self(WarehouseSQL.query("pages.findings")) }

    /// What became of the detections that fired in an hour.
    public static var decisions: Self { Self(WarehouseSQL.query("pages.decisions")) }

    /// What came of the alerts of each strategy and direction, up to an hour.
    public static var outcomes: Self { Self(WarehouseSQL.query("pages.outcomes")) }

    /// The asset of each contract that is listed in an hour as far as is known, also on exchanges that are missing in it.
    public static var listedCoins: Self { Self(WarehouseSQL.query("pages.listed_coins")) }

    /// The coin's contracts in an hour, by coin, the largest first.
    public static var contracts: Self { Self(WarehouseSQL.query("pages.contracts")) }
}

// MARK: - Of a span of hours

extension PageQuestion<ClosedRange<Hour>> {
    /// The score of each sealed hour of a span, in the order of hours.
    public static var scores: Self { Self(WarehouseSQL.query("pages.scores")) }

    /// Volume and open interest of each exchange that was there, hour by hour.
    public static var exchangeSeries: Self { Self(WarehouseSQL.query("pages.exchange_series")) }

    /// Changes of volatility in a span.
    public static var volatilityEvents: Self { Self(WarehouseSQL.query("pages.volatility_events")) }

    /// Liquidations of each exchange; a row's hour is the one that follows the hour that it sums.
    public static var liquidations: Self { Self(WarehouseSQL.query("pages.liquidations")) }

    /// The alerts that began or turned in a span, with what came of them, the latest first.
    public static var alerts: Self { Self(WarehouseSQL.query("pages.alerts")) }

    /// Which exchanges are missing in which hours of a span, and why.
    public static var missing: Self { Self(WarehouseSQL.query("pages.missing")) }

    /// The parts of hours in which a stream was not heard, the latest first.
    public static var streamGaps: Self { Self(WarehouseSQL.query("pages.stream_gaps")) }

    /// How much of a span each stream was heard.
    public static var heard: Self { Self(WarehouseSQL.query("pages.heard")) }

    /// Fields of answers that appeared, vanished or changed.
    public static var drift: Self { Self(WarehouseSQL.query("pages.drift")) }

    /// What was recorded of each expected exchange, hour by hour.
    public static var recorded: Self { Self(WarehouseSQL.query("pages.recorded")) }

    /// How the calls to each endpoint went in a span.
    public static var endpoints: Self { Self(WarehouseSQL.query("pages.endpoints")) }

    /// The endpoints that failed in a run, and what the last failure said, the latest first.
    public static var refusals: Self { Self(WarehouseSQL.query("pages.refusals")) }

    /// How good the forecasts of next settlements that were made in a span were.
    public static var skill: Self { Self(WarehouseSQL.query("pages.skill")) }

    /// The mean errors of the forecasts of next settlements and of what is to be beaten, by the day of the forecast.
    public static var errorDays: Self { Self(WarehouseSQL.query("pages.error_days")) }

    /// Liquidations of coins hour by hour; `hour` is the hour in which they happened.
    public static var coinLiquidations: Self { Self(WarehouseSQL.query("pages.coin_liquidations")) }

    /// When contracts were listed, and when their funding interval changed, in a span.
    public static var contractEvents: Self { Self(WarehouseSQL.query("pages.contract_events")) }
}

// MARK: - Of a text

extension PageQuestion<String> {
    /// What a backtest found, by strategy and direction.
    public static var metrics: Self { Self(WarehouseSQL.query("pages.metrics")) }

    /// The equity of each key's trades in a backtest, at the end of each day with a position or a change.
    public static var equity: Self { Self(WarehouseSQL.query("pages.equity")) }
}

// MARK: - Of all that is stored

extension PageQuestion<Void> {
    /// What each check found when it ran last.
    public static var checks: Self { Self(WarehouseSQL.query("pages.checks")) }

    /// How often exchanges told of the past otherwise than before.
    public static var restatements: Self { Self(WarehouseSQL.query("pages.restatements")) }

    /// The backtest that reaches furthest; of those the latest.
    public static var backtest: Self { Self(WarehouseSQL.query("pages.run")) }

    /// Proposed weights of the score, the latest first.
    public static var proposals: Self { Self(WarehouseSQL.query("pages.proposals")) }
}
