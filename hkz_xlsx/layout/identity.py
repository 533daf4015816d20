"""What a file says about itself: enough to rebuild the exact plan it was made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from hkz_xlsx.norm.model import Edition
from hkz_xlsx.norm.select import Scope
from hkz_xlsx.problems import HkzError, problem
from hkz_xlsx.releases import KNOWN_LAYOUTS
from hkz_xlsx.text import LANGS, Lang

PRODUCT = "hkz_xlsx"
PROPERTY = "hkz_xlsx.identity"
"""Custom document properties ``….1``, ``….2`` hold the identity once more, in pieces."""

CLIENT_PROPERTY = "hkz_xlsx.client"
"""Custom document property with the workbook id."""

_PIECE = 200  # Excel keeps at most 255 characters of a text property

ROWS: Mapping[str, int] = MappingProxyType(
    {
        "product": 1, "layout": 1, "lang": 1, "parts": 1, "editions": 1, "scope": 1, "guide": 1,
        "previous": 1, "plan": 1, "shape": 2, "wording": 2, "subset": 2,
    }
)  # fmt: skip
"""Row keys on the identity sheet, in order, and the layout since which they stand there."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Product, layout version, language, norm parts with editions, scope, fingerprints.

    ``asked`` are the part ids as chosen; ``editions`` names every part that came along with
    the fingerprint of its content, ``guide`` the revision of the step plan. ``previous`` says
    whether an earlier measurement stands beside this one. ``plan`` is the fingerprint of the
    whole plan; since layout 2 ``shape`` is that of its shape, ``wording`` that of the texts of
    its release, and ``subset`` says which part of a workbook this is, empty for a whole one.
    """

    layout: int
    lang: Lang
    asked: tuple[str, ...]
    editions: tuple[Edition, ...]
    scope: Scope
    guide: str = ""
    previous: bool = False
    plan: str = ""
    shape: str = ""
    wording: str = ""
    subset: str = ""

    def rows(self) -> dict[str, str]:
        """As key and text, for the identity sheet."""
        editions = " ".join(f"{e}#{e.fingerprint}" for e in self.editions)
        values = (
            PRODUCT, str(self.layout), self.lang, " ".join(self.asked), editions,
            str(self.scope), self.guide, "1" if self.previous else "", self.plan, self.shape,
            self.wording, self.subset,
        )  # fmt: skip
        pairs = zip(ROWS.items(), values, strict=True)
        return {key: value for (key, since), value in pairs if since <= self.layout}

    def property_text(self) -> str:
        """As one line of JSON, for the document property."""
        return json.dumps(self.rows(), separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_rows(cls, rows: dict[str, str]) -> Identity:
        """Read back.

        Raises:
            HkzError: it is not ours, broken, or of another layout.
        """
        if rows.get("product") != PRODUCT:
            raise HkzError(problem("NOT_OUR_WORKBOOK"))
        layout = rows.get("layout", "")
        if layout not in map(str, KNOWN_LAYOUTS):
            known = ", ".join(map(str, KNOWN_LAYOUTS))
            raise HkzError(problem("LAYOUT_UNKNOWN", None, layout=layout, known=known))
        lang = _lang(rows.get("lang", ""))
        try:
            editions = tuple(map(_edition, rows["editions"].split()))
            scope = Scope.parse([rows.get("scope", "")])
            asked = tuple(rows["parts"].split())
        except (KeyError, ValueError, HkzError):
            raise HkzError(problem("IDENTITY_BROKEN")) from None
        if not asked or not editions:
            raise HkzError(problem("IDENTITY_BROKEN"))
        return cls(
            int(layout), lang, asked, editions, scope, rows.get("guide", ""),
            rows.get("previous") == "1", rows.get("plan", ""), rows.get("shape", ""),
            rows.get("wording", ""), rows.get("subset", ""),
        )  # fmt: skip

    @classmethod
    def from_property(cls, text: str) -> Identity:
        """Read back from the document property.

        Raises:
            HkzError: as `from_rows`.
        """
        try:
            rows = json.loads(text)
        except ValueError:
            raise HkzError(problem("IDENTITY_BROKEN")) from None
        if not isinstance(rows, dict):
            raise HkzError(problem("IDENTITY_BROKEN"))
        return cls.from_rows({str(k): str(v) for k, v in rows.items()})


def identity_properties(text: str) -> dict[str, str]:
    """The identity text in numbered pieces that fit document properties."""
    pieces = [text[i : i + _PIECE] for i in range(0, len(text), _PIECE)]
    return {f"{PROPERTY}.{n}": piece for n, piece in enumerate(pieces, 1)}


def identity_text(properties: Mapping[str, str]) -> str:
    """The pieces put together again; empty when there are none."""
    pieces: list[str] = []
    while (piece := properties.get(f"{PROPERTY}.{len(pieces) + 1}")) is not None:
        pieces.append(piece)
    return "".join(pieces)


def _lang(text: str) -> Lang:
    found: dict[str, Lang] = {known: known for known in LANGS}
    lang: Lang | Literal[""] = found.get(text, "")
    if not lang:
        raise HkzError(problem("IDENTITY_BROKEN"))
    return lang


def _edition(text: str) -> Edition:
    name, _, fingerprint = text.partition("#")
    part, _, rest = name.partition("@")
    edition, _, revision = rest.rpartition("/")
    if not (part and edition and revision):
        raise ValueError(text)
    return Edition(part, edition, revision, fingerprint)
