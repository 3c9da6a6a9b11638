"""What the peers can read: the first eight exchanges, in the order of `Exchange`, as they were asked when they were all.

The archive of `make bench` has only this, so that its figures stay comparable with earlier ones.
"""
EXCHANGES = ("binance", "okx", "bybit", "gate", "bitget", "hyperliquid", "aster", "dydx")

# Endpoints that came later: Bybit's inverse contracts, Hyperliquid's builder markets.
LATER = {
    "bybit": {"instruments_inverse", "tickers_inverse"},
    "hyperliquid": {"perp_dexs", "spot_meta", "perp_annotations", "builder_markets"},
}
