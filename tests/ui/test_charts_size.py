"""Drawings in large type: the same drawing with every length grown, and no other number touched."""

import json

import pandas as pd

from ui.charts import departments, overview, peers, trends
from ui.charts.size import sized
from ui.i18n import translator
from ui.look import DRAWN

USUAL, LARGE = translator("en"), translator("en", large=True)
SPEC = {
    "height": 40,
    "config": {"axis": {"labelFontSize": 12}},
    "layer": [
        {
            "mark": {"type": "point", "fontSize": 12, "size": 10, "opacity": 1},
            "encoding": {
                "x": {"value": {"expr": "width - 62px"}, "axis": {"tickCount": 5}},
                "y": {"value": 14},
                "color": {"value": "white"},
                "size": {"condition": {"test": "datum.rank == 12", "value": 6}, "value": 3},
            },
        }
    ],
}


def test_lengths_grow_and_counts_stay():
    mark, encoding = (sized(SPEC, LARGE)["layer"][0][part] for part in ("mark", "encoding"))
    assert (mark["fontSize"], mark["size"], mark["opacity"]) == (12 * DRAWN, 10 * DRAWN**2, 1)
    assert encoding["x"] == {"value": {"expr": f"width - {62 * DRAWN:g}"}, "axis": {"tickCount": 5}}
    assert encoding["y"] == {"value": 14 * DRAWN}
    assert encoding["size"] == {"condition": {"test": "datum.rank == 12", "value": 6 * DRAWN**2}, "value": 3 * DRAWN**2}
    assert sized(SPEC, LARGE)["config"]["axis"]["labelFontSize"] >= 24


def test_in_usual_type_only_the_unit_goes():
    told = json.dumps(sized(SPEC, USUAL))
    assert json.loads(told.replace("width - 62", "width - 62px")) == SPEC


def test_no_letters_in_a_large_drawing_are_smaller_than_eighteen_points():
    no_rows = pd.DataFrame(columns=[*departments.COLUMNS, *peers.ROWS, *peers.BANDS]).loc[:, lambda f: ~f.columns.duplicated()]
    drawn = [
        overview.heat(no_rows, no_rows, LARGE),
        overview.shares(no_rows, no_rows, 26, LARGE),
        departments.bullets(no_rows, 0.5, LARGE, named=True),
        peers.strips(no_rows, no_rows, LARGE),
        trends.multiples({}, LARGE),
    ]
    sizes = [size for spec in drawn for size in _sizes({name: part for name, part in spec.items() if name != "datasets"})]
    assert len(sizes) > 10
    assert min(sizes) >= 24


def _sizes(part):
    if isinstance(part, list):
        return [size for one in part for size in _sizes(one)]
    if not isinstance(part, dict):
        return []
    own = [value for name, value in part.items() if name.lower().endswith("fontsize") and isinstance(value, int | float)]
    return own + [size for one in part.values() for size in _sizes(one)]
