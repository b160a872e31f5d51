"""The audit chains' heads, kept outside the database too: `audit-heads` in the data folder, for its owner alone.

Somebody who removes the newest links and sets a head back leaves a chain that fits in itself; it does not fit this file. One
line per chain: `chain <code> <seq> <hash> <when>`; and one per restore, which moves heads rightly:
`restored <when> <the backup's time>`. docs/adr/0019 says what this protects against.
"""

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, text

from models.settings import data_folder

Heads = dict[str, tuple[int, str]]


@dataclass
class Kept:
    """What the file says: per chain the last head seen and when, and the restores, as (when, the backup's time)."""

    chains: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    restores: list[tuple[str, str]] = field(default_factory=list)

    def note(self, heads: Heads, now: datetime) -> None:
        """These heads are the ones to compare with from now on."""
        self.chains |= {code: (seq, mark, now.isoformat()) for code, (seq, mark) in heads.items()}


def heads(connection: Connection) -> Heads:
    """The heads in the database: chain code → (seq, hash)."""
    rows = connection.execute(text("SELECT county_code, seq, hash FROM audit_chain ORDER BY county_code"))
    return {code: (seq, mark) for code, seq, mark in rows}


def read() -> Kept:
    """The file; nothing kept where there is none. RuntimeError for one that somebody else wrote."""
    kept = Kept()
    for line in _path().read_text("utf-8").splitlines() if _path().exists() else []:
        match line.split():
            case ["chain", code, seq, mark, when]:
                kept.chains[code] = (int(seq), mark, when)
            case ["restored", when, made_at]:
                kept.restores.append((when, made_at))
            case _:
                raise RuntimeError(f"{_path()}: not a line of ours: {line}")
    return kept


def write(kept: Kept) -> None:
    """The file anew, on disk before it takes the old one's place."""
    lines = [f"chain {code} {seq} {mark} {when}" for code, (seq, mark, when) in sorted(kept.chains.items())]
    lines += [f"restored {when} {made_at}" for when, made_at in kept.restores]
    new = _path().with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
    new.replace(_path())


def write_restored(restores: list[tuple[str, str]], found: Heads, now: datetime, made_at: str) -> None:
    """A restore set the heads to the backup's: compare with those from now on, and keep that it happened."""
    kept = Kept(restores=[*restores, (now.isoformat(), made_at)])
    kept.note(found, now)
    write(kept)


def _path() -> Path:
    return data_folder() / "audit-heads"
