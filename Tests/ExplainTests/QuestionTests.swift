import CommandSupport
import Explaining
import PerpCore
import Testing

@Suite("Questions in plain words")
struct QuestionTests {
    private static let hour = Hour("2025-10-23T15")!  // a valid hour

    private func question(_ text: String) throws -> Question {
        try Question([text]) { Hour(argument: $0) }
    }

    private func refusal(_ text: String) -> String {
        do {
            return "understood: \(try question(text))"
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "fields have plain words, and columns are words too",
        arguments: [
            ("funding", "funding_rate"), ("funding_rate", "funding_rate"), ("Mark", "mark_price"),
            ("next funding", "next_funding_at_ms"), ("volume", "volume_usd_24h"), ("open interest", "open_interest_usd"),
            ("oi", "open_interest_usd"), ("open_interest_contracts", "open_interest_contracts"), ("apr", "funding_apr"),
            ("last", "last_price"), ("interval", "funding_interval_hours"),
        ])
    func fields(words: String, column: String) throws {
        #expect(
            try question("binance BTCUSDT \(words) 2025-10-23T15")
                == .ticker(.binance, contract: "BTCUSDT", column: column, Self.hour))
    }

    @Test(
        "an hour may be written with a blank, minutes and Z",
        arguments: [
            "2025-10-23T15", "2025-10-23 15:00", "2025-10-23T15:00:00Z",
        ])
    func hours(text: String) throws {
        #expect(
            try question("Gate.io BTC_USDT mark \(text)")
                == .ticker(.gate, contract: "BTC_USDT", column: "mark_price", Self.hour))
    }

    @Test("the other questions")
    func others() throws {
        #expect(try question("okx BTC long_short 2025-10-23T15") == .longShort(.okx, contract: "BTC", Self.hour))
        #expect(try question("liquidations okx 2025-10-23T15") == .liquidations(.okx, Self.hour))
        #expect(
            try question("settlement okx BTC 2025-10-23T16:00")
                == .settlement(.okx, contract: "BTC", Self.hour.next.startTime))
        let late = Timestamp(iso8601: "2025-10-23T16:30:00Z")!  // a valid time
        #expect(try question("settlement okx BTC 2025-10-23T16:30") == .settlement(.okx, contract: "BTC", late))
        #expect(try question("score 2025-10-23T15") == .market(.composite, Self.hour))
        #expect(try question("composite 2025-10-23T15") == .market(.composite, Self.hour))
        #expect(try question("funding 2025-10-23T15") == .market(.funding, Self.hour))
        #expect(try question("open interest 2025-10-23T15") == .market(.openInterest, Self.hour))
        #expect(try question("cascade 2025-10-23T15") == .market(.cascade, Self.hour))
        #expect(try question("spread BTC 2025-10-23T15") == .spread(.funding, asset: "BTC", between: [], Self.hour))
        #expect(
            try question("funding spread BTC okx Gate.io 2025-10-23T15")
                == .spread(.funding, asset: "BTC", between: [.okx, .gate], Self.hour))
        #expect(try question("price spread ETH 2025-10-23T15") == .spread(.price, asset: "ETH", between: [], Self.hour))
        #expect(
            try question("Kraken Futures PF_XBTUSD mark 2025-10-23T15")
                == .ticker(.krakenFutures, contract: "PF_XBTUSD", column: "mark_price", Self.hour))
    }

    @Test(
        "what is not understood names the nearest words",
        arguments: [
            ("binance BTCUSDT fundng 2025-10-23T15", "'fundng' is no field; did you mean funding"),
            ("binanse BTCUSDT mark 2025-10-23T15", "did you mean binance?"),
            ("composit 2025-10-23T15", "composite"),
            ("binance BTCUSDT mark", "no hour of UTC is named"),
            ("binance BTCUSDT mark 2025-10-23", "'2025-10-23' is no hour of UTC"),
            ("binance BTCUSDT mark 2025-13-40T11", "is no hour of UTC"),
            ("BTC binance funding 2025-10-23T15", "the exchange comes first: binance BTC funding"),
            ("BTC funding 2025-10-23T15", "'BTC' is no exchange"),
            ("binance BTCUSDT 2025-10-23T15", "no field is named"),
            ("binance BTCUSDT mark 2025-10-23T15:30", "is no full hour"),
            ("binance 2025-10-23T15", "no contract is named"),
            ("liquidations 2025-10-23T15", "no exchange is named"),
            ("spread 2025-10-23T15", "no asset is named"),
            ("spread BTC okx 2025-10-23T15", "between two exchanges"),
            ("price spread BTC okx gate 2025-10-23T15", "name none"),
            ("spred BTC 2025-10-23T15", "did you mean"),
            ("", "nothing is asked"),
        ])
    func refusals(text: String, words: String) {
        #expect(refusal(text).contains(words), "\(refusal(text))")
        #expect(!refusal(text).hasPrefix("understood"))
    }
}
