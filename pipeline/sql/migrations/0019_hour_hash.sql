-- What tells whoever keeps copies of an hour's rows, such as the lake, that the hour was sealed with other results. It is
-- a function of the rows; hours that were sealed before this table have no row until they are sealed again.

-- Grain: hour.
CREATE TABLE hour_hash (
    hour      INTEGER NOT NULL PRIMARY KEY REFERENCES hour (hour),
    summaries INTEGER NOT NULL                         -- 64 bits: hash of the rows that sealing made of the hour
) STRICT;
