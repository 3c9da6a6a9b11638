// K6: one name for two assets, on several exchanges in one hour.

extension CaseExpectation {
    static let sharedNames = [b49, b56]

    /// ON: a coin at 0.12, and the share of ON Semiconductor at 60.
    private static let b49 = CaseExpectation(
        "B49-on-stock-or-coin",
        files: [
            "binance": [
                .instrument("ONUSDT", ["asset": "ON", "asset_class": "crypto"]),
                .ticker("ONUSDT", ["asset": "ON", "mark_price": 0.12, "funding_rate": -0.002]),
                .ticker("BTCUSDT", ["asset": "BTC"]),
            ],
            "bybit": [
                .instrument("ONUSDT", ["asset": "stock:ON", "asset_class": "stock", "base": "ON"]),
                .ticker("ONUSDT", ["asset": "stock:ON", "mark_price": 60, "open_interest_usd": 6_000_000]),
                .ticker("BTCUSDT", ["asset": "BTC"]),
            ],
        ],
        asked: [
            .ask(
                "SELECT exchange_id, asset FROM tickers WHERE symbol = 'ONUSDT' ORDER BY exchange_id",
                ["binance", "ON"], ["bybit", "stock:ON"]),
            // Bitcoin is compared, and ON is not.
            .ask("SELECT DISTINCT asset FROM price_spreads", ["BTC"]),
            .ask("SELECT count(*) FROM funding_spreads WHERE asset LIKE '%ON'", [0]),
        ])

    /// BB and QNT: shares on OKX, coins on Gate and Binance.
    private static let b56 = CaseExpectation(
        "B56-bb-qnt-stock-or-coin",
        files: [
            "okx": [
                .instrument("BB-USDT-SWAP", ["asset": "stock:BB", "asset_class": "stock"]),
                .instrument("QNT-USDT-SWAP", ["asset": "stock:QNT", "asset_class": "stock"]),
                .ticker("BB-USDT-SWAP", ["asset": "stock:BB", "mark_price": 7.722, "funding_interval_hours": 8]),
                .ticker("QNT-USDT-SWAP", ["asset": "stock:QNT", "mark_price": 48.8]),
            ],
            "gate": [
                .instrument("BB_USDT", ["asset": "BB", "asset_class": "crypto"]),
                .instrument("QNT_USDT", ["asset": "QNT", "asset_class": "crypto"]),
                .ticker("QNT_USDT", ["asset": "QNT", "mark_price": 64.31, "funding_rate": -0.000088]),
            ],
            "binance": [
                .instrument("BBUSDT", ["asset": "BB", "asset_class": "crypto"]),
                .ticker("BBUSDT", ["asset": "BB", "mark_price": 0.00806479, "funding_interval_hours": 4]),
            ],
        ],
        asked: [
            .ask(
                "SELECT DISTINCT asset FROM tickers ORDER BY asset", ["BB"], ["QNT"], ["stock:BB"], ["stock:QNT"]),
            // The prices of the coin BB differ by less than 0.1 %, and no other name is listed on two exchanges.
            .ask("SELECT asset, spread_percent < 0.1 FROM price_spreads", ["BB", 1]),
            // Gate and Binance pay the same rate for the same four hours.
            .ask("SELECT count(*) FROM funding_spreads", [0]),
        ])
}
