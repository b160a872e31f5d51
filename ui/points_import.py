"""Points from a file, with a preview of what would change."""

from ui.shell import Page


def show(page: Page) -> None:
    """Placeholder."""
