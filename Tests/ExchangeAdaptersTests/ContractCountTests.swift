import Foundation
import PerpCore
import Testing

/// A whole number of contracts in a fixture, and the figure that the adapter makes of it.
struct SentCount: Sendable {
    let exchange: Exchange
    let figure: ContractCount.CountedFigure
    let symbol: String
    let sent: Double

    init(_ exchange: Exchange, _ figure: ContractCount.CountedFigure, _ symbol: String, _ sent: Double) {
        self.exchange = exchange
        self.figure = figure
        self.symbol = symbol
        self.sent = sent
    }
}

@Suite("Figures that count contracts")
struct ContractCountTests {
    /// As the fixtures have them; `sent` is the sum of both sides where the adapter halves it.
    static let sent = [
        SentCount(.okx, .openInterest, "SHIB-USDT-SWAP", 2_000_000),
        SentCount(.okx, .openInterest, "BTC-USD-SWAP", 4_000_000),
        SentCount(.okx, .volume, "BTC-USDT-SWAP", 7_000_000), SentCount(.okx, .volume, "BTC-USD-SWAP", 1_281_000),
        SentCount(.bybit, .openInterest, "XRPUSD", 4_000_001),
        // One side is stated as well, and kept: 320000000.
        SentCount(.bybit, .openInterest, "BTCUSD", 640_000_000), SentCount(.bybit, .volume, "XRPUSD", 1_500_000),
        SentCount(.gate, .openInterest, "BTC_USDT", 600_000_002), SentCount(.gate, .volume, "BTC_USDT", 600_000_000),
        SentCount(.binanceCOINM, .openInterest, "BTCUSD_PERP", 3_200_000),
        SentCount(.binanceCOINM, .volume, "BTCUSD_PERP", 6_400_000),
        SentCount(.krakenFutures, .openInterest, "PI_XBTUSD", 12_800_001),
        SentCount(.krakenFutures, .volume, "PI_XBTUSD", 6_400_001),
        // 640100000 dollars of ten each.
        SentCount(.deribit, .openInterest, "BTC-PERPETUAL", 64_010_000),
        SentCount(.mexc, .openInterest, "BTC_USDT", 200_000_001), SentCount(.mexc, .openInterest, "ETH_USD", 5001),
        SentCount(.mexc, .volume, "BTC_USDT", 300_000_001), SentCount(.mexc, .volume, "ETH_USD", 1001),
        SentCount(.kucoin, .openInterest, "XBTUSDTM", 11_000_001),
        SentCount(.kucoin, .openInterest, "XBTUSDM", 5_000_001), SentCount(.kucoin, .volume, "XBTUSDTM", 7_000_002),
        SentCount(.htx, .openInterest, "BTC-USDT", 20_000_001), SentCount(.htx, .volume, "BTC-USDT", 2_000_002),
        SentCount(.coinbase, .openInterest, "BIP-20DEC30-CDE", 150_000),
        SentCount(.coinbase, .volume, "BIP-20DEC30-CDE", 200_000),
    ]

    @Test("the table says which figures the adapters halve", arguments: sent)
    func halved(count: SentCount) throws {
        let (ticker, instrument) = try staged(count.exchange, count.symbol)
        let kind = try #require((ticker["kind"] as? String).flatMap(ContractKind.init))
        let row = try #require(
            count.exchange.contractCounts.first { $0.figure == count.figure && $0.kind == kind },
            "\(count.exchange.id) has no \(count.figure) of \(kind) contracts")
        func number(_ record: [String: Any], _ name: String) throws -> Double { try #require(record[name] as? Double) }
        let size = try number(instrument, "contract_multiplier")
        let kept =
            switch (count.figure, kind) {
            case (.openInterest, _): try number(ticker, "open_interest_contracts")
            case (.volume, .inverse): try number(ticker, "volume_usd_24h") / size
            case (.volume, _): try number(ticker, "volume_base_24h") / size / number(instrument, "unit_multiplier")
            }
        #expect(close(row.sides == .both ? 2 * kept : kept, count.sent))
    }

    @Test("each figure of the table is shown")
    func complete() throws {
        let shown = try Self.sent.map { count in
            let (ticker, _) = try staged(count.exchange, count.symbol)
            return "\(count.exchange.id) \(count.figure) \(ticker["kind"] ?? "")"
        }
        let told = Exchange.allCases.flatMap { exchange in
            exchange.contractCounts.map { "\(exchange.id) \($0.figure) \($0.kind)" }
        }
        #expect(Set(shown) == Set(told) && Set(told).count == told.count)
    }

    /// The ticker and the instrument that the fixtures become, as the golden file has them.
    private func staged(_ exchange: Exchange, _ symbol: String) throws -> (ticker: [String: Any], instrument: [String: Any]) {
        let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        let file = try String(contentsOf: tests.appending(path: "Golden/\(exchange.id).ndjson"), encoding: .utf8)
        let records = try file.split(separator: "\n").map {
            try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] ?? [:]
        }.filter { $0["symbol"] as? String == symbol }
        func record(_ name: String) throws -> [String: Any] {
            try #require(records.first { $0["record"] as? String == name }, "no \(name) of \(symbol)")
        }
        return (try record("ticker"), try record("instrument"))
    }
}
