"""What the first visitor would otherwise wait for: slow imports, catalogues, drawings."""

from services.passwords import nobody_hash
from ui.i18n import LANGUAGES, catalogue
from ui.sign_in import library


def warm_up() -> None:
    """Import and build once what every visit needs."""
    nobody_hash()
    library()
    for language in LANGUAGES:
        catalogue(language)
