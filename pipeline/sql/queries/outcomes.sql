-- name: due
SELECT a.hour, a.key, a.strategy, a.direction, a.confidence, a.adjusted, a.boost, a.estimate, a.regime, a.short_leg,
    a.long_leg, coalesce(o.status = 'open', 0) AND (o.entry < ?1 OR a.hour < ?3)
FROM alert AS a
LEFT JOIN alert_outcome AS o ON o.decided = a.hour AND o.key = a.key
WHERE a.decision IN ('new', 'flip') AND a.hour < ?2
    AND (
        o.key IS NULL OR o.status = 'open'
        OR (coalesce(o.resolved, o.decided + 7200) >= ?1 AND o.status <> 'no_claim' AND o.decided >= ?3)
    )
ORDER BY a.hour, a.key

-- name: changed_from
SELECT min(+l.hour),
    (
        SELECT min(f.settled_at_ms) / 1000
        FROM funding_settlement AS f
        WHERE f.hour IN (SELECT n.hour FROM load_log AS n WHERE n.load_id > ?1)
            AND NOT EXISTS (
                SELECT 1 FROM funding_settlement AS o
                WHERE o.settled_at_ms = f.settled_at_ms AND o.exchange_id = f.exchange_id AND o.symbol = f.symbol
                    AND o.hour < f.hour
            )
    )
FROM load_log AS l WHERE l.load_id > ?1

-- name: replace
INSERT OR REPLACE INTO alert_outcome ({columns}) VALUES ({marks})

-- name: loaded
SELECT coalesce(
    (
        SELECT min(last) - 1
        FROM (
            SELECT max(l.load_id) AS last FROM hour AS h JOIN load_log AS l ON l.hour = h.hour
            WHERE h.dirty = 1 GROUP BY h.hour
        )
    ),
    (SELECT max(load_id) FROM load_log), 0)
