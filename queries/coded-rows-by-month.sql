WITH coded AS (
    SELECT date_trunc('month', day) AS first, coder, quad_class(codes, $scale) AS class, again, count(*) AS found
    FROM coded_occurrences
    JOIN chosen_runs($coder, $scheme) USING (run)
    JOIN codes USING (code)
    WHERE day BETWEEN $since AND $until AND quad_class(codes, $scale) IS NOT NULL
    GROUP BY ALL
)
SELECT strftime(first, '%Y-%m') AS month, coder AS "by", class, occurrences(again, found) AS records
FROM coded GROUP BY ALL ORDER BY month, "by", class
