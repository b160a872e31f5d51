"""What goes wrong on a real phone: bad input, a nervous thumb, two tabs, a dying server. Nothing is lost, nothing is twice."""

from playwright.sync_api import Locator, Page, expect

from tests.browser.recorder import PATH, TITLES, asleep, box, count, opener, sheet, take_out
from tests.browser.server import Server
from tests.browser.steps import open_path, settled

ENTRIES = """SELECT count(*) FROM entry e JOIN account a ON a.area_code = e.village_code
    WHERE a.username = :recorder AND e.week = :week"""
ZEROS = """SELECT count(*) FROM audit_event e JOIN account a ON a.username = e.username AND a.username = :recorder
    WHERE e.action = 'weekly_logs.submit_zero'"""
CHANGES = """SELECT count(*) FROM audit_event e JOIN account a ON a.username = e.username AND a.username = :recorder
    WHERE e.action = 'weekly_logs.change_entry'"""

BAD_INPUT = [  # the chip behind which the field is, the field, what is typed, what is said
    ("其他…", "一共几分钟", "-5", "时长要在 0 到 1440 分钟之间。"),
    ("其他…", "一共几分钟", "100000000000000000000", "时长要在 0 到 1440 分钟之间。"),
    ("其他…", "一共几分钟", "7.5", "请写整数，不写小数：7 或 8。"),
    ("更多", "一共几个人", "500", "人数要在 1 到 99 之间。"),
    (None, "填了几份", "0", "份数要在 1 到 999 之间。"),
    (None, "叫什么（可以不写）", "长" * 10_000, "名称太长：有 10000 个字，最多 80 个。"),
    (None, "叫什么（可以不写）", "表\x07格", "名称里有看不见的控制字符，请重新输入。"),
]


def typed(dialog: Locator, label: str, text: str) -> Locator:
    field = dialog.get_by_label(label)
    field.fill(text)
    field.press("Tab")
    return field


def test_bad_input_is_told_at_its_field_and_nothing_typed_is_lost(log):
    opener(log, "报表").tap()
    sheet(log).get_by_role("radio", name="一", exact=True).tap()
    sheet(log).locator("[class*=st-key-grid_]").get_by_role("radio").nth(5).tap()
    sheet(log).get_by_role("button", name="1小时", exact=True).tap()
    settled(log)
    for chip, label, text, sentence in BAD_INPUT:
        log.locator("[class*=st-key-edit_e] button").first.tap()
        settled(log)
        dialog = log.get_by_role("dialog")
        if chip:
            dialog.get_by_role("radio", name=chip, exact=True).tap()
        field = typed(dialog, label, text)
        kept = field.input_value()
        dialog.get_by_role("button", name="好了").tap()
        expect(dialog.get_by_text(sentence)).to_be_visible()
        settled(log)
        expect(field).to_have_value(kept)
        assert "." not in text or kept == text
        expect(dialog.get_by_text("不想改了点 ×")).to_be_visible()
        log.keyboard.press("Escape")  # what was refused is given up: the dialog is no trap
        settled(log)
        expect(dialog).to_have_count(0)
        asleep(log)


def test_a_dialog_closed_with_its_cross_saves_what_was_changed_and_tells_what_it_refuses(log, server):
    changed = count(server, CHANGES)
    opener(log, "报表").tap()
    sheet(log).get_by_role("radio", name="一", exact=True).tap()
    sheet(log).locator("[class*=st-key-grid_]").get_by_role("radio").nth(5).tap()
    sheet(log).get_by_role("button", name="1小时", exact=True).tap()
    settled(log)
    asleep(log)
    edit, dialog = log.locator("[class*=st-key-edit_e] button").first, log.get_by_role("dialog")
    cross = dialog.locator("xpath=./button[@aria-label]")
    edit.tap()
    cross.tap()
    settled(log)
    expect(dialog).to_have_count(0)
    assert count(server, CHANGES) == changed  # nothing was changed, nothing is saved
    edit.tap()
    dialog.get_by_role("radio", name="半天", exact=True).tap()
    dialog.get_by_label("叫什么（可以不写）").fill("低保会")
    cross.tap()
    settled(log)
    expect(box(log, "低保会").locator("input")).to_be_checked()
    expect(edit).to_contain_text("半天")
    assert count(server, CHANGES) == changed + 1
    edit.tap()
    dialog.get_by_role("radio", name="更多", exact=True).tap()
    dialog.get_by_label("一共几个人").fill("500")
    cross.tap()
    settled(log)
    expect(dialog.get_by_text("人数要在 1 到 99 之间。")).to_be_visible()
    expect(dialog.get_by_label("一共几个人")).to_have_value("500")
    typed(dialog, "一共几个人", "5")
    cross.tap()
    settled(log)
    expect(dialog).to_have_count(0)
    assert count(server, CHANGES) == changed + 2


def test_a_week_that_cannot_be_written_says_so(log):
    for week, sentence in (("2099-W01", "这一周还没到，到了再填。"), ("2020-W01", "不用填"), ("gestern", "“gestern”不是一个周")):
        open_path(log, f"/weekly_log?week={week}")
        expect(log.get_by_test_id("stMain")).to_contain_text(sentence)


def test_a_half_filled_sheet_keeps_its_choices_until_something_else_is_logged(log):
    opener(log, "检查").tap()
    sheet(log).get_by_role("radio", name="一", exact=True).tap()
    sheet(log).locator("[class*=st-key-grid_]").get_by_role("radio").nth(1).tap()
    log.keyboard.press("Escape")  # or a slip of the thumb
    settled(log)
    asleep(log)
    opener(log, "检查").tap()
    expect(sheet(log).locator("button[aria-checked=true]")).to_have_count(2)
    log.keyboard.press("Escape")
    asleep(log)
    box(log, TITLES[0]).tap()
    settled(log)
    opener(log, "检查").tap()
    expect(sheet(log).locator("button[aria-checked=true]")).to_have_count(0)
    sheet(log).get_by_role("radio", name="一", exact=True).tap()
    sheet(log).locator("[class*=st-key-grid_]").get_by_role("radio").nth(1).tap()
    sheet(log).get_by_role("button", name="1小时", exact=True).tap()
    settled(log)
    expect(log.locator(".st-key-bar")).to_contain_text("2 条")


def test_a_tap_sent_again_because_no_answer_came_is_one_row(log, server):
    opener(log, "会议").tap()
    sheet(log).get_by_role("radio", name="一", exact=True).tap()
    sheet(log).locator("[class*=st-key-grid_]").get_by_role("radio").nth(0).tap()
    with server.frozen():
        for _ in range(2):
            sheet(log).get_by_role("button", name="1小时", exact=True).tap()
            log.wait_for_timeout(300)
    settled(log)
    expect(log.locator(".st-key-bar")).to_contain_text("1 条")
    assert count(server, ENTRIES) == 1


def test_what_is_still_missing_is_said_and_the_rest_stays_chosen(log):
    opener(log, "检查").tap()
    sheet(log).get_by_role("radio", name="一", exact=True).tap()
    sheet(log).get_by_role("button", name="1小时", exact=True).tap()
    settled(log)
    expect(sheet(log).get_by_text("先点部门，再点时间")).to_be_visible()
    expect(sheet(log).get_by_role("radio", name="一", exact=True)).to_be_checked()


def test_a_department_from_the_long_list_is_chosen_without_closing_the_sheet(log, server):
    opener(log, "会议").tap()
    sheet(log).get_by_role("radio", name="一", exact=True).tap()
    sheet(log).get_by_role("radio", name="其他…", exact=True).tap()
    sheet(log).get_by_role("combobox").fill("mzj")
    log.get_by_role("option").first.tap()
    sheet(log).get_by_role("button", name="1小时", exact=True).tap()
    settled(log)
    assert count(server, ENTRIES) == 1


def test_nothing_said_with_a_double_tap_is_said_once(log, server):
    before = count(server, ZEROS)
    log.locator(".st-key-log_nothing button").tap()
    sheet(log).get_by_role("button", name="是，一件都没有，提交").dblclick()
    settled(log)
    expect(log.locator(".st-key-bar")).to_contain_text("已提交")
    assert count(server, ZEROS) - before == 1


def test_two_tabs_that_tick_the_same_event_make_one_row_and_both_show_it(log, server):
    other = log.context.new_page()
    open_path(other, PATH)
    for page in (log, other):
        page.bring_to_front()
        box(page, TITLES[0]).tap()
    for page in (log, other):
        settled(page)
        expect(box(page, TITLES[0]).locator("input")).to_be_checked()
    assert count(server, ENTRIES) == 1
    other.locator(".st-key-log_submit button").tap()
    settled(other)
    box(log, TITLES[1]).tap()  # the first tab does not know yet
    settled(log)
    expect(log.locator("[data-testid=stException]")).to_have_count(0)
    assert count(server, ENTRIES) == 2


def test_nothing_that_was_tapped_chosen_or_typed_is_lost_with_a_killed_server(log, server):
    box(log, TITLES[0]).tap()
    expect(log.locator(".st-key-bar")).to_contain_text("已存")
    opener(log, "报表").tap()
    sheet(log).get_by_role("radio", name="一", exact=True).tap()
    sheet(log).locator("[class*=st-key-grid_]").get_by_role("radio").nth(5).tap()
    _killed_and_back(log, server)
    expect(box(log, TITLES[0]).locator("input")).to_be_checked()  # and all without a reload
    expect(sheet(log).locator("button[aria-checked=true]")).to_have_count(2)
    sheet(log).get_by_role("button", name="1小时", exact=True).tap()
    settled(log)
    expect(log.locator(".st-key-bar")).to_contain_text("2 条")
    asleep(log)

    log.locator("[class*=st-key-edit_e] button").filter(has_text="1小时").last.tap()
    typed(log.get_by_role("dialog"), "叫什么（可以不写）", "低保会")
    _killed_and_back(log, server)
    expect(log.get_by_role("dialog").get_by_label("叫什么（可以不写）")).to_have_value("低保会")
    log.get_by_role("dialog").get_by_role("button", name="好了").tap()
    settled(log)
    expect(log.get_by_role("dialog")).to_have_count(0)
    expect(box(log, "低保会").locator("input")).to_be_checked()

    box(log, TITLES[1]).tap()  # and it dies before it can answer
    _killed_and_back(log, server)
    expect(log.locator(".st-key-bar")).to_contain_text("3 条")
    expect(box(log, TITLES[1]).locator("input")).to_be_checked()  # the browser sent it again
    assert count(server, ENTRIES) == 3
    log.reload()
    settled(log)
    for title in (*TITLES[:2], "低保会"):
        expect(box(log, title).locator("input")).to_be_checked()


def test_ticks_made_while_nobody_hears_are_told_as_unsaved_and_are_saved_when_the_server_is_back(log, server):
    box(log, TITLES[0]).tap()
    settled(log)
    with server.frozen():
        for title in TITLES[1:3]:
            box(log, title).tap()
        log.wait_for_timeout(3300)
        assert [_waiting(log, title) for title in TITLES[:4]] == [False, True, True, False]
        server.stop()
    expect(log.get_by_text("没有连上")).to_be_visible()
    server.write(lambda session: take_out(session, TITLES[0]))
    server.start()
    log.wait_for_selector("[data-test-connection-state=CONNECTED]", timeout=60_000)
    settled(log)
    expect(log.locator(".st-key-bar")).to_contain_text("2 条")
    expect(log.get_by_text("没有连上")).to_be_hidden()
    expect(log.get_by_test_id("stToast")).to_have_count(0)
    expect(box(log, TITLES[0]).locator("input")).not_to_be_checked()  # another phone took it out: that stays so
    assert count(server, ENTRIES) == 2


def _waiting(log: Page, title: str) -> bool:
    """Whether the row says that it is not saved yet."""
    row = log.locator("[class*=st-key-row_]").filter(has=box(log, title))
    content, shown = row.evaluate("e => { const s = getComputedStyle(e, '::after'); return [s.content, s.visibility] }")
    return (content, shown) == ('"还没存上"', "visible")


def _killed_and_back(log: Page, server: Server) -> None:
    server.stop()  # kill -9
    server.start()
    log.wait_for_selector("[data-test-connection-state=CONNECTED]", timeout=60_000)
    settled(log)
