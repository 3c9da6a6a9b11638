-- name: events
SELECT exchange_id, occurred_at_ms / 3600000, count(*) FILTER (WHERE side = 'long'),
    count(*) FILTER (WHERE side = 'short')
FROM (SELECT DISTINCT exchange_id, symbol, occurred_at_ms, side, price, quantity, id
      FROM liquidation
      -- Coins, as in the dollars: the name of anything else carries its class.
      WHERE occurred_at_ms >= ?1 AND occurred_at_ms < ?2
          AND instr({asset}, ':') = 0)
GROUP BY 1, 2

-- name: published
SELECT exchange_id, from_ms / 3600000, sum(long_count), sum(short_count)
FROM (SELECT exchange_id, from_ms, long_count, short_count, min(hour) FROM liquidation_total
      WHERE from_ms >= ?1 AND from_ms < ?2 AND to_ms <= ?2
      GROUP BY exchange_id, symbol, from_ms, to_ms)
GROUP BY 1, 2

-- name: streamed
SELECT exchange_id, occurred_at_ms / 3600000, count(*) FILTER (WHERE side = 'long'),
    count(*) FILTER (WHERE side = 'short')
FROM (SELECT DISTINCT exchange_id, symbol, occurred_at_ms, side, price, quantity, id
      FROM stream_liquidation
      WHERE occurred_at_ms >= ?1 AND occurred_at_ms < ?2 AND instr(asset, ':') = 0)
GROUP BY 1, 2
