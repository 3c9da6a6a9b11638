-- What an exchange told of the past and later told otherwise: a row is a field of a fact that has another value than the
-- one that was learnt first, which stays the one that counts. `dataset` and `time_ms` say which fact it is (`detail`: the
-- population of long/short figures), `first_learnt_ms` and `later_learnt_ms` when the two values were learnt.
CREATE VIEW restatements AS
SELECT
    r.exchange_id, e.name AS exchange, r.dataset, r.symbol, r.asset, r.detail, r.time_ms, r.field, r.first_value,
    r.later_value, r.first_learnt_ms, r.later_learnt_ms
FROM (
    SELECT
        c.exchange_id,
        CASE l.price_kind WHEN 'last' THEN 'candles' WHEN 'mark' THEN 'mark_candles' ELSE 'index_candles' END AS dataset,
        c.symbol, c.asset,
        '' AS detail, l.from_ms AS time_ms, n.field,
        CASE n.field
            WHEN 'open' THEN b.open
            WHEN 'high' THEN b.high
            WHEN 'low' THEN b.low
            WHEN 'close' THEN b.close
            WHEN 'volume_base' THEN b.volume_base
            WHEN 'volume_usd' THEN b.volume_usd
        END AS first_value,
        CASE n.field
            WHEN 'open' THEN l.open
            WHEN 'high' THEN l.high
            WHEN 'low' THEN l.low
            WHEN 'close' THEN l.close
            WHEN 'volume_base' THEN l.volume_base
            WHEN 'volume_usd' THEN l.volume_usd
        END AS later_value,
        bf.learnt_ms AS first_learnt_ms, lf.learnt_ms AS later_learnt_ms
    FROM candle AS l
    JOIN candle AS b ON b.contract_id = l.contract_id AND b.price_kind = l.price_kind AND b.from_ms = l.from_ms AND b.version = 0
    JOIN history_contract AS c ON c.contract_id = l.contract_id
    JOIN history_file AS bf ON bf.file_id = b.file_id
    JOIN history_file AS lf ON lf.file_id = l.file_id
    CROSS JOIN (
        SELECT 'open' AS field
        UNION ALL SELECT 'high' AS field
        UNION ALL SELECT 'low' AS field
        UNION ALL SELECT 'close' AS field
        UNION ALL SELECT 'volume_base' AS field
        UNION ALL SELECT 'volume_usd' AS field
    ) AS n
    WHERE l.version > 0
    UNION ALL
    SELECT
        c.exchange_id, 'open_interest' AS dataset, c.symbol, c.asset,
        '' AS detail, l.observed_at_ms AS time_ms, n.field,
        CASE n.field
            WHEN 'contracts' THEN b.contracts
            WHEN 'base' THEN b.base
            WHEN 'usd' THEN b.usd
        END AS first_value,
        CASE n.field
            WHEN 'contracts' THEN l.contracts
            WHEN 'base' THEN l.base
            WHEN 'usd' THEN l.usd
        END AS later_value,
        bf.learnt_ms AS first_learnt_ms, lf.learnt_ms AS later_learnt_ms
    FROM open_interest AS l
    JOIN open_interest AS b ON b.contract_id = l.contract_id AND b.observed_at_ms = l.observed_at_ms AND b.version = 0
    JOIN history_contract AS c ON c.contract_id = l.contract_id
    JOIN history_file AS bf ON bf.file_id = b.file_id
    JOIN history_file AS lf ON lf.file_id = l.file_id
    CROSS JOIN (
        SELECT 'contracts' AS field
        UNION ALL SELECT 'base' AS field
        UNION ALL SELECT 'usd' AS field
    ) AS n
    WHERE l.version > 0
    UNION ALL
    SELECT
        c.exchange_id, 'funding' AS dataset, c.symbol, c.asset,
        '' AS detail, l.settled_at_ms AS time_ms, n.field,
        CASE n.field
            WHEN 'funding_rate' THEN b.funding_rate
            WHEN 'funding_interval_hours' THEN b.funding_interval_hours
        END AS first_value,
        CASE n.field
            WHEN 'funding_rate' THEN l.funding_rate
            WHEN 'funding_interval_hours' THEN l.funding_interval_hours
        END AS later_value,
        bf.learnt_ms AS first_learnt_ms, lf.learnt_ms AS later_learnt_ms
    FROM history_settlement AS l
    JOIN history_settlement AS b ON b.contract_id = l.contract_id AND b.settled_at_ms = l.settled_at_ms AND b.version = 0
    JOIN history_contract AS c ON c.contract_id = l.contract_id
    JOIN history_file AS bf ON bf.file_id = b.file_id
    JOIN history_file AS lf ON lf.file_id = l.file_id
    CROSS JOIN (SELECT 'funding_rate' AS field UNION ALL SELECT 'funding_interval_hours' AS field) AS n
    WHERE l.version > 0
    UNION ALL
    SELECT
        c.exchange_id, 'long_short' AS dataset, c.symbol, c.asset,
        l.population || ' ' || l.period AS detail, l.observed_at_ms AS time_ms, n.field,
        CASE n.field
            WHEN 'ratio' THEN b.ratio
            WHEN 'long_fraction' THEN b.long_fraction
            WHEN 'short_fraction' THEN b.short_fraction
        END AS first_value,
        CASE n.field
            WHEN 'ratio' THEN l.ratio
            WHEN 'long_fraction' THEN l.long_fraction
            WHEN 'short_fraction' THEN l.short_fraction
        END AS later_value,
        bf.learnt_ms AS first_learnt_ms, lf.learnt_ms AS later_learnt_ms
    FROM history_long_short AS l
    JOIN history_long_short AS b ON b.contract_id = l.contract_id AND b.population = l.population AND b.period = l.period AND b.observed_at_ms = l.observed_at_ms AND b.version = 0
    JOIN history_contract AS c ON c.contract_id = l.contract_id
    JOIN history_file AS bf ON bf.file_id = b.file_id
    JOIN history_file AS lf ON lf.file_id = l.file_id
    CROSS JOIN (
        SELECT 'ratio' AS field
        UNION ALL SELECT 'long_fraction' AS field
        UNION ALL SELECT 'short_fraction' AS field
    ) AS n
    WHERE l.version > 0
) AS r
JOIN exchange AS e ON e.exchange_id = r.exchange_id
WHERE r.first_value <> r.later_value OR (r.first_value IS NULL) <> (r.later_value IS NULL);
