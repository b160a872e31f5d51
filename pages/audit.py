"""Audit: who did what, when and why, and whether the trail is whole. Reading only."""

from ui import audit_trail
from ui.shell import open_page

with open_page("audit") as page:
    audit_trail.show(page)
