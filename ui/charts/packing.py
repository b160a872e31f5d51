"""The frames of a drawing as the Arrow bytes that go to the browser: made once, not in every run."""

from typing import Any

import pandas as pd
import pyarrow as pa


def packed(frame: pd.DataFrame) -> bytes:
    """One frame."""
    table, sink = pa.Table.from_pandas(frame, preserve_index=False), pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return bytes(sink.getvalue())


def ready(spec: dict[str, Any]) -> dict[str, Any]:
    """A spec with all its frames packed."""
    return {**spec, "datasets": {name: packed(frame) for name, frame in spec["datasets"].items()}}
