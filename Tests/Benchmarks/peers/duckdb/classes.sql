-- Which class an asset is of, in the words of each exchange. No word is of a body from before the words existed.
-- `named` has the classes of what only a name tells.

CREATE TEMP TABLE named (name VARCHAR, asset_class VARCHAR);

CREATE TEMP MACRO binance_class(contract_type, word) AS CASE
    WHEN coalesce(word, '') = '' THEN CASE WHEN starts_with(contract_type, 'TRADIFI') THEN 'other' ELSE 'crypto' END
    WHEN word = 'COIN' THEN 'crypto'
    WHEN word IN ('EQUITY', 'ETF', 'STOCK') THEN 'stock'
    WHEN word IN ('COMMODITY', 'METAL') THEN 'commodity'
    WHEN word IN ('FX', 'FOREX', 'CURRENCY') THEN 'fx'
    WHEN word = 'INDEX' THEN CASE WHEN starts_with(contract_type, 'TRADIFI') THEN 'index' ELSE 'crypto' END
    WHEN word = 'PREMARKET' THEN CASE WHEN starts_with(contract_type, 'TRADIFI') THEN 'stock' ELSE 'crypto' END
    ELSE 'other'
END;

CREATE TEMP MACRO aster_class(number, words) AS CASE
    WHEN list_has_any(words, ['STOCK', 'ETF']) THEN 'stock'
    WHEN list_has_any(words, ['RWA', 'COMMODITY', 'METAL']) THEN 'commodity'
    WHEN list_has_any(words, ['FOREX', 'FX']) THEN 'fx'
    WHEN coalesce(number, 0) = 0 THEN 'crypto'
    WHEN list_contains(words, 'INDEX') THEN 'index'
    ELSE 'other'
END;

CREATE TEMP MACRO okx_class(word) AS CASE coalesce(word, '')
    WHEN '' THEN 'crypto' WHEN '1' THEN 'crypto' WHEN '3' THEN 'stock' WHEN '4' THEN 'commodity' WHEN '5' THEN 'fx'
    ELSE 'other'
END;

CREATE TEMP MACRO bybit_class(word) AS CASE
    WHEN coalesce(lower(word), '') IN ('', 'innovation', 'adventure') THEN 'crypto'
    WHEN lower(word) IN ('stock', 'stocks', 'xstocks', 'etf') THEN 'stock'
    WHEN lower(word) IN ('commodity', 'metal') THEN 'commodity'
    WHEN lower(word) = 'index' THEN 'index'
    WHEN lower(word) IN ('forex', 'fx') THEN 'fx'
    ELSE 'other'
END;

CREATE TEMP MACRO gate_class(word) AS CASE
    WHEN coalesce(word, '') = '' THEN 'crypto'
    WHEN word IN ('stocks', 'etf') THEN 'stock'
    WHEN word IN ('metals', 'commodities') THEN 'commodity'
    WHEN word = 'indices' THEN 'index'
    WHEN word = 'forex' THEN 'fx'
    ELSE 'other'
END;
