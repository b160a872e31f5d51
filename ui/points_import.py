"""Points and departments from a file, with a preview of what would change."""

from typing import Any

import streamlit as st

from services.actions import imports as actions
from services.queries import imports
from ui import import_form, import_templates
from ui.shell import Page

NOUNS = ("points", "departments")


def show(page: Page) -> None:
    """Which list it is, and the form for it."""
    t = page.t
    noun = st.segmented_control(
        t("points.import_what"),
        NOUNS,
        default=NOUNS[0],
        required=True,
        format_func=lambda noun: t(f"points.import_{noun}"),
        key="points_import_what",
        label_visibility="collapsed",
    )
    both: dict[str, Any]
    if noun == "departments":
        both = {"plan": imports.departments_plan, "apply": actions.departments_apply}
        import_form.show(
            page, "departments", **both, template=import_templates.for_departments(page), county_code=page.county_code
        )
    else:
        both = {"plan": imports.points_plan, "apply": actions.points_apply}
        import_form.show(
            page, "points", **both, template=import_templates.for_points(page), as_of=page.as_of, county_code=page.county_code
        )
