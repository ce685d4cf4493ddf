WITH coded AS (
    SELECT date_trunc('month', day) AS first, coder, again, count(*) FILTER (side = kind('rhetoric')) AS words,
        count(*) FILTER (side = kind('conduct')) AS deeds
    FROM coded_occurrences
    JOIN chosen_runs($coder, $scheme) USING (run)
    JOIN codes USING (code)
    WHERE one = least($actor, $other) AND two = greatest($actor, $other)
        AND ((actor = $actor AND target = $other) OR (actor = $other AND target = $actor AND row_count > 1))
        AND day BETWEEN $since AND $until
    GROUP BY ALL
), curated AS (
    SELECT date, series, record FROM acts
    WHERE actor = $actor AND other = $other AND date IS NOT NULL AND earliest <= $until AND latest >= $since
)
SELECT strftime(first, '%Y-%m') AS month, 'coded' AS origin, coder AS "by", occurrences(again, words) AS words,
    occurrences(again, deeds) AS deeds
FROM coded GROUP BY ALL
UNION ALL
SELECT date[:7], 'curated', NULL, count(DISTINCT record) FILTER (series = 'words'), count(DISTINCT record) FILTER (series = 'deeds')
FROM curated GROUP BY ALL
ORDER BY month, origin, "by" NULLS FIRST
