-- Severity: error
-- An hour that cannot follow from the ones before it: responses that came before those of the exchange's previous hour,
-- responses that end before they begin or lie outside their hour, and versions of an instrument that overlap.
WITH answers AS (
    SELECT hour, exchange_id, observed_from_ms, observed_to_ms,
        lag(observed_to_ms) OVER (PARTITION BY exchange_id ORDER BY hour) AS previous_ms
    FROM exchange_hour
    WHERE staged_sha256 IS NOT NULL AND observed_to_ms IS NOT NULL AND hour BETWEEN :first - 86400 AND :last
), versions AS (
    SELECT exchange_id, symbol, valid_from, valid_to,
        lead(valid_from) OVER (PARTITION BY exchange_id, symbol ORDER BY valid_from) AS next_from
    FROM instrument
)
SELECT hour, exchange_id, 'answers before those of the hour before' AS what, observed_from_ms AS found,
    previous_ms AS bound
FROM answers WHERE hour >= :first AND observed_from_ms < previous_ms
UNION ALL
SELECT hour, exchange_id, 'answers end before they begin', observed_to_ms, observed_from_ms
FROM answers WHERE hour >= :first AND observed_to_ms < observed_from_ms
UNION ALL
SELECT hour, exchange_id, 'answers outside their hour', observed_from_ms, hour * 1000
FROM answers WHERE hour >= :first AND observed_from_ms NOT BETWEEN hour * 1000 AND hour * 1000 + 3600000
UNION ALL
SELECT valid_from, exchange_id, 'versions overlap: ' || symbol, valid_to, next_from
FROM versions WHERE next_from < coalesce(valid_to, next_from + 1) AND valid_from <= :last
ORDER BY 1, 2;
