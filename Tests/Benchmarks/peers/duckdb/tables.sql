-- The table that is made, and what the venues' queries share.

CREATE OR REPLACE TABLE ticker (
    hour BIGINT, exchange VARCHAR, symbol VARCHAR, asset VARCHAR, asset_class VARCHAR, quote VARCHAR, kind VARCHAR,
    contract VARCHAR, last_price DOUBLE, mark_price DOUBLE, index_price DOUBLE, bid_price DOUBLE, ask_price DOUBLE,
    volume_base_24h DOUBLE, volume_usd_24h DOUBLE, open_interest_contracts DOUBLE, open_interest_base DOUBLE,
    open_interest_usd DOUBLE, funding_rate DOUBLE, funding_interval_hours DOUBLE, funding_rate_8h DOUBLE,
    next_funding_at_ms BIGINT, price_change_24h DOUBLE, trades_24h BIGINT, observed_at_ms BIGINT
);

-- What a venue's query may give of a symbol. It names the columns that it has; this stays empty.
CREATE TEMP TABLE draft_columns (
    hour BIGINT, symbol VARCHAR, base VARCHAR, stated_class VARCHAR, quote VARCHAR, kind VARCHAR, contract VARCHAR,
    multiplier DOUBLE, last DOUBLE, mark DOUBLE, index DOUBLE, bid DOUBLE, ask DOUBLE, volume_contracts DOUBLE,
    volume_base DOUBLE, volume_quote DOUBLE, oi_contracts DOUBLE, oi_base DOUBLE, oi_quote DOUBLE, rate DOUBLE,
    interval DOUBLE, next BIGINT, change DOUBLE, trades BIGINT, observed BIGINT
);

-- The good answers in raw files.
CREATE TEMP MACRO lines(files) AS TABLE
    SELECT
        epoch(strptime(split_part(filename, '/', -3) || split_part(filename, '/', -2), '%Y-%m-%d%H'))::BIGINT AS hour,
        endpoint, received_at_ms, body
    FROM read_json(
        files, format = 'newline_delimited', compression = 'gzip', filename = true,
        maximum_object_size = 67108864,
        columns = {endpoint: 'VARCHAR', received_at_ms: 'BIGINT', status: 'INTEGER', body: 'JSON'})
    WHERE status = 200 AND body IS NOT NULL;

-- No contract is worth nothing: 0 is a price that is missing.
CREATE TEMP MACRO positive(x) AS CASE WHEN x > 0 THEN x END;
CREATE TEMP MACRO next_hour_ms(ms) AS ms // 3600000 * 3600000 + 3600000;

-- What an exchange's word for a class comes to: some names are no coin whatever is said.
CREATE TEMP MACRO class_of(base, stated) AS
    CASE WHEN stated = 'crypto' AND base IN ('XAU', 'XAG', 'XPT', 'XPD') THEN 'commodity' ELSE stated END;

-- A base asset's coin, and how many of it one base unit holds: PEPE and 1000 of 1000PEPE, and of Hyperliquid's kPEPE.
CREATE TEMP MACRO is_kilo(base, exchange) AS exchange = 'hyperliquid' AND regexp_matches(base, '^k[A-Z]');
CREATE TEMP MACRO spelt(base, exchange) AS CASE WHEN exchange = 'hyperliquid' THEN base ELSE upper(base) END;
CREATE TEMP MACRO is_namesake(base, exchange) AS exchange = 'gate' AND upper(base) = 'EDGE';
CREATE TEMP MACRO unit_of(base, exchange, class) AS CASE
    WHEN class <> 'crypto' THEN 1
    WHEN is_kilo(base, exchange) THEN 1000
    WHEN spelt(base, exchange) IN ('1MBABYDOGE', 'MBABYDOGE') THEN 1000000
    WHEN spelt(base, exchange) = 'SHIB1000' THEN 1000
    WHEN starts_with(base, '1000') THEN coalesce(try_cast(regexp_extract(base, '^(10{3,7})\D', 1) AS INTEGER), 1)
    ELSE 1
END;
CREATE TEMP MACRO asset_of(base, exchange, class) AS CASE
    WHEN class <> 'crypto' THEN class || ':' || CASE
        WHEN class = 'commodity' AND upper(base) = 'GOLD' THEN 'XAU'
        WHEN class = 'commodity' AND upper(base) = 'SILVER' THEN 'XAG'
        WHEN class = 'commodity' AND upper(base) IN ('USOIL', 'CL') THEN 'WTI'
        WHEN class = 'index' AND upper(base) IN ('US500', 'SP500', 'SPX500') THEN 'SPX'
        ELSE upper(base)
    END
    WHEN is_namesake(base, exchange) THEN 'DEFINITIVE'
    WHEN is_kilo(base, exchange) THEN base[2:]
    WHEN spelt(base, exchange) IN ('1MBABYDOGE', 'MBABYDOGE') THEN 'BABYDOGE'
    WHEN spelt(base, exchange) = 'SHIB1000' THEN 'SHIB'
    WHEN starts_with(base, '1000') THEN regexp_replace(spelt(base, exchange), '^10{3,7}(\D)', '\1')
    WHEN spelt(base, exchange) = 'XBT' THEN 'BTC'
    WHEN spelt(base, exchange) = 'XDG' THEN 'DOGE'
    ELSE spelt(base, exchange)
END;
