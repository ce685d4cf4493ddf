WITH coded AS (
    SELECT day, coder, scheme, again, count(*) AS found, count(*) FILTER (quad_class(codes, $scale) IN (3, 4)) AS hostile
    FROM coded_occurrences
    JOIN (SELECT DISTINCT run, coder, scheme FROM coding_runs) USING (run)
    JOIN codes USING (code)
    WHERE one = least($actor, $other) AND two = greatest($actor, $other)
        AND ((actor = $actor AND target = $other) OR (actor = $other AND target = $actor))
        AND day BETWEEN $since AND $until AND quad_class(codes, $scale) IS NOT NULL
    GROUP BY ALL
), counted AS (
    SELECT day, coder, scheme, occurrences(again, found) AS records, occurrences(again, hostile) AS conflicts
    FROM coded GROUP BY ALL
)
SELECT one.day AS date, one.coder AS first, two.coder AS second, one.records AS firstRecords,
    one.conflicts AS firstConflicts, two.records AS secondRecords, two.conflicts AS secondConflicts
FROM counted AS one JOIN counted AS two ON one.day = two.day AND one.coder < two.coder
WHERE (one.conflicts > 0) <> (two.conflicts > 0) AND $coder IN (any_coder(), one.coder, two.coder)
    AND $scheme IN (any_scheme(), one.scheme, two.scheme)
ORDER BY date, first, second, one.scheme, two.scheme
