import Gzip
import PerpCore
import Testing

@testable import SimulatedMarket

@Suite("Simulated archives")
struct SimulatedArchiveTests {
    private let market = Market(seed: 7, size: .small)
    private let noon = Hour("2025-10-23T12")!  // a literal hour of the calendar

    private func reply(_ exchange: Exchange, _ target: String) -> SimulatedResponse {
        market.respond(to: SimulatedRequest(exchange: exchange, target: target), at: noon)
    }

    private func text(_ exchange: Exchange, _ target: String) throws -> [String] {
        let reply = reply(exchange, target)
        try #require(reply.status == 200)
        let output = ByteBuffer()
        try ByteBuffer(reply.body).withBytes { bytes in
            if bytes.starts(with: [0x50, 0x4B]) {
                let entry = try #require(try ZipDirectory(bytes).entries.first)
                try Inflater().inflate(entry, of: bytes, into: output)
            } else {
                try Inflater().inflate(bytes, into: output)
            }
        }
        return String(decoding: output.array, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    /// Source: the examples of FIPS 180-4.
    @Test(
        "SHA-256",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ])
    func digest(text: String, sum: String) { #expect(SHA256.hexadecimal(of: Array(text.utf8)) == sum) }

    @Test("a day's candles are those that the API tells")
    func candles() throws {
        let day = Hour("2025-10-20T00")!.startMilliseconds
        let rows = try text(.binance, "/data/futures/um/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2025-10-20.zip")
            .filter { $0.first != "o" }
        #expect(rows.count == 24 && rows[0].hasPrefix("\(day),"))
        let answer = reply(
            .binance, "/fapi/v1/klines?symbol=BTCUSDT&interval=1h&startTime=\(day)&endTime=\(day + 1)&limit=1")
        let told = String(decoding: answer.body, as: UTF8.self).split(separator: "\"").map { $0 }.filter { $0 != "," }
        let columns = rows[0].split(separator: ",")
        // [[time, "open", "high", "low", "close", …
        #expect((1...4).map { Double(columns[$0]) } == (1...4).map { Double(told[$0]) })
    }

    @Test("months of funding, of all three exchanges")
    func funding() throws {
        let binance = try text(.binance, "/data/futures/um/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2025-09.zip")
        #expect(binance.count >= 90 && binance.last?.split(separator: ",").count == 3)
        let gate = try text(.gate, "/futures_usdt/funding_applies/202509/BTC_USDT-202509.csv.gz")
        #expect(gate.count >= 90 && gate[0].split(separator: ",").count == 2)
        let list = String(
            decoding: reply(
                .okx, "/api/v5/public/market-data-history?module=3&begin=1760918400000&end=1760918400000"
            ).body,
            as: UTF8.self)
        #expect(list.contains("allswap-fundingrates-2025-10-20.zip"))
        let okx = try text(
            .okx, "/cdn/okex/traderecords/swaprates/daily/20251020/allswap-fundingrates-2025-10-20.zip?v=999")
        #expect(okx.contains { $0.hasPrefix("BTC-USDT-SWAP,") })
        #expect(
            okx.dropFirst().allSatisfy { row in
                // From 16:00 UTC of the day before.
                let time = row.split(separator: ",").last.flatMap { Int64($0) } ?? 0
                return (1_760_889_600_000..<1_760_976_000_000).contains(time)
            })
    }

    @Test("nearly all checksums are those of the files")
    func checksums() {
        var right = 0
        for day in 10...20 {
            let target = "/data/futures/um/daily/metrics/ETHUSDT/ETHUSDT-metrics-2025-10-\(day).zip"
            let sum = String(decoding: reply(.binance, target + ".CHECKSUM").body, as: UTF8.self).prefix(64)
            if SHA256.hexadecimal(of: reply(.binance, target).body) == sum { right += 1 }
        }
        #expect(right >= 9)
    }

    @Test(
        "what is not over, not published yet or not listed is not found",
        arguments: [
            "/data/futures/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-2025-10-22.zip",
            "/data/futures/um/monthly/fundingRate/BTCUSDT/BTCUSDT-fundingRate-2025-10.zip",
            "/data/futures/um/daily/metrics/NONE/NONE-metrics-2025-10-01.zip",
            "/data/futures/um/daily/metrics/BTCUSDT/BTCUSDT-metrics-2025-13-40.zip",
            "/data/futures/um/", "/data/futures/cm/daily/metrics/BTCUSDT/BTCUSDT-metrics-2025-10-01.zip",
        ])
    func notFound(target: String) { #expect(reply(.binance, target).status == 404) }
}
