-- name: remove_rows
DELETE FROM {table} WHERE run_id = ?

-- name: trials
SELECT run_id, strategy, direction, params, first_day, last_day, daily_sharpe FROM backtest_trial
WHERE last_day >= ?1 AND first_day <= ?2 ORDER BY run_id, strategy, direction
