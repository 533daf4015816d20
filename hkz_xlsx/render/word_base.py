"""What every Word file of one look has in common, built once with python-docx and kept packed."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import Any

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.image.image import Image
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph

from hkz_xlsx.layout.styles import Palette
from hkz_xlsx.render.word_xml import attribute, escaped
from hkz_xlsx.text import Lang, messages
from hkz_xlsx.writing.stamp import Packed, packed, zipped

CREATED = datetime(2020, 1, 1, tzinfo=UTC)
"""In every file: the same report must give the same bytes."""

_SMALL = 9.0
TABLE_POINTS = 8.0
"""Size of the letters of a table."""
_LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
_FOOTER, _TITLE, _AUTHOR, _BODY = "@footer@", "@title@", "@author@", "@body@"
_RELATED, _KINDS, _UPDATE = "@related@", "@kinds@", "@update@"
_SLOTS = re.compile("|".join((_FOOTER, _TITLE, _AUTHOR, _BODY, _RELATED, _KINDS, _UPDATE)))
_NUMBERS = '<w:updateFields w:val="true"/>'
"""Word asks once whether it may, and computes every field; it takes this out when it saves."""

_THUMBNAIL = "jpeg"
"""The kind of picture that python-docx puts in every file, whose content type is there already."""

_DOCUMENT, _RELATIONS = "word/document.xml", "word/_rels/document.xml.rels"
_TYPES, _CORE, _FOOT = "[Content_Types].xml", "docProps/core.xml", "word/footer1.xml"
_SETTINGS = "word/settings.xml"
_OWN = (_DOCUMENT, _RELATIONS, _TYPES, _CORE, _FOOT, _SETTINGS)
_MOST_LOOKS = 8


@dataclass(frozen=True, slots=True)
class Media:
    """A picture in the package: relation, name, bytes and kind, and how it is scaled."""

    relation: str
    name: str
    data: bytes
    suffix: str
    kind: str
    natural: str
    size: tuple[int, int]


@dataclass(frozen=True, slots=True)
class WordBase:
    """The parts of a package in order: packed once, or as text with a place to fill."""

    parts: tuple[tuple[str, Packed | str], ...]
    relations: int

    def file(
        self,
        body: str,
        texts: tuple[str, str, str],
        related: tuple[Sequence[Media], Mapping[str, str]],
        *,
        numbered: bool,
    ) -> bytes:
        """The bytes of a file.

        Args:
            body: the XML of the document's content.
            texts: title, author, and what stands in the footer before the page number.
            related: its pictures, and the relation of every address that it leads to.
            numbered: it has page numbers that Word computes when it opens the file.
        """
        title, author, footer = map(escaped, texts)
        media, links = related
        slots = {
            _BODY: body, _TITLE: title, _AUTHOR: author, _FOOTER: footer,
            _RELATED: _related(media, links), _KINDS: _kinds(media),
            _UPDATE: _NUMBERS if numbered else "",
        }  # fmt: skip
        members: list[tuple[str, bytes | Packed]] = []
        for name, part in self.parts:
            if isinstance(part, str):
                # In one go: what somebody typed may look like a slot.
                whole = _SLOTS.sub(lambda found: slots[found[0]], part)
                members.append((name, whole.encode()))
            else:
                members.append((name, part))
        members += [(f"word/media/{one.name}", one.data) for one in media]
        return zipped(members)


_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _related(media: Sequence[Media], links: Mapping[str, str]) -> str:
    pictures = (
        f'<Relationship Id="{one.relation}" Type="{_KIND}/image" Target="media/{one.name}"/>'
        for one in media
    )
    outside = (
        f'<Relationship Id="{relation}" Type="{_KIND}/hyperlink" Target="{attribute(target)}" '
        'TargetMode="External"/>'
        for target, relation in links.items()
    )
    return "".join((*pictures, *outside))


def _kinds(media: Sequence[Media]) -> str:
    kinds = {one.suffix: one.kind for one in media}
    return "".join(
        f'<Default Extension="{suffix}" ContentType="{kinds[suffix]}"/>'
        for suffix in sorted(kinds)
        if suffix != _THUMBNAIL
    )


def media_of(data: bytes, number: int, relation: str, millimetres: float) -> Media:
    """A picture for the package, as high as it is by nature.

    Args:
        data: bytes of the picture.
        number: one of its own in the file, for its name.
        relation: id under which it is found.
        millimetres: its width.
    """
    image = Image.from_blob(data)
    wide, high = image.scaled_dimensions(width=Mm(millimetres))
    name = f"image{number}.{image.ext}"
    size = int(Emu(wide)), int(Emu(high))
    return Media(relation, name, data, image.ext, image.content_type, image.filename, size)


@lru_cache(_MOST_LOOKS)
def base(palette: Palette, lang: Lang, *, wide: bool = False) -> WordBase:
    """The common parts of all files in a look and language, kept for the next file.

    Args:
        palette: colours and font of the styles.
        lang: language of the proofing tools and of what stands in the footer.
        wide: the pages lie on their side.
    """
    word = docx.Document()
    _styles(word, palette, lang)
    _page(word, lang, wide=wide)
    known = word.core_properties
    known.title, known.author = _TITLE, _AUTHOR
    known.language, known.comments, known.last_modified_by = _LANGUAGES[lang], "", "hkz_xlsx"
    known.created = known.modified = CREATED
    known.revision = 1
    target = BytesIO()
    word.save(target)
    parts: list[tuple[str, Packed | str]] = []
    with zipfile.ZipFile(target) as source:
        for name in source.namelist():
            raw = source.read(name)
            parts.append((name, raw.decode() if name in _OWN else packed(raw)))
    places = {
        _DOCUMENT: ("<w:body>", f"<w:body>{_BODY}"),
        _RELATIONS: ("</Relationships>", f"{_RELATED}</Relationships>"),
        _SETTINGS: ("<w:compat>", f"{_UPDATE}<w:compat>"),
        _TYPES: ('<Default Extension="rels"', f'{_KINDS}<Default Extension="rels"'),
    }
    ready: list[tuple[str, Packed | str]] = []
    relations = 0
    for name, part in parts:
        if name == _RELATIONS:
            relations = str(part).count("<Relationship ")
        ready.append((name, str(part).replace(*places[name]) if name in places else part))
    return WordBase(tuple(ready), relations)


def _color(hexadecimal: str) -> RGBColor:
    return RGBColor.from_string(hexadecimal.lstrip("#"))


def _set_language(document: WordDocument, code: str) -> None:
    """Language of all text, for spelling and screen readers."""
    defaults = document.styles.element.find(qn("w:docDefaults"))
    for properties in defaults.iter(qn("w:rPr")):
        for old in properties.findall(qn("w:lang")):
            properties.remove(old)
        language = OxmlElement("w:lang")
        for key in ("val", "eastAsia"):
            language.set(qn(f"w:{key}"), code)
        properties.append(language)


def _fonts(style: Any, font: str) -> None:  # noqa: ANN401 - a style of python-docx
    style.font.name = font
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{script}"), font)


def _styles(word: WordDocument, palette: Palette, lang: Lang) -> None:
    styles = word.styles
    _set_language(word, _LANGUAGES[lang])
    sizes = {"Normal": 9.5, "Title": 18.0, "Heading 1": 14.0, "Heading 2": 11.0,
             "Heading 3": 9.5, "List Bullet": 9.5}  # fmt: skip
    for name, size in sizes.items():
        style: Any = styles[name]
        style.font.size = Pt(size)
        _fonts(style, palette.font)
        if name.startswith(("Heading", "Title")):
            style.font.color.rgb, style.font.bold = _color(palette.dark), True
        style.paragraph_format.space_after = Pt(3)
        style.paragraph_format.line_spacing = 1.0
    bullets: Any = styles["List Bullet"]
    bullets.paragraph_format.space_after = Pt(1.5)
    for number, before in ((1, 14), (2, 8), (3, 7)):
        heading: Any = styles[f"Heading {number}"]
        found = heading.paragraph_format
        found.space_before, found.space_after, found.keep_with_next = Pt(before), Pt(4), True
    _hyphens(word, "Normal", divided=False)
    title = styles["Title"].element.get_or_add_pPr()
    for border in title.findall(qn("w:pBdr")):
        title.remove(border)
    for name, size, color in (
        ("Small", _SMALL, palette.grey_text), ("Notice", 9.5, "#1A1A1A"),
        ("TOC 1", 9.5, "#1A1A1A"), ("Table text", TABLE_POINTS, "#1A1A1A"),
    ):  # fmt: skip
        own: Any = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        own.base_style = styles["Normal"]
        own.font.size, own.font.color.rgb = Pt(size), _color(color)
        own.paragraph_format.space_after = Pt(2 if name == "Table text" else 3)
    _hyphens(word, "Table text", divided=True)
    tab = word.settings.element.find(qn("w:defaultTabStop"))
    tab.addnext(OxmlElement("w:autoHyphenation"))


def _hyphens(word: WordDocument, name: str, *, divided: bool) -> None:
    """Whether Word divides words at the end of a line: in narrow columns, with a hyphen."""
    found = OxmlElement("w:suppressAutoHyphens")
    found.set(qn("w:val"), "0" if divided else "1")
    style: Any = word.styles[name]
    style.element.get_or_add_pPr().insert_element_before(found, "w:spacing", "w:ind", "w:jc")


def _mark(kind: str) -> Any:  # noqa: ANN401 - an XML element of lxml
    found, inside = OxmlElement("w:r"), OxmlElement("w:fldChar")
    inside.set(qn("w:fldCharType"), kind)
    found.append(inside)
    return found


def _field(paragraph: Paragraph, code: str, shown: str) -> None:
    """A field such as PAGE, with what stands there until Word computes it."""
    target = paragraph._p  # noqa: SLF001 - python-docx gives no other way
    run, text = OxmlElement("w:r"), OxmlElement("w:instrText")
    text.set(qn("xml:space"), "preserve")
    text.text = f" {code} "
    run.append(text)
    for part in (_mark("begin"), run, _mark("separate")):
        target.append(part)
    paragraph.add_run(shown)
    target.append(_mark("end"))


def _page(word: WordDocument, lang: Lang, *, wide: bool) -> None:
    section = word.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (Mm(297), Mm(210)) if wide else (Mm(210), Mm(297))
    section.left_margin = section.right_margin = Mm(18)
    section.top_margin, section.bottom_margin = Mm(13), Mm(14)
    section.footer_distance = Mm(8)
    footer = section.footer.paragraphs[0]
    footer.style = word.styles["Small"]
    before, _, rest = messages(lang)("print.page").partition("{page}")
    between, _, after = rest.partition("{pages}")
    footer.add_run(f"{_FOOTER}  ·  {before}")
    _field(footer, "PAGE", "1")
    footer.add_run(between)
    _field(footer, "NUMPAGES", "1")
    footer.add_run(after)
