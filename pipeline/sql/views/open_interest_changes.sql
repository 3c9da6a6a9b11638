-- How each exchange's open interest changed in an hour and in a day, in percent of dollars: price moves it as well;
-- `market_hours.oi_growth_24h` has the price taken out. NULL where one of the two hours is missing, lacks contracts
-- that the hours before had, or was made by other rules about what a coin is. Newest first.
CREATE VIEW open_interest_changes AS
SELECT
    s.hour, h.hour_utc, s.exchange_id, e.name AS exchange, s.open_interest, s.open_interest AS open_interest_usd,
    CASE WHEN a.open_interest > 0 THEN 100.0 * (s.open_interest / a.open_interest - 1.0) END AS change_1h_percent,
    CASE WHEN d.open_interest > 0 THEN 100.0 * (s.open_interest / d.open_interest - 1.0) END AS change_24h_percent
FROM exchange_summary AS s
JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
JOIN exchange AS e ON e.exchange_id = s.exchange_id
LEFT JOIN exchange_summary AS a
    ON a.hour = s.hour - 3600 AND a.exchange_id = s.exchange_id AND a.class_rules = s.class_rules
    AND a.open_interest_whole = 1 AND s.open_interest_whole = 1
    AND (a.open_interest_markets = 0 OR s.open_interest_markets = 0
        OR abs(a.open_interest_markets - s.open_interest_markets) < 2
        OR abs(a.open_interest_markets - s.open_interest_markets) * 20
            <= a.open_interest_markets + s.open_interest_markets + abs(a.open_interest_markets - s.open_interest_markets))
LEFT JOIN exchange_summary AS d
    ON d.hour = s.hour - 86400 AND d.exchange_id = s.exchange_id AND d.class_rules = s.class_rules
    AND d.open_interest_whole = 1 AND s.open_interest_whole = 1
    AND (d.open_interest_markets = 0 OR s.open_interest_markets = 0
        OR abs(d.open_interest_markets - s.open_interest_markets) < 2
        OR abs(d.open_interest_markets - s.open_interest_markets) * 20
            <= d.open_interest_markets + s.open_interest_markets + abs(d.open_interest_markets - s.open_interest_markets))
WHERE s.status <> 'failed'
ORDER BY s.hour DESC, e.position;
