-- What is asked of instruments is asked of an hour, mostly of the last one. By the end of their validity, the
-- versions of earlier years are not looked at.

DROP INDEX instrument_open;
CREATE INDEX instrument_valid_to ON instrument (exchange_id, valid_to);

DROP INDEX instrument_not_trading;
CREATE INDEX instrument_not_trading ON instrument (valid_to) WHERE status <> 'trading';
