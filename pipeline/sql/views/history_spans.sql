-- The spans for which an exchange answered whole about a contract (`symbol` is '' where it answered about all), spans that
-- touch or overlap as one: what is not among the facts of a span did not happen. `to_ms` is excluded.
CREATE VIEW history_spans AS
SELECT
    exchange_id, exchange, dataset, symbol, min(from_ms) AS from_ms, max(to_ms) AS to_ms,
    (max(to_ms) - min(from_ms)) / 3600000.0 AS hours
FROM (
    SELECT
        *, sum(is_begin) OVER (PARTITION BY exchange_id, dataset, symbol ORDER BY from_ms, to_ms) AS part
    FROM (
        SELECT
            s.exchange_id, e.name AS exchange, s.dataset, s.symbol, s.from_ms, s.to_ms,
            CASE
                WHEN s.from_ms <= max(s.to_ms) OVER (
                    PARTITION BY s.exchange_id, s.dataset, s.symbol ORDER BY s.from_ms, s.to_ms
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
                ) THEN 0
                ELSE 1
            END AS is_begin
        FROM (SELECT DISTINCT exchange_id, dataset, symbol, from_ms, to_ms FROM history_span) AS s
        JOIN exchange AS e ON e.exchange_id = s.exchange_id
    ) AS begun
) AS parted
GROUP BY exchange_id, exchange, dataset, symbol, part;
