import PerpCore
import Testing

@Suite("Taker fees")
struct TakerFeeTests {
    @Test(
        "a fee is a plain decimal fraction from 0 to 0.01",
        arguments: [
            ("0.0005", 0.0005), ("0", 0), ("0.01", 0.01), (".00055", 0.00055), ("0.05", nil), ("0.010001", nil),
            ("-0.0005", nil), ("+0.0005", nil), ("0.05%", nil), ("5e-4", nil), ("0x1", nil), ("", nil), ("nan", nil),
            (" 0.0005", nil), ("0,0005", nil), ("0.0.5", nil),
        ] as [(String, Double?)])
    func parse(text: String, fee: Double?) { #expect(TakerFees.parse(text) == fee) }

    @Test("the usual fees stand where none is given")
    func usual() {
        var fees = TakerFees([.okx: 0.0002])
        #expect(fees[.okx] == 0.0002)
        #expect(fees[.bybit] == 0.00055)
        #expect(fees[.bitget] == 0.0006)
        #expect(fees[.hyperliquid] == 0.00045)
        #expect([Exchange.binance, .gate, .aster, .dydx].allSatisfy { fees[$0] == 0.0005 })
        fees[.gate] = 0
        #expect(fees.byExchange[.gate] == 0)
        #expect(fees.byExchange.count == Exchange.allCases.count)
    }

    @Test("a setting is named by its exchange's id, in capitals and with underscores", arguments: Exchange.allCases)
    func settings(exchange: Exchange) {
        let name = TakerFees.setting(of: exchange)
        #expect(name.hasPrefix("TAKER_FEE_"))
        #expect(name.allSatisfy { $0 == "_" || $0.isUppercase || $0.isNumber })
        #expect(Exchange(named: name.dropFirst("TAKER_FEE_".count)) == exchange)
    }

    @Test(
        "three decimals of a percent, and more where the fee has them",
        arguments: [
            (0.00055, "0.055%"), (0.0005, "0.050%"), (0, "0.000%"), (0.01, "1.000%"), (0.000275, "0.0275%"),
            (0.00000125, "0.000125%"),
        ])
    func percent(fee: Double, text: String) { #expect(TakerFees.percent(fee) == text) }
}
