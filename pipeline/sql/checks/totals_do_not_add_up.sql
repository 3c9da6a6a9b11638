-- Severity: error
-- A sum that is not the sum of its parts: an exchange's volume or open interest against its trading perpetuals of
-- coins that it lists itself, the reported figures of the market against those of the exchanges. Values that the field guards set aside are in
-- neither.
WITH parts AS MATERIALIZED (
    SELECT t.hour, l.exchange_id, l.symbol, t.volume_usd_24h AS volume, t.open_interest_usd AS open_interest
    FROM ticker AS t JOIN listing AS l USING (listing_id) JOIN hour AS h ON h.hour = t.hour AND h.sealed = 1
    WHERE t.hour BETWEEN :first AND :last AND l.contract = 'perpetual'
        AND l.asset_class IN ('crypto', 'unknown')
        AND NOT EXISTS (
            SELECT 1 FROM instrument AS i
            WHERE i.exchange_id = l.exchange_id AND i.symbol = l.symbol AND (i.status <> 'trading' OR i.core = 0)
                AND i.valid_from <= t.hour AND (i.valid_to IS NULL OR i.valid_to > t.hour))
), set_aside AS MATERIALIZED (
    SELECT hour, exchange_id, symbol, field FROM field_finding
    WHERE hour BETWEEN :first AND :last AND field IN ('volume_usd_24h', 'open_interest_usd')
), sums AS (
    SELECT hour, exchange_id, sum(volume) FILTER (
            WHERE (hour, exchange_id, symbol, 'volume_usd_24h') NOT IN set_aside) AS volume,
        sum(open_interest) FILTER (
            WHERE (hour, exchange_id, symbol, 'open_interest_usd') NOT IN set_aside) AS open_interest
    FROM parts GROUP BY hour, exchange_id
), venues AS (
    SELECT hour, sum(volume) AS volume, sum(open_interest) AS open_interest FROM exchange_summary
    WHERE hour BETWEEN :first AND :last AND status <> 'failed' GROUP BY hour
), compared AS (
    SELECT e.hour, e.exchange_id AS scope, 'volume' AS measure, e.volume AS total, s.volume AS parts
    FROM exchange_summary AS e LEFT JOIN sums AS s USING (hour, exchange_id)
    WHERE e.hour BETWEEN :first AND :last AND e.status <> 'failed'
    UNION ALL
    SELECT e.hour, e.exchange_id, 'open_interest', e.open_interest, s.open_interest
    FROM exchange_summary AS e LEFT JOIN sums AS s USING (hour, exchange_id)
    WHERE e.hour BETWEEN :first AND :last AND e.status <> 'failed'
    UNION ALL
    SELECT m.hour, 'market', 'total_volume', coalesce(m.total_volume_reported, m.total_volume), v.volume
    FROM market_summary AS m LEFT JOIN venues AS v USING (hour)
    WHERE m.hour BETWEEN :first AND :last AND m.model = 'v2'
    UNION ALL
    SELECT m.hour, 'market', 'total_oi', coalesce(m.total_oi_reported, m.total_oi), v.open_interest
    FROM market_summary AS m LEFT JOIN venues AS v USING (hour)
    WHERE m.hour BETWEEN :first AND :last AND m.model = 'v2'
)
SELECT c.hour, c.scope, c.measure, c.total, c.parts
FROM compared AS c JOIN hour AS h ON h.hour = c.hour AND h.sealed = 1
-- The order of adding changes the last digits of a sum.
WHERE abs(coalesce(c.total, 0) - coalesce(c.parts, 0)) > 1e-9 * max(abs(coalesce(c.total, 0)), 1)
ORDER BY c.hour, c.scope, c.measure;
