-- name: insert
INSERT INTO listing (exchange_id, symbol, asset, asset_class, class_stated, quote, kind, contract,
    unit_multiplier)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)

-- name: newer
SELECT listing_id, exchange_id, symbol, asset, quote, kind, contract, asset_class, class_stated FROM listing
WHERE listing_id > ? ORDER BY listing_id
