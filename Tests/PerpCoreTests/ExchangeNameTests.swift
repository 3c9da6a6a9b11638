import PerpCore
import Testing

@Suite("Names of exchanges")
struct ExchangeNameTests {
    @Test(
        "an id or a display name is read, whatever its case, blanks and dots",
        arguments: [
            ("okx", Exchange.okx), ("Binance", .binance), ("BYBIT", .bybit), ("gate.io", .gate), ("Gate.io", .gate),
            ("gate", .gate), ("gateio", .gate), ("dydx v4", .dydx), ("dYdX", .dydx), ("AsterDEX", .aster),
            ("hyper-liquid", .hyperliquid), (" bitget ", .bitget),
        ])
    func named(text: String, exchange: Exchange) { #expect(Exchange(named: text) == exchange) }

    @Test("each exchange is read from its own names, and no two are alike", arguments: Exchange.allCases)
    func distinct(exchange: Exchange) {
        #expect(Exchange(named: exchange.id) == exchange)
        #expect(Exchange(named: exchange.displayName.uppercased()) == exchange)
        #expect(Exchange.displayName(id: exchange.id) == exchange.displayName)
    }

    @Test(
        "a misspelt name is answered with the one that was perhaps meant",
        arguments: [
            ("binnace", "binance"), ("Binanc", "binance"), ("bybt", "bybit"), ("hyperlqiid", "hyperliquid"),
            ("hyper", "hyperliquid"), ("ok", "okx"), ("asterdx", "aster"),
        ])
    func nearest(text: String, id: String) {
        #expect(Exchange(named: text) == nil)
        #expect(Exchange.miss(text) == "'\(text)' is no exchange; did you mean \(id)?")
    }

    @Test("a name that is near none is answered with all", arguments: ["bitmex", "x", "", "bi"])
    func far(text: String) {
        #expect(Exchange(named: text) == nil)
        #expect(Exchange.miss(text).hasPrefix("'\(text)' is no exchange; there are binance, okx, bybit, "))
    }
}
