SELECT strftime(day, '%Y-%m') AS month, coder AS "by", quad_class(codes, $scale) AS class, count(DISTINCT number) AS records
FROM coded_occurrences
JOIN (SELECT DISTINCT run, coder, scheme FROM coding_runs) USING (run)
JOIN codes USING (code)
WHERE ($coder = any_coder() OR coder = $coder) AND ($scheme = any_scheme() OR scheme = $scheme)
    AND day BETWEEN $since AND $until AND quad_class(codes, $scale) IS NOT NULL
GROUP BY ALL ORDER BY month, "by", class
