"""Wrong use is told in the chosen language, also by the library that parses commands."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from docs.usage_errors import DOMAINS, compiled, known, said, sentences, shipped

ROOT = Path(__file__).parents[2]
FOR_DEVELOPERS = re.compile(
    r"deprecated|Deprecation|declar|editor|completion|Bash|defined twice|Boolean option|same flag"
    r"|Unknown (color|standard)|env var|^default|dynamic|iterable|Choice\(|Windows error|^d$"
)
IN_HELP = {"Positional arguments", "Show the version and exit.", "%(prog)s, version %(version)s"}
NOT_ASKED = {"Repeat for confirmation", "Error: The two entered values do not match.",
    "Press any key to continue...", "Confirm the action without prompting.",
    "Invalid start character for option ({option})"}  # fmt: skip


def hkz(*words: str, **more: str) -> str:
    environment = {k: v for k, v in os.environ.items() if k not in ("LANG", "LC_ALL", "LANGUAGE")}
    done = subprocess.run(
        [sys.executable, "-m", "hkz_xlsx", *words], env={**environment, **more}, cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    return done.stderr


def test_everything_that_click_may_say_is_translated() -> None:
    """A newer click may say something new: it is named here."""
    ids = {one.id if isinstance(one.id, str) else one.id[0] for one in known() if one.id}
    left = {text for text in said() - ids if not FOR_DEVELOPERS.search(text)}
    assert left - IN_HELP - NOT_ASKED == set()


@pytest.mark.parametrize("domain", DOMAINS)
def test_what_is_shipped_is_what_was_translated(domain: str) -> None:
    """Run `python -m docs.usage_errors` after a change."""
    assert sentences(shipped(domain).read_bytes()) == sentences(compiled(domain))
    # Nothing of the day on which it was made: else every run changes both files.
    assert b"Creation-Date: 2026-01-01 " in compiled(domain)
    for one in known(domain):
        if isinstance(one.id, str) and one.id:
            slots = set(re.findall(r"\{[^}]*\}", one.id))
            assert set(re.findall(r"\{[^}]*\}", str(one.string))) == slots, one.id


@pytest.mark.parametrize(
    ("words", "dutch", "english"),
    [
        (("check",), "Er ontbreekt 'PAD...'", "Missing argument 'PATHS...'"),
        (("generate",), "Noem een norm", "Name a norm"),
        (("generaat",), "De opdracht 'generaat' bestaat niet.", "No such command 'generaat'"),
        (("check", "--jobs", "veel", "x"), "'veel' is geen getal", "'veel' is not a valid int"),
        (
            ("query", "x", "--most", "0"),
            "0 kan niet; kies 1 of meer.",
            "0 is not in the range 1 or ",
        ),
        (
            ("config", "adviser", "--clear"),
            "bestaat niet. Bedoelt u '--remove'?",
            "mean '--remove'",
        ),
        (("check", "x", "--overwrite"), "bestaat niet. Bedoelt u '--force'?", "mean '--force'?"),
        (("check", "x", "--xslx", "y"), "bestaat niet. Bedoelt u '--xlsx'?", "mean '--xlsx'?"),
        (("check", "x", "--zzz", "y"), "De optie '--zzz' bestaat niet.\n", "option '--zzz'.\n"),
        (
            ("generate", "143", "--date", "1800-01-01"),
            "kies een dag van 01-01-1990 tot en met 31-12-2100",
            "choose a day from 01-01-1990 to 31-12-2100",
        ),
        (("norms", "choose", "--work", "dansen"), "‘dansen’ kennen wij niet", "unknown: ‘dansen’"),
        (("norms", "choose", "--alone", "--fte", "-1"), "‘-1’ is geen aantal", "‘-1’ is no number"),
        (("collect", ".", "--same-client", "1"), "bijvoorbeeld 51234568=734", "such as 51234568="),
        (("query", "x", "--format", "y"), "'y' is geen van: ", "'y' is not one of "),
        (("aggregate", "x", "-o", "a", "-o", "b"), "Maar één van de uit", "Only one of the out"),
    ],
)
def test_in_the_language_that_was_asked_for(
    words: tuple[str, ...], dutch: str, english: str, tmp_path: Path
) -> None:
    """Dutch unless --lang, or the settings, say English; whatever the system speaks."""
    nothing = {"HKZ_SETTINGS": str(tmp_path / "none.toml"), "LANG": "en_US.UTF-8"}
    assert dutch in hkz(*words, **nothing)
    assert "Gebruik:" in hkz(*words, **nothing)
    settings = tmp_path / "settings.toml"
    settings.write_text('lang = "en"\n', "utf-8")
    told = hkz(*words, HKZ_SETTINGS=str(settings))
    assert english in told
    assert "Gebruik" not in told
    if words[0] != "generaat":
        assert english in hkz(*words, "--lang", "en", **nothing)


def test_no_sentence_of_our_own_stands_in_the_code() -> None:
    """Wrong use is told through the catalogues."""
    for path in (ROOT / "hkz_xlsx" / "cli").glob("*.py"):
        # A value that cannot be is said in a sentence too, not as the bare value or bounds of it.
        for call in re.findall(
            r"(?:UsageError|BadParameter)\((.{0,40})", path.read_text("utf-8"), re.DOTALL
        ):
            assert re.match(r"\s*(say|text)\(", call), (path, call)
