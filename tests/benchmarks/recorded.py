"""What a page of ours drew, kept as plain values, and the same drawn again by Streamlit alone."""

import io
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.proto.Element_pb2 import Element

FOLDER = "BENCH_FOLDER"
CHARTS, TABLES = ("vega_lite_chart", "echarts_chart"), ("dataframe", "table")
TEXTS = ("html", "markdown", "heading", "alert", "empty", "page_link", "bidi_component", "space", "code", "text", "imgs")


def keep(folder: Path, stem: str, elements: Iterable[Element]) -> Counter[str]:
    """Write a page's elements for the bare app; how many of each sort: charts, tables, texts, widgets."""
    kept = list(elements)
    (folder / f"{stem}.elements").write_bytes(b"".join(_framed(element.SerializeToString()) for element in kept))
    return Counter(sort_of(element) for element in kept)


def sort_of(element: Element) -> str:
    """chart, table, text or widget."""
    kind = str(element.WhichOneof("type"))
    return "chart" if kind in CHARTS else "table" if kind in TABLES else "text" if kind in TEXTS else "widget"


@cache
def recorded(stem: str) -> list[tuple[str, Any]]:
    """The page's elements, read once: (kind, what is needed to draw one)."""
    stream, found = io.BytesIO((Path(os.environ[FOLDER]) / f"{stem}.elements").read_bytes()), []
    while size := stream.read(4):
        element = Element.FromString(stream.read(int.from_bytes(size, "big")))
        kind = str(element.WhichOneof("type"))
        found.append((kind, _prepared(kind, getattr(element, kind))))
    return found


def draw(number: int, element: tuple[str, Any]) -> None:
    """One element by the plainest call that makes it."""
    kind, made = element
    DRAWN.get(kind, _text)(str(number), made)


def _prepared(kind: str, proto: Any) -> Any:
    if kind == "vega_lite_chart":
        spec = json.loads(proto.spec)
        frames = {one.name: _frame(one.data.data) for one in proto.datasets}
        return (spec, frames, _frame(proto.data.data) if proto.data.data else None)
    if kind in TABLES:
        return _frame((proto.arrow_data if kind == "table" else proto.data if hasattr(proto, "data") else proto.arrow_data).data)
    return proto


def _frame(content: bytes) -> pd.DataFrame:
    return pa.ipc.open_stream(content).read_pandas()


def _framed(content: bytes) -> bytes:
    return len(content).to_bytes(4, "big") + content


def _chart(key: str, made: Any) -> None:
    spec, frames, data = made
    st.vega_lite_chart(data, {**spec, "datasets": dict(frames)} if frames else dict(spec), theme=None, key=f"chart{key}")


def _group(key: str, proto: Any) -> None:
    options = [str(n) for n in range(len(proto.options))]
    labels = [option.content for option in proto.options]
    st.pills("x", options, format_func=lambda option: labels[int(option)], key=key)


def _choice(key: str, proto: Any) -> None:
    options = list(proto.options)
    st.selectbox(proto.label, range(len(options)), format_func=lambda n: options[n], key=key)


def _text(_key: str, proto: Any) -> None:
    st.html(str(getattr(proto, "body", "")) or "<i></i>")


DRAWN: dict[str, Callable[[str, Any], Any]] = {
    "button": lambda key, proto: st.button(proto.label, key=key),
    "button_group": _group,
    "checkbox": lambda key, proto: st.checkbox(proto.label, key=key),
    "dataframe": lambda key, frame: st.dataframe(frame, key=key),
    "date_input": lambda key, proto: st.date_input(proto.label, key=key),
    "download_button": lambda key, proto: st.download_button(proto.label, b"x", key=key),
    "file_uploader": lambda key, proto: st.file_uploader(proto.label, key=key),
    "heading": lambda _key, proto: st.subheader(proto.body),
    "markdown": lambda _key, proto: st.markdown(proto.body, unsafe_allow_html=proto.allow_html),
    "multiselect": lambda key, proto: st.multiselect(proto.label, list(proto.options), key=key),
    "number_input": lambda key, proto: st.number_input(proto.label, key=key),
    "pagination": lambda key, proto: st.pagination(max(proto.num_pages, 1), key=key),
    "radio": lambda key, proto: st.radio(proto.label, list(proto.options), key=key),
    "selectbox": _choice,
    "table": lambda _key, frame: st.table(frame),
    "text_area": lambda key, proto: st.text_area(proto.label, key=key),
    "text_input": lambda key, proto: st.text_input(proto.label, key=key),
    "vega_lite_chart": _chart,
}
