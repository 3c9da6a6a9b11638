-- name: versions
SELECT symbol, contract_multiplier, unit_multiplier, kind FROM instrument
WHERE valid_to > ?1 AND exchange_id = ?2 AND contract_multiplier IS NOT NULL AND valid_from <= ?1
