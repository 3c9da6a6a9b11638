// Binance. It counts coins; a perpetual whose interval `fundingInfo` does not name settles every 8 hours.

extension CaseExpectation {
    static let binance = [b11, b13, b54]

    /// Names of all kinds. The class of SPCX is not checked: PERPETUAL and PREMARKET do not say whether it is a coin or
    /// a share. XAUT is a coin, like all gold-backed tokens.
    private static let b11 = CaseExpectation(
        "B11-binance-tradfi-chinese-index",
        [
            .instruments(
                "XAUUSDT", "TSLAUSDT", "XAUTUSDT", "币安人生USDT", "BTCDOMUSDT", "1MBABYDOGEUSDT", "1000000MOGUSDT",
                "4USDT", "0GUSDT", "1INCHUSDT", "ETHBTC", "BTCUSDT_261225", "SPCXUSDT"),
            .tickers(
                "XAUUSDT", "TSLAUSDT", "币安人生USDT", "BTCDOMUSDT", "1MBABYDOGEUSDT", "1000000MOGUSDT", "4USDT",
                "0GUSDT", "1INCHUSDT", "ETHBTC", "BTCUSDT_261225", "SPCXUSDT"),
            .instrument(
                "XAUUSDT",
                ["asset": "commodity:XAU", "asset_class": "commodity", "base": "XAU", "contract": "perpetual"]),
            .ticker(
                "XAUUSDT",
                [
                    "asset": "commodity:XAU", "open_interest_contracts": 12.5,
                    "open_interest_usd": .number(12.5 * 4100), "funding_interval_hours": 8,
                ]),
            .instrument("TSLAUSDT", ["asset": "stock:TSLA", "asset_class": "stock", "contract": "perpetual"]),
            .instrument("XAUTUSDT", ["asset": "XAUT", "asset_class": "crypto", "status": "suspended"]),
            .instrument("币安人生USDT", ["asset": "币安人生", "asset_class": "crypto"]),
            .ticker(
                "币安人生USDT",
                [
                    "last_price": 0.2, "open_interest_contracts": 1000.5, "open_interest_usd": .number(1000.5 * 0.2),
                    "volume_usd_24h": 200, "price_change_24h": 0.015, "trades_24h": 50,
                ]),
            .instrument("BTCDOMUSDT", ["asset": "BTCDOM", "asset_class": "crypto"]),
            .instrument("1MBABYDOGEUSDT", ["asset": "BABYDOGE", "unit_multiplier": 1_000_000]),
            .ticker(
                "1MBABYDOGEUSDT",
                ["asset": "BABYDOGE", "last_price": 1.4e-9, "volume_base_24h": 1e9, "volume_usd_24h": 1.4]),
            .instrument("1000000MOGUSDT", ["asset": "MOG", "unit_multiplier": 1_000_000]),
            .ticker("1000000MOGUSDT", ["asset": "MOG", "mark_price": 5e-7, "volume_base_24h": 1e9]),
            .instrument("4USDT", ["asset": "4", "unit_multiplier": 1]),
            .instrument("0GUSDT", ["asset": "0G", "unit_multiplier": 1]),
            .instrument("1INCHUSDT", ["asset": "1INCH", "unit_multiplier": 1]),
            .ticker(
                "ETHBTC",
                ["quote": "BTC", "last_price": 0.033, "volume_base_24h": 1000, "volume_usd_24h": .absent]),
            .instrument("BTCUSDT_261225", ["asset": "BTC", "contract": "dated", "funding_interval_hours": .absent]),
            .ticker(
                "BTCUSDT_261225",
                [
                    "contract": "dated", "mark_price": 81_000, "funding_rate": .absent,
                    "funding_interval_hours": .absent, "next_funding_at_ms": .absent,
                ]),
            .nothingRejected(of: "exchange_info"), .nothingRejected(of: "ticker_24hr"),
            .nothingRejected(of: "premium_index"), .nothingRejected(of: "open_interest"),
        ])

    /// A refused country: with status 451, without that status, and as a page of HTML.
    private static let b13 = CaseExpectation(
        "B13-binance-geoblock-451",
        [
            .noRecord, .count("rejection", 3), .rejection("exchange_info", "451"), .rejection("ticker_24hr"),
            .rejection("premium_index", "not JSON"), .calls("exchange_info", ok: 0, failed: 1),
            .calls("premium_index", ok: 0, failed: 1),
        ])

    /// K6: one exchange lists the share of Caterpillar, and a contract for a thousand CAT coins.
    private static let b54 = CaseExpectation(
        "B54-binance-cat-stock-and-coin",
        [
            .tickers("CATUSDT", "1000CATUSDT", "BTCUSDT_260925", "OPENAIUSDT"),
            .instrument("CATUSDT", ["asset": "stock:CAT", "asset_class": "stock", "unit_multiplier": 1]),
            .ticker("CATUSDT", ["asset": "stock:CAT", "mark_price": 817.85228986, "funding_rate": 0]),
            .instrument("1000CATUSDT", ["asset": "CAT", "asset_class": "crypto", "unit_multiplier": 1000]),
            .ticker(
                "1000CATUSDT",
                [
                    "asset": "CAT", "mark_price": .number(0.00211281 / 1000), "volume_base_24h": 4e12,
                    "volume_usd_24h": 8_440_000, "funding_rate": 0.00005, "funding_interval_hours": 4,
                    "funding_rate_8h": 0.0001,
                ]),
            .instrument("BTCUSDT_260925", ["asset": "BTC", "contract": "dated"]),
            .ticker("BTCUSDT_260925", ["mark_price": 77_503.73548726, "funding_rate": .absent]),
            // Shares that are traded before their listing are shares too.
            .instrument("OPENAIUSDT", ["asset": "stock:OPENAI", "asset_class": "stock"]),
            .count("rejection", 0),
        ],
        asked: [
            .ask(
                "SELECT asset FROM tickers WHERE exchange_id = 'binance' ORDER BY asset", ["BTC"], ["CAT"],
                ["stock:CAT"], ["stock:OPENAI"]),
            .ask("SELECT symbol FROM reference_perpetuals WHERE asset = 'CAT'", ["1000CATUSDT"]),
        ])
}
