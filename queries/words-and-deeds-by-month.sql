WITH coded AS (
    SELECT day, coder, side, number
    FROM coded_occurrences
    JOIN (SELECT DISTINCT run, coder, scheme FROM coding_runs) USING (run)
    JOIN codes USING (code)
    WHERE ((actor = $actor AND target = $other) OR (actor = $other AND target = $actor AND len(row_ids) > 1))
        AND ($coder = any_coder() OR coder = $coder) AND ($scheme = any_scheme() OR scheme = $scheme)
        AND day BETWEEN $since AND $until
), curated AS (
    SELECT date, series, record FROM acts
    WHERE actor = $actor AND other = $other AND date IS NOT NULL AND earliest <= $until AND latest >= $since
)
SELECT strftime(day, '%Y-%m') AS month, 'coded' AS origin, coder AS "by",
    count(DISTINCT number) FILTER (side = kind('rhetoric')) AS words,
    count(DISTINCT number) FILTER (side = kind('conduct')) AS deeds
FROM coded GROUP BY ALL
UNION ALL
SELECT date[:7], 'curated', NULL, count(DISTINCT record) FILTER (series = 'words'), count(DISTINCT record) FILTER (series = 'deeds')
FROM curated GROUP BY ALL
ORDER BY month, origin, "by" NULLS FIRST
