"""The page in real browsers: what a small organisation does, and the same results as typed.

The rest is in ``test_advisers.py`` and ``test_resilience.py``, which `make proof` runs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.page.driving import BROWSERS, Browser, Name, browser, built, parts, typed

RETURNED = Path(__file__).parents[2] / "released" / "0.1.0" / "workbooks" / "125-nl.xlsx"


def _make(one: Browser, folder: Path) -> None:
    one.screen("maken")
    one.press("Ik weet al")
    one.run("document.querySelector('main input[value=\"125\"]').click()")
    one.press("Verder met deze norm")
    one("wait", code="return !!document.querySelector('main .result form')")
    one.run(
        "document.querySelector('main .result input[maxlength]').value = args[0]", "De Brug <b>"
    )
    one.press("Werkboek maken")
    one("wait", code="return !!document.querySelector('main .notice.good a.button')")
    assert one("axe") == []
    made = one.saved("Werkboek opslaan", "hkz-125.xlsx")
    words = ("generate", "125", "--organisation", "De Brug <b>")
    assert parts(made) == parts(typed(*words, target=folder / "typed.xlsx"))


def _check(one: Browser) -> None:
    one.screen("nakijken")
    one.choose(0, RETURNED)
    one.press("Nakijken")
    assert one.done().startswith("Dit werkboek is bruikbaar")
    assert "ANSWER_CLEANED" in one.text()
    assert one("axe") == []


def _report(one: Browser, folder: Path) -> None:
    one.screen("rapport")
    one.choose(0, RETURNED)
    one.press("Rapport maken")
    assert one.done() == "Mijn rapport"
    shown = (
        "return document.querySelector('iframe').contentDocument.querySelector('h1').textContent"
    )
    one(
        "wait", code="return !!document.querySelector('iframe').contentDocument.querySelector('h1')"
    )
    assert "Veilig Verder" in one.run(shown)
    one("wait", code="return !document.querySelector('main .result p[role=status]')")
    for suffix, text in ((".html", "Rapport opslaan"), (".json", "Gegevens"), (".md", "Tekst")):
        made = one.saved(text, f"125-nl-rapport{suffix}")
        assert made == typed("analyze", str(RETURNED), target=folder / f"typed{suffix}")
    book = one.saved("Excel", "125-nl-rapport.xlsx")
    other = typed("analyze", str(RETURNED), target=folder / "typed-report.xlsx")
    assert parts(book) == parts(other)
    assert one("axe") == []


def _next(one: Browser, folder: Path) -> None:
    one.screen("nieuw-jaar")
    one.choose(0, RETURNED)
    one.press("Werkboek voor het nieuwe jaar")
    assert one.done() == "Het werkboek voor het nieuwe jaar is klaar"
    made = one.saved("Werkboek opslaan", "125-nl-nieuw.xlsx")
    words = ("generate", "--next", str(RETURNED))
    assert parts(made) == parts(typed(*words, target=folder / "next.xlsx"))


def _what_is_no_workbook(one: Browser, folder: Path) -> None:
    wrong = folder / "<img src=x onerror=alert(1)>.xlsx"
    wrong.write_bytes(b"geen werkboek")
    one.screen("rapport")
    one.choose(0, wrong)
    one.press("Rapport maken")
    assert one.done() == "Dit is niet gelukt"
    assert wrong.name in one.text()
    assert "wat te doen:" in one.text()
    assert one.run("return document.querySelectorAll('main img').length") == 0


def _stop(one: Browser) -> None:
    """What goes on ends at once, and the next question is answered."""
    one.screen("nakijken")
    click = "[...document.querySelectorAll(args[0])].find((one) => one.checkVisibility()).click();"
    one.run(f"{click} {click.replace('args[0]', 'args[1]')}", "main button.main", "#work button")
    assert one.done() == "Gestopt"
    one.press("Nakijken")
    assert one.done().startswith("Dit werkboek is bruikbaar")


@pytest.mark.parametrize("name", BROWSERS)
def test_what_a_small_organisation_does(name: Name, tmp_path: Path) -> None:
    """Every screen of its own; the results are those of the command line."""
    page = built()
    with browser(name, tmp_path / "saved") as one:
        one.open(page)
        _make(one, tmp_path)
        _check(one)
        _report(one, tmp_path)
        _next(one, tmp_path)
        _what_is_no_workbook(one, tmp_path)
        _stop(one)
        one.quiet()
