"""The style sheets: what a browser showed to be wrong once."""

from ui import look


def test_large_type_does_not_zoom_drawings():
    assert "zoom" not in look.LARGE_TYPE  # Streamlit measures their width without it: they would run out of their column
