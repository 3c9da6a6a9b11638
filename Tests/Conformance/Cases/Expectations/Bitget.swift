// Bitget. It counts coins; only the list of contracts says which assets are not coins (`isRwa`), but not their class.

extension CaseExpectation {
    static let bitget = [b19, b21, b38, b47, b52]

    private static let b19 = CaseExpectation(
        "B19-bitget-odd-contracts",
        [
            .instruments(
                "BTCUSDT", "OLDUSDT", "BTCUSDT_260925", "龙虾USDT", "TSLAUSDT", "1000BONKUSDT", "NILUSDT"),
            .tickers("BTCUSDT", "BTCUSDT_260925", "龙虾USDT", "TSLAUSDT", "1000BONKUSDT", "NILUSDT"),
            .instrument("OLDUSDT", ["status": "suspended"]),
            .instrument("BTCUSDT", ["asset": "BTC", "asset_class": "crypto", "listed_at_ms": .absent]),
            .instrument("BTCUSDT_260925", ["asset": "BTC", "contract": "dated"]),
            .ticker("BTCUSDT_260925", ["contract": "dated", "funding_rate": .absent]),
            .instrument("龙虾USDT", ["asset": "龙虾", "asset_class": "crypto"]),
            // `0E-8` and `1.2E-5` are numbers.
            .ticker("龙虾USDT", ["funding_rate": 0, "funding_interval_hours": 4, "last_price": 0.0012]),
            .instrument("TSLAUSDT", ["asset": "stock:TSLA", "asset_class": "stock"]),
            .ticker("TSLAUSDT", ["asset": "stock:TSLA", "funding_rate": 0.000012, "funding_rate_8h": 0.000024]),
            .ticker(
                "1000BONKUSDT",
                [
                    "asset": "BONK", "last_price": 0.00001, "volume_base_24h": .number(1000 * 1000),
                    "price_change_24h": -0.00015,
                ]),
            .ticker(
                "NILUSDT",
                [
                    "funding_rate": 0.00005, "funding_interval_hours": 1, "funding_rate_8h": .number(0.00005 * 8),
                    "next_funding_at_ms": 1_791_198_000_000,
                ]),
            .count("rejection", 0),
        ])

    /// A size that is a multiple of the step 0.001 is in coins. `buy` closes a long, and equal rows are two events.
    private static let b21 = CaseExpectation(
        "B21-bitget-liquidations",
        [
            .count("liquidation", 3),
            .lines(
                2, "liquidation", ["symbol": "1000BONKUSDT"],
                [
                    "asset": "BONK", "side": "short", "price": .number(0.0102 / 1000),
                    "quantity_base": .number(5000 * 1000), "value_usd": .number(5000 * 0.0102),
                    "occurred_at_ms": 1_791_193_260_000, "quantity_contracts": .absent,
                ]),
            .line(
                "liquidation", ["symbol": "BTCUSDT"],
                [
                    "side": "long", "price": 79_000.5, "quantity_base": 0.25,
                    "value_usd": .number(0.25 * 79_000.5), "occurred_at_ms": 1_791_193_320_000,
                ]),
            .source(["liquidations": "sampled"]), .count("rejection", 0),
        ],
        asked: [
            .ask("SELECT count(*), sum(value_usd) FROM liquidations", [3, .number(19_750.125 + 2 * 51)]),
            .ask(
                "SELECT truth, count, long_usd, short_usd FROM liquidation_summary", ["sampled", 3, 19_750.125, 102]),
        ])

    /// Without the list of contracts, assets are read from symbols, and no class is known.
    private static let b38 = CaseExpectation(
        "B38-bitget-contracts-missing",
        [
            .instruments(), .tickers("1000BONKUSDT", "BTCUSDT", "BTCUSDT_260925", "DEADUSDT", "USDCUSDT"),
            .rejection("contracts", "40725"), .rejection("tickers", "BTCUSDH26"),
            .ticker(
                "BTCUSDT",
                [
                    "asset": "BTC", "open_interest_usd": .number(100 * 80_000), "funding_rate": 0.0001,
                    "funding_interval_hours": 8, "next_funding_at_ms": 1_791_216_000_000,
                ]),
            .ticker("1000BONKUSDT", ["asset": "BONK", "last_price": 0.00001, "funding_rate_8h": 0.0002]),
            .ticker("BTCUSDT_260925", ["asset": "BTC", "contract": "dated", "funding_rate": .absent]),
            .ticker("USDCUSDT", ["asset": "USDC", "funding_rate": 0.0001, "funding_interval_hours": .absent]),
        ],
        asked: [
            .ask("SELECT DISTINCT l.asset_class FROM ticker JOIN listing AS l USING (listing_id)", ["other"])
        ])

    private static let b47 = CaseExpectation(
        "B47-bitget-rows-recorded",
        [
            .instruments("BTCUSDT", "NVDAUSDT"), .tickers("BTCUSDT"),
            .instrument("NVDAUSDT", ["asset": "stock:NVDA", "asset_class": "stock", "funding_interval_hours": 8]),
            .ticker(
                "BTCUSDT",
                [
                    "last_price": 77_202.1, "bid_price": 77_202, "index_price": 77_237.976, "funding_rate": 0.0001,
                    "funding_interval_hours": 8, "next_funding_at_ms": 1_789_459_200_000, "volume_usd_24h": .absent,
                    "open_interest_contracts": .absent, "observed_at_ms": 1_789_456_276_886,
                ]),
            .line(
                "spot_ticker", ["symbol": "BTCUSDT"],
                ["asset": "BTC", "last_price": 84_072.34, "volume_usd_24h": 251_790_497.152011]),
            .rejection("history_fund_rate", "40054"), .count("funding_settlement", 0),
        ])

    /// K1: the rate of a test contract. The fields say that PKX is not a coin, but not which class it has.
    private static let b52 = CaseExpectation(
        "B52-bitget-fund-rate-of-unlisted",
        [
            .instruments("BTCUSDT", "PKXUSDT", "XAUUSDT"), .tickers("BTCUSDT", "PKXUSDT", "XAUUSDT"),
            .unlisted("current_fund_rate", "BGTESTMEUSDT"), .nothingRejected(of: "tickers"),
            .instrument("BTCUSDT", ["asset": "BTC", "asset_class": "crypto"]),
            .instrument("XAUUSDT", ["asset": "commodity:XAU", "asset_class": "commodity"]),
            .instrument("PKXUSDT", ["asset": .oneOf(["stock:PKX", "other:PKX"]), "asset_class": .otherThan("crypto")]),
            .ticker("XAUUSDT", ["funding_rate": 0, "funding_interval_hours": 4]),
            .ticker("BTCUSDT", ["open_interest_usd": .number(2000 * 77_202), "funding_rate_8h": 0.00005]),
        ],
        asked: [.ask("SELECT count(*) FROM tickers", [3])])
}
