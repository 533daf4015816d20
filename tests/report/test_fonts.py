"""The fonts of the PDF report: what they can show, and what happens to the rest."""

from __future__ import annotations

from docs.fonts import FOLDER, ranges, widths
from hkz_xlsx.render.typeset import FONTS, settable
from hkz_xlsx.text import LANGS, catalogue


def test_table_of_characters_is_up_to_date() -> None:
    """Run `python -m docs.fonts` after changing a font."""
    assert (FOLDER / "coverage.txt").read_text("ascii").split() == ranges()
    assert (FOLDER / "widths.txt").read_text("ascii").splitlines() == widths()


def test_every_font_has_its_licence() -> None:
    """A free licence of each family stands beside the files."""
    for family in FONTS:
        name = family.split()[0].removesuffix("Vu")
        assert [p for p in FOLDER.glob("LICENSE-*.txt") if name in p.name], family


def test_our_own_words_can_be_shown() -> None:
    """No character of the catalogues becomes a code."""
    for lang in LANGS:
        for key, text in catalogue(lang).items():
            assert "[U+" not in settable(text), key


def test_other_characters_are_shown_as_codes() -> None:
    """Nothing disappears, and a long word can be broken."""
    assert settable("a漢b") == "a[U+6F22]b"
    long = settable("x" * 100)
    assert long.replace("\u200b", "") == "x" * 100
    assert max(map(len, long.split("\u200b"))) <= 36
