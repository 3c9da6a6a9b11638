-- Severity: warning
-- A field of tickers that is empty in all tickers of an exchange's hour and was filled in at least 95 % of them in the
-- hour before: a field was renamed, or an endpoint failed.
WITH filled AS MATERIALIZED (
    SELECT t.hour, l.exchange_id, count(*) AS tickers, count(t.last_price) AS last_price,
        count(t.mark_price) AS mark_price, count(t.index_price) AS index_price, count(t.bid_price) AS bid_price,
        count(t.ask_price) AS ask_price, count(t.volume_usd_24h) AS volume_usd_24h,
        count(t.open_interest_usd) AS open_interest_usd, count(t.funding_rate) AS funding_rate,
        count(t.price_change_24h) AS price_change_24h
    FROM ticker AS t JOIN listing AS l USING (listing_id)
    WHERE t.hour BETWEEN :first - 3600 AND :last GROUP BY t.hour, l.exchange_id
), fields AS MATERIALIZED (
    SELECT hour, exchange_id, tickers, 'last_price' AS field, last_price AS filled FROM filled
    UNION ALL
    SELECT hour, exchange_id, tickers, 'mark_price', mark_price FROM filled
    UNION ALL
    SELECT hour, exchange_id, tickers, 'index_price', index_price FROM filled
    UNION ALL
    SELECT hour, exchange_id, tickers, 'bid_price', bid_price FROM filled
    UNION ALL
    SELECT hour, exchange_id, tickers, 'ask_price', ask_price FROM filled
    UNION ALL
    SELECT hour, exchange_id, tickers, 'volume_usd_24h', volume_usd_24h FROM filled
    UNION ALL
    SELECT hour, exchange_id, tickers, 'open_interest_usd', open_interest_usd FROM filled
    UNION ALL
    SELECT hour, exchange_id, tickers, 'funding_rate', funding_rate FROM filled
    UNION ALL
    SELECT hour, exchange_id, tickers, 'price_change_24h', price_change_24h FROM filled
)
SELECT a.hour, a.exchange_id, a.field, a.tickers, b.filled AS filled_before, b.tickers AS tickers_before
FROM fields AS a
JOIN fields AS b ON b.hour = a.hour - 3600 AND b.exchange_id = a.exchange_id AND b.field = a.field
WHERE a.hour >= :first AND a.filled = 0 AND b.filled >= 0.95 * b.tickers
ORDER BY a.hour, a.exchange_id, a.field;
