"""The DuckDB peer of `make bench`: the tickers of all venues by SQL over the same raw files, in two threads.

    duckdb_peer.py --raw RAW --database FILE [--threads 2]

It makes one table with the rows and columns of our `ticker`, a day of a venue at a time. What it leaves out of what
`reprocess` does: staged files, all other records, hashes, rejections, the ledger, and the summaries of sealed hours.
"""
import argparse
import concurrent.futures
import glob
import json
import os
import time

import duckdb

MACROS = """
CREATE MACRO number(x) AS CAST(nullif(x, '') AS DOUBLE);
CREATE MACRO positive(x) AS CASE WHEN number(x) > 0 THEN number(x) END;
CREATE MACRO whole(x) AS nullif(CAST(nullif(x, '') AS BIGINT), 0);
CREATE MACRO next_hour(ms) AS ms // 3600000 * 3600000 + 3600000;
CREATE MACRO multiple(base) AS regexp_extract(base, '^(10000000|1000000|100000|10000|1000)[^0-9]', 1);
"""

TABLE = """
CREATE TABLE ticker (
    hour BIGINT, exchange VARCHAR, symbol VARCHAR, asset VARCHAR, quote VARCHAR, kind VARCHAR, contract VARCHAR,
    last_price DOUBLE, mark_price DOUBLE, index_price DOUBLE, bid_price DOUBLE, ask_price DOUBLE,
    volume_base_24h DOUBLE, volume_usd_24h DOUBLE, open_interest_contracts DOUBLE, open_interest_base DOUBLE,
    open_interest_usd DOUBLE, funding_rate DOUBLE, funding_interval_hours DOUBLE, next_funding_at_ms BIGINT,
    price_change_24h DOUBLE, trades_24h BIGINT, observed_at_ms BIGINT)
"""

LINES = """
CREATE OR REPLACE TEMP TABLE lines AS
SELECT epoch(strptime(split_part(filename, '/', -3) || split_part(filename, '/', -2), '%Y-%m-%d%H'))::BIGINT AS hour,
    endpoint, received_at_ms, body
FROM read_ndjson(
    ?, columns = {endpoint: 'VARCHAR', status: 'INTEGER', received_at_ms: 'BIGINT', body: 'JSON'}, filename = true,
    maximum_object_size = 8388608)
WHERE status = 200 AND body IS NOT NULL AND endpoint IN (SELECT unnest(?))
"""

# In canonical units: `Draft.records` of our adapters.
INSERT = """
INSERT INTO ticker
WITH named AS (
    SELECT *, coalesce(mark, last) AS price,
        CASE WHEN $exchange = 'hyperliquid' THEN CASE WHEN regexp_matches(base, '^k[A-Z]') THEN 1000.0 ELSE 1.0 END
            WHEN base IN ('1MBABYDOGE', 'MBABYDOGE') THEN 1000000.0 WHEN base = 'SHIB1000' THEN 1000.0
            WHEN multiple(base) <> '' THEN multiple(base)::DOUBLE ELSE 1.0 END AS unit,
        CASE WHEN $exchange = 'hyperliquid' THEN regexp_replace(base, '^k([A-Z])', '\\1')
            WHEN base IN ('1MBABYDOGE', 'MBABYDOGE') THEN 'BABYDOGE' WHEN base = 'SHIB1000' THEN 'SHIB'
            WHEN base = 'XBT' THEN 'BTC' WHEN base = 'XDG' THEN 'DOGE'
            ELSE substr(upper(base), length(multiple(base)) + 1) END AS asset
    FROM ({venue})
), sized AS (
    SELECT *,
        CASE kind WHEN 'linear' THEN coalesce(volume_base, volume_contracts * multiplier) ELSE volume_base END AS volume,
        CASE kind WHEN 'linear' THEN coalesce(volume_quote, coalesce(volume_base, volume_contracts * multiplier) * last)
            ELSE coalesce(volume_quote, volume_contracts * multiplier) END AS turnover,
        CASE kind WHEN 'linear' THEN coalesce(oi_base, oi_contracts * multiplier)
            ELSE coalesce(oi_base, coalesce(oi_quote, oi_contracts * multiplier) / price) END AS coins,
        CASE kind WHEN 'linear' THEN coalesce(oi_quote, coalesce(oi_base, oi_contracts * multiplier) * price)
            ELSE coalesce(oi_quote, oi_contracts * multiplier) END AS value,
        quote IN ('USD', 'USDT', 'USDC') AS is_dollar, contract = 'perpetual' AND rate IS NOT NULL AS is_funded
    FROM named
)
SELECT hour, $exchange, symbol, asset, quote, kind, contract, last / unit, mark / unit, index / unit, bid / unit,
    ask / unit, volume * unit, CASE WHEN is_dollar THEN turnover END, oi_contracts, coins * unit,
    CASE WHEN is_dollar THEN value END, CASE WHEN is_funded THEN rate END, CASE WHEN is_funded THEN funding_hours END,
    CASE WHEN is_funded THEN next_at END, change, trades, observed
FROM sized
"""


def rows(name, endpoint, path, *fields):
    """A common table: the objects of an array in the bodies of an endpoint, a row each."""
    shape = json.dumps([{field: "VARCHAR" for field in fields}])
    array = f"body->'{path}'" if path else "body"
    return f"""{name} AS MATERIALIZED (
        SELECT hour, received_at_ms, unnest(from_json({array}, '{shape}'), recursive := true)
        FROM lines WHERE endpoint = '{endpoint}')"""


def binance(unstated):
    """Binance, and AsterDEX in its shapes."""
    return f"""
WITH {rows("info", "exchange_info", "$.symbols", "symbol", "baseAsset", "quoteAsset", "contractType", "status")},
{rows("day", "ticker_24hr", "", "symbol", "priceChangePercent", "lastPrice", "volume", "quoteVolume", "count", "closeTime")},
{rows("premium", "premium_index", "", "symbol", "markPrice", "indexPrice", "lastFundingRate", "nextFundingTime", "time")},
{rows("book", "book_ticker", "", "symbol", "bidPrice", "askPrice")},
{rows("funding", "funding_info", "", "symbol", "fundingIntervalHours")},
held AS (
    SELECT hour, body->>'$.symbol' AS symbol, CAST(body->>'$.openInterest' AS DOUBLE) AS contracts
    FROM lines WHERE endpoint = 'open_interest')
SELECT info.hour, info.symbol, baseAsset AS base, quoteAsset AS quote, 'linear' AS kind,
    CASE WHEN contractType LIKE 'CURRENT\\_%' ESCAPE '\\' OR contractType LIKE 'NEXT\\_%' ESCAPE '\\'
        THEN 'dated' ELSE 'perpetual' END AS contract,
    1.0 AS multiplier, positive(lastPrice) AS last, positive(markPrice) AS mark, positive(indexPrice) AS index,
    positive(bidPrice) AS bid, positive(askPrice) AS ask, NULL AS volume_contracts, number(volume) AS volume_base,
    number(quoteVolume) AS volume_quote, contracts AS oi_contracts, contracts AS oi_base, NULL::DOUBLE AS oi_quote,
    CASE WHEN whole(nextFundingTime) IS NOT NULL THEN number(lastFundingRate) END AS rate,
    coalesce(number(fundingIntervalHours), {unstated}) AS funding_hours, whole(nextFundingTime) AS next_at,
    number(priceChangePercent) / 100 AS change, whole(count) AS trades, coalesce(whole(time), whole(closeTime)) AS observed
FROM info LEFT JOIN day USING (hour, symbol) LEFT JOIN premium USING (hour, symbol) LEFT JOIN book USING (hour, symbol)
    LEFT JOIN funding USING (hour, symbol) LEFT JOIN held USING (hour, symbol)
WHERE status = 'TRADING' AND (positive(markPrice) IS NOT NULL OR positive(lastPrice) IS NOT NULL OR contracts IS NOT NULL)
"""


OKX = f"""
WITH {rows("info", "instruments", "$.data", "instId", "instFamily", "uly", "ctVal", "ctMult", "ctType", "state")},
{rows("day", "tickers", "$.data", "instId", "last", "askPx", "bidPx", "open24h", "volCcy24h", "vol24h", "ts")},
{rows("held", "open_interest", "$.data", "instId", "oi", "oiCcy", "oiUsd")},
{rows("funding", "funding_rate", "$.data", "instId", "fundingRate", "fundingTime", "nextFundingTime")},
{rows("marks", "mark_price", "$.data", "instId", "markPx")},
{rows("indices", "index_tickers", "$.data", "instId", "idxPx")}
SELECT info.hour, info.instId AS symbol, split_part(coalesce(nullif(instFamily, ''), uly), '-', 1) AS base,
    split_part(coalesce(nullif(instFamily, ''), uly), '-', 2) AS quote, ctType AS kind, 'perpetual' AS contract,
    positive(ctVal) * coalesce(positive(ctMult), 1) AS multiplier, positive(last) AS last, positive(markPx) AS mark,
    positive(idxPx) AS index, positive(bidPx) AS bid, positive(askPx) AS ask, number(vol24h) AS volume_contracts,
    number(volCcy24h) AS volume_base, NULL::DOUBLE AS volume_quote, number(oi) AS oi_contracts, number(oiCcy) AS oi_base,
    number(oiUsd) AS oi_quote, number(fundingRate) AS rate,
    CASE WHEN whole(nextFundingTime) > whole(fundingTime) THEN (whole(nextFundingTime) - whole(fundingTime)) / 3.6e6 END
        AS funding_hours,
    whole(fundingTime) AS next_at, positive(last) / positive(open24h) - 1 AS change, NULL AS trades,
    coalesce(whole(day.ts), info.received_at_ms) AS observed
FROM info LEFT JOIN day USING (hour, instId) LEFT JOIN held USING (hour, instId) LEFT JOIN funding USING (hour, instId)
    LEFT JOIN marks USING (hour, instId)
    LEFT JOIN indices ON indices.hour = info.hour AND indices.instId || '-SWAP' = info.instId
WHERE state = 'live' AND (last IS NOT NULL OR oi IS NOT NULL OR markPx IS NOT NULL OR fundingRate IS NOT NULL)
"""

BYBIT = f"""
WITH {rows("listed", "instruments", "$.result.list",
           "symbol", "contractType", "status", "baseCoin", "quoteCoin", "fundingInterval")},
day AS MATERIALIZED (
    SELECT hour, CAST(body->>'$.time' AS BIGINT) AS told, unnest(from_json(body->'$.result.list', '[{{
        "symbol": "VARCHAR", "lastPrice": "VARCHAR", "indexPrice": "VARCHAR", "markPrice": "VARCHAR",
        "price24hPcnt": "VARCHAR", "ask1Price": "VARCHAR", "bid1Price": "VARCHAR", "volume24h": "VARCHAR",
        "turnover24h": "VARCHAR", "fundingRate": "VARCHAR", "nextFundingTime": "VARCHAR",
        "fundingIntervalHour": "VARCHAR", "singleOpenInterest": "VARCHAR", "singleOpenInterestValue": "VARCHAR",
        "openInterest": "VARCHAR", "openInterestValue": "VARCHAR"}}]'), recursive := true)
    FROM lines WHERE endpoint = 'tickers'),
held AS (
    SELECT *, coalesce(number(singleOpenInterest), number(openInterest) * side) AS contracts,
        coalesce(number(singleOpenInterestValue), number(openInterestValue) * side) AS dollars
    FROM (SELECT *, CASE WHEN told < 1699920000000 THEN 1.0 ELSE 0.5 END AS side FROM day))
SELECT hour, symbol, baseCoin AS base, quoteCoin AS quote,
    CASE WHEN contractType LIKE 'Inverse%' THEN 'inverse' ELSE 'linear' END AS kind,
    CASE WHEN contractType LIKE '%Futures' THEN 'dated' ELSE 'perpetual' END AS contract, 1.0 AS multiplier,
    positive(lastPrice) AS last, positive(markPrice) AS mark, positive(indexPrice) AS index, positive(bid1Price) AS bid,
    positive(ask1Price) AS ask, NULL AS volume_contracts, number(volume24h) AS volume_base,
    number(turnover24h) AS volume_quote, contracts AS oi_contracts, contracts AS oi_base, dollars AS oi_quote,
    number(fundingRate) AS rate,
    coalesce(positive(fundingIntervalHour), CASE WHEN number(fundingInterval) >= 60 THEN number(fundingInterval) / 60 END)
        AS funding_hours,
    whole(nextFundingTime) AS next_at, number(price24hPcnt) AS change, NULL AS trades, told AS observed
FROM listed JOIN held USING (hour, symbol)
WHERE status = 'Trading'
"""

GATE = f"""
WITH {rows("listed", "contracts", "", "name", "status", "in_delisting", "quanto_multiplier", "funding_interval",
           "last_price", "mark_price", "index_price", "funding_rate", "funding_next_apply", "position_size")},
{rows("day", "tickers", "", "contract", "last", "mark_price", "index_price", "change_percentage", "total_size",
      "volume_24h", "volume_24h_settle", "volume_24h_quote", "funding_rate", "highest_bid", "lowest_ask")}
SELECT listed.hour, name AS symbol, split_part(name, '_', 1) AS base, split_part(name, '_', 2) AS quote, 'linear' AS kind,
    'perpetual' AS contract, positive(quanto_multiplier) AS multiplier,
    coalesce(positive(last), positive(last_price)) AS last,
    coalesce(positive(day.mark_price), positive(listed.mark_price)) AS mark,
    coalesce(positive(day.index_price), positive(listed.index_price)) AS index, positive(highest_bid) AS bid,
    positive(lowest_ask) AS ask, number(volume_24h) AS volume_contracts, NULL::DOUBLE AS volume_base,
    coalesce(number(volume_24h_settle), number(volume_24h_quote)) AS volume_quote,
    coalesce(number(position_size), number(total_size) / 2) AS oi_contracts, NULL::DOUBLE AS oi_base,
    NULL::DOUBLE AS oi_quote, coalesce(number(listed.funding_rate), number(day.funding_rate)) AS rate,
    positive(funding_interval) / 3600 AS funding_hours,
    nullif(CAST(number(funding_next_apply) * 1000 AS BIGINT), 0) AS next_at, number(change_percentage) / 100 AS change,
    NULL AS trades, coalesce(day.received_at_ms, listed.received_at_ms) AS observed
FROM listed LEFT JOIN day ON day.hour = listed.hour AND day.contract = listed.name
WHERE coalesce(status, '') IN ('', 'trading') AND coalesce(in_delisting, 'false') = 'false'
"""

BITGET = f"""
WITH {rows("listed", "contracts", "$.data", "symbol", "baseCoin", "quoteCoin", "supportMarginCoins", "symbolType",
           "symbolStatus", "fundInterval")},
{rows("day", "tickers", "$.data", "symbol", "lastPr", "markPrice", "indexPrice", "askPr", "bidPr", "ts", "change24h",
      "baseVolume", "quoteVolume", "usdtVolume", "fundingRate", "holdingAmount")},
{rows("funding", "current_fund_rate", "$.data", "symbol", "fundingRate", "fundingRateInterval", "nextUpdate")},
margined AS (SELECT *, coalesce(json_extract_string(supportMarginCoins, '$[0]'), quoteCoin) AS margin FROM listed)
SELECT hour, symbol, baseCoin AS base, quoteCoin AS quote,
    CASE WHEN margin = baseCoin THEN 'inverse' ELSE 'linear' END AS kind,
    CASE WHEN symbolType = 'delivery' THEN 'dated' ELSE 'perpetual' END AS contract, 1.0 AS multiplier,
    positive(lastPr) AS last, positive(markPrice) AS mark, positive(indexPrice) AS index, positive(bidPr) AS bid,
    positive(askPr) AS ask, NULL AS volume_contracts, number(baseVolume) AS volume_base,
    coalesce(number(usdtVolume), number(quoteVolume)) AS volume_quote, number(holdingAmount) AS oi_contracts,
    number(holdingAmount) AS oi_base, NULL::DOUBLE AS oi_quote,
    coalesce(number(day.fundingRate), number(funding.fundingRate)) AS rate,
    coalesce(positive(fundInterval), positive(fundingRateInterval)) AS funding_hours, whole(nextUpdate) AS next_at,
    number(change24h) AS change, NULL AS trades, whole(ts) AS observed
FROM margined JOIN day USING (hour, symbol) LEFT JOIN funding USING (hour, symbol)
WHERE symbolStatus = 'normal'
"""

HYPERLIQUID = """
WITH pairs AS (
    SELECT hour, received_at_ms,
        unnest(from_json(body->'$[0].universe', '[{"name": "VARCHAR", "isDelisted": "BOOLEAN"}]')) AS market,
        unnest(from_json(body->'$[1]', '[{"markPx": "VARCHAR", "oraclePx": "VARCHAR", "funding": "VARCHAR",
            "openInterest": "VARCHAR", "dayNtlVlm": "VARCHAR", "dayBaseVlm": "VARCHAR", "prevDayPx": "VARCHAR"}]')) AS state
    FROM lines)
SELECT hour, market.name AS symbol, market.name AS base, 'USDC' AS quote, 'linear' AS kind, 'perpetual' AS contract,
    1.0 AS multiplier, NULL::DOUBLE AS last, positive(state.markPx) AS mark, positive(state.oraclePx) AS index,
    NULL::DOUBLE AS bid, NULL::DOUBLE AS ask, NULL AS volume_contracts, number(state.dayBaseVlm) AS volume_base,
    number(state.dayNtlVlm) AS volume_quote, number(state.openInterest) AS oi_contracts,
    number(state.openInterest) AS oi_base, NULL::DOUBLE AS oi_quote, number(state.funding) AS rate, 1.0 AS funding_hours,
    next_hour(received_at_ms) AS next_at, positive(state.markPx) / positive(state.prevDayPx) - 1 AS change, NULL AS trades,
    received_at_ms AS observed
FROM pairs WHERE NOT coalesce(market.isDelisted, false)
"""

DYDX = """
WITH objects AS (SELECT hour, received_at_ms, unnest(body->'$.markets.*') AS market FROM lines),
markets AS (
    SELECT hour, received_at_ms, from_json(market, '{"ticker": "VARCHAR", "status": "VARCHAR",
        "oraclePrice": "VARCHAR", "volume24H": "VARCHAR", "trades24H": "VARCHAR", "nextFundingRate": "VARCHAR",
        "openInterest": "VARCHAR", "priceChange24H": "VARCHAR"}') AS m
    FROM objects)
SELECT hour, m.ticker AS symbol, regexp_replace(m.ticker, '-[^-]*$', '') AS base, split_part(m.ticker, '-', -1) AS quote,
    'linear' AS kind, 'perpetual' AS contract, 1.0 AS multiplier, NULL::DOUBLE AS last, positive(m.oraclePrice) AS mark,
    NULL::DOUBLE AS index, NULL::DOUBLE AS bid, NULL::DOUBLE AS ask, NULL AS volume_contracts, NULL::DOUBLE AS volume_base,
    number(m.volume24H) AS volume_quote, number(m.openInterest) AS oi_contracts, number(m.openInterest) AS oi_base,
    NULL::DOUBLE AS oi_quote, number(m.nextFundingRate) AS rate, 1.0 AS funding_hours,
    next_hour(received_at_ms) AS next_at,
    CASE WHEN positive(m.oraclePrice) - number(m.priceChange24H) > 0
        THEN number(m.priceChange24H) / (positive(m.oraclePrice) - number(m.priceChange24H)) END AS change,
    CAST(m.trades24H AS BIGINT) AS trades, received_at_ms AS observed
FROM markets WHERE m.status = 'ACTIVE'
"""

BINANCE_ENDPOINTS = ["exchange_info", "ticker_24hr", "premium_index", "book_ticker", "funding_info", "open_interest"]
VENUES = {
    "binance": (binance("8.0"), BINANCE_ENDPOINTS),
    "okx": (OKX, ["instruments", "tickers", "open_interest", "funding_rate", "mark_price", "index_tickers"]),
    "bybit": (BYBIT, ["instruments", "tickers"]),
    "gate": (GATE, ["contracts", "tickers"]),
    "bitget": (BITGET, ["contracts", "tickers", "current_fund_rate"]),
    "hyperliquid": (HYPERLIQUID, ["meta_and_asset_ctxs"]),
    "aster": (binance("NULL"), BINANCE_ENDPOINTS),
    "dydx": (DYDX, ["perpetual_markets"]),
}


def read_day(task):
    """Reads a day of a venue into the table."""
    connection, day, exchange = task
    venue, endpoints = VENUES[exchange]
    files = sorted(glob.glob(f"{day}/*/{exchange}.ndjson.gz"))
    if files:
        connection.execute(LINES, [files, endpoints])
        connection.execute(INSERT.replace("{venue}", venue), {"exchange": exchange})
    connection.close()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--raw", required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    started = time.monotonic()
    database = duckdb.connect(options.database)
    database.execute(f"SET threads = {options.threads}")
    database.execute("SET preserve_insertion_order = false")
    database.execute(MACROS)
    database.execute(TABLE)
    # A query over a few long lines keeps one thread busy: two connections keep two.
    days = sorted(glob.glob(options.raw + "/2*"))
    tasks = [(database.cursor(), day, exchange) for day in days for exchange in VENUES]
    with concurrent.futures.ThreadPoolExecutor(options.threads) as pool:
        list(pool.map(read_day, tasks))
    count = database.execute("SELECT count(*) FROM ticker").fetchone()[0]
    database.close()
    print(json.dumps({"rows": count, "seconds": time.monotonic() - started}))


if __name__ == "__main__":
    main()
