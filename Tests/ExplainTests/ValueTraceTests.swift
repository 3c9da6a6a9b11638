import PerpCore
import Staging
import Testing

@testable import Explaining

@Suite("The bytes of a value")
struct ValueTraceTests {
    private static let fields = ["funding_rate", "mark_price", "volume_usd_24h", "open_interest_usd"]

    /// The names of the members that a reader of an exchange's page expects, by field; sorted.
    private static let expected: [(Exchange, symbol: String, names: [[String]])] = [
        (
            .binance, "BTCUSDT",
            [["lastFundingRate"], ["markPrice"], ["quoteVolume"], ["markPrice", "openInterest"]]
        ),
        (.okx, "BTC-USDT-SWAP", [["fundingRate"], ["markPx"], ["last", "volCcy24h"], ["oiUsd"]]),
        (.bybit, "BTCUSDT", [["fundingRate"], ["markPrice"], ["turnover24h"], ["openInterestValue"]]),
        (
            .gate, "BTC_USDT",
            [
                ["funding_rate"], ["mark_price"], ["volume_24h_settle"],
                ["mark_price", "position_size", "quanto_multiplier"],
            ]
        ),
        (.bitget, "BTCUSDT", [["fundingRate"], ["markPrice"], ["usdtVolume"], ["holdingAmount", "markPrice"]]),
        (.hyperliquid, "BTC", [["funding"], ["markPx"], ["dayNtlVlm"], ["markPx", "openInterest"]]),
        (.aster, "BTCUSDT", [["lastFundingRate"], ["markPrice"], ["quoteVolume"], ["markPrice", "openInterest"]]),
        (
            .dydx, "BTC-USD",
            [["nextFundingRate"], ["oraclePrice"], ["volume24H"], ["openInterest", "oraclePrice"]]
        ),
        (
            .binanceCOINM, "BTCUSD_PERP",
            [["lastFundingRate"], ["markPrice"], ["contractSize", "volume"], ["contractSize", "openInterest"]]
        ),
        (.deribit, "BTC-PERPETUAL", [["funding_8h"], ["mark_price"], ["volume_usd"], ["open_interest"]]),
        (
            .krakenFutures, "PF_XBTUSD",
            [["fundingRate", "markPrice"], ["markPrice"], ["volumeQuote"], ["markPrice", "openInterest"]]
        ),
        (.lighter, "BTC", [["rate"], ["mark_price"], ["daily_quote_token_volume"], ["mark_price", "open_interest"]]),
        (.edgex, "BTCUSDC", [["fundingRate"], ["markPrice"], ["value"], ["markPrice", "openInterest"]]),
        (.pacifica, "BTC", [["funding"], ["mark"], ["volume_24h"], ["mark", "open_interest"]]),
        (
            .backpack, "BTC_USDC_PERP",
            [["fundingRate"], ["markPrice"], ["quoteVolume"], ["markPrice", "openInterest"]]
        ),
        (.extended, "BTC-USD", [["fundingRate"], ["markPrice"], ["dailyVolume"], ["openInterest"]]),
        (
            .grvt, "BTC_USDT_Perp",
            [["funding_rate"], ["mark_price"], ["buy_volume_24h_q", "sell_volume_24h_q"], ["mark_price", "open_interest"]]
        ),
        (.paradex, "BTC-USD-PERP", [["funding_rate"], ["mark_price"], ["volume_24h"], ["mark_price", "open_interest"]]),
    ]

    @Test("the members of an exchange's page are found for funding, mark price, volume and open interest", arguments: expected)
    func members(_ exchange: Exchange, symbol: String, names: [[String]]) throws {
        let raw = try SimulatedRaw(exchange)
        for (field, wanted) in zip(Self.fields, names) {
            let trace = try raw.trace(field, of: symbol)
            let found = trace.sources.map { $0.path?.split(separator: ".").last.map(String.init) ?? "" }.sorted()
            #expect(found == wanted, "\(exchange.id) \(field): \(trace.sources)")
        }
    }

    @Test("each stated figure of every exchange is made from what is found, and from nothing else", arguments: Exchange.allCases)
    func whole(_ exchange: Exchange) throws {
        let raw = try SimulatedRaw(exchange)
        try #require(!raw.staged.tickers.isEmpty)
        for ticker in raw.staged.tickers {
            let units = raw.staged.instruments.first { $0.symbol == ticker.symbol }?.unitMultiplier ?? 1
            for field in Self.fields {
                let value = SimulatedRaw.field(field, of: ticker)
                guard case .number(let number) = value else { continue }
                let trace = try raw.trace(field, of: ticker.symbol)
                let name = "\(exchange.id) \(ticker.symbol) \(field)"
                #expect(trace.isReproduced && trace.isWhole(units: units), "\(name): \(trace)")
                #expect(abs(made(trace) - number) <= 1e-12 * abs(number), "\(name): \(trace)")
            }
        }
    }

    /// The value that the bytes make, calculated here once more.
    private func made(_ trace: ValueTrace) -> Double {
        guard let factor = trace.factor else { return .nan }
        let numbers = trace.sources.map { (Double($0.bytes) ?? .nan, $0.power ?? 0) }
        if trace.form == .sum { return factor * numbers.reduce(0) { $0 + $1.0 * Double($1.1) } }
        return numbers.reduce(factor) { product, source in
            let base = abs(source.1) == 2 ? source.0 * source.0 : source.0
            return source.1 > 0 ? product * base : product / base
        }
    }

    @Test("the bytes stand in the file where it is said")
    func place() throws {
        let raw = try SimulatedRaw(.binance)
        let source = try #require(try raw.trace("funding_rate", of: "BTCUSDT").sources.first)
        let bytes = raw.lines.array
        #expect(Array(bytes[source.offset..<source.offset + source.bytes.utf8.count]) == Array(source.bytes.utf8))
        let before = bytes[..<source.offset].filter { $0 == 0x0A }.count
        #expect(source.line == before + 1)
        #expect(RawText(raw.lines).members(ofLine: source.line)["endpoint"] == "premium_index")
    }

    @Test("a file that gives another value finds nothing and says so")
    func other() throws {
        let raw = try SimulatedRaw(.binance)
        let trace = ValueTrace(of: .number(1.5), symbol: "BTCUSDT", in: RawText(raw.lines)) { _ in .number(1.25) }
        #expect(!trace.isReproduced && trace.sources.isEmpty && trace.calculation == nil)
    }

    // MARK: - Lines by hand

    /// A line with a body, as raw files have it.
    private func text(_ bodies: String...) -> RawText {
        let lines = bodies.map { "{\"endpoint\":\"e\",\"received_at_ms\":1773100860000,\"body\":\($0)}\n" }
        return RawText(ByteBuffer(lines.joined().utf8))
    }

    /// The number behind each `"name":` of a text.
    private func numbers(_ name: String, _ bytes: UnsafeBufferPointer<UInt8>) -> [Double] {
        String(decoding: bytes, as: UTF8.self).split(separator: "\"\(name)\":").dropFirst().compactMap { part in
            Double(part.prefix { "0123456789.-e".contains($0) })
        }
    }

    @Test("a product, a quotient, a sum and a growth are told apart")
    func forms() {
        let lines = text(#"{"s":"X","a":6.25,"b":4}"#)
        func trace(_ value: Double, _ make: @escaping (Double, Double) -> Double) -> ValueTrace {
            ValueTrace(of: .number(value), symbol: "X", in: lines) { bytes in
                guard let a = numbers("a", bytes).first, let b = numbers("b", bytes).first else { return .missing }
                return .number(make(a, b))
            }
        }
        let product = trace(25, *)
        #expect(product.form == .product && product.sources.map(\.power) == [1, 1] && product.calculation == "6.25 * 4")
        let quotient = trace(1.5625, /)
        #expect(quotient.sources.map(\.power) == [1, -1] && quotient.calculation == "6.25 / 4")
        let sum = trace(10.25, +)
        #expect(sum.form == .sum && sum.calculation == "6.25 + 4")
        let growth = trace(0.5625) { $0 / $1 - 1 }
        #expect(growth.form == .growth && growth.calculation == "6.25 / 4 - 1")
        let share = trace(6.25 / 10.25) { $0 / ($0 + $1) }
        #expect(share.form == .share && share.calculation == "6.25 / (4 + 6.25)" && share.isWhole())
        let gain = trace(-6.25 / 2.25) { $0 / ($1 - $0) }
        #expect(gain.form == .gain && gain.calculation == "6.25 / (4 - 6.25)" && gain.isWhole())
        let other = trace(2.25 + 16) { $0 - $1 + $1 * $1 }
        #expect(other.form == .other && other.sources.count == 2 && other.calculation == nil)
        #expect(product.sources.map(\.path) == ["a", "b"])
    }

    @Test("equal numbers are not confused: the one that is read counts")
    func equals() {
        let lines = text(#"{"s":"X","c":0.0001,"a":0.0001,"d":0.0001}"#)
        let trace = ValueTrace(of: .number(0.0001), symbol: "X", in: lines) { bytes in
            numbers("a", bytes).first.map { .number($0) } ?? .missing
        }
        #expect(trace.sources.map(\.path) == ["a"] && trace.factor == 1)
    }

    @Test("what only has to be what it is makes nothing: a code, or an id")
    func switches() {
        let lines = text(#"{"code":1,"s":"X","a":0.5,"b":0.25}"#)
        let trace = ValueTrace(of: .number(0.5), symbol: "X", in: lines) { bytes in
            let name = numbers("code", bytes) == [1] ? "a" : "b"
            return numbers(name, bytes).first.map { .number($0) } ?? .missing
        }
        #expect(trace.sources.map(\.path) == ["a"])
    }

    @Test("the share of one side is made from a ratio, and what only chooses the row is no part of it")
    func chosen() {
        let ratio = ValueTrace(of: .number(0.6), symbol: "X", in: text(#"{"s":"X","t":1700000000,"r":1.5}"#)) { bytes in
            numbers("r", bytes).first.map { .number($0 / (1 + $0)) } ?? .missing
        }
        #expect(ratio.sources.map(\.path) == ["r"] && ratio.calculation == "1.5 / (1 + 1.5)")
        #expect(ratio.runs < 20)
        // The row with the largest time counts; a changed time gives another row, and each change another one.
        let rows = #"{"s":"X","l":[{"t":7,"a":3,"b":1},{"t":9,"a":6,"b":2},{"t":5,"a":1,"b":3}]}"#
        let share = ValueTrace(of: .number(0.75), symbol: "X", in: text(rows)) { bytes in
            let (times, a, b) = (numbers("t", bytes), numbers("a", bytes), numbers("b", bytes))
            // 9 becomes 8 or 6: then the first row, or another calculation.
            guard times.count == 3, let newest = times.indices.max(by: { times[$0] < times[$1] }) else { return .missing }
            return .number(a[newest] / (a[newest] + b[newest]) + (9 - times[1]) / 16)
        }
        #expect(share.sources.map(\.path) == ["l[1].a", "l[1].b"] && share.calculation == "6 / (2 + 6)")
    }

    @Test("where changes cancel out, or another answer stands in with an equal value, the source is found all the same")
    func hidden() {
        // +1 and 9 -> 8 cancel out in the sum.
        let sum = ValueTrace(of: .number(14), symbol: "X", in: text(#"{"s":"X","a":5,"b":9}"#)) { bytes in
            guard let a = numbers("a", bytes).first, let b = numbers("b", bytes).first else { return .missing }
            return .number(a + b)
        }
        #expect(sum.sources.map(\.path) == ["a", "b"] && sum.form == .sum)
        let stand = ValueTrace(
            of: .number(0.5), symbol: "X", in: text(#"{"code":0,"s":"X","a":0.5}"#, #"{"s":"X","f":0.5}"#)
        ) { bytes in
            let name = numbers("code", bytes) == [0] ? "a" : "f"
            return numbers(name, bytes).first.map { .number($0) } ?? .missing
        }
        #expect(stand.sources.map(\.path) == ["a"])
    }

    @Test("a zero is found, and what it would become tells its factor")
    func zero() {
        let lines = text(#"{"s":"X","a":"0.00"}"#)
        let trace = ValueTrace(of: .number(0), symbol: "X", in: lines) { bytes in
            let text = String(decoding: bytes, as: UTF8.self)
            guard let part = text.split(separator: "\"a\":\"").dropFirst().first else { return .missing }
            return Double(part.prefix { $0 != "\"" }).map { .number($0 / 100) } ?? .missing
        }
        #expect(trace.sources.map(\.bytes) == ["0.00"])
        #expect(trace.factor.map { abs($0 - 0.01) < 1e-15 } == true)
    }

    @Test("our time of receipt is a source without a path")
    func receipt() {
        let trace = ValueTrace(of: .integer(1_773_100_860_000), symbol: "X", in: text(#"{"s":"X"}"#)) { bytes in
            numbers("received_at_ms", bytes).first.map { .integer(Int64($0)) } ?? .missing
        }
        #expect(trace.sources.map(\.path) == [nil] && trace.sources.map(\.bytes) == ["1773100860000"])
    }

    @Test(
        "plain numbers are short ones and their inverses",
        arguments: [
            (1.0, true), (0.01, true), (1e-6, true), (0.125, true), (1.0 / 3600, true), (3_600_000.0, true), (8760.0, true),
            (0.137842, false), (1.0000001, false), (123.456, false),
        ])
    func plain(_ factor: Double, isPlain: Bool) {
        var trace = ValueTrace()
        trace.sources = [.init(line: 1, path: "a", bytes: "1", offset: 0, power: 1)]
        trace.factor = factor
        #expect(trace.isWhole() == isPlain, "\(factor)")
    }

    @Test("a path quotes names that are no words")
    func paths() {
        let lines = text(#"{"markets":{"A-B":{"x y":[{"p":1},{"p":2}]}},"s":"X"}"#)
        let trace = ValueTrace(of: .number(2), symbol: "X", in: lines) { bytes in
            numbers("p", bytes).last.map { .number($0) } ?? .missing
        }
        #expect(trace.sources.map(\.path) == [#"markets["A-B"]["x y"][1].p"#])
    }
}
