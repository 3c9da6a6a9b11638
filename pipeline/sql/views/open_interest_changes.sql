-- How each venue's open interest changed in an hour and in a day, in percent of dollars: price moves it as
-- well. `market_summary.oi_growth_24h` has the price taken out.
CREATE VIEW open_interest_changes AS
SELECT
    s.hour, e.name AS exchange, s.open_interest,
    100 * (s.open_interest / hour_ago.open_interest - 1) AS change_1h_percent,
    100 * (s.open_interest / day_ago.open_interest - 1) AS change_24h_percent
FROM exchange_summary AS s
JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
JOIN exchange AS e ON e.exchange_id = s.exchange_id
LEFT JOIN exchange_summary AS hour_ago
    ON hour_ago.hour = s.hour - 3600 AND hour_ago.exchange_id = s.exchange_id
LEFT JOIN exchange_summary AS day_ago
    ON day_ago.hour = s.hour - 86400 AND day_ago.exchange_id = s.exchange_id
WHERE s.status <> 'failed';
