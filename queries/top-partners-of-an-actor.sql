WITH pair AS (
    SELECT coalesce(target, coded_target) AS partner, again, run, code, day FROM coded_occurrences
    WHERE actor = $actor AND coded_target IS NOT NULL
    UNION ALL
    SELECT coalesce(actor, coded_actor), again, run, code, day FROM coded_occurrences
    WHERE target = $actor AND coded_actor IS NOT NULL
), coded AS (
    SELECT partner, coder, again, count(*) AS found, count(*) FILTER (side = kind('rhetoric')) AS words,
        count(*) FILTER (side = kind('conduct')) AS deeds
    FROM pair
    JOIN chosen_runs($coder, $scheme) USING (run)
    JOIN codes USING (code)
    WHERE partner <> $actor AND day BETWEEN $since AND $until
    GROUP BY ALL
), curated AS (
    SELECT CASE WHEN actor = $actor THEN other ELSE actor END AS partner, series, record FROM acts
    WHERE $actor IN (actor, other) AND actor <> other AND date IS NOT NULL AND earliest <= $until AND latest >= $since
        AND other_is_actor
)
SELECT partner, 'coded' AS origin, coder AS "by", occurrences(again, found) AS records,
    occurrences(again, words) AS words, occurrences(again, deeds) AS deeds
FROM coded GROUP BY ALL
UNION ALL
SELECT partner, 'curated', NULL, count(DISTINCT record), count(DISTINCT record) FILTER (series = 'words'),
    count(DISTINCT record) FILTER (series = 'deeds')
FROM curated GROUP BY ALL
ORDER BY records DESC, origin, "by" NULLS FIRST, partner
LIMIT 100
