import Backtesting
import PerpCore
import Signals

/// The hour that is so many hours after the epoch.
func hour(_ number: Int) -> Hour { Hour(containing: Int64(number) * 3600) }

let bitcoin = TradedContract(.okx, "BTC-USDT-SWAP", asset: "BTC")

/// A row that was observed two minutes after the hour began.
func row(
    _ number: Int, _ mark: Double, half: Double? = 3, volume: Double? = 1e9, rate: Double? = nil, next: Int? = nil,
    interval: Double? = nil, observed: Int64? = nil
) -> ContractHour {
    ContractHour(
        hour: hour(number), markPrice: mark, bidPrice: half.map { mark - $0 }, askPrice: half.map { mark + $0 },
        observedAt: Timestamp(seconds: observed ?? Int64(number) * 3600 + 120), volumeUSD24h: volume, fundingRate: rate,
        nextFundingAt: next.map { Timestamp(seconds: Int64($0) * 3600) }, fundingIntervalHours: interval)
}

func settlement(_ number: Int, _ rate: Double) -> FundingSettlement {
    FundingSettlement(
        symbol: "BTC-USDT-SWAP", asset: "BTC", settledAt: Timestamp(seconds: Int64(number) * 3600), fundingRate: rate)
}

/// Settlements of one rate every eight hours.
func settlements(through last: Int, rate: Double = 0) -> [FundingSettlement] {
    stride(from: 0, through: last, by: 8).map { settlement($0, rate) }
}

/// An alert of trend following about the market.
func event(
    _ number: Int, _ direction: Direction, strategy: Strategy = .trendFollowing, sigma: Double? = nil,
    legs: BacktestEvent.Legs? = nil
) -> BacktestEvent {
    BacktestEvent(
        key: "\(strategy.name):MARKET", decided: hour(number), strategy: strategy, direction: direction, confidence: 80,
        sigma24: sigma, legs: legs)
}

func facts(_ contracts: [ContractHistory], _ events: [BacktestEvent], through last: Int) -> BacktestFacts {
    BacktestFacts(contracts: contracts, events: events, span: hour(0)...hour(last))
}

/// The golden run of the specification.
enum GoldenRun {
    static let missing: Set = [30, 31, 52]

    static let rows = (0...90).filter { !missing.contains($0) }.map { number in
        row(number, mark(number))
    }

    static func mark(_ number: Int) -> Double {
        let wave: Int = 300 * ((7 * number) % 5 - 2)
        let fall: Int = (number >= 60 ? 900 : 0) + (number >= 72 ? 3_200 : 0)
        return Double(60_000 + 40 * number + wave - fall)
    }

    static let settled = stride(from: 0, through: 88, by: 8).map { (number: Int) -> FundingSettlement in
        settlement(number, 0.0001 + 0.00005 * Double((number / 8) % 4))
    }

    /// The stop of 0.03 is three daily deviations of 0.01.
    static let sigma = 0.01 * 365.0.squareRoot()
    static let events: [BacktestEvent] = [
        event(2, .long, sigma: sigma), event(10, .long, sigma: sigma), event(28, .short, sigma: sigma),
        event(40, .long, sigma: sigma), event(50, .short, sigma: sigma), event(70, .long, sigma: sigma),
        event(88, .long, sigma: sigma),
    ]

    static let facts = BacktestFacts(
        contracts: [ContractHistory(bitcoin, rows: rows, settlements: settled)], events: events, span: hour(0)...hour(90))

    static func trades(_ facts: BacktestFacts = facts) -> [SimulatedTrade] {
        Simulation(facts, BacktestSettings()).trades()
    }
}
