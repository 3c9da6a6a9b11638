// Bybit. It counts coins, and states open interest of both sides, of which we count one.

extension CaseExpectation {
    static let bybit = [b16, b27, b33, b58]

    private static let b16 = CaseExpectation(
        "B16-bybit-prelisting-paging",
        [
            .instruments("AAAUSDT", "BBBUSDT", "BTCUSDT", "NEWUSDT", "ZZZUSDT"),
            .tickers("AAAUSDT", "BBBUSDT", "BTCUSDT", "ZZZUSDT"),
            .instrument("NEWUSDT", ["status": "prelaunch", "asset": "NEW"]),
            // Minutes: 240, 60, and 0, which means none.
            .ticker("AAAUSDT", ["funding_interval_hours": 4, "funding_rate_8h": .number(0.0001 * 8 / 4)]),
            .ticker("BBBUSDT", ["funding_interval_hours": 1, "funding_rate_8h": .number(0.0001 * 8)]),
            .ticker("ZZZUSDT", ["funding_rate": .absent, "funding_interval_hours": .absent, "open_interest_usd": 0]),
            .instrument("ZZZUSDT", ["funding_interval_hours": .absent]),
            .ticker(
                "BTCUSDT",
                ["open_interest_contracts": 500, "open_interest_usd": 40_000_000, "volume_usd_24h": 400_000_000]),
            .rejection("instruments", "AAAUSDT"), .rejection("funding_history", "10006"), .count("rejection", 2),
            .calls("instruments", ok: 2, failed: 0), .calls("funding_history", ok: 0, failed: 1),
            .line(
                "long_short", ["symbol": "BTCUSDT"],
                ["population": "accounts", "long_fraction": 0.5777, "short_fraction": 0.4222]),
        ])

    /// Before `singleOpenInterest` was sent.
    private static let b27 = CaseExpectation(
        "B27-bybit-ticker-2025-11-recorded",
        [
            .tickers("BTCUSDT"),
            .ticker(
                "BTCUSDT",
                [
                    "open_interest_contracts": .number(50_923.331 / 2), "open_interest_base": .number(50_923.331 / 2),
                    "open_interest_usd": .number(5_453_073_976.8 / 2), "volume_usd_24h": 10_983_940_889.69,
                    "price_change_24h": -0.024155, "funding_rate": 0.00001938, "funding_interval_hours": 8,
                    "next_funding_at_ms": 1_762_243_200_000, "observed_at_ms": 1_762_220_791_908,
                ]),
            .count("rejection", 0),
        ])

    /// K1 on a second exchange.
    private static let b33 = CaseExpectation(
        "B33-bybit-ticker-of-unlisted",
        [
            .instruments("BTCUSDT"), .tickers("BTCUSDT"), .unlisted("tickers", "GONEUSDT"),
            .ticker("BTCUSDT", ["open_interest_usd": 40_000_000]),
        ],
        asked: [.ask("SELECT count(*) FROM tickers WHERE symbol = 'GONEUSDT'", [0])])

    private static let b58 = CaseExpectation(
        "B58-bybit-tickers-recorded",
        [
            .instruments("BTCUSDT", "0GUSDT", "1000BONKPERP", "BTCUSDT-18SEP26"),
            .tickers("BTCUSDT", "0GUSDT", "1000BONKPERP", "BTCUSDT-18SEP26"),
            .ticker(
                "BTCUSDT",
                [
                    "asset": "BTC", "open_interest_contracts": 26_631.431, "open_interest_usd": 2_071_038_505.15,
                    "volume_usd_24h": 6_285_417_277.3039, "observed_at_ms": 1_789_147_120_443,
                ]),
            .instrument("0GUSDT", ["asset": "0G", "unit_multiplier": 1, "funding_interval_hours": 4]),
            .ticker(
                "0GUSDT",
                ["open_interest_base": 5_097_303.7, "funding_rate_8h": 0.0001, "price_change_24h": 0.050976]),
            .instrument("1000BONKPERP", ["asset": "BONK", "quote": "USDC", "unit_multiplier": 1000]),
            .ticker(
                "1000BONKPERP",
                [
                    "asset": "BONK", "quote": "USDC", "last_price": 0.000002774, "mark_price": 0.000002769,
                    "volume_base_24h": .number(33_918_990 * 1000), "volume_usd_24h": 91_862.0916,
                    "open_interest_contracts": 30_973_240, "open_interest_base": .number(30_973_240 * 1000),
                    "open_interest_usd": 85_764.9, "funding_rate_8h": -0.00022725,
                ]),
            .ticker(
                "BTCUSDT-18SEP26",
                [
                    "asset": "BTC", "contract": "dated", "open_interest_contracts": 61.297,
                    "open_interest_usd": 4_773_387.41, "funding_rate": .absent, "funding_interval_hours": .absent,
                    "next_funding_at_ms": .absent,
                ]),
            .count("rejection", 0),
        ])
}
