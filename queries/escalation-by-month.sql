WITH coded AS (
    SELECT strftime(day, '%Y-%m') AS month, coder AS "by", number, quad_class(codes, $scale) AS class
    FROM coded_occurrences
    JOIN (SELECT DISTINCT run, coder, scheme FROM coding_runs) USING (run)
    JOIN codes USING (code)
    WHERE (actor = $actor OR target = $actor)
        AND ($coder = any_coder() OR coder = $coder) AND ($scheme = any_scheme() OR scheme = $scheme)
        AND day BETWEEN $since AND $until
), counted AS (
    SELECT month, "by", count(DISTINCT number) AS records, count(DISTINCT number) FILTER (class IN (3, 4)) AS conflicts
    FROM coded WHERE class IS NOT NULL GROUP BY ALL
)
SELECT month, "by", records, conflicts, (200 * conflicts + records) // (2 * records) AS share
FROM counted ORDER BY month, "by"
