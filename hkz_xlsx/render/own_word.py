"""A consultant's own Word template, filled with plain data.

The template is a Word file with fields between braces, as docxtpl reads them. It runs in a
sandbox: it can show, choose and repeat the data it is given, and nothing else: no attribute of any
object, no call, no other file. Every mistake is told at once, with the paragraph it stands in.
"""

from __future__ import annotations

import html
import re
import sys
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, NoReturn

from docx.shared import Mm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError, Undefined
from jinja2.exceptions import SecurityError
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from hkz_xlsx.layout.style_template import OwnWord
from hkz_xlsx.problems import HkzError, Problem, Where, problem
from hkz_xlsx.render.words import clean, shortened
from hkz_xlsx.writing.stamp import Packed, zipped

MOST_BYTES, MOST_UNPACKED, MOST_PARTS = 10_000_000, 100_000_000, 2_000
"""Of a template: as it is, unpacked, and parts of its package."""

FILTERS = (
    "capitalize", "count", "d", "default", "e", "escape", "first", "groupby", "join", "last",
    "length", "lower", "map", "rejectattr", "replace", "reverse", "selectattr", "sort", "trim",
    "unique", "upper",
)  # fmt: skip
"""What may stand behind a bar."""

LOOP = ("index", "index0", "revindex", "revindex0", "first", "last", "length")
"""What may be asked of ``loop``."""

_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_RUNS = re.compile(r"vba|activex|embeddings/|\.bin$", re.IGNORECASE)
_OUTSIDE = re.compile(
    rb"<Relationship\b(?=[^>]*TargetMode=\"External\")(?![^>]*/hyperlink\")[^>]*>"
)
_FETCHES = re.compile(rb"\b(DDE(AUTO)?|INCLUDE(TEXT|PICTURE)|LINK)\b")
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
_SHOWN = 80

Data = str | bool | Mapping[str, "Data"] | Sequence["Data"]
"""What a template is given: texts, yes or no, and fields and lists of those."""


class _Box(ImmutableSandboxedEnvironment):
    """Data only: a field of a mapping, a place in a list, and the counters of a loop."""

    def __init__(self, undefined: type[Undefined] = StrictUndefined) -> None:
        super().__init__(undefined=undefined, autoescape=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - whatever a template names
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=None, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:  # noqa: ANN401 - whatever a template names
        if isinstance(obj, Sequence) and not isinstance(obj, str) and type(argument) is int:
            return obj[argument] if -len(obj) <= argument < len(obj) else self.undefined()
        return self.getattr(obj, argument) if isinstance(argument, str) else self.undefined()

    def call(self, *_: Any, **__: Any) -> NoReturn:  # noqa: ANN401 - whatever a template calls
        raise SecurityError("()")

    def call_binop(self, *_: Any) -> NoReturn:  # noqa: ANN401 - whatever a template reckons with
        raise SecurityError("* / % **")

    intercepted_binops = frozenset(["*", "/", "//", "%", "**"])


class _Picture:
    """A chart that is drawn only where a template shows it."""

    def __init__(self, template: DocxTemplate, draw: Callable[[], bytes], wide: float) -> None:
        self._template, self._draw, self._wide = template, draw, wide

    def __html__(self) -> str:
        image = InlineImage(self._template, BytesIO(self._draw()), width=Mm(self._wide))
        return str(image.__html__())


def _escaped(data: Data) -> Any:  # noqa: ANN401 - the same shape
    """Texts as XML in which no brace means anything, also not to what docxtpl does afterwards."""
    if isinstance(data, bool):
        return data
    if isinstance(data, str):
        safe = str(escape(clean(data)))
        return Markup(safe.replace("{", "&#123;").replace("}", "&#125;"))  # noqa: S704 - escaped above
    if isinstance(data, Mapping):
        return {key: _escaped(value) for key, value in data.items()}
    return [_escaped(value) for value in data]


# Is it a file that we dare to open?


def check_package(template: OwnWord) -> None:
    """Refuse a template that is more than a Word file, before python-docx opens it.

    Raises:
        HkzError: it is no Word file, is too large, holds macros or other files, or fetches anything
            from elsewhere.
    """
    where = Where(template.name)
    try:
        with zipfile.ZipFile(BytesIO(template.data)) as package:
            parts = package.infolist()
            size = sum(part.file_size for part in parts)
            large = len(template.data) > MOST_BYTES or size > MOST_UNPACKED
            if large or len(parts) > MOST_PARTS:
                raise HkzError(problem("WORD_TEMPLATE_UNREAD", where))
            texts = {part.filename: package.read(part) for part in parts}
    except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError, ValueError):
        raise HkzError(problem("WORD_TEMPLATE_UNREAD", where)) from None
    kinds = texts.get("[Content_Types].xml", b"").decode("utf-8", "replace")
    if _MAIN not in kinds or "word/document.xml" not in texts:
        raise HkzError(problem("WORD_TEMPLATE_UNREAD", where))
    for name, data in texts.items():
        if _RUNS.search(name) or b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            raise HkzError(problem("WORD_TEMPLATE_UNSAFE", where, part=name))
        if name.endswith(".rels") and (found := _OUTSIDE.search(data)):
            part = shortened(found[0].decode("utf-8", "replace"), _SHOWN)
            raise HkzError(problem("WORD_TEMPLATE_UNSAFE", where, part=part))
        fields = re.findall(rb"<w:instrText[^>]*>([^<]*)|w:instr=\"([^\"]*)", data)
        for field in (one or other for one, other in fields):
            if _FETCHES.search(field):
                part = shortened(field.decode("utf-8", "replace"), _SHOWN)
                raise HkzError(problem("WORD_TEMPLATE_UNSAFE", where, part=part))


def _opened(template: OwnWord) -> DocxTemplate:
    found = DocxTemplate(BytesIO(template.data))
    try:
        found.init_docx()
    except Exception as fault:
        raise HkzError(problem("WORD_TEMPLATE_UNREAD", Where(template.name))) from fault
    return found


# Are its fields right?


def _parts(found: DocxTemplate) -> Iterator[str]:
    """XML of body, headers and footers, a paragraph on each line, as docxtpl will run it."""
    texts = [found.get_xml()]
    for uri in (found.HEADER_URI, found.FOOTER_URI):
        texts += [found.get_part_xml(part) for _, part in found.get_headers_footers(uri)]
    for text in texts:
        yield re.sub(r"<w:p([ >])", r"\n<w:p\1", found.patch_xml(text))


def _line_now() -> int:
    """The line of the template that is running."""
    frame = sys._getframe()  # noqa: SLF001 - the only way to ask
    while frame is not None:
        template = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return int(template.get_corresponding_lineno(frame.f_lineno))
        frame = frame.f_back  # type: ignore[assignment]  # None ends it
    return 1


def _recording(found: list[tuple[int, str]]) -> type[Undefined]:
    """An undefined that notes where it was asked for, and goes on as nothing."""

    class Noted(Undefined):
        def __init__(self, *args: Any, **named: Any) -> None:  # noqa: ANN401 - as jinja2 has it
            super().__init__(*args, **named)
            found.append((_line_now(), str(self._undefined_name or "")))

    return Noted


def _place(template: OwnWord, xml: str, line: int, name: str = "") -> tuple[Where, str]:
    """The paragraph; what is constant is looked at before any line runs, so it is looked up."""
    lines = xml.splitlines()
    if line <= 1 and name:
        line = next((n for n, one in enumerate(lines, 1) if name in one), line)
    text = lines[line - 1] if 0 < line <= len(lines) else ""
    plain = html.unescape(re.sub(r"<[^>]+>", "", text))
    return Where(template.name, line=max(1, line - 1)), shortened(plain, _SHOWN)


def mistakes(template: OwnWord, shape: Mapping[str, Data]) -> list[Problem]:
    """What is wrong with the fields of a template, each with the paragraph it stands in.

    Args:
        template: the file; its package was checked.
        shape: every field there can be, each list with one line.
    """
    problems: list[Problem] = []
    for xml in _parts(_opened(template)):
        noted: list[tuple[int, str]] = []
        box = _Box(_recording(noted))
        try:
            box.from_string(xml).render(_escaped(shape))
        except TemplateSyntaxError as fault:
            where, text = _place(template, xml, fault.lineno)
            detail = shortened(fault.message or "", _SHOWN)
            problems.append(problem("WORD_TEMPLATE_SYNTAX", where, text=text, detail=detail))
        except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as fault:
            where, text = _place(template, xml, _failed_at(fault))
            detail = shortened(str(fault), _SHOWN)
            problems.append(problem("WORD_TEMPLATE_SYNTAX", where, text=text, detail=detail))
        for line, name in dict.fromkeys(noted):
            where, text = _place(template, xml, line, name)
            problems.append(problem("WORD_TEMPLATE_FIELD", where, field=name or "?", text=text))
    return problems


def _failed_at(fault: BaseException) -> int:
    """The line of the template where an error came from: jinja2 writes it into the trace."""
    line, trace = 1, fault.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == "<template>":
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


# Filling


def filled(
    template: OwnWord,
    fields: Mapping[str, Data],
    pictures: Mapping[str, Callable[[], bytes] | None],
    wide: float,
) -> bytes:
    """The bytes of a Word file; the same input gives the same bytes.

    Args:
        template: the file; it was checked.
        fields: the data.
        pictures: charts by name, drawn only when they are shown; None shows nothing.
        wide: of a picture, in millimetres.

    Raises:
        HkzError: a mistake that only these data bring to light.
    """
    found = _opened(template)
    found.render_init()
    drawn = {
        name: "" if draw is None else _Picture(found, draw, wide) for name, draw in pictures.items()
    }
    try:
        found.render({**_escaped(fields), "charts": drawn}, _Box(), autoescape=True)
    except (TemplateError, TypeError, ValueError, ArithmeticError, RecursionError) as fault:
        detail = shortened(str(fault), _SHOWN)
        where = Where(template.name, line=_failed_at(fault))
        raise HkzError(problem("WORD_TEMPLATE_SYNTAX", where, text="", detail=detail)) from fault
    known = found.docx.core_properties
    for name in _PROPERTIES:  # these are no XML: what was escaped for it is not
        setattr(known, name, html.unescape(getattr(known, name) or "")[:255])
    target = BytesIO()
    found.docx.save(target)
    return _repacked(target.getvalue())


def _repacked(data: bytes) -> bytes:
    """Without the hour at which it was made."""
    members: list[tuple[str, bytes | Packed]] = []
    with zipfile.ZipFile(BytesIO(data)) as package:
        members = [(name, package.read(name)) for name in package.namelist()]
    return zipped(members)
