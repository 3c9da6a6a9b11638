import Forecasts
import PerpCore

@testable import Warehouse

/// A market of two contracts, one settled every eight hours and one every hour, made by hand.
enum ForecastSamples {
    static let contracts: [(exchange: Exchange, interval: Int)] = [(.binance, 8), (.hyperliquid, 1)]

    /// A premium that wanders between 0.5 and 9.5 basis points.
    private static func premium(_ number: Int) -> Double {
        let step = (number % 13 + 13) % 13
        return 1e-4 * (5 + 1.5 * Double((5 * step) % 7 - 3))
    }

    /// What settled in an hour, for an interval of so many hours.
    static func rate(_ number: Int, interval: Int) -> Double {
        FundingFormula.clamped().rate(ofPremium: premium(number - 1), hours: interval)
    }

    /// The file of an hour, which states the last three settlements.
    static func file(
        _ exchange: Exchange, _ number: Int, interval: Int, displayed: Double? = nil, settled: Double? = nil,
        symbols: [String] = ["BTCUSDT"]
    ) -> StagedHour {
        let hour = Samples.hour(number)
        var staged = Samples.staged(exchange, hour, symbols: symbols)
        let last = number - number % interval
        for place in staged.tickers.indices {
            staged.tickers[place].indexPrice = 100
            staged.tickers[place].markPrice = 100 * (1 + premium(number))
            staged.tickers[place].fundingRate =
                displayed ?? FundingFormula.clamped().rate(ofPremium: premium(number) + 5e-5, hours: interval)
            staged.tickers[place].fundingIntervalHours = Double(interval)
            staged.tickers[place].nextFundingAt = Samples.hour(last + interval).startTime
        }
        staged.fundingSettlements = staged.tickers.flatMap { ticker in
            (0..<3).map { back in
                FundingSettlement(
                    symbol: ticker.symbol, asset: ticker.asset,
                    settledAt: Samples.hour(last - back * interval).startTime,
                    fundingRate: back == 0
                        ? settled ?? rate(last, interval: interval) : rate(last - back * interval, interval: interval),
                    fundingIntervalHours: Double(interval))
            }
        }
        return staged
    }

    /// The files of both contracts, hour by hour.
    static func files(_ numbers: Range<Int>) -> [StagedHour] {
        numbers.flatMap { number in contracts.map { file($0.exchange, number, interval: $0.interval) } }
    }

    /// What the pure forecaster says over the files of one contract, with what came of it, in the order of hours and targets.
    static func walked(_ files: [StagedHour]) -> [FundingForecast] {
        guard let first = files.first else { return [] }
        var forecaster = FundingForecaster(exchange: first.exchange, symbol: "BTCUSDT")
        var forecasts: [FundingForecast] = []
        for file in files {
            guard let ticker = file.tickers.first(where: { $0.symbol == "BTCUSDT" }) else { continue }
            let settlements = file.fundingSettlements.filter { $0.symbol == "BTCUSDT" }
            let step = forecaster.add(FundingHour(hour: file.hour, ticker: ticker, settlements: settlements))
            for outcome in step.outcomes {
                let place = forecasts.firstIndex { $0.hour == outcome.hour && $0.target == outcome.target }
                if let place { forecasts[place].realised = outcome.realised }
            }
            forecasts += step.forecasts
        }
        return forecasts
    }

    /// What the warehouse says of a contract, in the same order.
    static func stored(_ warehouse: Warehouse, _ exchange: Exchange) throws -> [FundingForecast] {
        let contract = ForecastReader.Contract(exchange: exchange, symbol: "BTCUSDT", asset: "BTC")
        let always = Samples.hour(-1000)...Samples.hour(10_000)
        return try ForecastTarget.allCases.flatMap {
            try ForecastReader(warehouse).forecasts(of: contract, $0, in: always)
        }.sorted { ($0.hour, $0.target.rawValue) < ($1.hour, $1.target.rawValue) }
    }
}
