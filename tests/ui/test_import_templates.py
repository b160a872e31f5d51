"""The workbooks that imports begin with: their own importer knows every head, and refuses them only for being empty."""

import io

import pytest
from openpyxl import load_workbook

from models.rules.errors import ImportRefused
from services.imports import accounts, declarations, departments, points
from services.imports.files import Problems, lines
from ui.exports.document import Column
from ui.i18n import translator
from ui.import_templates import made

NOUNS = {"points": points, "departments": departments, "accounts": accounts, "declarations": declarations}
CODES = [("villages", [Column("代码"), Column("名称")], [("992121100201", "青山村")])]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
@pytest.mark.parametrize("noun", NOUNS)
def test_an_importer_knows_the_heads_of_its_own_template(noun, language):
    content = made(translator(language), noun, NOUNS[noun].COLUMNS, CODES)
    with pytest.raises(ImportRefused) as refusal:
        list(lines(content, NOUNS[noun].COLUMNS, Problems()))
    assert [problem.code for problem in refusal.value.problems] == ["file_no_rows"]


def test_codes_stand_beside_as_text():
    book = load_workbook(io.BytesIO(made(translator("zh_CN"), "points", points.COLUMNS, CODES)))
    assert book.sheetnames == ["填这里", "村代码"]
    assert [cell.value for cell in book["村代码"][2]] == ["992121100201", "青山村"]
