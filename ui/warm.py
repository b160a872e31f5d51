"""What the first visitor would otherwise wait for: slow imports, catalogues, drawings."""

from services.actions import sign_in
from ui.i18n import LANGUAGES, catalogue


def warm_up() -> None:
    """Import and build once what every visit needs."""
    sign_in.nobody_hash()
    for language in LANGUAGES:
        catalogue(language)
