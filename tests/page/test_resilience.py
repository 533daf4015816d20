"""The page when things go wrong, in real browsers: bad files, killers, limits, old browsers, a
keyboard alone; and that nothing leaves the computer.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import msoffcrypto.format.ooxml as ooxml
import pytest
from click.testing import CliRunner
from filelock import FileLock

from hkz_xlsx.cli.main import cli
from page.build import MOST, page
from page.parts import BUILD
from tests.page.driving import BROWSERS, Browser, Name, browser, built
from tests.proof.hostile.make_files import all_files

pytestmark = pytest.mark.proof
WORKBOOKS = Path(__file__).parents[2] / "released" / "0.1.0" / "workbooks"
GOOD = WORKBOOKS / "125-nl.xlsx"
OTHER = WORKBOOKS / "143-nl.xlsx"
SCREENS = ("maken", "nakijken", "rapport", "nieuw-jaar", "veel", "samenvoegen", "stand")
FINE = "Dit werkboek is bruikbaar"
IMAGE = (
    "const x = new Image(); x.src = 'http://example.org/x.png'; await x.decode().catch(() => {})"
)
_MAKERS = rb"(?i)[/ .](google|googleapis|gstatic|gvt1|mozilla|firefox|mozgcp)\.(com|org|net)[:/ ]"


def _of_the_maker(line: bytes) -> bool:
    """A browser asks those who made it for updates and lists, whatever page is open."""
    return re.search(_MAKERS, line.partition(b"\r\n")[0]) is not None


def _check(one: Browser, path: Path) -> str:
    one.screen("nakijken")
    one.choose(0, path)
    one.press("Nakijken")
    return one.done()


def _typed_codes(paths: list[Path]) -> dict[str, str]:
    """File → code of what made it unusable, as the command line says."""
    result = CliRunner().invoke(cli, ["check", *map(str, paths), "--json"])
    files: list[dict[str, Any]] = json.loads(result.stdout)["files"]
    return {f["file"]: f["problems"][0]["code"] for f in files if not f["usable"]}


@contextmanager
def recorder() -> Iterator[tuple[int, list[bytes]]]:
    """A proxy that leads nowhere and keeps what it was asked."""
    heard: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        while True:
            try:
                client, _ = server.accept()
            except OSError:
                return
            with client:
                client.settimeout(2)
                with suppress(OSError):
                    heard.append(client.recv(500))

    threading.Thread(target=listen, daemon=True).start()
    try:
        yield server.getsockname()[1], heard
    finally:
        server.close()


@pytest.mark.parametrize("name", BROWSERS)
def test_nothing_leaves_and_every_screen_is_accessible(name: Name, tmp_path: Path) -> None:
    """A proxy hears nothing; both languages, desk and telephone: axe-core finds nothing, and no
    screen is wider than the window."""
    html = built()
    with recorder() as (port, heard), browser(name, tmp_path / "saved", proxy=port) as one:
        one.open(html)
        assert one("axe") == []
        for lang in ("nl", "en"):
            for width, height in ((1366, 900), (390, 844)):
                one("size", width=width, height=height)
                for screen in SCREENS:
                    one.screen(screen)
                    assert one("axe") == [], (lang, width, screen)
                    wide = "return document.documentElement.scrollWidth - innerWidth"
                    assert one.run(wide) <= 0, (lang, width, screen)
            one.press("English" if lang == "nl" else "Nederlands")
        assert _check(one, GOOD).startswith(FINE)
        # What the page may not do, it cannot do either.
        reach = "return fetch('http://127.0.0.1:9/x').then(() => 'sent', () => 'refused')"
        assert one.run(reach) == "refused"
        one.run(IMAGE)
        assert [one for one in heard if not _of_the_maker(one)] == []
        # The recorder does hear: the same from a page without a policy.
        plain = tmp_path / "plain.html"
        plain.write_text("<!doctype html><title>x</title><p>x</p>")
        one("open", url=plain.as_uri())
        one.run(IMAGE + "; await new Promise((done) => setTimeout(done, 3000))")
        assert any(b"example.org" in one for one in heard)


@pytest.mark.parametrize("name", BROWSERS)
def test_hostile_files_cost_themselves(name: Name, tmp_path: Path) -> None:
    """40 of the hostile set between two good ones: the same are refused for the same reason."""
    html = built()
    cases = [case.data for _, case in all_files()]
    paths = []
    for number, data in enumerate(islice(cases, 0, None, max(1, len(cases) // 40))):
        path = tmp_path / f"{number:03d}.xlsx"
        path.write_bytes(data)
        paths.append(path)
    paths = [*paths[:20], GOOD, *paths[20:], OTHER]
    want = _typed_codes(paths)
    assert len(want) > 10
    with browser(name, tmp_path / "saved") as one:
        one.open(html)
        one.screen("veel")
        one.choose(0, *paths)
        one.press("Rapporten maken")
        title = one.done(900)
        shown = one.run("""
          return [...document.querySelectorAll('main .result .problem')].map((one) =>
          [one.querySelector('.place').textContent, one.querySelector('.code').textContent])""")
        found: dict[str, str] = {}
        for place, code in shown:
            key = next(path.name for path in paths if path.name in place)
            found.setdefault(key, code)
        assert {key: found.get(key) for key in want} == want, title
        rows = one.run("return [...document.querySelectorAll('main table')].pop().innerText")
        assert GOOD.name in rows
        assert OTHER.name in rows
        assert _check(one, GOOD).startswith(FINE)
        one.quiet()


@pytest.mark.parametrize("name", BROWSERS)
@pytest.mark.parametrize("end", ["silent", "broken"])
def test_a_worker_that_is_lost_costs_its_file(name: Name, end: str, tmp_path: Path) -> None:
    """The worker is ended in the middle of the second file, each time it comes to it: that file is
    told so, the others have their report."""
    html = built()
    with browser(name, tmp_path / "saved") as one:
        one.open(html)
        lose = "engine.worker.terminate()" if end == "silent" else (
            "engine.heard({ kind: 'broken', detail: 'lost' })"
        )  # fmt: skip
        one.run(
            f"""
          const engine = hkz.engine(), tell = engine.tell;
          engine.seconds = 20;
          engine.tell = (what) => {{
            tell(what);
            if (what.file === args[0]) setTimeout(() => {lose});
          }};""",
            OTHER.name,
        )
        one.screen("veel")
        one.choose(0, GOOD, OTHER, WORKBOOKS / "138-en.xlsx")
        one.press("Rapporten maken")
        assert one.done(400).startswith("Rapporten: 2; niet bruikbare bestanden: 1.")
        code = "FILE_TIME" if end == "silent" else "FILE_DIED"
        assert code in one.text()


@pytest.mark.parametrize("name", BROWSERS)
def test_large_files_and_limits(name: Name, tmp_path: Path) -> None:
    """49 MiB is looked at, 51 is not; two of one name, 201 files and one that is gone are told."""
    html = built()
    large = tmp_path / "groot.xlsx"
    shutil.copy(GOOD, large)
    with zipfile.ZipFile(large, "a", zipfile.ZIP_STORED) as archive:
        archive.writestr("xl/media/foto.png", os.urandom(49 * 1024 * 1024 - GOOD.stat().st_size))
    with browser(name, tmp_path / "saved") as one:
        one.open(html)
        title = _check(one, large)
        want = _typed_codes([large])
        assert title.startswith(FINE) if not want else want[large.name] in one.text()
        assert _check(one, GOOD).startswith(FINE)
        one.screen("veel")
        handed = """
          const area = document.querySelector("main .drop");
          const data = args[0] === "large" ? new Uint8Array(51 * 1024 * 1024) : new Uint8Array(3);
          const file = new File([data], "x.xlsx");
          const many = Array.from({ length: 201 }, (_, i) => ({ path: `${i}.xlsx`, file }));
          area.setFiles({ large: [{ path: "x.xlsx", file }], many,
            twice: [{ path: "x.xlsx", file }, { path: "x.xlsx", file }] }[args[0]]);
          return area.querySelector("[role=alert]").textContent;"""
        assert "hoogstens 50 MB" in one.run(handed, "large")
        assert "201 bestanden" in one.run(handed, "many")
        assert "Twee bestanden heten x.xlsx" in one.run(handed, "twice")
        one.press("Rapporten maken")  # nothing was taken, so nothing is done
        gone = tmp_path / "weg.xlsx"
        shutil.copy(GOOD, gone)
        one.screen("rapport")
        one.choose(0, gone)
        gone.unlink()
        one.press("Rapport maken")
        assert one.done() == "Dit is niet gelukt"
        assert "weg.xlsx" in one.text()


def test_protected_files_and_another_client(tmp_path: Path) -> None:
    """What to do with a password; and one client under two names goes on when a person says so."""
    html = built()
    locked = tmp_path / "slot.xlsx"
    words = ["generate", "125", "--organisation", "De Brug", "-o", str(locked)]
    CliRunner().invoke(cli, words)
    plain = tmp_path / "open.xlsx"
    shutil.copy(locked, plain)
    with plain.open("rb") as source, locked.open("wb") as target:
        ooxml.OOXMLFile(source).encrypt("geheim", target)
    with browser("chrome", tmp_path / "saved") as one:
        one.open(html)
        assert _check(one, locked) == "Dit bestand is niet te gebruiken"
        assert "wachtwoord" in one.text()
        assert "Werkmap beveiligen" in one.text()
        one.screen("rapport")
        one.choose(0, GOOD)
        one.choose(1, plain)
        one.press("Rapport maken")
        assert one.done() == "Dit is niet gelukt"
        assert "klik dan op de knop hieronder" in one.text()
        one.press("Het is dezelfde cliënt")
        one("wait", code="return !!document.querySelector('main iframe')")
        assert one.done() == "Mijn rapport"
        one("wait", code="return !document.querySelector('main .result p[role=status]')")
        assert "Vergelijking met vorig jaar" in one.text()


@pytest.mark.parametrize(
    ("name", "more", "says"),
    [
        ("chrome", {"args": ["--js-flags=--jitless"]}, "WebAssembly"),
        ("firefox", {"more": {"javascript.options.wasm": False}}, "WebAssembly"),
        ("chrome", {"before": "delete self.DecompressionStream"}, "te oud"),
        ("firefox", {"before": "delete self.DecompressionStream"}, "te oud"),
    ],
)
def test_a_browser_that_cannot(name: Name, more: dict[str, Any], says: str, tmp_path: Path) -> None:
    """A sentence and what to do; no screen that does nothing."""
    html = built()
    before = more.pop("before", "")
    with browser(name, tmp_path / "saved", **more) as one:
        one.open(html, before=before)
        assert says in one.text()
        assert "nieuwe versie van Firefox" in one.text()
        assert one.run("return document.querySelectorAll('main form').length") == 0


@pytest.mark.parametrize("name", BROWSERS)
def test_by_keyboard(name: Name, tmp_path: Path) -> None:
    """From the first key to a saved workbook, without a mouse; what came of it has the focus."""
    html = built()
    with browser(name, tmp_path / "saved") as one:
        one.open(html)

        def to(text: str) -> None:
            seen = []
            for _ in range(80):
                one("press", keys=["Tab"])
                node = (
                    "const n = document.activeElement; return n.textContent.trim() || n.type || ''"
                )
                seen.append(one.run(node))
                if seen[-1].startswith(text):
                    return
            raise AssertionError(f"{text}: {seen}")

        to("Naar de inhoud")
        to("Kijk mijn werkboek na")
        one("press", keys=["Enter"])
        title = "return document.activeElement.textContent"
        one("wait", code="return document.activeElement.tagName === 'H2'")
        assert one.run(title) == "Kijk mijn werkboek na"
        to("file")
        one.choose(0, GOOD)  # the window of the system that would open is no part of the page
        to("Nakijken")
        one("press", keys=["Enter"])
        assert one.done().startswith(FINE)
        assert one.run(title).startswith(FINE)
        to("Hersteld werkboek maken")
        one("press", keys=["Enter"])
        one("wait", code="return document.activeElement.textContent.startsWith('Het herstelde')")
        to("Werkboek opslaan")
        one("press", keys=["Enter"])
        target = tmp_path / "saved" / "125-nl-hersteld.xlsx"
        one.until(target)
        to("Niets opgeslagen?")
        one("press", keys=["Enter"])
        assert "de schijf vol" in one.text()


@pytest.mark.parametrize("name", BROWSERS)
def test_a_tab_that_is_closed_half_way(name: Name, tmp_path: Path) -> None:
    """Nothing is left: no file, and nothing in the browser; the page opened again works."""
    html = built()
    with browser(name, tmp_path / "saved") as one:
        one.open(html)
        one.screen("veel")
        one.choose(0, GOOD, OTHER)
        one.press("Rapporten maken")
        one(
            "wait",
            code="return document.getElementById('work-text').textContent.includes('nl.xlsx')",
        )
        one.open(html)  # closes the one before
        assert list((tmp_path / "saved").iterdir()) == []
        kept = """return [localStorage.length, sessionStorage.length, document.cookie,
          (await (indexedDB.databases ? indexedDB.databases() : [])).length]"""
        assert one.run(kept) == [0, 0, "", 0]
        assert _check(one, GOOD).startswith(FINE)


def test_no_room_to_save(tmp_path: Path) -> None:
    """A file that cannot be saved: the page says what to do, and a second click saves it."""
    html = built()
    blocked = tmp_path / "saved"
    with browser("chrome", blocked) as one:
        blocked.rmdir()
        blocked.write_text("a file where the folder should be")
        one.open(html)
        assert _check(one, GOOD).startswith(FINE)
        one.press("Lijst opslaan")
        assert "Niets opgeslagen?" in one.text()
        blocked.unlink()
        blocked.mkdir()
        assert one.saved("Lijst opslaan", "125-nl-lijst.xlsx")[:2] == b"PK"


def test_the_same_bytes_twice() -> None:
    """Built from nothing, the page has the same bytes; it is no larger than it may be."""
    first = built().read_bytes()
    with FileLock(BUILD / "lock"):  # other tests build it too
        for folder in (BUILD / "packed", BUILD / "tree"):
            shutil.rmtree(folder, ignore_errors=True)
        for kept in BUILD.glob("compiled-*"):
            kept.unlink()
        again = page().encode()
    assert again == first
    assert len(first) <= MOST
