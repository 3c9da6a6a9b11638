-- What an exchange's answers say that a contract is, and since which hour; `class_stated` 0: they do not say it, and the
-- class is what it is taken for. Of a symbol the last statement counts, however old, or else what it is taken for last.
CREATE VIEW class_statements AS
SELECT exchange_id, symbol, valid_from AS hour, asset, asset_class, unit_multiplier, class_stated FROM instrument
WHERE asset_class IS NOT NULL
UNION ALL
SELECT exchange_id, symbol, hour, asset, asset_class, unit_multiplier, 1 FROM known_class;
