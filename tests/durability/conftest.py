"""All of these are marked `durability`; what they keep goes into the test's own folder."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

NOW = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.durability)


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """DATA_DIR of this test alone."""
    folder = tmp_path / "data"
    monkeypatch.setenv("DATA_DIR", str(folder))
    return folder
