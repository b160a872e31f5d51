"""What axe finds on every page, in both languages and both sizes of letters; and that large letters are large, also in drawings.

One sign-in per role; language and size are changed in the account, as the menu does, and the page is opened anew.
"""

import sqlite3
from contextlib import closing

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, expect

from tests.browser.recorder import PATH, RECORDER, TITLES, box, opener, sheet
from tests.browser.server import Server
from tests.browser.steps import ERRORS, FITS, READY, fill_in, open_path, overflow, settled, sign_in
from ui.shell import PAGES

POINTS_18 = 24  # CSS pixels
THUMB = 43.5
ROLES = {  # each page once, and the one that departments see quite differently
    "village": ("weekly_log",),
    "taskforce": ("overview", "trends", "departments", "points", "targets"),
    "department": ("departments",),
    "sysadmin": ("accounts",),
    "auditor": ("audit",),
}
MODES = [("zh_CN", False), ("zh_CN", True), ("en", False), ("en", True)]
# Streamlit's own markup, which nothing outside of it can mend; one line each, by axe's rule and the element it names
THEIRS = {
    ("presentation-role-conflict", "stFileUploaderDropzone"): "the drop zone is presentation and has a name; its button has both",
}
# Inside a drawing nothing is asked: it is told as a whole by its alternative text, Vega calls even an empty layer a picture
# without a name, and the colours of its texts come from ui/look, whose contrast has a test of its own.
RUN = """() => axe.run({exclude: [['.stVegaLiteChart svg']]}, {resultTypes: ['violations']}).then(({violations}) =>
    violations.flatMap(({id, impact, nodes}) => nodes.map(({target, html}) => [id, impact, html.slice(0, 300), `${target}`])))"""
SMALL = """least => {
  const found = new Set(), walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    const element = node.parentElement, range = document.createRange();
    if (!node.nodeValue.trim() || element.closest('script, style, noscript, [data-testid=stSkipToContent]')) continue;
    range.selectNode(node);
    const { width, height } = range.getBoundingClientRect(), style = getComputedStyle(element);
    if (width < 2 || height < 2 || style.visibility === 'hidden') continue;
    if (parseFloat(style.fontSize) < least - 0.1) found.add(`${style.fontSize} ${node.nodeValue.trim().slice(0, 20)}`);
  }
  return [...found];
}"""
LOW = """least => {
  const boxes = '[role=group], [data-testid$=RootElement], [data-testid$=InputContainer], [data-testid=stDateInputField], label';
  const taps = 'button, a[href], input, select, textarea, summary, [role=radio], [role=switch]';
  const inside = '.stVegaLiteChart, .stTooltipIcon, .headline, [data-testid=stSidebar], [data-testid=stSkipToContent], '
      + '[style*="clip: rect(0px"]';  // seen by screen readers only
  return [...document.querySelectorAll(taps)].filter((e) => e.checkVisibility({ opacityProperty: true, visibilityProperty: true })
      && e.getBoundingClientRect().width > 2 && !e.closest(inside))
    .map((e) => [e, (e.tagName === 'INPUT' && e.closest(boxes) || e).getBoundingClientRect()])
    .filter(([e, box]) => box.height < least || box.width < least)
    .map(([e, box]) => `${Math.round(box.width)}×${Math.round(box.height)} ${e.tagName} ${e.innerText || e.ariaLabel || ''}`);
}"""

HEADING = "[data-testid=stMain] :is(h1, [aria-level='1'])"
TURNED = "([heading, before]) => ![null, undefined, before].includes(document.querySelector(heading)?.innerText)"
SPOKEN = """([language, size]) => document.documentElement.lang === language
    && getComputedStyle(document.documentElement).fontSize === size"""
DRAWN = "[...document.querySelectorAll('.stVegaLiteChart')].every((chart) => chart.querySelector('svg, canvas'))"


def prefer(server: Server, username: str, language: str, *, large: bool) -> None:
    with closing(sqlite3.connect(server.folder / "burden.db", timeout=15)) as database, database:
        wanted = (language, large, username)
        database.execute("UPDATE account SET language = ?, large_type = ? WHERE username = ?", wanted)


def faults(page: Page) -> list[str]:
    """What axe finds, other than what is Streamlit's own."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    return [
        f"{rule} ({impact}): {target} {html}"
        for rule, impact, html, target in page.evaluate(RUN)
        if not any(rule == known and element in html for known, element in THEIRS)
    ]


def turn_to(page: Page, stem: str) -> None:
    """To another page as the menu does it; a page that is the only one is loaded anew."""
    link = f"[data-testid=stSidebarNavLink][href$='/{stem}']"
    if page.url.endswith(f"/{stem}") or not page.locator(link).count():
        page.goto(f"/{stem}")
        page.wait_for_selector(HEADING)
    else:
        before = page.locator(HEADING).first.inner_text()
        page.evaluate(f"""document.querySelector("{link}").click()""")
        page.wait_for_function(TURNED, arg=[HEADING, before])
    page.wait_for_selector(READY)


def assert_easy(page: Page, stem: str, language: str, *, large: bool) -> None:
    """On a phone: nothing for axe, nothing sideways, nothing too small for eyes or fingers."""
    page.wait_for_function(SPOKEN, arg=[language.replace("_", "-"), "24px" if large else "16px"])
    where = f"{stem} in {language}, {'large' if large else 'usual'} type"
    page.wait_for_function(DRAWN)
    assert page.locator(ERRORS).all_inner_texts() == [], where
    assert faults(page) == [], where
    assert overflow(page) == 0, f"{where} scrolls sideways"
    assert page.evaluate(LOW, THUMB) == [], where
    if large:
        assert page.evaluate(SMALL, POINTS_18) == [], where
        page.set_viewport_size({"width": 320, "height": 800})
        page.wait_for_function(FITS)  # drawings are made anew for the width
        page.set_viewport_size({"width": 360, "height": 800})


def test_every_page_was_asked():
    assert {stem for stems in ROLES.values() for stem in stems} == set(PAGES)


@pytest.mark.parametrize("username", ROLES)
def test_axe_eyes_and_fingers_find_nothing_on_a_phone(phone, server, username):
    sign_in(phone, username, f"/{ROLES[username][0]}")
    for language, large in MODES:
        prefer(server, username, language, large=large)
        for stem in ROLES[username]:
            turn_to(phone, stem)
            assert_easy(phone, stem, language, large=large)
    prefer(server, username, "zh_CN", large=False)


def test_axe_finds_nothing_on_the_screens_before_the_menu(phone):
    open_path(phone, "/weekly_log")
    assert faults(phone) == []
    assert phone.evaluate(LOW, THUMB) == []
    fill_in(phone, "newcomer")
    settled(phone)
    assert faults(phone) == []
    assert phone.evaluate(LOW, THUMB) == []


def test_axe_eyes_and_fingers_find_nothing_where_there_is_no_signal(log, server):
    for language, large in (MODES[0], MODES[-1]):
        prefer(server, RECORDER, language, large=large)
        open_path(log, f"{PATH}&sheets=1")
        assert_easy(log, "weekly sheets", language, large=large)
    prefer(server, RECORDER, "zh_CN", large=False)


def test_axe_finds_nothing_in_what_is_opened_on_the_log_and_in_the_account_menu(log):
    box(log, TITLES[0]).tap()
    settled(log)
    log.locator("[class*=st-key-edit_e]").get_by_role("button").first.tap()
    expect(log.get_by_role("dialog")).to_be_visible()
    settled(log)
    assert faults(log) == []
    assert log.evaluate(LOW, THUMB) == []
    log.keyboard.press("Escape")
    expect(log.get_by_role("dialog")).to_have_count(0)
    opener(log, "会议").tap()
    expect(sheet(log)).to_be_visible()
    assert faults(log) == []
    log.keyboard.press("Escape")
    log.locator(".st-key-account_menu button").first.tap()
    expect(sheet(log)).to_be_visible()
    assert faults(log) == []
    assert log.evaluate(LOW, THUMB) == []


def test_a_week_can_be_logged_with_the_keyboard_alone(log):
    focused = "document.activeElement.matches('[class*=st-key-row_] input')"
    for _ in range(40):
        log.keyboard.press("Tab")
        if log.evaluate(focused):
            break
    assert log.evaluate(focused), "no row is reached with the tab key"
    log.keyboard.press("Space")
    expect(log.locator("[class*=st-key-row_] input:checked")).to_have_count(1)
    expect(log.locator(".st-key-bar")).to_contain_text("已存")
