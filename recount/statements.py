"""The SQL of the recount, as anybody may paste it into a database's own shell. Written for SQLite and PostgreSQL alike.

Two conditions come back everywhere: a village is a point in a week, and its log of that week was submitted.
"""

from typing import Final

_POINT: Final = "p.since <= {week} AND (p.until IS NULL OR p.until > {week})"
_LOG_OF_POINT: Final = f"""
    weekly_log l JOIN observation_point p
      ON p.county_code = l.county_code AND p.village_code = l.village_code AND {_POINT.format(week="l.week")}
"""
_ENTRY_OF_POINT: Final = f"""
    {_LOG_OF_POINT}
    JOIN entry e ON e.county_code = l.county_code AND e.week = l.week AND e.village_code = l.village_code
    JOIN event v ON v.county_code = e.county_code AND v.id = e.event_id
"""
_COUNTS: Final = "l.county_code = :county AND l.state = 'submitted'"
_COMPARED: Final = f"""
    SELECT l.village_code FROM {_LOG_OF_POINT} WHERE {_COUNTS} AND l.week IN :now_weeks
    INTERSECT
    SELECT l.village_code FROM {_LOG_OF_POINT} WHERE {_COUNTS} AND l.week IN :base_weeks
"""
_INSPECTED: Final = f"""
    {_COUNTS} AND v.kind = 'inspection' AND NOT v.emergency AND v.happened_on BETWEEN :first AND :through
    AND e.week BETWEEN :first_monday AND :last_monday
"""

COUNTIES = "SELECT DISTINCT county_code FROM observation_point ORDER BY county_code"

THRESHOLD = """
    SELECT value FROM threshold
    WHERE name = :name AND county_code IN (:county, '000000000000') AND since <= (
      SELECT COALESCE(MAX(CASE WHEN since <= :day THEN since END), MIN(since)) FROM threshold
      WHERE name = :name AND county_code IN (:county, '000000000000'))
    ORDER BY county_code DESC, version DESC LIMIT 1
"""

REOPENED = """
    SELECT SUM(CASE WHEN week = :monday THEN 1 ELSE 0 END), COUNT(*) FROM correction
    WHERE county_code = :county AND week <= :monday AND closed_at IS NULL
"""

REPORTS = f"""
    SELECT p.township_code, COUNT(*),
      SUM(CASE WHEN l.state = 'submitted' AND NOT l.zero THEN 1 ELSE 0 END),
      SUM(CASE WHEN l.state = 'submitted' AND l.zero THEN 1 ELSE 0 END),
      SUM(CASE WHEN l.state = 'submitted' AND l.submitted_at >= :due_at THEN 1 ELSE 0 END)
    FROM observation_point p LEFT JOIN weekly_log l
      ON l.county_code = p.county_code AND l.village_code = p.village_code AND l.week = :monday
    WHERE p.county_code = :county AND {_POINT.format(week=":monday")}
    GROUP BY p.township_code ORDER BY p.township_code
"""

RECEIVED = f"SELECT COUNT(*) FROM {_LOG_OF_POINT} WHERE {_COUNTS} AND l.week = :monday"

FLOW = f"""
    SELECT COALESCE(SUM(CASE WHEN v.emergency THEN 0 ELSE e.copies END), 0),
      COALESCE(SUM(CASE WHEN v.emergency THEN e.copies ELSE 0 END), 0)
    FROM {_ENTRY_OF_POINT} WHERE {_COUNTS} AND l.week = :monday AND v.kind = :measure
"""
STOCK = f"""
    SELECT COUNT(*), 0 FROM {_LOG_OF_POINT}
    JOIN holding h ON h.county_code = l.county_code AND h.village_code = l.village_code AND h.kind = :measure
    WHERE {_COUNTS} AND l.week = :monday AND h.since <= :sunday AND (h.until IS NULL OR h.until > :sunday)
"""
FLOW_COMPARED = f"{FLOW} AND l.village_code IN ({_COMPARED})"
STOCK_COMPARED = f"{STOCK} AND l.village_code IN ({_COMPARED})"

POINT_WEEKS = f"""
    SELECT l.village_code, SUM(CASE WHEN l.week IN :now_weeks THEN 1 ELSE 0 END),
      SUM(CASE WHEN l.week IN :base_weeks THEN 1 ELSE 0 END)
    FROM {_LOG_OF_POINT} WHERE {_COUNTS} AND l.village_code IN ({_COMPARED}) GROUP BY l.village_code
"""
FLOW_OF_POINTS = f"""
    SELECT l.village_code, SUM(e.copies) FROM {_ENTRY_OF_POINT}
    WHERE {_COUNTS} AND l.week IN :base_weeks AND v.kind = :measure AND NOT v.emergency GROUP BY l.village_code
"""
STOCK_OF_POINTS = f"""
    SELECT l.village_code, COUNT(*) FROM {_LOG_OF_POINT}
    JOIN holding h ON h.county_code = l.county_code AND h.village_code = l.village_code AND h.kind = 'group'
    WHERE {_COUNTS} AND l.week = :monday AND h.since <= :sunday AND (h.until IS NULL OR h.until > :sunday)
    GROUP BY l.village_code
"""

COMPARED = f"SELECT COUNT(*) FROM ({_COMPARED}) AS compared"
EXPOSURE = f"""
    SELECT COUNT(*) FROM {_LOG_OF_POINT}
    WHERE {_COUNTS} AND l.week IN :weeks AND l.village_code IN ({_COMPARED})
"""
EXPECTED_POINTS = """
    SELECT COUNT(DISTINCT village_code) FROM observation_point
    WHERE county_code = :county AND since <= :last AND (until IS NULL OR until > :first)
"""

TARGET = """
    SELECT reduction, baseline_from, baseline_until, starts, ends FROM target
    WHERE county_code = :county AND area_code = :county AND measure = :measure ORDER BY version DESC LIMIT 1
"""

QUOTAS = """
    SELECT q.department_code, q.measure, q.allowance FROM quota q
    WHERE q.county_code = :county AND q.year = :year AND q.version = (
      SELECT MAX(o.version) FROM quota o WHERE o.county_code = q.county_code AND o.department_code = q.department_code
        AND o.measure = q.measure AND o.year = q.year)
"""
_EVENT_COUNTS: Final = f"""
    v.county_code = :county AND v.kind IN ('meeting', 'inspection', 'form') AND v.happened_on BETWEEN :first AND :through
    AND EXISTS (
      SELECT 1 FROM entry e
      JOIN weekly_log l ON l.county_code = e.county_code AND l.week = e.week AND l.village_code = e.village_code
      JOIN observation_point p ON p.county_code = e.county_code AND p.village_code = e.village_code
      WHERE e.county_code = v.county_code AND e.event_id = v.id AND l.state = 'submitted' AND {_POINT.format(week="e.week")})
"""
EVENTS_OF_DEPARTMENTS = f"""
    SELECT v.department_code, v.kind, SUM(CASE WHEN v.emergency THEN 0 ELSE 1 END), SUM(CASE WHEN v.emergency THEN 1 ELSE 0 END)
    FROM event v WHERE {_EVENT_COUNTS} GROUP BY v.department_code, v.kind
"""
EVENT_BEYOND = f"""
    SELECT v.happened_on FROM event v
    WHERE {_EVENT_COUNTS} AND NOT v.emergency AND v.department_code = :department AND v.kind = :measure
    ORDER BY v.happened_on, v.id LIMIT 1 OFFSET :allowance
"""
OPEN_GROUPS = f"""
    SELECT h.department_code, h.name, h.since, (SELECT MAX(l.week) FROM weekly_log l WHERE l.county_code = h.county_code
      AND l.village_code = h.village_code AND l.state = 'submitted' AND l.week BETWEEN :oldest AND :monday)
    FROM holding h
    WHERE h.county_code = :county AND h.kind = 'group' AND h.since <= :through AND (h.until IS NULL OR h.until > :through)
      AND EXISTS (SELECT 1 FROM observation_point p WHERE p.county_code = h.county_code AND p.village_code = h.village_code
        AND {_POINT.format(week=":monday")})
"""

RELABELLED = f"""
    SELECT v.happened_on, v.department_code, v.title, COUNT(DISTINCT e.village_code)
    FROM {_ENTRY_OF_POINT}
    WHERE {_INSPECTED} AND v.called_as IN ('research', 'guidance', 'observation', 'visit')
    GROUP BY v.id, v.happened_on, v.department_code, v.title
    HAVING SUM(CASE WHEN e.ledger OR e.scored OR e.notified THEN 1 ELSE 0 END) > 0
"""
SAME_DAY = f"""
    SELECT happened_on, township_code, COUNT(*), MAX(units) FROM (
      SELECT v.happened_on, p.township_code, e.village_code, COUNT(DISTINCT v.department_code) AS units
      FROM {_ENTRY_OF_POINT} WHERE {_INSPECTED}
      GROUP BY v.happened_on, p.township_code, e.village_code HAVING COUNT(DISTINCT v.department_code) >= :least) AS crowded
    GROUP BY happened_on, township_code
"""
LAST_REPORTS = f"""
    SELECT p.township_code, p.since, MAX(l.week) FROM observation_point p LEFT JOIN weekly_log l
      ON l.county_code = p.county_code AND l.village_code = p.village_code AND l.state = 'submitted'
    WHERE p.county_code = :county AND {_POINT.format(week=":monday")}
    GROUP BY p.township_code, p.village_code, p.since
"""

SECONDS = f"SELECT l.seconds FROM {_LOG_OF_POINT} WHERE {_COUNTS} AND l.week BETWEEN :first AND :last ORDER BY l.seconds"
MINUTES = f"""
    SELECT COALESCE(SUM(e.people * (e.minutes + e.travel_minutes)), 0)
    FROM {_ENTRY_OF_POINT} WHERE {_COUNTS} AND l.week BETWEEN :first AND :last AND l.seconds > 0
"""
