-- name: rows
SELECT {columns} FROM {table}
WHERE hour BETWEEN ? AND ? {condition} ORDER BY hour{order}

-- name: scores
SELECT {columns} FROM model_score AS s
JOIN hour AS h ON h.hour = s.hour AND h.sealed = 1
WHERE s.hour BETWEEN ? AND ? ORDER BY s.hour, s.model
