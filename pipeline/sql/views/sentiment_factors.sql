-- The six factors behind each market snapshot, of the model in `setting`. An absent factor is NULL.
CREATE VIEW sentiment_factors AS
SELECT
    m.hour AS timestamp,
    (SELECT score FROM model_score AS s WHERE s.hour = m.hour AND s.model = m.model AND factor = 'funding')
        AS funding_score,
    (SELECT score FROM model_score AS s WHERE s.hour = m.hour AND s.model = m.model AND factor = 'price')
        AS price_score,
    (SELECT score FROM model_score AS s WHERE s.hour = m.hour AND s.model = m.model AND factor = 'ls_bias')
        AS ls_bias_score,
    (SELECT score FROM model_score AS s WHERE s.hour = m.hour AND s.model = m.model AND factor = 'conviction')
        AS conviction_score,
    (SELECT score FROM model_score AS s WHERE s.hour = m.hour AND s.model = m.model AND factor = 'divergence')
        AS divergence_score,
    (SELECT score FROM model_score AS s WHERE s.hour = m.hour AND s.model = m.model AND factor = 'oi_price')
        AS oi_price_score
FROM market_summary AS m
JOIN hour AS h ON h.hour = m.hour AND h.sealed = 1
WHERE m.model = (SELECT value FROM setting WHERE name = 'sentiment_model') AND m.status = 'ok';
