WITH spoken AS (
    SELECT DISTINCT day FROM coded_occurrences
    JOIN chosen_runs($coder, $scheme) USING (run)
    WHERE one = least($actor, $other) AND two = greatest($actor, $other)
        AND ((actor = $actor AND target = $other) OR (actor = $other AND target = $actor))
        AND day BETWEEN $since AND $until
), following AS (
    SELECT day AS lastDay, lead(day) OVER (ORDER BY day) AS nextDay FROM spoken
)
SELECT lastDay, nextDay, nextDay - lastDay - 1 AS silentDays FROM following
WHERE nextDay - lastDay - 1 >= $days ORDER BY lastDay
