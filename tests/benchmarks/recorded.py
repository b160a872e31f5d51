"""What a page of ours drew, kept as plain values, and the same drawn again by Streamlit alone."""

import io
import json
import os
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import streamlit as st
from streamlit.delta_generator import DeltaGenerator
from streamlit.proto.Delta_pb2 import Delta
from streamlit.proto.Element_pb2 import Element
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

FOLDER = "BENCH_FOLDER"
ENDING = ".elements"
CHARTS, TABLES = ("vega_lite_chart", "echarts_chart"), ("dataframe", "table")
TEXTS = ("html", "markdown", "heading", "alert", "empty", "page_link", "bidi_component", "space", "code", "text", "imgs")
Place = tuple[int, ...]
Deltas = Mapping[Place, Delta]


def keep(folder: Path, stem: str, drawn: Deltas) -> Counter[str]:
    """Write what a page drew for the bare app; how many of each sort: charts, tables, texts, widgets, containers."""
    with (folder / f"{stem}{ENDING}").open("wb") as file:
        for path, delta in drawn.items():
            message = ForwardMsg(delta=delta)
            message.metadata.delta_path.extend(path)
            content = message.SerializeToString()
            file.write(len(content).to_bytes(4, "big") + content)
    return Counter(sort_of(delta) for delta in drawn.values())


def stems() -> list[str]:
    """The pages that were kept."""
    return sorted(path.stem for path in Path(os.environ[FOLDER]).glob(f"*{ENDING}"))


def sort_of(delta: Delta) -> str:
    """chart, table, text or widget; container for what holds others."""
    if delta.WhichOneof("type") == "add_block":
        return "container"
    kind = str(delta.new_element.WhichOneof("type"))
    return "chart" if kind in CHARTS else "table" if kind in TABLES else "text" if kind in TEXTS else "widget"


@cache
def recorded(stem: str) -> list[tuple[Place, str, Any]]:
    """What the page drew, read once: (place, kind, what is needed to draw it), each container before what it holds."""
    stream, found = io.BytesIO((Path(os.environ[FOLDER]) / f"{stem}{ENDING}").read_bytes()), []
    while size := stream.read(4):
        message = ForwardMsg.FromString(stream.read(int.from_bytes(size, "big")))
        found.append((tuple(message.metadata.delta_path), *_prepared(message.delta)))
    return sorted(found, key=lambda one: one[0])


def draw(stem: str) -> None:
    """The page, each element by the plainest call that makes it, in containers as many and as deep."""
    holders: dict[Place, DeltaGenerator] = {}
    for number, (path, kind, made) in enumerate(recorded(stem)):
        holder = holders.get(path[:-1], st)
        if kind == "container":
            holders[path] = holder.container()
        else:
            DRAWN.get(kind, _text)(holder, str(number), made)


def _prepared(delta: Delta) -> tuple[str, Any]:
    if delta.WhichOneof("type") == "add_block":
        return "container", None
    element: Element = delta.new_element
    kind = str(element.WhichOneof("type"))
    proto = getattr(element, kind)
    if kind == "vega_lite_chart":
        frames = {one.name: _frame(one.data.data) for one in proto.datasets}
        return kind, (json.loads(proto.spec), frames, _frame(proto.data.data) if proto.data.data else None)
    if kind in TABLES:
        return kind, _frame(
            (proto.arrow_data if kind == "table" else proto.data if hasattr(proto, "data") else proto.arrow_data).data
        )
    return kind, proto


def _frame(content: bytes) -> pd.DataFrame:
    return pa.ipc.open_stream(content).read_pandas()


def _chart(holder: Any, key: str, made: Any) -> None:
    spec, frames, data = made
    holder.vega_lite_chart(data, {**spec, "datasets": dict(frames)} if frames else dict(spec), theme=None, key=f"chart{key}")


def _group(holder: Any, key: str, proto: Any) -> None:
    options = [str(n) for n in range(len(proto.options))]
    labels = [option.content for option in proto.options]
    holder.pills("x", options, format_func=lambda option: labels[int(option)], key=key)


def _choice(holder: Any, key: str, proto: Any) -> None:
    options = list(proto.options)
    holder.selectbox(proto.label, range(len(options)), format_func=lambda n: options[n], key=key)


def _text(holder: Any, _key: str, proto: Any) -> None:
    holder.html(str(getattr(proto, "body", "")) or "<i></i>")


DRAWN: dict[str, Callable[[Any, str, Any], Any]] = {
    "button": lambda holder, key, proto: holder.button(proto.label, key=key),
    "button_group": _group,
    "checkbox": lambda holder, key, proto: holder.checkbox(proto.label, key=key),
    "dataframe": lambda holder, key, frame: holder.dataframe(frame, key=key),
    "date_input": lambda holder, key, proto: holder.date_input(proto.label, key=key),
    "download_button": lambda holder, key, proto: holder.download_button(proto.label, b"x", key=key),
    "file_uploader": lambda holder, key, proto: holder.file_uploader(proto.label, key=key),
    "heading": lambda holder, _key, proto: holder.subheader(proto.body),
    "markdown": lambda holder, _key, proto: holder.markdown(proto.body, unsafe_allow_html=proto.allow_html),
    "multiselect": lambda holder, key, proto: holder.multiselect(proto.label, list(proto.options), key=key),
    "number_input": lambda holder, key, proto: holder.number_input(proto.label, key=key),
    "pagination": lambda holder, key, proto: holder.pagination(max(proto.num_pages, 1), key=key),
    "radio": lambda holder, key, proto: holder.radio(proto.label, list(proto.options), key=key),
    "selectbox": _choice,
    "table": lambda holder, _key, frame: holder.table(frame),
    "text_area": lambda holder, key, proto: holder.text_area(proto.label, key=key),
    "text_input": lambda holder, key, proto: holder.text_input(proto.label, key=key),
    "vega_lite_chart": _chart,
}
