"""Weekly sheets on paper: A4 across, one village-week after another, the same rows and columns as the workbook."""

from collections.abc import Sequence
from datetime import date
from html import escape

from services.sheets.layout import BLANKS, COLUMN, COLUMNS, FINISH, LEFT, Column, Finish, Form, Sheet, SheetRow
from ui.exports.log_words import Words, head, place, shown, words
from ui.i18n import Translator

MEDIA_TYPE = "text/html; charset=utf-8"
STYLE = """
@page { size: A4 landscape; margin: 9mm 10mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 277mm; padding: 4mm; color: #16242a; background: #fff;
  font: 10.5pt/1.35 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', system-ui, sans-serif; }
.note { border: 1px solid #dad5c8; border-radius: 6px; padding: 8px 12px; margin: 0 0 12px; background: #f2efe7; }
section { break-after: page; margin-bottom: 14mm; }
section:last-child { break-after: auto; }
h1 { font-size: 15pt; margin: 0 0 2mm; }
p { margin: 0 0 2mm; }
.done span { display: inline-block; margin-right: 8mm; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; table-layout: fixed; min-width: 250mm; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { border: 1px solid #46555b; padding: 1mm 1.2mm; vertical-align: middle; overflow-wrap: anywhere; }
th { background: #f2efe7; font-weight: 700; font-size: 9pt; line-height: 1.2; }
th { hyphens: auto; padding: 1mm .6mm; }
[lang="en"] :is(th, td.c) { font-size: 7.5pt; overflow-wrap: break-word; }
td { height: 8mm; font-size: 9.5pt; }
td.c { text-align: center; }
td.off { background: repeating-linear-gradient(45deg, transparent 0 2mm, #dad5c8 2mm 2.2mm); }
.box { font-size: 13pt; line-height: 1; }
.kinds { font-size: 8pt; line-height: 1.35; padding: 0 .5mm; }
.kinds span { display: inline-block; white-space: nowrap; }
.groups { columns: 3; column-gap: 6mm; list-style: none; margin: 0 0 2mm; padding: 0; font-size: 9.5pt; }
.groups li { break-inside: avoid; display: flex; align-items: baseline; gap: 1.5mm; padding: .8mm 0; }
.groups li { border-bottom: 1px solid #dad5c8; }
.groups span:last-child { margin-left: auto; white-space: nowrap; color: #46555b; }
@media print { .note { display: none; } body { padding: 0; max-width: none; } section { margin: 0; }
  .scroll { overflow: visible; } table { min-width: 0; } * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
"""


def page(sheets: Sequence[Sheet], t: Translator) -> bytes:
    """All sheets as one page to be printed."""
    lists = words(t, sheets)
    parts = "".join(_section(t, sheet, lists) for sheet in sheets)
    title = escape(t("sheets.file"))
    language = "zh-CN" if t.chinese else "en"
    text = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{STYLE}</style></head>'
        f'<body><p class="note">{escape(t("sheets.paper_note"))}</p>{parts}</body></html>'
    )
    return text.encode()


def _section(t: Translator, sheet: Sheet, lists: Words) -> str:
    total = sum(column.width for column in COLUMNS)
    columns = "".join(f'<col style="width:{column.width / total:.2%}">' for column in COLUMNS)
    heads = "".join(f'<th scope="col">{escape(head(t, column))}</th>' for column in COLUMNS)
    rows = [row for row in sheet.rows if row.key[0] != "l"]
    held = [row for row in sheet.rows if row.key[0] == "l"]
    body = "".join(_row(t, row, lists) for row in (*rows, *[None] * BLANKS))
    done = "".join(f"<span>□ {escape(word)}</span>" for code, word in lists[FINISH].items() if code != Finish.KEEP)
    table = f"<colgroup>{columns}</colgroup><thead><tr>{heads}</tr></thead><tbody>{body}</tbody>"
    names = t("sheets.paper_called_as", names=t.join(list(lists["called_as"].values())))
    return (
        f"<section><h1>{escape(place(t, sheet))}</h1><p>{escape(t('sheets.paper_help'))} {escape(names)}</p>"
        f'<div class="scroll"><table>{table}</table></div>{_groups(t, held, lists)}'
        f'<p class="done">{escape(t("sheets.finish"))} {done}</p></section>'
    )


def _groups(t: Translator, held: Sequence[SheetRow], lists: Words) -> str:
    """The groups that may have been left, in columns: a row of the table each would be a second page."""
    if not held:
        return ""
    day = escape(head(t, COLUMN["day"]))
    lines = []
    for row in held:
        name = row.base["title"] or lists["department"][row.base["department"]]
        told = t.day(row.base["day"]) if row.base["day"] else f"{day} ____"
        box = "☑" if row.base["taken"] else "□"
        lines.append(f'<li><span class="box">{box}</span><span>{escape(name)}</span><span>{escape(told)}</span></li>')
    return f'<p>{escape(t("sheets.paper_left"))}</p><ul class="groups">{"".join(lines)}</ul>'


def _row(t: Translator, row: SheetRow | None, lists: Words) -> str:
    return "<tr>" + "".join(_cell(t, column, row, lists) for column in COLUMNS) + "</tr>"


def _cell(t: Translator, column: Column, row: SheetRow | None, lists: Words) -> str:
    """What stands there; a box where a tick belongs; hatched where nothing is asked."""
    css = ' class="c"' if column.width <= 13 else ""
    if row is not None and row.base["kind"] not in column.kinds:
        return '<td class="off"></td>'
    if column.form is Form.TICK:
        ticked = row is not None and row.base.get(column.key)
        return f'<td class="c"><span class="box">{"☑" if ticked else "□"}</span></td>'
    if row is None and column.key == "kind":
        offered = "".join(f"<span>□{escape(word)}</span> " for code, word in lists["kind"].items() if code != LEFT)
        return f'<td class="kinds">{offered}</td>'
    value = shown(column, row, lists) if row is not None else None
    text = t.day(value) if isinstance(value, date) else str(value or "")
    return f"<td{css}>{escape(text)}</td>"
