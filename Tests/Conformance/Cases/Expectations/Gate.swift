// Gate. A contract is `quanto_multiplier` coins; `position_size` counts one side, `total_size` both.

extension CaseExpectation {
    static let gate = [b07, b17, b29, b30, b44, b51]

    /// K3: an interval of 8 hours until 08:00, and of one hour since.
    private static let b07 = CaseExpectation(
        "B07-gate-settlements-interval-changed",
        [
            .count("funding_settlement", 3),
            .line(
                "funding_settlement", ["settled_at_ms": 1_791_158_400_000],
                ["symbol": "SOL_USDT", "funding_rate": -0.0012, "funding_interval_hours": .absent]),
            .line(
                "funding_settlement", ["settled_at_ms": 1_791_187_200_000],
                ["funding_rate": -0.02, "funding_interval_hours": 8]),
            .line(
                "funding_settlement", ["settled_at_ms": 1_791_190_800_000],
                ["funding_rate": -0.004, "funding_interval_hours": 1]),
            .ticker("SOL_USDT", ["funding_rate": 0.0001, "funding_interval_hours": 1, "funding_rate_8h": 0.0008]),
        ],
        asked: [
            .ask(
                """
                SELECT funding_interval_hours, funding_rate_annualized FROM funding_settlements \
                ORDER BY settled_at_ms
                """,
                [.absent, .absent], [8, .number(-0.02 * 8760 / 8)], [1, .number(-0.004 * 8760)])
        ])

    private static let b17 = CaseExpectation(
        "B17-gate-contracts-recorded",
        [
            .instruments("AAPL_USDT", "ARIA_USDT", "BTC_USDT"), .tickers("AAPL_USDT", "ARIA_USDT", "BTC_USDT"),
            .instrument("BTC_USDT", ["asset": "BTC", "asset_class": "crypto", "contract_multiplier": 0.0001]),
            .ticker(
                "BTC_USDT",
                [
                    "mark_price": 83_760.6, "open_interest_contracts": 289_031_937,
                    "open_interest_base": .number(289_031_937 * 0.0001),
                    "open_interest_usd": .number(289_031_937 * 0.0001 * 83_760.6), "volume_usd_24h": 4_911_337_664,
                    "funding_rate": -0.000002, "next_funding_at_ms": 1_790_380_800_000,
                ]),
            .instrument("ARIA_USDT", ["contract_multiplier": 100, "listed_at_ms": 1_755_781_800_000]),
            .ticker(
                "ARIA_USDT",
                [
                    "volume_base_24h": .number(337_763.5 * 100), "volume_usd_24h": 1_273_368.3,
                    "open_interest_base": .number(34_293 * 100),
                    "open_interest_usd": .number(34_293 * 100 * 0.0377), "funding_rate_8h": .number(0.001026 * 2),
                ]),
            .instrument(
                "AAPL_USDT", ["asset": "stock:AAPL", "asset_class": "stock", "contract_multiplier": 0.01]),
            .ticker("AAPL_USDT", ["asset": "stock:AAPL", "open_interest_usd": .number(678 * 0.01 * 254.6)]),
            .count("rejection", 0),
        ])

    /// Line ends and a byte order mark are not part of the content.
    private static let b29 = CaseExpectation(
        "B29-gate-pretty-printed-body",
        [
            .instruments("BTC_USDT"),
            .ticker(
                "BTC_USDT",
                [
                    "last_price": 80_000, "volume_base_24h": .number(622_657_413 * 0.0001),
                    "volume_usd_24h": 4_911_337_664, "open_interest_base": 100, "open_interest_usd": 8_000_000,
                    "funding_interval_hours": 8, "price_change_24h": -0.0044,
                ]),
            .count("rejection", 0),
        ])

    private static let b30 = CaseExpectation(
        "B30-gate-statuses-and-unlisted",
        [
            .instruments("AAA_USDT", "BBB_USDT", "BTC_USDT", "CCC_USDT", "DDD_USDT", "EEE_USDT"),
            .tickers("BTC_USDT", "EEE_USDT"), .instrument("AAA_USDT", ["status": "settling"]),
            .instrument("BBB_USDT", ["status": "settling"]), .instrument("CCC_USDT", ["status": "suspended"]),
            .instrument("DDD_USDT", ["status": "prelaunch"]), .instrument("EEE_USDT", ["status": "trading"]),
            .unlisted("tickers", "ZZZ_USDT"),
        ])

    /// K4: the request for half of the hour was refused three times. 440 contracts of 0.0001 BTC at 79450, twice.
    private static let b44 = CaseExpectation(
        "B44-gate-half-of-the-hour-failed",
        [
            .source(["liquidations": .otherThan("complete")]), .calls("liq_orders", ok: 1, failed: 1),
            .rejection("liq_orders", "TOO_MANY_REQUESTS"),
            .lines(
                2, "liquidation", ["symbol": "BTC_USDT"],
                [
                    "side": "long", "price": 79_450, "quantity_contracts": 440, "quantity_base": .number(440 * 0.0001),
                    "value_usd": .number(440 * 0.0001 * 79_450),
                ]),
        ],
        asked: [
            .ask(
                """
                SELECT truth, count, long_usd, short_usd, flags LIKE '%floor%' FROM liquidation_summary \
                WHERE exchange_id = 'gate'
                """,
                [.otherThan("complete"), 2, .number(2 * 440 * 0.0001 * 79_450), 0, 1]),
            .ask("SELECT flags LIKE '%floor%' FROM market_liquidation WHERE window_hours = 1", [1]),
        ])

    /// Without the list of contracts: the contract size is the ticker's, and no class of asset is known.
    private static let b51 = CaseExpectation(
        "B51-gate-ticker-2025-recorded",
        [
            .instruments(), .tickers("BTC_USDT"),
            .ticker(
                "BTC_USDT",
                [
                    "asset": "BTC", "last_price": 102_969.5, "open_interest_contracts": .number(196_983_402 / 2),
                    "open_interest_base": .number(196_983_402 / 2 * 0.0001),
                    "open_interest_usd": .number(196_983_402 / 2 * 0.0001 * 102_961.81),
                    "volume_base_24h": .number(390_181_848 * 0.0001), "volume_usd_24h": 4_017_682_988,
                    "funding_rate": 0.000178, "funding_interval_hours": .absent, "funding_rate_8h": .absent,
                    "price_change_24h": 0.0745,
                ]),
            .count("rejection", 0),
        ],
        asked: [
            .ask("SELECT l.asset_class FROM ticker JOIN listing AS l USING (listing_id)", ["other"])
        ])
}
