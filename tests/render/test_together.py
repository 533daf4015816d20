"""Addresses are whole and links; what belongs together stands on one line; both can be copied."""

from __future__ import annotations

import html
import re
import zipfile
from dataclasses import replace
from io import BytesIO

import pypdf
import pytest

from hkz_xlsx.layout.style_template import NEUTRAL
from hkz_xlsx.render.document import (
    Block,
    Card,
    Cards,
    Document,
    Fold,
    Grid,
    GridColumn,
    Heading,
    Item,
    Items,
    Paragraph,
    Section,
)
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.render.together import TIE, WebAddress, parts, steps, tied
from hkz_xlsx.text import LANGS, messages, say

LONG = (
    "https://www.rijksoverheid.nl/documenten/richtlijnen/2017/07/28/afwegingskader-in-de-meldcode"
)
ADDRESSES = (
    LONG,
    "https://x.nl/?id=12&v=a_b%20c#deel-2",
    "http://intranet:8080/kwaliteit/Beleid_(2025).pdf",
    "mailto:k.waliteit@de-linde.nl",
    "https://x.nl/" + "a" * 120,
)
OTHERS = (
    "javascript:alert(1)",
    "file:///etc/passwd",
    "https://bank.nl@elders.nl/inloggen",
    "https://x.nl/caf\u00e9-van-de-overkant",
    "http://\u0430pple.com/",
    "data:text/html,x",
    "ftp://x.nl/bestand",
    "mailto:a@b.nl?bcc=c@d.nl&body=x",
    "https://",
    "xhttps://x.nl/",
    r"P:\Kwaliteit\Beleid en procedures\klachtenregeling_versie-12_definitief.docx",
    r"\\server01\kwaliteit\documenten\2025\klachtenregeling-versie-definitief.docx",
    "kwaliteitsfunctionaris.en.secretariaat@zorggroep-de-linde-en-de-eik.nl",
    "a" * 90,
)


def _blocks(texts: tuple[str, ...]) -> tuple[Block, ...]:
    columns = (GridColumn("Vraag", 13), GridColumn("Waar", 20), GridColumn("Wat", 90))
    return (
        *(Paragraph(f"Zie {one}.") for one in texts),
        Items(tuple(Item("KO-302", f"Zie {one}", f"ook {one}") for one in texts)),
        Cards(
            tuple(Card("KO-302", "", "Vraag?", ("x",), "y", (("Bewijs", one),)) for one in texts)
        ),
        Grid(
            "g", "Tabel", columns, tuple(("KO-302", one, f"tekst ({one}), tekst") for one in texts)
        ),
    )


def document_of(*blocks: Block, wide: bool = False) -> Document:
    section = Section("one", "Deel", blocks)
    return Document("nl", "Titel", (), (), (section,), (), wide=wide)


def _read(data: bytes) -> tuple[str, list[str]]:
    """All letters of a PDF without white space, and where its links lead."""
    reader = pypdf.PdfReader(BytesIO(data))
    text = "".join("".join(page.extract_text().split()) for page in reader.pages)
    notes = [a.get_object() for page in reader.pages for a in page.get("/Annots", ())]
    return text, [str(a["/A"]["/URI"]) for a in notes if "/A" in a and "/URI" in a["/A"]]


@pytest.mark.parametrize("wide", [False, True])
def test_addresses_in_a_pdf_are_whole_and_lead_where_they_say(*, wide: bool) -> None:
    """In a sentence, a list, a card and a narrow column: copied as they were typed."""
    text, links = _read(FORMATS[".pdf"](document_of(*_blocks(ADDRESSES), wide=wide), NEUTRAL))
    for address in ADDRESSES:
        assert text.count(address) == 6, address
    assert sorted(set(links)) == sorted(ADDRESSES)


def test_what_is_no_safe_address_stays_text() -> None:
    """Other schemes, a name before the host, letters of other alphabets: no link in any format.
    Paths and long words are whole when copied."""
    text, links = _read(FORMATS[".pdf"](document_of(*_blocks(OTHERS)), NEUTRAL))
    assert links == []
    for other in OTHERS:
        assert text.count("".join(other.split())) >= 6, other


@pytest.mark.parametrize("text", OTHERS)
def test_only_safe_addresses_are_found(text: str) -> None:
    assert list(parts(f"Zie {text}")) == [f"Zie {text}"]


def test_signs_around_an_address_are_not_of_it() -> None:
    text = "Zie (https://x.nl/a), https://x.nl/b_(c). En 'https://x.nl/d'!"
    found = [one.target for one in parts(text) if isinstance(one, WebAddress)]
    assert found == ["https://x.nl/a", "https://x.nl/b_(c)", "https://x.nl/d"]
    assert "".join(one if isinstance(one, str) else one.target for one in parts(text)) == text


def test_an_address_that_was_cut_leads_nowhere() -> None:
    """Of a very long text its beginning is shown: half an address is none."""
    assert list(parts("Zie https://x.nl/map…")) == ["Zie https://x.nl/map…"]


@pytest.mark.parametrize("word", [*ADDRESSES, *OTHERS])
def test_steps_are_the_word(word: str) -> None:
    """And no step ends in a hyphen: programs that join lines take it away."""
    found = steps(word, 16)
    assert "".join(found) == word
    assert all(len(step) <= 16 for step in found)
    assert not [step for step in found[:-1] if step.endswith("-")]


def test_what_belongs_together() -> None:
    """In the words of the catalogues too."""
    assert (
        tied("Score 59,2 % op 31 december 2027") == f"Score 59,2{TIE}% op 31{TIE}december{TIE}2027"
    )
    assert tied("Hoeveel % op 31 maart, in 2027") == "Hoeveel % op 31 maart, in 2027"
    for lang in LANGS:
        for key in ("report.not_shown", "portfolio.hidden.kept"):
            assert " " not in tied(messages(lang)(key)), key
        assert tied(say(lang, "portfolio.hidden.most", k=5)).split(" ")[-1].endswith(("na", "5"))
        assert TIE in tied(say(lang, "portfolio.hidden.most", k=5))
        assert " " not in tied(say(lang, "report.percentage", value="59,2"))


def _lines(data: bytes) -> list[str]:
    reader = pypdf.PdfReader(BytesIO(data))
    return [line.strip() for page in reader.pages for line in page.extract_text().splitlines()]


TOGETHER = ("59,2 %", "31 december 2027", "niet getoond", "CPV-406", "31-12-2027")


@pytest.mark.parametrize("words", TOGETHER)
def test_what_belongs_together_stands_on_one_line_of_a_pdf(words: str) -> None:
    """Wherever the line ends; and with the blanks of a keyboard, so that it is found."""
    texts = [f"{'m' * n} " * 9 + f"{words}, en zo verder" for n in range(1, 12)]
    table = Grid("g", "T", (GridColumn("Naam", 9), GridColumn("Tekst", 23)), tuple((f"r{i}", t) for i, t in enumerate(texts)))  # fmt: skip
    blocks: tuple[Block, ...] = (
        *map(Paragraph, texts),
        Items(tuple(Item("x", t) for t in texts)),
        table,
    )
    lines = _lines(FORMATS[".pdf"](document_of(*blocks), NEUTRAL))
    assert sum(words in line for line in lines) == 3 * len(texts)


def _word(*blocks: Block) -> tuple[str, str]:
    """The document and the relations of a Word file."""
    with zipfile.ZipFile(BytesIO(FORMATS[".docx"](document_of(*blocks), NEUTRAL))) as package:
        names = "word/document.xml", "word/_rels/document.xml.rels"
        body, relations = (package.read(name).decode() for name in names)
    return body, relations


def test_addresses_in_word_are_links() -> None:
    """One relation for every address, in the places where it stands; others stay text."""
    body, relations = _word(*_blocks((*ADDRESSES, *OTHERS)))
    known = dict(
        re.findall(
            r'Id="(\w+)" Type="[^"]*/hyperlink" Target="([^"]*)" TargetMode="External"', relations
        )
    )
    assert sorted(html.unescape(target) for target in known.values()) == sorted(ADDRESSES)
    for relation, target in known.items():
        shown = re.findall(rf'<w:hyperlink r:id="{relation}"[^>]*>(.*?)</w:hyperlink>', body)
        assert len(shown) == 6
        assert {re.sub("<[^>]*>", "", one) for one in shown} == {target}
        assert all('<w:lang w:val="zxx"/>' in one for one in shown), "gets no hyphens"
    ids = re.findall(r'Id="(\w+)"', relations)
    assert len(set(ids)) == len(ids)


def _folded() -> Document:
    text = Fold("Laag", (Paragraph("Lange tekst"),), open=False)
    sections = Section("gaps", "Tekorten", (text,)), Section("rest", "Rest", (Paragraph("Meer"),))
    first = Section("one", "Eerst", (Paragraph("Kort"),))
    return Document("nl", "Titel", (), (), (first, *sections), ())


def test_see_the_annex_leads_to_the_annex() -> None:
    """In Word to its bookmark, in a PDF to its heading."""
    with zipfile.ZipFile(BytesIO(FORMATS[".docx"](_folded(), NEUTRAL))) as package:
        body = package.read("word/document.xml").decode()
    ((place, shown),) = [
        (place, re.sub("<[^>]*>", "", inside))
        for place, inside in re.findall(
            r'<w:hyperlink w:anchor="(\w+)"[^>]*>(.*?)</w:hyperlink>', body
        )
        if "zie de bijlage" in inside
    ]
    assert shown == "Laag: zie de bijlage."
    marked = re.search(rf'w:name="{place}"/>(.*?)<w:bookmarkEnd', body)
    assert marked
    assert "Bijlage A – Tekorten – Laag" in marked[1]
    reader = pypdf.PdfReader(BytesIO(FORMATS[".pdf"](_folded(), NEUTRAL)))
    led = [
        str(note.get_object().get("/Dest"))
        for page in reader.pages
        for note in page.get("/Annots", ())
    ]
    assert "s-gaps-1" in led
    assert "s-gaps-1" in reader.named_destinations


@pytest.mark.parametrize("words", ["59,2 %", "31 december 2027", "niet getoond"])
def test_what_belongs_together_is_tied_in_word(words: str) -> None:
    body, _ = _word(Paragraph(f"Nu {words}, toen meer"), Items((Item("x", f"Nu {words}"),)))
    assert body.count(words.replace(" ", TIE)) == 2


@pytest.mark.parametrize("words", TOGETHER)
def test_what_belongs_together_stays_so_in_a_browser(words: str) -> None:
    """By a blank that does not break, which browsers find by the usual one; numbers of questions
    and days by their look, and as they were typed."""
    text = f"Nu {words}, <b>toen</b> meer"
    table = Grid("g", "T", (GridColumn("a", 9), GridColumn("b", 9)), (("r1 en r2", text),))
    blocks: tuple[Block, ...] = (Paragraph(text), Items((Item("x", text, text),)), table)
    found = FORMATS[".html"](document_of(*blocks), NEUTRAL).decode()
    kept = f'<span class="whole">{words}</span>' if "-" in words else words.replace(" ", TIE)
    assert found.count(f"Nu {kept}, &lt;b&gt;toen&lt;/b&gt; meer") == 4


def test_what_belongs_together_stays_so_in_markdown() -> None:
    found = FORMATS[".md"](document_of(Paragraph("Score 59,2 % nu")), NEUTRAL).decode()
    assert f"Score 59,2{TIE}% nu" in found


CARD = Card("KO-302", "", "Vraag?", ("x",), "y", (("Antwoord", "ja"), ("Tip", "a"), ("Actie", "b")))


def test_a_card_stays_on_a_page_of_word() -> None:
    """Every paragraph with the next, but the last; a very long one may be divided."""
    body, _ = _word(Cards((CARD,)))
    card = body[body.index("KO-302") - 400 : body.index("</w:body>")]
    found = re.findall(
        r"<w:p>.*?</w:p>", card[card.index('<w:p><w:pPr><w:pStyle w:val="Heading2"') :]
    )
    kept = ["<w:keepNext/>" in one or "Heading2" in one for one in found[:5]]
    assert kept == [True, True, True, True, False]
    assert all("<w:keepLines/>" in one for one in found[:5])
    long = replace(CARD, fields=(("Antwoord", "ja " * 600), ("Actie", "b")))
    assert "keepLines" not in _word(Cards((long,)))[0]


def _rows(count: int, letters: int = 20) -> Grid:
    columns = GridColumn("Naam", 20), GridColumn("Tekst", 40)
    rows = tuple((f"r{n}", " ".join(["m" * 9] * (letters // 10))) for n in range(count))
    return Grid("g", "T", columns, rows)


def _pages_with(grid: Grid, before: int) -> set[int]:
    """Pages of a PDF on which rows of a table stand, after so many lines."""
    data = FORMATS[".pdf"](document_of(*(Paragraph("Regel") for _ in range(before)), grid), NEUTRAL)
    pages = pypdf.PdfReader(BytesIO(data)).pages
    return {n for n, page in enumerate(pages) if re.search(r"\br\d+\b", page.extract_text())}


def test_a_small_table_stays_on_a_page() -> None:
    """Wherever it begins; of a longer one, and of one that is half a page high, rows may go on."""
    assert all(len(_pages_with(_rows(12), before)) == 1 for before in range(20, 44, 4))
    assert any(len(_pages_with(_rows(40), before)) == 2 for before in range(20, 44, 4))
    assert any(len(_pages_with(_rows(12, 900), before)) > 1 for before in range(20, 44, 4))
    for grid, ties in ((_rows(12), 24), (_rows(13), 0), (_rows(12, 900), 0)):
        body, _ = _word(grid)
        assert body.count("<w:keepNext/>") == ties, "header and eleven rows of two cells"


def test_a_blank_of_another_kind_changes_no_other_blank() -> None:
    """Who pastes from the web pastes blanks that do not break: in a title, or in all of a text,
    which then goes on at the next line as any other. The rest of a report stays."""
    pasted = "\u00a0".join(["langwoord"] * 40)
    grid = Grid("g", "T", (GridColumn("a\u00a0b", 9), GridColumn("c", 20)), (("r\u00a01", pasted),))
    blocks = (Heading("Kop\u00a0hier"), Paragraph("a\u00a0b\u202fc d e f"), Paragraph(pasted), grid)
    data = FORMATS[".pdf"](document_of(*blocks), NEUTRAL)
    text = "\n".join(_lines(data))
    assert "a b c d e f" in text
    assert not set(text) & set("\u00a0\u202f\u2007")
    assert len(re.findall("langwoord", text)) == 80
    assert max(map(len, _lines(data))) < 160, "no line goes on beside the page"
