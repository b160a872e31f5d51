"""Every way a request can be refused: a code and its parameters, never a sentence.

AppError
├── PermissionDenied   the role or the scope does not allow it
│   └── SignedOut      nobody is signed in (any more)
├── NotFound           no such row in the actor's scope (which of the two is not told)
├── InvalidInput       a value is wrong; `field` says which
├── NotAllowedNow      the state forbids it, e.g. the week is closed
├── Conflict           somebody else saved first
└── ImportRefused      a file is refused as a whole; `problems` has one per line

The sentences are in locale/*/errors.po under `error.<code>`; a test demands both languages for each code used.
"""

from dataclasses import dataclass


class AppError(Exception):
    """An expected refusal. `code` names the sentence, `params` fill it, `field` is where it is shown."""

    def __init__(self, code: str, *, field: str | None = None, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.field = field
        self.params = params


class PermissionDenied(AppError):
    """The actor's role or scope does not allow this."""


class SignedOut(PermissionDenied):
    """The session has ended, or there never was one."""


class NotFound(AppError):
    """No such row among those the actor may see."""


class InvalidInput(AppError):
    """A value cannot be accepted; `field` names the input it came from."""


class NotAllowedNow(AppError):
    """Right person, right values, wrong moment."""


class Conflict(AppError):
    """The row changed since the actor read it."""


@dataclass(frozen=True)
class Problem:
    """One reason why a file is refused. `line` counts from 1 with the header as line 1; 0 is the file itself."""

    line: int
    code: str
    value: str = ""


class ImportRefused(AppError):
    """A file with at least one problem; nothing of it was stored."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("import_refused", count=len(problems))
        self.problems = problems
