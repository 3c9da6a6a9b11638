-- Severity: error
-- A contract whose open interest of millions grew or shrank by more than a factor of five within an hour in which
-- its price hardly moved: contracts were taken for coins, or a multiplier changed.
SELECT t.hour, l.exchange_id, l.symbol, b.open_interest_base AS before_base, t.open_interest_base AS after_base,
    round(t.open_interest_base / b.open_interest_base, 3) AS factor
FROM ticker AS t
JOIN ticker AS b ON b.hour = t.hour - 3600 AND b.listing_id = t.listing_id
JOIN listing AS l ON l.listing_id = t.listing_id
WHERE t.hour BETWEEN :first AND :last
    AND b.open_interest_base > 0 AND t.open_interest_base > 0
    AND max(b.open_interest_base, t.open_interest_base) > 5 * min(b.open_interest_base, t.open_interest_base)
    AND max(coalesce(b.open_interest_usd, 0), coalesce(t.open_interest_usd, 0)) > 5e6
    AND abs(coalesce(t.mark_price, t.last_price) / coalesce(b.mark_price, b.last_price) - 1) < 0.2
ORDER BY t.hour, l.exchange_id, l.symbol;
