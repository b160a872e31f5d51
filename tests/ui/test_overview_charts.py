"""The overview's two pictures: complete Vega-Lite specs, drawn once, with the frames joined to them."""

import json

import pandas as pd
import pytest

from ui.charts import overview as charts
from ui.i18n import translator

ZH, EN = translator("zh_CN"), translator("en")
TOWNS = pd.DataFrame({"town": [0, 1], "town_name": ["青石镇", "大坪乡"], "told": ["", "缺报 3"]})
AT = {"w": 0, "town": 0, "town_name": "青石镇", "iso": "2026-W22", "day": "5月25日"}
CELLS = pd.DataFrame([{**AT, "slot": slot, "state": slot} for slot in range(4)])
PARTS = pd.DataFrame([{**AT, "state": 0, "count": 20, "expected": 25, "y0": 0.0, "y1": 0.8}])
QUOTAS = pd.DataFrame([{"rank": 0, "measure": "form", "name": "民政局", "label": "25/19", "status": "over", "share": 1.3}])
NAMES = pd.DataFrame({"rank": [0], "name": ["民政局"]})


def _pictures(t):
    yield charts.strip(CELLS, TOWNS, 26, t)
    yield charts.shares(PARTS, TOWNS, 26, t)
    yield charts.heat(QUOTAS, NAMES, t)


@pytest.mark.parametrize("t", [ZH, EN])
def test_a_picture_names_its_data_and_holds_none(t):
    for spec in _pictures(t):
        drawing = {key: value for key, value in spec.items() if key != "datasets"}
        named = {layer["data"]["name"] for layer in drawing["layer"]} | {drawing.get("data", {}).get("name")}
        assert named - {None} == set(spec["datasets"])
        assert "青石镇" not in json.dumps(drawing, ensure_ascii=False)
        assert drawing["autosize"]["type"] == ("fit-x" if "cells" in named and "rows" in named else "fit")  # rows grow on a phone


def test_every_field_that_is_drawn_is_in_the_data_or_computed():
    for spec in _pictures(ZH):
        for layer in spec["layer"]:
            frame = spec["datasets"][layer["data"]["name"]]
            computed = {step["as"] for step in layer.get("transform", []) if "as" in step}
            fields = {part["field"] for part in layer["encoding"].values() if isinstance(part, dict) and "field" in part}
            fields |= {tip["field"] for tip in layer["encoding"].get("tooltip", [])}
            assert fields <= set(frame.columns) | computed


def test_a_drawing_is_made_once():
    assert charts.strip(CELLS, TOWNS, 26, ZH)["layer"] is charts.strip(CELLS, TOWNS, 26, ZH)["layer"]
    assert charts.heat(QUOTAS, NAMES, ZH)["layer"] is not charts.heat(QUOTAS, NAMES, EN)["layer"]


def test_over_and_near_have_a_shape_and_a_word():
    drawn = json.dumps(charts.heat(QUOTAS, NAMES, ZH)["layer"], ensure_ascii=False)
    for sign in ("triangle-up", "diamond", "超", "近"):
        assert sign in drawn
