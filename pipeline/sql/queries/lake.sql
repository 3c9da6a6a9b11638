-- name: hours
-- The sealed hours of a span, both ends included, each with a text that changes whenever something changes of which the
-- lake keeps a copy: the staged files whose facts are loaded, and the hash of what sealing made of them. Tickers whose
-- class no response of the hour states are told by other hours: there, the listings they point to are in the text.
SELECT
    h.hour,
    coalesce((
        SELECT group_concat(x.exchange_id || ' ' || x.staged_sha256 || ' ' || x.transform_version || CASE
            WHEN x.unclassed > 0 THEN ' ' || (SELECT coalesce(sum(t.listing_id), 0) FROM ticker AS t WHERE t.hour = x.hour)
            ELSE '' END, ';')
        FROM exchange_hour AS x WHERE x.hour = h.hour AND x.staged_sha256 IS NOT NULL
    ), '') || '|' || coalesce((
        SELECT group_concat(s.exchange_id || ' ' || s.staged_sha256 || ' ' || s.transform_version, ';')
        FROM stream_hour AS s WHERE s.hour = h.hour
    ), '') || '|' || coalesce((SELECT m.summaries FROM hour_hash AS m WHERE m.hour = h.hour), '') AS content
FROM hour AS h
WHERE h.hour BETWEEN ?1 AND ?2 AND +h.sealed = 1
ORDER BY h.hour
