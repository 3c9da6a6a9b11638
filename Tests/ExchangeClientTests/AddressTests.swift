import PerpCore
import Testing

@testable import ExchangeClient
@testable import Transport

@Suite("Addresses")
struct AddressTests {
    static let bybit = "https://api.bybit.com/v5/market/tickers?category=linear"

    @Test(
        "a base URL replaces scheme and host, and keeps path and query",
        arguments: [
            (
                "http://127.0.0.1:8900/{hour}/{exchange}", bybit,
                "http://127.0.0.1:8900/2025-10-23T15/bybit/v5/market/tickers?category=linear"
            ),
            ("http://localhost:1/", bybit, "http://localhost:1/v5/market/tickers?category=linear"),
            (
                "https://proxy.example/x/{exchange}/", bybit,
                "https://proxy.example/x/bybit/v5/market/tickers?category=linear"
            ),
            (
                "http://127.0.0.1:8900", "https://fapi.binance.com/fapi/v1/openInterest?symbol=%E5%B8%81USDT",
                "http://127.0.0.1:8900/fapi/v1/openInterest?symbol=%E5%B8%81USDT"
            ),
        ])
    func rewrite(template: String, url: String, expected: String) throws {
        let base = try #require(BaseURL(template))
        #expect(base.rewrite(url, exchange: .bybit, hour: Hour(containing: start)) == expected)
    }

    @Test(
        "a template that is no URL of a host is refused",
        arguments: [
            "", "127.0.0.1:8900", "ftp://x", "http://", "http:///x", "http://{exchange}/x", "http://x/?q=1",
            "http://a b", "http://localhost@evil.example/", "http://me:hush@127.0.0.1", "http://127.0.0.1:0", "http://x:65536",
            "http://x:-1", "http://x:1:2", "http://[::1", "http://bücher.example", "http://a\u{7}b", "http://-x",
        ])
    func refused(template: String) { #expect(BaseURL(template) == nil) }

    @Test(
        "only addresses of this machine are loopback",
        arguments: [
            ("http://127.0.0.1:8900/{hour}/{exchange}", true), ("http://127.8.9.1", true), ("http://localhost/x", true),
            ("http://[::1]:80/x", true), ("http://127.0.0.1.example.com", false), ("http://10.0.0.1", false),
            ("https://localhost.example", false), ("http://LOCALHOST:1/{hour}", true),
        ])
    func loopback(template: String, expected: Bool) throws {
        #expect(try #require(BaseURL(template)).isLoopback == expected)
    }

    @Test("the proxy depends on the scheme, and exceptions and this machine have none")
    func proxies() throws {
        let settings = try ProxySettings(
            https: "http://user:p%40ss@proxy.example:3128", http: "other:8080",
            exceptions: "okx.com, .internal,10.0.0.1")
        #expect(
            settings.server(for: Self.bybit)
                == ProxyServer(host: "proxy.example", port: 3128, credentials: "user:p@ss"))
        #expect(settings.server(for: "http://x.example")?.host == "other")
        for direct in [
            "https://www.okx.com/api", "https://okx.com", "https://a.internal:1/", "http://127.0.0.1:8900/",
            "http://10.0.0.1/",
        ] {
            #expect(settings.server(for: direct) == nil, "\(direct)")
        }
        #expect(settings.server(for: "https://notokx.com")?.port == 3128)
        #expect(try ProxySettings(https: "", exceptions: nil) == ProxySettings.direct)
        #expect(try ProxySettings(https: "http://[::2]:3128").https?.host == "::2")
    }

    @Test(
        "a proxy that is no http address is refused without showing it",
        arguments: ["socks5://x:1", "http://", "x:port", "x:0"])
    func badProxy(text: String) {
        #expect(throws: ProxyError.self) { try ProxySettings(https: text) }
    }
}
