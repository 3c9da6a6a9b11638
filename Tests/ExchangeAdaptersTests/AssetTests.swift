@testable import ExchangeAdapters
import PerpCore
import Testing

@Suite("Canonical assets")
struct AssetTests {
    @Test(
        "names and their multipliers",
        arguments: [
            (Exchange.binance, "1000PEPE", "PEPE", 1000.0), (.binance, "1000000MOG", "MOG", 1_000_000),
            (.bybit, "10000LADYS", "LADYS", 10_000), (.bybit, "SHIB1000", "SHIB", 1000), (.binance, "1000X", "X", 1000),
            (.binance, "1MBABYDOGE", "BABYDOGE", 1_000_000), (.binance, "1MANY", "1MANY", 1), (.gate, "XBT", "BTC", 1),
            (.binance, "1INCH", "1INCH", 1), (.binance, "0G", "0G", 1), (.binance, "4", "4", 1), (.binance, "42", "42", 1),
            (.binance, "1000", "1000", 1), (.binance, "C98", "C98", 1), (.binance, "LUNA2", "LUNA2", 1),
            (.hyperliquid, "kPEPE", "PEPE", 1000), (.hyperliquid, "KAS", "KAS", 1), (.hyperliquid, "KAITO", "KAITO", 1),
            (.hyperliquid, "kas", "kas", 1), (.binance, "kPEPE", "KPEPE", 1), (.okx, "SATS", "SATS", 1),
            (.pacifica, "kBONK", "BONK", 1000), (.backpack, "kPEPE", "PEPE", 1000), (.extended, "kNOT", "NOT", 1000),
            (.paradex, "kPEPE", "PEPE", 1000), (.grvt, "KPEPE", "PEPE", 1000), (.grvt, "KAITO", "KAITO", 1),
            (.edgex, "1000PEPE", "PEPE", 1000), (.gate, "KPEPE", "KPEPE", 1),
        ])
    func names(exchange: Exchange, base: String, asset: String, unit: Double) {
        let coin = Assets.canonical(base, on: exchange)
        #expect((coin.asset, coin.unitMultiplier) == (asset, unit))
    }
}

@Suite("Request plans")
struct PlanTests {
    @Test("the first phase asks for instruments alone, and nothing is asked twice")
    func phases() throws {
        for exchange in Exchange.allCases {
            let adapter = Adapter.adapter(for: exchange)
            var plan = Plan(adapter: adapter, hour: Hour(containing: Int64(1_773_100_800)), focusAssets: ["BTC", "ETH"])
            var seen: Set<Request> = []
            while case let requests = plan.next(), !requests.isEmpty {
                for request in requests { #expect(seen.insert(request).inserted, "\(request.url) is asked twice") }
            }
            let asked = Set(seen.map(\.endpoint))
            for endpoint in adapter.endpoints where endpoint.isEssential { #expect(asked.contains(endpoint.id)) }
        }
    }

    @Test("every limit that an endpoint draws on exists, and no more than thirty-two endpoints share a bit each")
    func limits() {
        for exchange in Exchange.allCases {
            let adapter = Adapter.adapter(for: exchange)
            var plan = Plan(adapter: adapter, hour: Hour(containing: Int64(0)), focusAssets: ["BTC"])
            while case let requests = plan.next(), !requests.isEmpty {
                for request in requests { #expect(adapter.limits.contains { $0.name == request.limit }) }
            }
            #expect(adapter.endpoints.count <= 32)
        }
    }
}
