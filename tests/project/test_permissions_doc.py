"""docs/permissions.md says what the code says."""

from models.settings import ROOT
from services.access import ROLES, Permission
from services.permissions_page import permissions_page
from services.usecase import USE_CASES


def test_the_page_is_current():
    assert (ROOT / "docs/permissions.md").read_text("utf-8") == permissions_page(), "run `make docs`"


def test_the_page_is_the_same_each_time_and_names_everything():
    page = permissions_page()
    assert page == permissions_page()
    for role in ROLES:
        assert f"| `{role}` |" in page
    for permission in set(Permission) - {Permission.SIGN_IN}:
        assert f"| `{permission}` |" in page
    for name, case in USE_CASES.items():
        if case.function.__module__.startswith("services."):
            assert f"| `{name}` | {case.kind} |" in page


def test_every_use_case_says_what_it_answers():
    permissions_page()
    silent = [name for name, case in USE_CASES.items() if not (case.function.__doc__ or "").strip()]
    assert silent == []
