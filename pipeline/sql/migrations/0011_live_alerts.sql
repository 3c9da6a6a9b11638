-- Alerts that the recorder decided between two hourly runs, from liquidations as they happened.

ALTER TABLE alert ADD COLUMN live INTEGER NOT NULL DEFAULT 0 CHECK (live IN (0, 1));

ALTER TABLE alert_outbox ADD COLUMN live INTEGER NOT NULL DEFAULT 0 CHECK (live IN (0, 1));
