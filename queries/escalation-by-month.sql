WITH coded AS (
    SELECT date_trunc('month', day) AS first, coder AS "by", again, count(*) AS found,
        count(*) FILTER (quad_class(codes, $scale) IN (3, 4)) AS hostile
    FROM coded_occurrences
    JOIN chosen_runs($coder, $scheme) USING (run)
    JOIN codes USING (code)
    WHERE (actor = $actor OR target = $actor)
        AND day BETWEEN $since AND $until AND quad_class(codes, $scale) IS NOT NULL
    GROUP BY ALL
), counted AS (
    SELECT first, "by", occurrences(again, found) AS records, occurrences(again, hostile) AS conflicts
    FROM coded GROUP BY ALL
)
SELECT strftime(first, '%Y-%m') AS month, "by", records, conflicts, (200 * conflicts + records) // (2 * records) AS share
FROM counted ORDER BY month, "by"
