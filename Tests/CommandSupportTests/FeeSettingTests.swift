import CommandSupport
import Foundation
import PerpCore
import Testing

@Suite("Settings of fees")
struct FeeSettingTests {
    private func settings(_ text: String) throws -> Settings {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }  // they have been read
        try text.write(to: folder.appending(path: ".env"), atomically: true, encoding: .utf8)
        return try Settings.load(from: folder.path)
    }

    @Test("what is set is taken, and the usual fee where nothing is")
    func taken() throws {
        let fees = try settings("TAKER_FEE_OKX=0.0002\nTAKER_FEE_DYDX=0\n").takerFees()
        #expect(fees[.okx] == 0.0002)
        #expect(fees[.dydx] == 0)
        #expect(fees[.bybit] == 0.00055)
    }

    @Test("what is no fee is named with its setting", arguments: ["0.05", "0.05%", "-0.0005", "free"])
    func refused(text: String) throws {
        let settings = try settings("TAKER_FEE_GATE=\(text)\n")
        let message = "TAKER_FEE_GATE in .env is not a fraction from 0 to 0.01: '\(text)'"
        #expect { try settings.takerFees() } throws: { "\($0)" == message }
    }

    @Test("config.env has the usual fee of every exchange")
    func defaults() throws {
        let checkout = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        let settings = try Settings.load(from: checkout.path)
        for exchange in Exchange.allCases {
            #expect(try settings.takerFee(of: exchange) == TakerFees()[exchange], "\(exchange)")
        }
    }

    @Test("config.env, which the demo reads too, names every exchange")
    func exchanges() throws {
        let checkout = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL
        #expect(try Settings.load(from: checkout.path).list("EXCHANGES") == Exchange.allCases.map(\.id))
    }
}
