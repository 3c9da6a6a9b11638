// OKX. A contract is `ctVal * ctMult` coins or dollars; open interest is stated in dollars too (`oiUsd`).

extension CaseExpectation {
    static let okx = [b01, b04, b05, b14, b26, b34, b36, b42, b46]

    /// K2: `BTC-USD_UM` is quoted and settled in dollars, and its index is that of `uly`. XAAPL is a coin, as its
    /// `instCategory` says.
    private static let b01 = CaseExpectation(
        "B01-okx-usd-um-swap",
        [
            .instruments("BTC-USD-SWAP", "BTC-USDT-SWAP", "BTC-USD_UM-SWAP", "XAAPL-USD_UM-SWAP"),
            .tickers("BTC-USD-SWAP", "BTC-USDT-SWAP", "BTC-USD_UM-SWAP", "XAAPL-USD_UM-SWAP"),
            .instrument(
                "BTC-USD_UM-SWAP",
                [
                    "asset": "BTC", "asset_class": "crypto", "base": "BTC", "quote": "USD", "settle": "USD",
                    "kind": "linear", "contract": "perpetual", "status": "trading", "contract_multiplier": 0.01,
                    "funding_interval_hours": 8,
                ]),
            .instrument(
                "XAAPL-USD_UM-SWAP",
                [
                    "asset": "XAAPL", "asset_class": "crypto", "base": "XAAPL", "quote": "USD", "settle": "USD",
                    "kind": "linear", "contract_multiplier": 0.1,
                ]),
            .ticker(
                "BTC-USD_UM-SWAP",
                [
                    "asset": "BTC", "quote": "USD", "kind": "linear", "last_price": 80_020, "mark_price": 80_020,
                    "index_price": 80_015, "volume_base_24h": 50, "volume_usd_24h": .number(50 * 80_020),
                    "open_interest_contracts": 20_000, "open_interest_base": 200, "open_interest_usd": 16_004_000,
                    "funding_rate": 0.0001, "funding_interval_hours": 8, "funding_rate_8h": 0.0001,
                    "next_funding_at_ms": 1_791_216_000_000, "observed_at_ms": 1_791_194_521_000,
                ]),
            .ticker(
                "XAAPL-USD_UM-SWAP",
                [
                    "quote": "USD", "index_price": 250.1, "volume_usd_24h": .number(400 * 250),
                    "open_interest_usd": 25_000,
                ]),
            // The inverse contract of the same index is sized in dollars.
            .ticker(
                "BTC-USD-SWAP",
                [
                    "asset": "BTC", "kind": "inverse", "quote": "USD", "index_price": 80_015,
                    "volume_usd_24h": .number(8000 * 100), "open_interest_usd": 10_000_000, "open_interest_base": 125,
                ]),
            .ticker(
                "BTC-USDT-SWAP",
                ["index_price": 80_005, "volume_usd_24h": .number(1000 * 80_000), "open_interest_usd": 240_000_000]),
            .count("rejection", 0),
        ],
        asked: [
            // 240,000,000 + 10,000,000 + 16,004,000 + 25,000
            .ask("SELECT sum(open_interest_usd), count(*) FROM tickers WHERE exchange_id = 'okx'", [266_029_000, 4]),
            .ask("SELECT open_interest, markets FROM exchange_summary", [266_029_000, 4]),
        ])

    /// K3: the period runs from 02:00 + 6 h to 10:00 + 6 h, and the next one is shorter.
    private static let b04 = CaseExpectation(
        "B04-okx-interval-of-current-period",
        [
            .tickers("BTC-USDT-SWAP", "LAYER-USDT-SWAP"),
            .ticker(
                "LAYER-USDT-SWAP",
                [
                    "funding_rate": -0.0008, "funding_interval_hours": 8, "funding_rate_8h": -0.0008,
                    "next_funding_at_ms": 1_791_216_000_000, "volume_usd_24h": .number(1000 * 0.1),
                ]),
            .instrument("LAYER-USDT-SWAP", ["asset": "LAYER", "funding_interval_hours": 8]),
            .ticker("BTC-USDT-SWAP", ["funding_rate": 0.0001, "funding_interval_hours": 8, "funding_rate_8h": 0.0001]),
        ])

    /// K3: a settlement has the hours since the one before it; the current rate has its own period of four hours.
    private static let b05 = CaseExpectation(
        "B05-okx-settlements-interval-changed",
        [
            .count("funding_settlement", 3),
            .line(
                "funding_settlement", ["settled_at_ms": 1_791_129_600_000],
                ["symbol": "SOL-USDT-SWAP", "asset": "SOL", "funding_rate": 0.0001, "funding_interval_hours": .absent]),
            .line(
                "funding_settlement", ["settled_at_ms": 1_791_158_400_000],
                ["funding_rate": -0.0008, "funding_interval_hours": 8]),
            .line(
                "funding_settlement", ["settled_at_ms": 1_791_187_200_000],
                ["funding_rate": -0.0016, "funding_interval_hours": 8]),
            .ticker(
                "SOL-USDT-SWAP",
                ["funding_rate": -0.0004, "funding_interval_hours": 4, "funding_rate_8h": .number(-0.0004 * 8 / 4)]),
        ],
        asked: [
            .ask(
                """
                SELECT settled_at_ms, funding_interval_hours, funding_rate_annualized FROM funding_settlements \
                ORDER BY settled_at_ms
                """,
                [1_791_129_600_000, .absent, .absent], [1_791_158_400_000, 8, .number(-0.0008 * 8760 / 8)],
                [1_791_187_200_000, 8, .number(-0.0016 * 8760 / 8)])
        ])

    /// Errors with status 200 or another status fail their own endpoints only.
    private static let b14 = CaseExpectation(
        "B14-okx-200-error-envelopes",
        [
            .count("rejection", 4), .rejection("open_interest", "50011"), .rejection("mark_price", "51155"),
            .rejection("funding_rate", "50014"), .rejection("index_tickers", "data"),
            .instruments("BTC-USDT-SWAP"), .tickers("BTC-USDT-SWAP"),
            .ticker(
                "BTC-USDT-SWAP",
                [
                    "last_price": 80_000, "volume_base_24h": 1000, "volume_usd_24h": 80_000_000,
                    "price_change_24h": .number(80_000.0 / 79_000 - 1), "mark_price": .absent, "index_price": .absent,
                    "open_interest_contracts": .absent, "open_interest_usd": .absent, "funding_rate": .absent,
                ]),
            .count("liquidation", 0),
        ])

    private static let b26 = CaseExpectation(
        "B26-okx-oi-neiro-recorded",
        [
            .instrument("NEIRO-USDT-SWAP", ["asset": "NEIRO", "contract_multiplier": 1000, "unit_multiplier": 1]),
            .ticker(
                "NEIRO-USDT-SWAP",
                [
                    "open_interest_contracts": 14_546_007, "open_interest_base": 14_546_007_000,
                    "open_interest_usd": 30_921_319.84032, "last_price": 0.0021257,
                    "volume_usd_24h": .number(1_000_000 * 0.0021257),
                    "price_change_24h": .number(0.0021257 / 0.002 - 1),
                ]),
            .count("rejection", 0),
        ])

    /// K7: five contracts of 1000 DOGE at 0.1379, whatever the size of a contract is an hour later.
    private static let b34 = CaseExpectation(
        "B34-okx-contract-size-change",
        files: [
            "1": [
                .instrument("DOGE-USDT-SWAP", ["contract_multiplier": 1000]),
                .line(
                    "liquidation", ["symbol": "DOGE-USDT-SWAP"],
                    [
                        "asset": "DOGE", "side": "long", "price": 0.1379, "quantity_contracts": 5,
                        "quantity_base": .number(5 * 1000), "value_usd": .number(5 * 1000 * 0.1379),
                        "occurred_at_ms": 1_791_192_600_000,
                    ]),
                .source(["liquidations": "sampled"]),
            ],
            "2": [
                .instrument("DOGE-USDT-SWAP", ["contract_multiplier": 10]),
                .line(
                    "liquidation", ["symbol": "DOGE-USDT-SWAP"],
                    ["side": "long", "price": 0.1379, "quantity_contracts": 5, "occurred_at_ms": 1_791_192_600_000]),
            ],
        ],
        asked: [
            .ask(
                "SELECT symbol, side, quantity_base, value_usd, hour FROM liquidations",
                ["DOGE-USDT-SWAP", "long", 5000, 689.5, 1_791_194_400]),
            .ask(
                "SELECT hour, count, long_usd, short_usd, total_usd FROM liquidation_summary ORDER BY hour",
                [1_791_194_400, 1, 689.5, 0, 689.5], [1_791_198_000, 0, 0, 0, 0]),
        ])

    /// K5: the newest closed one of three buckets. Not checked is whether the ratio of accounts at 10:00 is that of an
    /// instant or of an hour that begins then.
    private static let b36 = CaseExpectation(
        "B36-okx-taker-bucket-in-progress",
        [
            .line(
                "long_short", ["population": "taker"],
                [
                    "symbol": "BTC-USDT-SWAP", "asset": "BTC", "long_fraction": .number(4800.0 / 10_000),
                    "short_fraction": .number(5200.0 / 10_000),
                ])
        ],
        asked: [.ask("SELECT long_fraction FROM long_short WHERE population = 'taker'", [0.48])])

    /// K9: `test` is not an instrument, `preopen` and `rebase` do not trade, and `instCategory` 3 is a stock.
    private static let b42 = CaseExpectation(
        "B42-okx-states",
        [
            .instruments(
                "A-USDT-SWAP", "B-USDT-SWAP", "BTC-USDC-SWAP", "BTC-USDT-SWAP", "D-USDT-SWAP", "TSLA-USDT-SWAP"),
            .tickers("BTC-USDC-SWAP", "BTC-USDT-SWAP", "TSLA-USDT-SWAP"),
            .instrument("A-USDT-SWAP", ["status": "prelaunch", "contract_multiplier": .absent]),
            .instrument("B-USDT-SWAP", ["status": "settling"]),
            .instrument("D-USDT-SWAP", ["status": "suspended"]),
            .instrument("TSLA-USDT-SWAP", ["asset": "stock:TSLA", "asset_class": "stock", "base": "TSLA"]),
            .ticker("TSLA-USDT-SWAP", ["asset": "stock:TSLA", "volume_usd_24h": .number(1000 * 2)]),
            .instrument("BTC-USDC-SWAP", ["asset": "BTC", "asset_class": "crypto", "quote": "USDC", "settle": "USDC"]),
            .ticker("BTC-USDC-SWAP", ["index_price": 80_001, "volume_usd_24h": .number(1 * 80_000)]),
        ])

    /// Rows without `instType`; the rate covers 1785960000000 to 1785974400000, four hours.
    private static let b46 = CaseExpectation(
        "B46-okx-rows-recorded-2026",
        [
            .tickers("BTC-USDT-SWAP", "DOGE-USDT-SWAP", "LAYER-USDT-SWAP"),
            .ticker(
                "BTC-USDT-SWAP",
                [
                    "last_price": 80_352.6, "bid_price": 80_352.5, "volume_base_24h": 46_985.2381,
                    "volume_usd_24h": .number(46_985.2381 * 80_352.6), "price_change_24h": .absent,
                    "observed_at_ms": 1_789_879_678_366,
                ]),
            .instrument("DOGE-USDT-SWAP", ["contract_multiplier": 1000]),
            .ticker("DOGE-USDT-SWAP", ["volume_usd_24h": .number(4_500_729_030 * 0.0854)]),
            .ticker(
                "LAYER-USDT-SWAP",
                [
                    "funding_rate": -0.0000798946257635, "funding_interval_hours": 4,
                    "funding_rate_8h": .number(-0.0000798946257635 * 8 / 4), "next_funding_at_ms": 1_785_974_400_000,
                    "last_price": .absent,
                ]),
            .count("rejection", 0),
        ])
}
