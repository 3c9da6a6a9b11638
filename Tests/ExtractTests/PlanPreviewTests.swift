import ExchangeAdapters
import PerpCore
import Testing

@testable import extract

@Suite("Plan of an hour")
struct PlanPreviewTests {
    @Test("the calls and weights are those of the exchanges' tables")
    func calls() {
        let previews = Exchange.allCases.map {
            PlanPreview(
                Adapter.adapter(for: $0), hour: Hour("2025-10-23T15")!, focusAssets: ["BTC", "ETH", "SOL"],
                includesOptional: false, isPaced: true)
        }
        let expected: [Exchange: Int] = [
            .binance: 579, .okx: 79, .bybit: 15, .gate: 12, .bitget: 32, .hyperliquid: 17, .aster: 199, .dydx: 4,
            .binanceCOINM: 70, .deribit: 38, .krakenFutures: 2, .mexc: 6, .kucoin: 1, .bingx: 306, .lighter: 5,
            .htx: 17, .edgex: 172, .pacifica: 2, .backpack: 7, .extended: 4, .grvt: 198, .paradex: 2, .coinbase: 1,
        ]
        for (exchange, preview) in zip(Exchange.allCases, previews) {
            #expect(preview.calls == expected[exchange], "the calls of \(exchange.id) in an hour")
        }
        // 560 open interests, a tenth of a second apart, are the slowest.
        #expect(previews.map(\.expectedSeconds).max().map { (56...62).contains($0) } == true)
        #expect(previews[0].limits.first { $0.name == "spot" }?.weight == 2)
        #expect(previews[5].limits.first?.weight == 340)
    }
}
