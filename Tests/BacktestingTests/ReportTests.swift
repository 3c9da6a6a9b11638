import PerpCore
import Signals
import Testing

@testable import Backtesting

@Suite("The report of a backtest")
struct BacktestReportTests {
    private static let settings = BacktestSettings()

    private static func report(
        _ facts: BacktestFacts, stored: Int, isAsKnown: Bool = false
    ) -> BacktestReport {
        let result = Backtest.run(facts, settings, runID: "0123456789abcdef")
        let header = BacktestReport.Header(
            runID: "0123456789abcdef", hoursStored: stored, settlements: SettlementCounts(result.trades, facts),
            isAsKnown: isAsKnown)
        return BacktestReport(header, result, settings)
    }

    @Test("the golden run as text")
    func golden() { #expect(Self.report(GoldenRun.facts, stored: 88).text == Self.goldenText) }

    private static let goldenText = """
        ================================================================================
        BACKTEST
        ================================================================================
           Run 0123456789abcdef, model v2, asset BTC
           1970-01-01 00:00 to 1970-01-04 18:00 UTC: 88 of 91 hours stored
           Settlements in trades: 9 settled, 0 estimated
           Trials: M = 2 rules tried on these days, this run's among them
           PBO: unknown: needs 80 days and 2 rows with trades, has 4 and 2

        Strategies:
           #  strategy         direction  n  mean bp [95 %]          hit (base)    t  q  dsr  verdict
           3  trend_following  LONG       3  -26.6 [-425.5, +293.7]  67% (50%)   1.0  -    -  too few
           3  trend_following  SHORT      2  -14.6 [-37.8, +8.7]     50% (50%)   1.7  -    -  too few

        Verdict:
           No evidence: no row is better than chance, costs and other hours.
           Too few: 2 rows with less than 20 events, or less than 10 that do not overlap.
           No dsr: needs 60 days, has 4; without it no trade is supported.

        Where the money came from:
           strategy         direction  closed  gross  funding   cost    net   total  drawdown   worst
           trend_following  LONG            3  -12.5     -3.2  -11.0  -26.6  -0.23%    -0.65%  -4.13%
           trend_following  SHORT           2   -6.6     +3.0  -11.0  -14.6  -0.03%    -0.28%  -1.35%
           gross, funding, cost, net: basis points a closed trade. total, drawdown: of $100.0K. worst: of one trade.
           All keys together: -0.26%, at most $10.0K held at once.
           Not closed: 1 open, 1 overlap.

        To compare with:
           Always long in BTC, with funding and one round trip: -115.6 bp.
           Always short in BTC, with funding and one round trip: +93.6 bp.
           Base rate assumed (50 %) in 5 of 5 events: needs 240 closed windows before the alert, had less.

        By regime of volatility:
           No regime has 10 events of a row.

        What this run cannot see:
           Prices are marks of full hours: a stop is seen at the hour's end, and closes at that mark.
           No slippage beyond half the spread, no limit to what a market takes, no borrowing fee for spot.
           Today's facts: a settlement that was learnt later counts as well (--as-known leaves it out).
           Only exchanges that were collected exist in it. The past is no promise.

        """

    @Test("without events every part says what is missing")
    func empty() {
        let text = Self.report(facts([], [], through: 9), stored: 0, isAsKnown: true).text
        for line in [
            "0 of 10 hours stored", "No alert fired with a claim.", "No evidence", "No trade was closed.",
            "Always long in BTC: unknown, no contract is stored.", "settlements count as they were learnt at the time",
        ] { #expect(text.contains(line), "\(line)") }
    }

    /// A row with a verdict among others, in a result without trades.
    private static func text(_ verdicts: [Verdict]) -> String {
        var result = Backtest.run(facts([], [], through: 9))
        result.metrics = zip([Strategy.scalping, .rangeTrading, .deltaNeutral], verdicts).compactMap { strategy, verdict in
            Claim(strategy, .neutral).map { claim in
                var metric = BacktestMetric(strategy: strategy, direction: .neutral, claim: claim)
                metric.verdict = verdict
                return metric
            }
        }
        let header = BacktestReport.Header(
            runID: "", hoursStored: 10, settlements: SettlementCounts([], facts([], [], through: 9)))
        return BacktestReport(header, result, settings).text
    }

    @Test("a supported row is named, and then there is evidence")
    func supported() {
        let text = Self.text([.supported, .harmful, .unclear])
        #expect(text.contains("Supported: scalping NEUTRAL."))
        #expect(text.contains("Harmful: the whole interval of range_trading NEUTRAL is below zero."))
        #expect(!text.contains("No evidence"))
        #expect(Self.text([.unclear, .harmful, .tooFew]).contains("No evidence"))
    }
}
