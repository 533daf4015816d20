"""What Python programs may rely on: the functions and classes that `hkz_xlsx` exports.

Everything else may change between versions. The examples below are run by the tests.

>>> import hkz_xlsx
>>> from tempfile import TemporaryDirectory
>>> folder = TemporaryDirectory()
>>> path = f"{folder.name}/werkboek.xlsx"
>>> data = hkz_xlsx.generate("143", organisation="De Brug", output=path)
>>> workbook = hkz_xlsx.read(path)
>>> workbook.norms
('143@2021/r2',)
>>> answers = workbook.frame()
>>> len(answers), int((answers["answer"] != "empty").sum())
(79, 0)
>>> report = hkz_xlsx.analyze(path)
>>> report.title
'Gap-rapport zelfbeoordeling HKZ – De Brug'
>>> [problem.code for problem in hkz_xlsx.check(path)[0].problems][:1]
['CHECK_READ']
>>> folder.cleanup()
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from hkz_xlsx.norm.load import Library, load_library
from hkz_xlsx.portfolio.frames import Portfolio as Portfolio
from hkz_xlsx.problems import HkzError as HkzError
from hkz_xlsx.problems import Problem as Problem
from hkz_xlsx.report.model import GapReport, gap_report
from hkz_xlsx.returned.check import CheckedFile, check_sources
from hkz_xlsx.returned.read import read_workbook
from hkz_xlsx.returned.submission import Submission
from hkz_xlsx.text import Lang

if TYPE_CHECKING:
    import pandas as pd

Place = str | Path


def _library(norms: Place | None) -> Library:
    return load_library(Path(norms) if norms is not None else None)


def generate(  # noqa: PLR0913 - all but the norms by name
    *norms: str,
    output: Place | None = None,
    organisation: str = "",
    location: str = "",
    kvk: str = "",
    reference_date: date | None = None,
    lang: Lang = "nl",
    template: str = "",
    norms_folder: Place | None = None,
) -> bytes:
    """A workbook to fill in, as ``hkz generate`` makes it: the same input gives the same bytes.

    Args:
        norms: parts such as ``143`` or ``138@2015/r2``; parts that belong together come along.
        output: where to write it too; a file that is there is never replaced.
        organisation: name on Start; with one, the workbook has an id of its own.
        location: of the organisation, where there is a workbook for each.
        kvk: number in the Dutch trade register.
        reference_date: the day of the measurement.
        lang: of the workbook.
        template: a shipped template, or a folder with a ``template.yaml``.
        norms_folder: other norms than the shipped ones.

    Raises:
        HkzError: an unknown norm, a template with mistakes, a file that is there; every
            problem has a code, a place and what to do.
    """
    from hkz_xlsx.layout.client import client_inputs
    from hkz_xlsx.layout.template import load_template
    from hkz_xlsx.machine.atomic import write_file
    from hkz_xlsx.norm.select import select
    from hkz_xlsx.plan_build.build import plan_workbook
    from hkz_xlsx.writing.workbook import write_workbook

    selection = select(_library(norms_folder), norms)
    plan = plan_workbook(selection, lang, norms)
    known = {"name": organisation, "location": location, "kvk": kvk}
    inputs = client_inputs(plan, known, reference_date)
    data = write_workbook(plan, inputs, load_template(template or "neutraal"))
    if output is not None:
        write_file(Path(output), data)
    return data


@dataclass(frozen=True, slots=True)
class CompletedWorkbook:
    """A workbook that came back.

    Attributes:
        path: where it is.
        submission: everything that was read, by address: for those who want more than this.
    """

    path: Path
    submission: Submission

    @property
    def norms(self) -> tuple[str, ...]:
        """Question sets of it, such as ``138@2015/r1``."""
        return tuple(map(str, self.submission.identity.editions))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was found while reading; none of it stopped that."""
        return self.submission.problems

    def report(self, lang: Lang | None = None) -> GapReport:
        """Its gap report; in the language of the workbook when none is named."""
        return gap_report(self.submission, lang)

    def frame(self) -> pd.DataFrame:
        """A row per question, with the columns of the table ``answers`` of a portfolio.

        A question without an answer has the code ``empty``. The types are those of
        `hkz_xlsx.portfolio.frames`; ``points`` go from 0 to 1, ``weight`` from 1 to 3, ``maturity``
        from 0 to 4.

        Raises:
            HkzError: pandas or Arrow is not installed (``hkz-xlsx[portfolio]``).
        """
        from hkz_xlsx.machine.extras import need
        from hkz_xlsx.portfolio.file_rows import answers_of
        from hkz_xlsx.portfolio.frames import typed
        from hkz_xlsx.portfolio.schema import ANSWERS

        need("pandas", "pyarrow")
        found = answers_of(self.submission)
        columns = [column for column in ANSWERS.columns if column.name in found]
        return typed(found, columns)


def read(path: Place, *, norms_folder: Place | None = None) -> CompletedWorkbook:
    """Read a completed workbook: .xlsx, .ods, and with the extra ``[old-excel]`` .xls and .xlsb.

    Raises:
        HkzError: the file as a whole cannot be used; the problem says why and what to do.
    """
    return CompletedWorkbook(Path(path), read_workbook(Path(path), _library(norms_folder)))


def analyze(
    path: Place, *, lang: Lang | None = None, previous: Place | None = None,
    norms_folder: Place | None = None,
) -> GapReport:  # fmt: skip
    """The gap report of a completed workbook, with an earlier one beside it when it is named.

    Args:
        path: the workbook; it is read and never written.
        lang: language of the report; None takes that of the workbook.
        previous: an earlier workbook of the same organisation and site.
        norms_folder: question sets of your own, read beside those of the package.

    Raises:
        HkzError: a file cannot be used, or the earlier one is of another client.
    """
    library = _library(norms_folder)
    earlier = read_workbook(Path(previous), library) if previous is not None else None
    return gap_report(read_workbook(Path(path), library), lang, None, earlier, library=library)


def check(*paths: Place, norms_folder: Place | None = None) -> tuple[CheckedFile, ...]:
    """Look files, folders and zips over: can they be used, were they changed, do they make sense.

    Returns:
        every file with its findings, in order; nothing is raised for a file that cannot be used.
    """
    places: Sequence[Path] = [Path(path) for path in paths]
    return tuple(check_sources(places, _library(norms_folder)).files)
