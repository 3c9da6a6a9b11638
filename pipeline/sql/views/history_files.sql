-- The files of the past that are loaded: `path` is below `staged/` and, before that, below `raw/`; `learnt_ms` is the time
-- of the last answer. `records` counts the facts that a file states, also those that another one states first.
-- `incomplete` is 1 where facts are missing until the file is loaded again, which `load --history` does.
CREATE VIEW history_files AS
SELECT
    f.exchange_id, e.name AS exchange, f.dataset, f.stamp, f.feed,
    'history/' || f.exchange_id || '/' || f.dataset || CASE f.feed WHEN 'archive' THEN '/archive/' ELSE '/' END || f.stamp
    || '.ndjson.gz' AS path, f.learnt_ms, f.records,
    f.rejections, f.responses, f.responses_ok, f.transform_version, f.simulated, f.incomplete, f.staged_sha256,
    f.raw_sha256
FROM history_file AS f
JOIN exchange AS e ON e.exchange_id = f.exchange_id;
