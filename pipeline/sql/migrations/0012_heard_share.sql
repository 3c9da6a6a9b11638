-- How much of the closed hour the feed that counts was heard: a stream may be up for a part of it only.

ALTER TABLE liquidation_summary ADD COLUMN heard_share REAL NOT NULL DEFAULT 1 CHECK (heard_share BETWEEN 0 AND 1);
