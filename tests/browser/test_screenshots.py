"""The README's pictures, written only when asked: `make screenshots`."""

import os
from contextlib import closing

import pytest

from models.settings import ROOT
from tests.browser.steps import ERRORS, sign_in, speak

FOLDER = ROOT / "docs" / "screenshots"
PICTURES = {
    "overview": ("taskforce", "overview", "desktop"),
    "trends": ("taskforce", "trends", "desktop"),
    "departments": ("compliance", "departments", "desktop"),
    "weekly-log-phone": ("village", "weekly_log", "phone"),
}
LANGUAGES = {"zh": "zh_CN", "en": "en"}
ASKED = os.environ.get("SCREENSHOTS") == "1"


@pytest.mark.skipif(not ASKED, reason="writes files: run `make screenshots`")
@pytest.mark.parametrize("short", LANGUAGES)
@pytest.mark.parametrize("name", PICTURES)
def test_picture(open_context, server, name, short):
    username, stem, device = PICTURES[name]
    speak(server, username, LANGUAGES[short])
    with closing(open_context(device)) as context:
        page = context.new_page()
        sign_in(page, username, f"/{stem}")
        page.mouse.move(0, 0)  # nothing stays lit under it
        page.wait_for_timeout(1500)  # charts fade in
        assert page.locator(ERRORS).count() == 0
        FOLDER.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=FOLDER / f"{name}-{short}.png")
    speak(server, username, "zh_CN")
