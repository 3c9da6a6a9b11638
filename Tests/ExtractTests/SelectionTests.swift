import ExchangeAdapters
import ExchangeClient
import Transport
import PerpCore
import Testing

@testable import extract

@Suite("A part of what exchanges can be asked")
struct SelectionTests {
    private func preview(_ exchange: Exchange, includesOptional: Bool = false) -> PlanPreview? {
        Selection.liquidations.narrowed(Adapter.adapter(for: exchange), includesOptional: includesOptional).map {
            PlanPreview(
                $0, hour: Hour("2025-10-23T15")!, focusAssets: ["BTC", "ETH", "SOL"], includesOptional: includesOptional,
                isPaced: true)
        }
    }

    @Test("the plan of liquidations alone: Gate.io's contracts, tickers and one page")
    func calls() {
        #expect(preview(.gate)?.calls == 3)
        #expect(preview(.gate)?.endpoints.map(\.id) == ["contracts", "tickers", "liq_orders"])
        // Three bulk responses and 53 families; up to twenty pages; three focus markets.
        #expect(preview(.okx)?.calls == 56)
        #expect(preview(.bitget)?.calls == 22)
        #expect(preview(.dydx, includesOptional: true)?.calls == 4)
    }

    @Test(
        "exchanges that tell of none over REST are asked nothing, and the reason is at hand",
        arguments: [Exchange.binance, .bybit, .hyperliquid, .aster, .dydx])
    func nothing(exchange: Exchange) {
        #expect(preview(exchange) == nil)
        #expect(Selection.liquidations.absence(exchange) == exchange.liquidationsMissing)
    }
}
