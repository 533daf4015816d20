"""Templates: looks only, and every mistake with its line."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from hkz_xlsx.layout.style_template import CHARTS, NEUTRAL, Look, dressed
from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.layout.template import contrast, load_template, template_names, templates_folder
from hkz_xlsx.problems import HkzError
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.text import LANGS, Lang
from hkz_xlsx.writing.workbook import write_workbook
from tests.support import library, plan_of, random_inputs

EXAMPLE = "voorbeeld-adviesbureau"


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_neutral_template_is_the_look_without_one() -> None:
    look = load_template("neutraal")
    assert look == NEUTRAL
    assert set(template_names()) == {"neutraal", EXAMPLE}


@pytest.mark.parametrize("lang", LANGS)
def test_template_shows_on_start_and_changes_no_cell_of_ours(lang: Lang, tmp_path: Path) -> None:
    """Cover, signature and logo are there; every formula, answer and identity stays the same."""
    plan, look = plan_of(lang), load_template(EXAMPLE)
    inputs = random_inputs(plan, 3)
    plain, branded = write_workbook(plan, inputs), write_workbook(plan, inputs, look)
    books = [openpyxl.load_workbook(BytesIO(data)) for data in (plain, branded)]
    added = set()
    for first, second in zip(*books, strict=True):
        cells = [
            {c.coordinate: c.value for line in s.iter_rows() for c in line if c.value is not None}
            for s in (first, second)
        ]
        assert cells[0].items() <= cells[1].items()
        added |= {str(cells[1][key]) for key in cells[1].keys() - cells[0].keys()}
    assert added == {look.cover.get(lang), look.signature()}
    parts = _parts(branded)
    assert look.logo is not None
    assert parts["xl/media/image1.png"] == look.logo.data
    alt = look.logo.alt.get(lang).encode()
    assert any(b'descr="' + alt in parts[n] for n in parts if "drawings/drawing" in n)
    path = tmp_path / "w.xlsx"
    path.write_bytes(branded)
    submission = read_workbook(path, library())
    assert submission.identity == plan.identity
    assert not [p for p in submission.problems if p.code == "PLAN_CHANGED"]


def test_template_chooses_charts() -> None:
    look = Look(charts=("themes",))
    shown = [c.key for s in dressed(plan_of(), look).sheets for c in s.charts]
    assert shown == ["themes"]
    assert [c.key for s in plan_of().sheets for c in s.charts] == list(CHARTS)


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


def _changed(tmp_path: Path, *changes: tuple[str, str]) -> str:
    folder = tmp_path / "eigen"
    folder.mkdir()
    text = (templates_folder() / EXAMPLE / "template.yaml").read_text("utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    (folder / "template.yaml").write_text(text, "utf-8")
    logo = (templates_folder() / EXAMPLE / "logo.png").read_bytes()
    (folder / "logo.png").write_bytes(logo)
    return str(folder)


def test_own_template_by_folder_or_file(tmp_path: Path) -> None:
    name = _changed(tmp_path, ("De Wegwijzer (voorbeeld)", "Bureau Zuid"))
    assert load_template(name).adviser == "Bureau Zuid"
    assert load_template(f"{name}/template.yaml") == load_template(name)
    assert load_template(name).palette != Palette()


@pytest.mark.parametrize(
    ("code", "old", "new"),
    [
        ("TEMPLATE_COLOUR", '"#1D4D4F"', '"donkergroen"'),
        ("TEMPLATE_COLOUR_NAME", "dark:", "donker:"),
        ("TEMPLATE_CONTRAST", '"#1D4D4F"', '"#B0C4C5"'),
        ("TEMPLATE_CONTRAST", '"#475A5B"', '"#A0A0A0"'),
        ("TEMPLATE_SERIES", '"#D98E04"', '"#1F7A70"'),
        ("TEMPLATE_LOGO", '"logo.png"', '"../logo.png"'),
        ("TEMPLATE_LOGO", '"logo.png"', '"template.yaml"'),
        ("TEMPLATE_TEXT_LONG", "Samen op weg", "Samen op weg " * 20),
        ("NORM_KEY_UNKNOWN", "charts:", "columns:"),
        ("NORM_VALUE_WRONG", '"history"]', '"taart"]'),
        ("NORM_KEY_TWICE", "font:", 'font: "Arial"\nfont:'),
        ("NORM_YAML_BROKEN", "colours:", "colours: ["),
    ],
)
def test_mistakes_have_a_line(code: str, old: str, new: str, tmp_path: Path) -> None:
    """Each mistake is found, with the line it stands on."""
    name = _changed(tmp_path, (old, new))
    with pytest.raises(HkzError) as caught:
        load_template(name)
    found = [p for p in caught.value.problems if p.code == code]
    assert found, caught.value.problems
    assert found[0].where.line
    assert re.match(r"eigen/template\.yaml:\d+", str(found[0].where))


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    name = _changed(tmp_path, ('"#1D4D4F"', '"x"'), ('"logo.png"', '"weg.png"'))
    with pytest.raises(HkzError) as caught:
        load_template(name)
    assert {p.code for p in caught.value.problems} >= {"TEMPLATE_COLOUR", "TEMPLATE_LOGO"}


def test_unknown_template_names_the_choices() -> None:
    with pytest.raises(HkzError) as caught:
        load_template("bestaat-niet")
    (found,) = caught.value.problems
    assert found.code == "TEMPLATE_UNKNOWN"
    assert EXAMPLE in found.hint("nl")
