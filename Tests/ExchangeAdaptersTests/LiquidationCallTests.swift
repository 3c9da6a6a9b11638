import PerpCore
import Testing

@testable import ExchangeAdapters

@Suite("Calls for liquidations")
struct LiquidationCallTests {
    @Test("the table of facts says what the adapters do", arguments: Exchange.allCases)
    func facts(exchange: Exchange) {
        let adapter = Adapter.adapter(for: exchange)
        switch exchange.liquidationSources.rest {
        case .complete: #expect(adapter.liquidations?.coverage == .complete)
        case .sampled, .amongFocusTrades: #expect(adapter.liquidations?.coverage == .sampled)
        case .none: #expect(adapter.liquidations == nil)
        }
        #expect((adapter.stream != nil) == exchange.hasLiquidationStream)
        #expect((exchange.liquidationsMissing == nil) == (adapter.forLiquidations(includesOptional: false) != nil))
    }

    @Test(
        "what is so is said of each exchange that tells of none",
        arguments: [
            (Exchange.binance, "not over REST; its stream sends a part of them: run make record"),
            (.bybit, "not over REST; its stream sends all of them: run make record"),
            (.aster, "not over REST; its stream sends a part of them: run make record"),
            (.hyperliquid, "not over REST; HyperLiquid sends no liquidations without a key"),
            (
                .dydx,
                "not asked over REST (some are among the trades of FOCUS_ASSETS, with OPTIONAL_ENDPOINTS=1); "
                    + "its stream sends all of them: run make record"
            ),
            (.gate, nil),
        ] as [(Exchange, String?)])
    func said(exchange: Exchange, text: String?) { #expect(exchange.liquidationsMissing == text) }

    @Test(
        "no more is asked than the contracts, the tickers in bulk and the liquidations",
        arguments: [
            (Exchange.gate, false, ["contracts", "tickers", "liq_orders"]),
            (.bitget, false, ["contracts", "tickers", "liquidations"]),
            // The families that are asked are those with the most open interest.
            (.okx, false, ["instruments", "tickers", "open_interest", "liquidation_orders"]),
            (.dydx, true, ["perpetual_markets", "trades"]),
        ])
    func endpoints(exchange: Exchange, includesOptional: Bool, ids: [String]) {
        let adapter = Adapter.adapter(for: exchange).forLiquidations(includesOptional: includesOptional)
        #expect(adapter?.endpoints.map(\.id) == ids)
    }

    @Test("where REST tells of none, nothing is asked")
    func nothing() {
        let silent: [Exchange] = [.binance, .bybit, .hyperliquid, .aster]
        for exchange in silent {
            #expect(Adapter.adapter(for: exchange).forLiquidations(includesOptional: true) == nil)
        }
        #expect(Adapter.adapter(for: .dydx).forLiquidations(includesOptional: false) == nil)
    }
}
