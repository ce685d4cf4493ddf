WITH pair AS (
    SELECT coalesce(target, coded_target) AS partner, number, run, code, day FROM coded_occurrences
    WHERE actor = $actor AND coded_target IS NOT NULL
    UNION ALL
    SELECT coalesce(actor, coded_actor), number, run, code, day FROM coded_occurrences
    WHERE target = $actor AND coded_actor IS NOT NULL
), coded AS (
    SELECT partner, coder, side, number
    FROM pair
    JOIN (SELECT DISTINCT run, coder, scheme FROM coding_runs) USING (run)
    JOIN codes USING (code)
    WHERE partner <> $actor
        AND ($coder = any_coder() OR coder = $coder) AND ($scheme = any_scheme() OR scheme = $scheme)
        AND day BETWEEN $since AND $until
), curated AS (
    SELECT CASE WHEN actor = $actor THEN other ELSE actor END AS partner, series, record FROM acts
    WHERE $actor IN (actor, other) AND actor <> other AND date IS NOT NULL AND earliest <= $until AND latest >= $since
        AND other_is_actor
)
SELECT partner, 'coded' AS origin, coder AS "by", count(DISTINCT number) AS records,
    count(DISTINCT number) FILTER (side = kind('rhetoric')) AS words,
    count(DISTINCT number) FILTER (side = kind('conduct')) AS deeds
FROM coded GROUP BY ALL
UNION ALL
SELECT partner, 'curated', NULL, count(DISTINCT record), count(DISTINCT record) FILTER (series = 'words'),
    count(DISTINCT record) FILTER (series = 'deeds')
FROM curated GROUP BY ALL
ORDER BY records DESC, origin, "by" NULLS FIRST, partner
LIMIT 100
