"""How far each ratio may go before `make bench-check` fails. A bar above AIM is not yet reached: it only prevents going back."""

AIM = 1.3
BARS = {
    "rerun of weekly_log": 1.5,
    "rerun of overview": 1.3,
    "rerun of trends": 1.3,
    "rerun of departments": 1.3,
    "rerun of points": 1.5,
    "rerun of targets": 1.5,
    "rerun of accounts": 1.5,
    "rerun of audit": 1.5,
    "trend query": 1.3,
    "growth of overview, other counties": 1.3,
    "growth of trends, other counties": 1.3,
    "growth of departments, other counties": 1.3,
    "growth of weekly_log, other counties": 1.3,
    "growth of overview, this county": 8.0,
    "growth of trends, this county": 8.0,
    "growth of departments, this county": 4.0,
    "growth of weekly_log, this county": 1.5,
}
