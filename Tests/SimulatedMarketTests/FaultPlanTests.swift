import PerpCore
import Testing

@testable import SimulatedMarket

private let hour = Hour("2025-10-23T15")!  // a literal hour of the calendar

@Suite("Fault plans")
struct FaultPlanTests {
    @Test(
        "rules are read",
        arguments: [
            (
                "okx open-interest hour=2025-10-23T15 count=2 -> status 429 retry-after=3",
                FaultRule(
                    exchange: .okx, text: "open-interest", hours: hour...hour, count: 2,
                    fault: .status(429, retryAfter: 3))
            ),
            ("* -> html", FaultRule(fault: .html)),
            ("* * nth=3 -> cut", FaultRule(first: 3, count: 1, fault: .cut(after: nil))),
            (
                "gate liq_orders from=2 -> cut 0  # at once",
                FaultRule(
                    exchange: .gate, text: "liq_orders", first: 2, fault: .cut(after: 0))
            ),
            (
                "aster hour=2025-10-23T15..2025-10-23T17 -> bomb 5",
                FaultRule(
                    exchange: .aster, hours: hour...hour.advanced(by: 2), fault: .bomb(megabytes: 5))
            ),
            ("dydx -> delay 0.5", FaultRule(exchange: .dydx, fault: .delay(seconds: 0.5))),
            ("bybit -> ban", FaultRule(exchange: .bybit, fault: .ban(seconds: 120))),
            ("okx tick -> rename last px", FaultRule(exchange: .okx, text: "tick", fault: .rename(from: "last", to: "px"))),
        ])
    func reading(text: String, rule: FaultRule) throws {
        #expect(try FaultPlan(parsing: "# a plan\n\n\(text)\n").rules == [rule])
    }

    @Test(
        "what is wrong with a line is said",
        arguments: [
            ("okx status 429", "has no '->' between where and what"), ("nope -> html", "'nope' is no exchange"),
            ("count=2 -> html", "names no exchange; write * for all"), ("okx -> fire", "'fire' is no fault"),
            ("okx -> status", "'status' needs a number"), ("okx -> status 99", "'99' is no status between 200 and 599"),
            ("okx a b -> html", "'b' is a second part of a path"), ("okx -> html x y", "'y' is one word too many"),
            ("okx -> rename last", "'rename' needs a field and its new name"),
            ("okx nth=0 -> html", "'0' is no positive whole number"),
            ("okx hour=today -> html", "'today' is no hour or span of hours such as 2025-10-23T15"),
        ])
    func mistakes(text: String, reason: String) {
        #expect(throws: FaultPlanError(line: 2, reason: reason)) { try FaultPlan(parsing: "\n\(text)") }
    }

    @Test("requests are counted for each rule, and the first rule that fits wins")
    func counting() throws {
        var counter = FaultCounter(try FaultPlan(parsing: "okx tickers nth=2 -> html\nokx -> error"))
        let target = "/api/v5/market/tickers?instType=SWAP"
        let request = SimulatedRequest(exchange: .okx, target: target)
        let faults = (0..<3).map { _ in counter.fault(for: request, target: target, at: hour) }
        #expect(faults == [.error, .html, .error])
        let other = SimulatedRequest(exchange: .gate, target: target)
        #expect(counter.fault(for: other, target: target, at: hour) == nil)
    }

    @Test("a POST is told by its body")
    func body() throws {
        var counter = FaultCounter(try FaultPlan(parsing: "hyperliquid fundingHistory -> no-body"))
        let asked = SimulatedRequest(
            exchange: .hyperliquid, method: "POST", target: "/info", body: #"{"type":"fundingHistory"}"#)
        #expect(counter.fault(for: asked, target: "/info", at: hour) == .noBody)
    }

    @Test(
        "the list with most rows is emptied or doubled",
        arguments: [
            (
                #"{"code":"0","data":[{"a":1,"b":[2]},{"a":3}]}"#, #"{"code":"0","data":[]}"#,
                #"{"code":"0","data":[{"a":1,"b":[2]},{"a":3},{"a":1,"b":[2]},{"a":3}]}"#
            ),
            (
                #"{"x":[{"k":1}],"y":[{"a":"]"},{"a":2},{"a":3}]}"#, #"{"x":[{"k":1}],"y":[]}"#,
                #"{"x":[{"k":1}],"y":[{"a":"]"},{"a":2},{"a":3},{"a":"]"},{"a":2},{"a":3}]}"#
            ),
            ("[]", "[]", "[]"),
        ])
    func rows(body: String, emptied: String, doubled: String) {
        #expect(String(decoding: FaultBodies.emptied(Array(body.utf8)), as: UTF8.self) == emptied)
        #expect(String(decoding: FaultBodies.doubled(Array(body.utf8)), as: UTF8.self) == doubled)
    }
}

@Suite("Recordings")
struct RecordingTests {
    private let recordings = Recordings(names: [
        "okx": [
            "v5-public-open-interest.json", "v5-public-open-interest.one.json", "v5-public-open-interest.linear_swap.json",
            "v5-public-instruments.SWAP.json", "v5-public-instruments.SWAP.2.json", "v5-public-instruments.FUTURES.json",
            "v5-public-instruments.SWAP.expected.json",
        ],
        "hyperliquid": ["info-metaAndAssetCtxs.json", "info-fundingHistory.json", "info-fundingHistory.2.json"],
        "gate": ["v4-futures-contract_stats.json", "v4-futures-usdt-contracts.json"],
        "dydx": ["v4-historicalFunding.json"], "kraken-futures": ["v3-tickers.json", "v3-tickers.2.json"],
    ])

    @Test(
        "the query picks the variant",
        arguments: [
            ("okx", "/api/v5/public/instruments", ["instType": "SWAP"], "v5-public-instruments.SWAP.json"),
            ("okx", "/api/v5/public/instruments", ["instType": "FUTURES"], "v5-public-instruments.FUTURES.json"),
            ("okx", "/api/v5/public/open-interest", ["instId": "BTC-USDT-SWAP"], "v5-public-open-interest.one.json"),
            ("okx", "/api/v5/public/open-interest", ["instType": "SWAP"], "v5-public-open-interest.linear_swap.json"),
            ("gate", "/api/v4/futures/usdt/contract_stats", ["contract": "BTC_USDT"], "v4-futures-contract_stats.json"),
            ("dydx", "/v4/historicalFunding/BTC-USD", ["limit": "3"], "v4-historicalFunding.json"),
            ("kraken-futures", "/derivatives/api/v3/tickers", [:], "v3-tickers.json"),
        ])
    func variants(exchange: String, path: String, query: [String: String], expected: String) {
        #expect(recordings.candidates(exchange: exchange, path: path, query: query, body: "").first == expected)
    }

    @Test("a POST is told by its type, and an unknown request has no recording")
    func types() {
        let files = recordings.candidates(
            exchange: "hyperliquid", path: "/info", query: [:], body: #"{"type":"fundingHistory","coin":"ETH"}"#)
        #expect(files == ["info-fundingHistory.json", "info-fundingHistory.2.json"])
        #expect(recordings.candidates(exchange: "okx", path: "/api/v5/x", query: [:], body: "").isEmpty)
        #expect(Recordings.body(#"[{"coin": "ETH"}]"#, mayBeAbout: "ETH"))
        #expect(!Recordings.body(#"[{"coin": "BTC"}]"#, mayBeAbout: "ETH"))
        #expect(Recordings.body("[[1,2]]", mayBeAbout: "ETH"))
    }

    @Test("a renamed field is renamed wherever it is a name")
    func rename() throws {
        let response = SimulatedResponse(
            status: 200, headers: [], body: Array(#"{"last":1,"data":[{"last":"last","lastPx":"2"}]}"#.utf8))
        let changed = FaultBodies.changed(
            response, by: .rename(from: "last", to: "px"), request: SimulatedRequest(exchange: .okx, target: "/"),
            milliseconds: 0)
        #expect(changed.map { String(decoding: $0.body, as: UTF8.self) } == #"{"px":1,"data":[{"px":"last","lastPx":"2"}]}"#)
    }
}
