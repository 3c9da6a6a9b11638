import PerpCore
import Testing

@testable import Warehouse

@Suite("Series of a coin")
struct CoinSeriesTests {
    @Test("price and funding are of the contract with the largest volume, whether it states a price or not")
    func largest() throws {
        let warehouse = try Warehouse()
        for number in 0..<3 {
            var staged = Samples.staged(.htx, Samples.hour(number), symbols: ["BTC-A", "BTC-B", "BTC-C"])
            for place in staged.tickers.indices {
                staged.instruments[place].asset = "BTC"
                staged.tickers[place].asset = "BTC"
                staged.tickers[place].markPrice = place == number ? 100 : nil
                staged.tickers[place].volumeUSD24h = [5, 9, nil][place]
                staged.tickers[place].openInterestUSD = 10
                staged.tickers[place].fundingRate = [0.0001, 0.0002, 0.0003][place]
            }
            _ = try warehouse.load(staged, from: Samples.file(staged))
        }
        try warehouse.seal(using: Samples.summarize)
        let series = try PageReader(warehouse).coinSeries((0..<4).map(Samples.hour), of: ["BTC"])
        let points = try #require(series.first).points
        #expect(series.count == 1)
        #expect(points.map(\.fundingRate8h) == [0.0002, 0.0002, 0.0002, nil])
        #expect(points.map(\.markPrice) == [nil, 100, nil, nil])
        #expect(points.map(\.openInterestUSD) == [30, 30, 30, nil])
        #expect(try PageReader(warehouse).coinSeries([Samples.hour(0)], of: ["ETH"]).isEmpty)
    }
}
