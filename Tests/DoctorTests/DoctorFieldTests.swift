import PerpCore
import Testing
import Warehouse

@testable import doctor

@Suite("The doctor's look at settings and fields")
struct DoctorFieldTests {
    private let next = Checkout.hour.next

    /// What the doctor says of the fields after another hour of OKX with this body.
    private func fields(_ body: String) throws -> [String] {
        let checkout = try Checkout()
        _ = try checkout.examine()
        try checkout.writeRaw(.okx, next, body: body)
        checkout.now = next.startTime.advanced(byMilliseconds: 1_200_000)
        return try checkout.examine().lines("fields")
    }

    @Test("a field that came, went or changed its type since the last look is in the diary")
    func drift() throws {
        let advice = " -> compare with the exchange's documentation: its reader may need a change"
        let at = "at 2025-10-23 16:00 UTC"
        #expect(
            try fields(#"{"code":"0","data":[{"instId":"BTC","last":"1","mark":2}]}"#)
                == ["info OKX tickers: data[].mark appeared (number) \(at)"])
        #expect(
            try fields(#"{"code":"0","data":[{"instId":"BTC"}]}"#)
                == ["warning OKX tickers: data[].last vanished (was string) \(at)\(advice)"])
        #expect(
            try fields(#"{"code":0,"data":[{"instId":"BTC","last":"1"}]}"#)
                == ["warning OKX tickers: code is now number \(at)\(advice)"])
        #expect(
            try fields(#"{"code":"0","data":[]}"#) == ["ok the exchanges send the fields that they sent before"])
    }

    @Test("the diary stays when a look is over, and is shown for a day")
    func diary() throws {
        let checkout = try Checkout()
        _ = try checkout.examine()
        try checkout.writeRaw(.okx, next, body: #"{"code":"0","data":[{"instId":"BTC"}]}"#)
        checkout.now = next.startTime.advanced(byMilliseconds: 1_200_000)
        for _ in 0..<3 {
            let report = try checkout.examine()
            #expect(report.lines("fields").count == 1)
            #expect(report.gauge("perps_field_changes") == 1)
        }
        checkout.now = next.advanced(by: 25).startTime
        #expect(
            try checkout.examine().lines("fields") == ["ok the exchanges send the fields that they sent before"])
        let warehouse = try Warehouse(path: checkout.warehousePath, for: .reading)
        #expect(try SchemaDrift(warehouse).notes(since: Checkout.hour).map(\.change) == ["vanished"])
    }

    @Test("values come with their source, secrets without their value")
    func settings() throws {
        let checkout = try Checkout(
            settings: """
                EXCHANGES=okx,gate,bitmex
                RAW_DAYS=many
                STAGED_DAYS=0
                TAKER_FEE_OKX=0.0002
                TAKER_FEE_GATE=0.05
                TAKER_FEE_BITMEX=0.0005
                DISCORD_WEBHOOK_URL=https://discord.test/api/webhooks/1/abc
                PERPS_BASE_URL=http://user:pass@127.0.0.1:8900/{hour}/{exchange}

                """)
        let lines = try checkout.examine().lines("settings")
        #expect(lines.contains("ok DISCORD_WEBHOOK_URL=*** (.env)"))
        #expect(!lines.contains { $0.hasPrefix("ok EXCHANGES") || $0.contains("pass@") })
        #expect(lines.contains("error RAW_DAYS in .env is not a whole number of days from 1 to 36525: 'many' -> correct it"))
        #expect(lines.contains("error STAGED_DAYS in .env is not a whole number of days from 1 to 36525: '0' -> correct it"))
        #expect(lines.contains { $0.hasPrefix("error EXCHANGES: 'bitmex' is no exchange; there are binance, okx, ") })
        #expect(
            lines.contains(
                "error TAKER_FEE_GATE in .env is not a fraction from 0 to 0.01: '0.05' -> correct it: 0.0005 is 0.05%"))
        #expect(lines.contains { $0.hasPrefix("ok taker fees: Binance 0.050%, OKX 0.020%, Bybit 0.055%, Bitget 0.060%, ") })
        #expect(lines.contains { $0.hasPrefix("warning PERPS_BASE_URL is set") })
        #expect(!lines.contains { $0.contains("abc") || $0.contains("pass") })
    }
}
