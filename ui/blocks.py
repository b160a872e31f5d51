"""Pieces that several screens share: headline, sections, keys, plain tables. Values in, HTML out; no Streamlit."""

from collections.abc import Iterable, Mapping
from html import escape

import pandas as pd


def meta(*parts: str) -> str:
    """The small line above a headline: where, who, until when. Parts are escaped; the first is bold."""
    first, *rest = [escape(part) for part in parts if part]
    return f'<div class="meta"><b>{first}</b>{"".join(f" · {part}" for part in rest)}</div>'


def headline(sentence: str, basis: str = "") -> str:
    """The screen's answer (HTML from ui/sentences, already escaped) and what it rests on (plain text)."""
    below = f'<p class="basis">{escape(basis)}</p>' if basis else ""
    return f'<div class="headline" role="heading" aria-level="1">{sentence}</div>{below}'


def jump(sentence: str, anchor: str) -> str:
    """A way down a long page, to the section with that anchor."""
    return f'<p class="jump"><a href="#{anchor}">{escape(sentence)} ↓</a></p>'


def section(title: str, sub: str = "", key: str = "", anchor: str = "") -> str:
    """A section's title, one line below it, and a direct legend made by `key`. `anchor`: what a `jump` leads to."""
    here = f' id="{anchor}"' if anchor else ""
    return f'<div class="section"{here}><h2>{escape(title)}</h2>{f"<p>{escape(sub)}</p>" if sub else ""}{key}</div>'


def key(*items: tuple[str, str]) -> str:
    """A direct legend: (glyph class, word) pairs."""
    spans = "".join(f'<span><i class="glyph {glyph}"></i>{escape(word)}</span>' for glyph, word in items)
    return f'<div class="key">{spans}</div>'


def mark(code: str) -> str:
    """A shape for every verdict and status (fall, rise, none, few, over, near, within), so that colour never speaks alone."""
    return f'<i class="mark {code}"></i>'


def table(
    frame: pd.DataFrame,
    heads: Mapping[str, str],
    *,
    numeric: Iterable[str] = (),
    optional: Iterable[str] = (),
    mark_column: str | None = None,
    caption: str = "",
) -> str:
    """A plain table of text already formatted; `optional` columns are left out on a phone, `mark_column` holds a row's class."""
    right, spare = set(numeric), set(optional)
    classes = {c: " ".join(["n"] * (c in right) + ["opt"] * (c in spare)) for c in heads}
    head = "".join(f'<th scope="col" class="{classes[c]}">{escape(heads[c])}</th>' for c in heads)
    marks = frame[mark_column].tolist() if mark_column else [""] * len(frame)
    columns = [[f'<td class="{classes[c]}">{escape(str(v))}</td>' for v in frame[c].tolist()] for c in heads]
    rows = [f'<tr class="{m}">{"".join(cells)}</tr>' for m, *cells in zip(marks, *columns, strict=True)]
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    body = f"{title}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f'<div class="scroll" tabindex="0"><table class="plain">{body}</table></div>'


def facts(rows: Iterable[tuple[str, str, str]]) -> str:
    """What a figure rests on: (what, how much, from what)."""
    lines = (f"<dt>{escape(name)}</dt><dd><b>{escape(value)}</b><span>{escape(why)}</span></dd>" for name, value, why in rows)
    return f"<dl>{''.join(lines)}</dl>"


def nothing(sentence: str) -> str:
    """An empty state: what to do next, in a human sentence."""
    return f'<div class="nothing">{escape(sentence)}</div>'
