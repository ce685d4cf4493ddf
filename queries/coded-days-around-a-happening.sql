WITH taking_part AS (
    SELECT o AS party FROM quads
    WHERE s = $happening AND p IN (term('performedBy'), term('givenBy'), term('involves'), term('directedAt'), term('receivedBy'))
    UNION
    SELECT body.o FROM quads AS office
    JOIN quads AS held ON held.s = office.o AND held.p = term('holdsOffice')
    JOIN quads AS body ON body.s = held.o AND body.p = term('officeOf')
    WHERE office.s = $happening AND office.p = term('madeInOffice')
), party AS (
    FROM taking_part
    UNION SELECT governs.o FROM taking_part JOIN quads AS governs ON governs.s = party AND governs.p = term('governs')
), time AS (
    SELECT DISTINCT try_cast(first.o AS DATE) - $days AS since, try_cast(last.o AS DATE) + $days AS until FROM quads AS moment
    JOIN quads AS first ON first.s = moment.o AND first.p = term('earliest')
    JOIN quads AS last ON last.s = moment.o AND last.p = term('latest')
    WHERE moment.s = $happening AND moment.p = term('occursAt')
)
SELECT day AS date, coder AS "by", actor AS "from", target AS "to", code, occurrences(again, found) AS records,
    occurrences(again, judged) AS judgedTheSame
FROM (
    SELECT day, coder, actor, target, code, again, count(*) AS found, count(grounds.number) AS judged
    FROM coded_occurrences
    JOIN chosen_runs($coder, $scheme) USING (run)
    SEMI JOIN time ON day BETWEEN since AND until
    LEFT JOIN (SELECT DISTINCT md5_number_lower(occurrence) AS number FROM coding_grounds WHERE happening = $happening) AS grounds
        USING (number)
    WHERE actor IN (FROM party) AND target IN (FROM party) AND actor <> target
    GROUP BY ALL
)
GROUP BY ALL ORDER BY date, "by", actor, target, code
