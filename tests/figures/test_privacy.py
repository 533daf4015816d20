"""Small groups are not shown, nor can they be computed; nothing personal leaves."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path

import pypdf
import pytest

from hkz_xlsx.figures.compute import figures_of
from hkz_xlsx.figures.intervals import median_ranks, wilson
from hkz_xlsx.figures.model import Choices
from hkz_xlsx.figures.outputs import SUFFIXES, render
from hkz_xlsx.figures.pictures import pictures
from hkz_xlsx.render.document import Timeline
from hkz_xlsx.render.formats import FORMATS
from hkz_xlsx.render.plots import Slope, Spread
from tests.portfolio.conftest import Made
from tests.report.extract import text_of


@pytest.fixture(scope="module")
def anonymous(made: Made) -> dict[str, bytes]:
    found = figures_of(str(made.folder), Choices(anonymous=True))
    return {suffix: render(found, suffix) for suffix in SUFFIXES}


def everything(suffix: str, data: bytes) -> str:
    """All text of an output, of every part of a package."""
    if suffix == ".xlsx":
        with zipfile.ZipFile(BytesIO(data)) as package:
            return "\n".join(package.read(n).decode("utf-8", "replace") for n in package.namelist())
    if suffix == ".parquet":
        import pyarrow.parquet as pq

        return repr(pq.read_table(BytesIO(data)).to_pylist())
    if suffix in (".docx", ".pdf"):
        return "\n".join((text_of(suffix, data), *raw_parts(suffix, data)))
    # Also as it is read: a sign before a letter would hide a name.
    read = text_of(suffix, data) if suffix in FORMATS else ""
    return f"{data.decode('utf-8')}\n{read}"


def raw_parts(suffix: str, data: bytes) -> Iterator[str]:
    """Every part of a Word file; every object of a PDF with its streams unpacked, and both ways
    in which a PDF writes a text."""
    if suffix == ".docx":
        with zipfile.ZipFile(BytesIO(data)) as package:
            for name in package.namelist():
                part = package.read(name)
                yield name
                if name.endswith((".png", ".jpeg", ".jpg")):
                    # No text, time or program in a picture beside its dots.
                    assert set(re.findall(rb"(?:tEXt|iTXt|zTXt|eXIf|tIME)", part)) == set(), name
                else:
                    yield part.decode("utf-8")
        return
    reader = pypdf.PdfReader(BytesIO(data))
    for number in reader.xref_objStm | reader.xref.get(0, {}):
        found = reader.get_object(pypdf.generic.IndirectObject(number, 0, reader))
        yield repr(found)
        if isinstance(found, pypdf.generic.StreamObject):
            stream = found.get_data()
            yield stream.decode("latin-1")
            yield stream.decode("utf-16-be", "replace")


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_nothing_personal_leaves(suffix: str, made: Made, anonymous: dict[str, bytes]) -> None:
    """No name, number, file name, date of one, free text or exact reference date."""
    text = everything(suffix, anonymous[suffix])
    secrets = {
        "geheim",
        "Jansen",
        "retour-",
        "Stichting",
        "kapot",
        str(made.files),
        made.files.name + "/",
    }
    for one in made.members:
        secrets |= {one.name, one.kvk}
    for secret in secrets:
        assert secret not in text, secret
    assert "HKZ 125" in text


def test_small_groups_do_not_leave(made: Made) -> None:
    """Every n is a multiple of k, nobody stands alone, and no extremes are there."""
    found = figures_of(str(made.folder), Choices(anonymous=True, k=5))
    for section in found.sections:
        keys = [h.key for h in section.headings]
        assert not {"lowest", "highest", "first_date", "file", "organisation"} & set(keys)
        for row in section.rows:
            n = row[keys.index("n")]
            assert isinstance(n, int)
            assert n >= 5
            for heading, value in zip(section.headings, row, strict=True):
                if heading.kind in ("whole", "share") and isinstance(value, int | float):
                    assert value, heading
                    assert float(value) % 5 == 0
    plain = figures_of(str(made.folder), Choices())
    assert len(found.sections) < len(plain.sections)
    shown = {row[3] for row in found.section("groups").rows}
    assert shown < {row[3] for row in plain.section("groups").rows}
    with pytest.raises(KeyError):
        found.section("unusual")


def test_what_is_hidden_is_told_to_programs_too(anonymous: dict[str, bytes]) -> None:
    """In csv and Parquet a hidden figure has no value, and says what may be said of it."""
    import csv
    from io import StringIO

    import pyarrow.parquet as pq

    text = anonymous[".csv"].decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(text), delimiter=";"))
    table = pq.read_table(BytesIO(anonymous[".parquet"])).to_pylist()
    assert [r["hidden"] for r in rows] == [r["hidden"] for r in table]
    assert [r["value"] == "" for r in rows] == [r["value"] is None for r in table]
    assert all(bool(r["hidden"]) == (r["value"] is None) for r in table)
    assert "< 5" in {r["hidden"] for r in table}


def test_no_single_organisation_is_drawn(made: Made) -> None:
    """No dot, no line and no extreme of one organisation; what is drawn stands in a table."""
    choices = Choices(anonymous=True)
    found = figures_of(str(made.folder), choices)
    plain = figures_of(str(made.folder), Choices())
    dots = lines = 0
    for section in found.sections:
        assert not section.dots
        assert not section.lines
        cells = {str(cell) for row in section.rows for cell in row}
        for _, picture in pictures(section, choices):
            assert not isinstance(picture, Timeline)
            for row in picture.table()[1]:
                for cell in row[1:]:
                    shown = cell if isinstance(cell, str) else cell.value
                    told = shown is None or str(shown) in cells or str(int(shown)) in cells
                    assert told, (picture.key, row)
            if isinstance(picture, Spread):
                assert all(not field.dots and field.ends is None for field in picture.fields)
            if isinstance(picture, Slope):
                assert picture.lines == ()
    for section in plain.sections:
        dots += len(section.dots)
        lines += len(section.lines)
    assert dots
    assert lines


def test_a_larger_k_shows_less(made: Made) -> None:
    five = figures_of(str(made.folder), Choices(anonymous=True, k=5)).section("groups")
    twelve = figures_of(str(made.folder), Choices(anonymous=True, k=12)).section("groups")
    assert len(twelve.rows) < len(five.rows)
    assert twelve.left_out > five.left_out


def test_properties_are_clean(made: Made, anonymous: dict[str, bytes]) -> None:
    """The document names the product, and no user, machine or time."""
    info: Mapping[str, object] = pypdf.PdfReader(BytesIO(anonymous[".pdf"])).metadata or {}
    assert not {"/CreationDate", "/ModDate"} & set(info)
    with zipfile.ZipFile(BytesIO(anonymous[".docx"])) as package:
        word = package.read("docProps/core.xml").decode()
    assert set(re.findall(r"<(?:dc:creator|cp:lastModifiedBy)>([^<]*)<", word)) == {"hkz_xlsx"}
    with zipfile.ZipFile(BytesIO(anonymous[".xlsx"])) as package:
        core = package.read("docProps/core.xml").decode()
        names = package.namelist()
    assert "<dc:creator>hkz_xlsx</dc:creator>" in core
    assert not any("external" in name.lower() or "comments" in name for name in names)
    assert made.counts


def test_wilson() -> None:
    """Published values: Newcombe, Statistics in Medicine 17 (1998), table I."""
    for count, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = wilson(count, n)
        assert found is not None
        assert found == pytest.approx((100 * low, 100 * high), abs=0.006)
    assert wilson(0, 0) is None


def test_ranks_around_the_median_cover_enough() -> None:
    """Exact binomial coverage of the interval is at least 94 %, at every n."""
    from math import comb

    assert median_ranks(5) is None
    for n in range(6, 200):
        ranks = median_ranks(n)
        assert ranks is not None
        low, high = ranks
        covered = sum(comb(n, i) for i in range(low, high)) / 2**n
        assert covered > 0.94, n


def test_a_sample_has_intervals(made: Made) -> None:
    found = figures_of(str(made.folder), Choices(sample=True))
    for key in ("distribution", "verdicts", "core", "groups"):
        section = found.section(key)
        low, high = section.index("low"), section.index("high")
        middle = section.index({"verdicts": "share", "core": "failed"}.get(key, "median"))
        checked = 0
        for row in section.rows:
            if row[low] is not None:
                assert float(row[low] or 0) <= float(row[middle] or 0) <= float(row[high] or 0)
                checked += 1
        assert checked
    assert Path(made.folder).exists()
