"""Reference data, the demo story and bulk data: `python -m seed`."""
