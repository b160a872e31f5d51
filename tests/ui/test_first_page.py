"""What a browser loads first: small, and asked for at once."""

import gzip
import re

import pyarrow as pa
import pytest

from tests import icons
from ui import first_page

PAGE = (first_page.STATIC / "index.html").read_bytes()


@pytest.mark.parametrize(
    ("accepted", "best"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip", "gzip"),
        ("gzip;q=1.0, br;q=0", "gzip"),
        ("identity", ""),
        ("", ""),
        ("brotli", ""),
    ],
)
def test_the_smallest_that_a_browser_takes_is_sent(accepted, best):
    assert first_page.coding(accepted) == best


@pytest.mark.parametrize("how", ["br", "gzip", ""])
def test_what_is_packed_can_be_unpacked(how):
    packed = first_page.packed(PAGE, how)
    unpack = {"br": lambda body: pa.Codec("brotli").decompress(body, len(PAGE), asbytes=True), "gzip": gzip.decompress}
    assert unpack.get(how, bytes)(packed) == PAGE


def test_what_the_sign_in_screen_is_drawn_by_is_asked_for_at_once_and_once():
    page = first_page.our_page(PAGE).decode()
    asked = re.findall(r'<link rel="modulepreload" crossorigin href="\./static/(js/[\w.-]+)">', page)
    assert len(asked) == len(set(asked))
    for element in (*first_page.FIRST, "index.esm"):
        assert any(name.startswith(f"js/{element}.") for name in asked)
    assert set(asked) <= set(first_page.bundles())


def test_charts_and_tables_are_not_asked_for_before_a_page_shows_one():
    page = first_page.our_page(PAGE).decode()
    for heavy in ("embed.", "arrowFormatUtils.", "DataFrame.", "VegaLite", "EChartsChart", "PlotlyChart"):
        assert heavy not in page


def test_streamlits_own_icon_font_is_nowhere_asked_for():
    sheet = next(name for name in first_page.bundles() if name.startswith("css/index."))
    whole = first_page.bundles()[sheet].read_bytes()
    sent = gzip.decompress(first_page.bundle(sheet, "gzip"))
    assert whole.count(b"MaterialSymbols") == 1
    assert b"MaterialSymbols" not in sent
    assert whole.count(b"@font-face") == sent.count(b"@font-face") + 1


def test_whoever_embeds_the_page_is_not_listened_to():
    assert "allowedOrigins: [location.origin]" in first_page.our_page(PAGE).decode()


def test_the_icon_font_holds_every_icon_that_is_named_and_is_cut_from_streamlits_present_one():
    source, *names = icons.LIST.read_text("utf-8").split()
    assert icons.font().name == source, "Streamlit has another font: run `make icons`"
    assert icons.named() == set(names), "an icon came or went: run `make icons`"
