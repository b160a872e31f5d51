"""The demo, reference rows and bulk data."""
