"""The manual as one file that a consultant sends along with a workbook."""

from __future__ import annotations

import re

from docs.manual_file import PAGE, manual


def test_everything_is_in_the_one_file() -> None:
    """Every picture is in it, and nothing in it leads to a file or a machine elsewhere."""
    text, source = manual(), PAGE.read_text("utf-8")
    assert text.startswith('<!DOCTYPE html>\n<html lang="nl">')
    assert text.count('src="data:image/png;base64,') == source.count("![")
    led = re.findall(r'(?:href|src)="([^"]+)"', text)
    assert [one for one in led if not one.startswith(("data:image/png;base64,", "#"))] == []
    assert "<script" not in text
    titles = re.findall(r"^## (.+)$", source, re.MULTILINE)
    assert re.findall(r"<h2>(.+)</h2>", text) == titles
    assert text.count("<table>") == 1


def test_words_of_a_link_stay() -> None:
    """What a link to another page says, still stands there as text."""
    assert "de pagina</a>" not in manual()
    assert "Wat is HKZ" in manual()


def test_the_same_text_gives_the_same_bytes() -> None:
    assert manual() == manual()
