WITH spoken AS (
    SELECT DISTINCT day FROM coded_occurrences
    JOIN (SELECT DISTINCT run, coder, scheme FROM coding_runs) USING (run)
    WHERE ((actor = $actor AND target = $other) OR (actor = $other AND target = $actor))
        AND ($coder = any_coder() OR coder = $coder) AND ($scheme = any_scheme() OR scheme = $scheme)
        AND day BETWEEN $since AND $until
), following AS (
    SELECT day AS lastDay, lead(day) OVER (ORDER BY day) AS nextDay FROM spoken
)
SELECT lastDay, nextDay, nextDay - lastDay - 1 AS silentDays FROM following
WHERE nextDay - lastDay - 1 >= $days ORDER BY lastDay
