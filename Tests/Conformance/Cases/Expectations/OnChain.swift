// Hyperliquid, Aster and dYdX.

extension CaseExpectation {
    static let onChain = [b09, b23, b24, b32, b40, b50]

    /// K1: frozen mark prices of delisted contracts. The class of XAU priced in USD1 is not checked, since this body
    /// has no field for classes.
    private static let b09 = CaseExpectation(
        "B09-aster-premium-index-of-unlisted",
        [
            .instruments("BTCUSDT", "MBLUSDT", "TONUSDT", "TRUTHUSDT", "XAUUSD1"),
            .tickers("BTCUSDT", "TRUTHUSDT", "XAUUSD1"), .instrument("TONUSDT", ["status": "settling"]),
            .instrument("MBLUSDT", ["status": "prelaunch", "contract": "perpetual"]),
            .unlisted("premium_index", "GNSUSD", "APXUSDT", "MKRUSDT"), .nothingRejected(of: "ticker_24hr"),
            .ticker(
                "BTCUSDT",
                [
                    "asset": "BTC", "mark_price": 81_267.96337318, "volume_usd_24h": 8_126_790,
                    "funding_rate": 0.0001, "funding_interval_hours": 8, "funding_rate_8h": 0.0001,
                ]),
            .ticker(
                "TRUTHUSDT",
                [
                    "funding_rate": 0.00016927, "funding_interval_hours": 4,
                    "funding_rate_8h": .number(0.00016927 * 8 / 4),
                ]),
            .ticker(
                "XAUUSD1",
                [
                    "quote": "USD1", "last_price": 4100, "volume_base_24h": 100, "volume_usd_24h": .absent,
                    "mark_price": .absent, "funding_rate": .absent,
                ]),
        ],
        asked: [.ask("SELECT count(*) FROM tickers WHERE exchange_id = 'aster'", [3])])

    /// Five markets and two contexts: a shift would give each market its neighbour's price.
    private static let b23 = CaseExpectation(
        "B23-hyperliquid-length-mismatch",
        [
            .noRecord, .rejection("meta_and_asset_ctxs", "5", "2"), .rejection("funding_history", "null"),
            .count("rejection", 2),
        ])

    private static let b24 = CaseExpectation(
        "B24-dydx-odd-markets",
        [
            .instruments("BTC-USD", "CO-USD", raydium, "FS-USD", "JUMP-USD", "NEW-USD", "NUL-USD"),
            .tickers("BTC-USD", raydium, "JUMP-USD", "NUL-USD"),
            .ticker(
                "BTC-USD",
                [
                    "mark_price": 80_000.12345678901, "open_interest_usd": .number(10 * 80_000.12345678901),
                    "price_change_24h": .number(1000 / (80_000.12345678901 - 1000)), "funding_rate": 0.0000125,
                    "funding_interval_hours": 1, "funding_rate_8h": 0.0001, "trades_24h": 5,
                    "next_funding_at_ms": 1_791_198_000_000,
                ]),
            .ticker(
                raydium,
                [
                    "quote": "USD", "mark_price": 0.5, "open_interest_usd": 5,
                    "price_change_24h": .number(-0.1 / (0.5 + 0.1)),
                ]),
            .ticker(
                "NUL-USD",
                ["mark_price": .absent, "volume_usd_24h": 0, "open_interest_usd": .absent, "funding_rate": 0]),
            // The price a day ago would have been zero.
            .ticker("JUMP-USD", ["mark_price": 1, "price_change_24h": .absent]),
            .instrument("NEW-USD", ["status": "prelaunch"]), .instrument("FS-USD", ["status": "delisted"]),
            .instrument("CO-USD", ["status": "suspended"]), .rejection("perpetual_markets", "NEG-USD", "openInterest"),
            .count("rejection", 1),
            // dYdX settles every hour.
            .line(
                "funding_settlement", ["settled_at_ms": 1_791_194_400_000],
                ["symbol": "BTC-USD", "funding_rate": 0.0000125, "funding_interval_hours": 1]),
            .line(
                "funding_settlement", ["settled_at_ms": 1_791_190_800_000],
                ["funding_rate": -0.000000391666666666666667, "funding_interval_hours": 1]),
            .line(
                "liquidation", ["symbol": "BTC-USD"],
                [
                    "side": "long", "price": 79_000, "quantity_base": 0.01, "value_usd": 790, "id": "01",
                    "occurred_at_ms": 1_791_192_600_123,
                ]),
        ])

    private static let raydium = "FARTCOIN,raydium,9BB6NFEcjBCtnNLFko2FqVQBq8HHM13kCyYcdQbgpump-USD"

    /// USD1 does not count as a dollar by our rule. Its class is not checked, as in B09.
    private static let b32 = CaseExpectation(
        "B32-aster-usd1-quote",
        [
            .tickers("BTCUSDT", "XAUUSD1"),
            .ticker(
                "XAUUSD1",
                [
                    "quote": "USD1", "last_price": 4100, "mark_price": 4100, "volume_base_24h": 1000,
                    "volume_usd_24h": .absent, "open_interest_base": 100, "open_interest_usd": .absent,
                ]),
            .ticker(
                "BTCUSDT",
                [
                    "asset": "BTC", "volume_usd_24h": 81_000_000, "funding_rate": 0.0001,
                    "funding_interval_hours": .absent, "funding_rate_8h": .absent,
                ]),
            .count("rejection", 0),
        ])

    private static let b40 = CaseExpectation(
        "B40-dydx-geoblocked",
        [
            .noRecord, .count("rejection", 1), .rejection("perpetual_markets", "403", "blocked"),
            .calls("perpetual_markets", ok: 0, failed: 1),
        ])

    /// The side is the taker's: a sell order closed a long. One event is a day old, and LIMIT is not a liquidation.
    private static let b50 = CaseExpectation(
        "B50-dydx-trades-recorded",
        [
            .tickers("BTC-USD", "XRP-USD"), .count("liquidation", 2),
            .line(
                "liquidation", ["id": "064aeb220000000200000005"],
                [
                    "symbol": "XRP-USD", "asset": "XRP", "side": "long", "price": 1.276, "quantity_base": 660,
                    "value_usd": .number(660 * 1.276), "occurred_at_ms": 1_789_503_590_034,
                ]),
            .line(
                "liquidation", ["id": "064a1f5e0000000200000003"],
                [
                    "side": "short", "price": 1.4731, "quantity_base": 14.7, "value_usd": .number(14.7 * 1.4731),
                    "occurred_at_ms": 1_789_411_514_924,
                ]),
            .source(["liquidations": "sampled"]), .count("rejection", 0),
        ],
        asked: [
            .ask(
                "SELECT side, value_usd FROM liquidations ORDER BY occurred_at_ms", ["short", .number(14.7 * 1.4731)],
                ["long", .number(660 * 1.276)]),
            // Neither happened in the hour before.
            .ask("SELECT count, total_usd FROM liquidation_summary", [0, 0]),
        ])
}
