-- The score of each hour by the weights of each model that a person has accepted, beside those of v2: from the same factors
-- and qualities, with the same discount for rates that lie apart. Hours that v2 does not score are left out, and those in which
-- less than half of the weight has evidence. Alerts and all other views go on with the model in `setting`.
CREATE VIEW proposed_sentiment AS
SELECT
    hour, hour_utc, model, composite_score,
    CASE WHEN composite_score > 0.3 THEN 'BULLISH' WHEN composite_score < -0.3 THEN 'BEARISH' ELSE 'NEUTRAL' END
        AS sentiment,
    CASE
        WHEN abs(composite_score) > 0.7 THEN 'STRONG' WHEN abs(composite_score) > 0.5 THEN 'MODERATE'
        WHEN abs(composite_score) > 0.3 THEN 'WEAK' ELSE 'NEUTRAL'
    END AS strength,
    v2_composite_score, quality, quality * coverage * discount AS confidence
FROM (
    SELECT
        hour, hour_utc, model, v2_composite_score, coverage, discount,
        CASE WHEN denominator < 1.0 THEN denominator ELSE 1.0 END AS quality,
        numerator / denominator * discount AS composite_score
    FROM (
        SELECT
            m.hour, h.hour_utc, p.id AS model, m.composite_score AS v2_composite_score, m.coverage,
            1 + 0.3 * coalesce(d.score, 0.0) AS discount,
            p.weight_funding * coalesce(f.quality * f.score, 0.0) + p.weight_price * coalesce(r.quality * r.score, 0.0)
            + p.weight_ls_bias * coalesce(l.quality * l.score, 0.0)
            + p.weight_conviction * coalesce(c.quality * c.score, 0.0)
            + p.weight_oi_price * coalesce(o.quality * o.score, 0.0) AS numerator,
            p.weight_funding * CASE WHEN f.score IS NULL THEN 0.0 ELSE f.quality END
            + p.weight_price * CASE WHEN r.score IS NULL THEN 0.0 ELSE r.quality END
            + p.weight_ls_bias * CASE WHEN l.score IS NULL THEN 0.0 ELSE l.quality END
            + p.weight_conviction * CASE WHEN c.score IS NULL THEN 0.0 ELSE c.quality END
            + p.weight_oi_price * CASE WHEN o.score IS NULL THEN 0.0 ELSE o.quality END AS denominator
        FROM weight_proposal AS p
        JOIN market_summary AS m ON m.model = 'v2' AND m.status = 'ok'
        JOIN hour AS h ON h.hour = m.hour AND h.sealed = 1
        LEFT JOIN model_score AS f ON f.hour = m.hour AND f.model = 'v2' AND f.factor = 'funding'
        LEFT JOIN model_score AS r ON r.hour = m.hour AND r.model = 'v2' AND r.factor = 'price'
        LEFT JOIN model_score AS l ON l.hour = m.hour AND l.model = 'v2' AND l.factor = 'ls_bias'
        LEFT JOIN model_score AS c ON c.hour = m.hour AND c.model = 'v2' AND c.factor = 'conviction'
        LEFT JOIN model_score AS o ON o.hour = m.hour AND o.model = 'v2' AND o.factor = 'oi_price'
        LEFT JOIN model_score AS d ON d.hour = m.hour AND d.model = 'v2' AND d.factor = 'divergence'
        WHERE p.status = 'accepted'
    ) AS sums
    WHERE denominator >= 0.5
) AS scored;
