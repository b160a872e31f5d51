"""What the first visitor would otherwise wait for: slow imports, catalogues, drawings."""

from models.rules.verdict import Sample, judge
from services.passwords import nobody_hash
from ui.charts import trends
from ui.i18n import LANGUAGES, catalogue, translator
from ui.sign_in import library


def warm_up() -> None:
    """Import and build once what every visit needs."""
    nobody_hash()
    library()
    for language in LANGUAGES:
        catalogue(language)
        trends.multiples({}, translator(language))  # the first drawing brings Altair's schema along
    judge(Sample(1, 1), Sample(1, 1), coverage=1, least_coverage=0, significance=0.01)  # and the first test SciPy
