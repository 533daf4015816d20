"""Which norm fits, and what the commands for choosing and authoring do."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from hkz_xlsx.cli.main import cli
from hkz_xlsx.norm.authoring import PLACEHOLDERS
from hkz_xlsx.norm.catalogue import load_catalogue
from hkz_xlsx.norm.choose import WORK, Advice, OrganisationProfile, companions
from hkz_xlsx.norm.choose import choose as chosen
from hkz_xlsx.norm.content import check_content
from hkz_xlsx.norm.files import norms_folder
from hkz_xlsx.norm.load import load_library, read_library
from hkz_xlsx.norm.readability import reading_ease
from hkz_xlsx.text import catalogue, listed
from tests.norms.revisions import copied, replaced, revised, rewritten
from tests.support import first_set, library


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, list(arguments), input=typed)


def choose(profile: OrganisationProfile) -> tuple[Advice, ...]:
    return chosen(profile, library())


@pytest.mark.parametrize(
    ("fte", "work", "first"),
    [
        (8.0, ("maatschappelijk-werk",), "143"),
        (10.0, ("maatschappelijk-werk",), "143"),
        (10.5, ("maatschappelijk-werk",), "138"),
        (40.0, ("vrouwenopvang", "welzijn"), "139"),
        (40.0, ("anders",), "zw"),
        (None, ("thuiszorg",), "144"),
    ],
)
def test_best_fit(fte: float | None, work: tuple[str, ...], first: str) -> None:
    """Small ones get the norm for small organisations, others that of their work."""
    assert choose(OrganisationProfile(fte, work, ("certificaat",)))[0].norm == first


def test_boundary_is_told_as_contradictory() -> None:
    """At exactly 10 fte both are named, with the contradiction as a reason."""
    found = {a.norm: a.reasons for a in choose(OrganisationProfile(10.0, ("anders",), ()))}
    assert {"143", "zw"} <= found.keys()
    assert "boundary" in found["143"]


@pytest.mark.parametrize(
    ("work", "norm", "remark"),
    [
        ("raadsliedenwerk", "138", "with_123"),
        ("school", "138", "with_123"),
        ("bedrijf", "138", "with_123"),
        ("mantelzorg", "140", "carers"),
        ("dagbesteding", "140", "day_activities"),
        ("ggz", "ggz", "named_only"),
        ("ghz", "gehandicaptenzorg", "named_only"),
        ("jeugd", "jeugdzorg", "named_only"),
        ("kraam", "155", "named_only"),
        ("revalidatie", "revalidatie", "named_only"),
    ],
)
def test_words_for_work(work: str, norm: str, remark: str) -> None:
    """A norm without questions of ours is named too, without anything to generate."""
    first = choose(OrganisationProfile(40.0, (work,), ()))[0]
    assert (first.norm, remark in first.reasons) == (norm, True)
    assert first.generate == ((norm,) if norm in ("138", "140") else ())


@pytest.mark.parametrize(("fte", "reason"), [(8.0, "general_below"), (None, "general_from")])
def test_size_of_the_general_norm_is_told(fte: float | None, reason: str) -> None:
    """Zorg & Welzijn is for 10 fte and more: told to those who are smaller or do not know."""
    found = {a.norm: a.reasons for a in choose(OrganisationProfile(fte, ("opvang",), ()))}
    assert reason in found["zw"]
    large = {a.norm: a.reasons for a in choose(OrganisationProfile(10.0, ("opvang",), ()))}
    assert large["zw"] == ("general",)


def test_accreditation_is_told_of_every_norm() -> None:
    told = run("norms", "choose", "--fte", "8", "--work", "school,ggz", "--lang", "nl").stdout
    assert told.count("Accreditatie: ") == 4
    assert "Accreditatie: ja (Raad voor Accreditatie)" in told
    assert "Accreditatie: nee" in told


def test_alone_and_safety() -> None:
    """A norm without a question set of ours is still named; safety adds its own norm."""
    found = choose(OrganisationProfile(1.0, (), ("veiligheid",), alone=True))
    made = () if library().part("166") is None else ("166",)
    assert [(a.norm, a.generate) for a in found] == [("166", made), ("125", ("125",))]


def test_which_sets_go_together_is_told() -> None:
    """Of the sets that are there: one more is named by itself."""
    found = companions(library())
    kinds = {part.id: part.structure for part in library().newest()}
    assert {kinds[one] for one in found.sector} == {"sector"}
    assert {kinds[one] for one in found.general} == {"organisation"}
    assert {kinds[one] for one in found.alone} == {"standalone"}
    assert sorted((*found.sector, *found.general, *found.alone)) == sorted(kinds)
    told = run("norms", "choose", "--fte", "8", "--work", "school", "--lang", "nl").stdout
    assert f"{listed(found.sector, 'nl')} altijd samen met 123" in told
    assert f"{listed(found.alone, 'nl')} staan op zichzelf" in told


def test_every_advice_can_be_followed() -> None:
    """Norms named are in the catalogue, parts to generate exist, reasons have a text."""
    entries, parts = {e.id for e in load_catalogue()}, {p.id for p in library().newest()}
    for fte in (None, 1.0, 9.9, 10.0, 10.1, 500.0):
        for work in WORK:
            for advice in choose(OrganisationProfile(fte, (work,), ("veiligheid",))):
                assert advice.norm in entries
                assert set(advice.generate) <= parts
                for reason in advice.reasons:
                    assert f"choose.reason.{reason}" in catalogue("nl")


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_choose_command(lang: str) -> None:
    """With options, or asked for."""
    told = run("norms", "choose", "--fte", "8", "--work", "schuldhulp", "--lang", lang)
    assert told.exit_code == 0, told.output
    assert "HKZ 143" in told.stdout
    assert "hkz generate 143" in told.stdout
    asked = run("norms", "choose", "--lang", lang, typed="12,5\nopvang\ncertificaat\n")
    assert asked.exit_code == 0, asked.output
    assert asked.stdout.index("HKZ 139") < asked.stdout.index("HKZ Zorg & Welzijn")
    assert run("norms", "choose", "--work", "bakkerij").exit_code == 2


@pytest.mark.parametrize("lang", ["nl", "en"])
def test_list_all(lang: str) -> None:
    """All entries; those without questions say so and how to make them."""
    result = run("norms", "list", "--all", "--lang", lang)
    assert result.exit_code == 0, result.output
    assert result.stdout.count("[") >= len(load_catalogue())
    assert "hkz norms new" in result.stdout
    assert "HKZ 166" in result.stdout


def test_generate_asks_for_scope(tmp_path: Path) -> None:
    """Only words that matter are offered; what does not hold is left out, and the book says why."""
    path = tmp_path / "w.xlsx"
    result = run("generate", "138", "-o", str(path), "--ask", typed="wmo\n\n")
    assert result.exit_code == 0, result.output
    assert "jeugdwet" in result.stderr
    assert "0 weggelaten" not in result.stderr
    import openpyxl

    sheet = openpyxl.load_workbook(path)["Toelichting"]
    texts = [str(c.value) for line in sheet.iter_rows() for c in line if c.value]
    assert "Niet in dit werkboek" in texts
    assert any(text.startswith("alleen bij Financiering: ") for text in texts)


def test_a_skeleton_is_not_released_with_its_own_words(tmp_path: Path) -> None:
    """Each text that was to be replaced is named; a draft may have them."""
    root = tmp_path / "norms"
    assert run("norms", "new", "eigen", "--edition", "2026", "-d", str(root)).exit_code == 0
    head = root / "eigen" / "2026" / "r1" / "norm.yaml"
    head.write_text(head.read_text("utf-8").replace("status: draft", "status: released"), "utf-8")
    [part] = read_library(root)[0].parts
    left = [p.slots["value"] for p in check_content([part]) if p.code == "NORM_PLACEHOLDER"]
    assert set(left) == PLACEHOLDERS
    told = run("norms", "check", str(root), "--lock")
    assert (told.exit_code, "NORM_PLACEHOLDER" in told.stderr) == (1, True)
    assert not (root / "lock.yaml").exists()


def test_new_skeleton_is_a_right_norm(tmp_path: Path) -> None:
    """What `new` writes loads, passes the checks and can be generated from."""
    root = tmp_path / "norms"
    made = run("norms", "new", "eigen", "--edition", "2026", "-d", str(root))
    assert made.exit_code == 0, made.output
    newest = library().shared_named().revision
    folder = root / "eigen" / "2026" / "r1"
    assert f'shared: "{newest}"' in (folder / "norm.yaml").read_text("utf-8")
    rows = (folder / "rubrieken" / "rubriek-1.yaml").read_text("utf-8")
    assert f"norms/shared/{newest}/laws.yaml" in rows
    assert run("norms", "check", str(root)).exit_code == 0
    book = tmp_path / "w.xlsx"
    refused = run("generate", "eigen", "-o", str(book), "--norms", str(root))
    assert (refused.exit_code, "NORM_ONLY_DRAFT" in refused.stderr) == (1, True)
    asked = "eigen@2026/r1"
    assert asked in refused.stderr
    assert f"hkz generate {asked} --norms {root}" in made.stderr
    assert run("generate", asked, "-o", str(book), "--norms", str(root)).exit_code == 0
    assert run("analyze", str(book), "--norms", str(root)).exit_code == 0
    assert run("norms", "new", "eigen", "-d", str(root)).exit_code == 1
    assert run("norms", "new", "ander", "-d", str(root)).exit_code == 0
    told = run("norms", "check", str(root))  # two untouched skeletons ask the same thing
    assert (told.exit_code, "NORM_ID_TWICE" in told.stderr) == (1, False)
    assert "NORM_QUESTION_SAME" in told.stderr
    assert run("norms", "list", "--all", "--norms", str(root)).exit_code == 0


@pytest.mark.parametrize("name", ["mijn norm", "../../uit", 'a"b', "shared", "Hoofd", "a@b", "a#b"])
def test_new_refuses_names_that_do_not_read_back(name: str, tmp_path: Path) -> None:
    """An id must be safe as a folder and in the identity of a workbook."""
    result = run("norms", "new", name, "-d", str(tmp_path / "n"))
    assert (result.exit_code, "NORM_NAME" in result.stderr) == (1, True)
    assert not (tmp_path / "n").exists()
    wrong = run("norms", "new", "goed", "--edition", "2026#1", "-d", str(tmp_path / "n"))
    assert (wrong.exit_code, "NORM_NAME" in wrong.stderr) == (1, True)


@pytest.mark.parametrize("part", ["138", "143"])
def test_through_a_sheet_and_back(part: str, tmp_path: Path) -> None:
    """Out to a sheet and back in: the same question set, every value of it."""
    root = copied(tmp_path / "norms")
    found = load_library(root).part(part)
    assert found is not None
    sheet = tmp_path / "vragen.xlsx"
    told = run("norms", "to-xlsx", first_set(part), "-o", str(sheet))
    assert told.exit_code == 0, told.output
    (head,) = (root / part).rglob("norm.yaml")
    folder = head.parent / "rubrieken"
    shutil.rmtree(folder)
    back = run("norms", "from-xlsx", str(sheet), "-d", str(folder))
    assert back.exit_code == 0, back.output
    again, problems = read_library(root)
    assert problems == ()
    read = again.part(part)
    assert read is not None
    assert read.rubrieken == found.rubrieken


def test_duties_go_through_a_sheet_too(tmp_path: Path) -> None:
    """And a sheet of before there were duties, without their column, is read as it was."""
    import openpyxl

    root = copied(tmp_path / "norms", later=True)
    new = revised(root, "143/2021", revision="r3")
    path = new / "rubrieken" / "rubriek-1.yaml"
    replaced(path, "      - id: KO-107\n", "      - id: KO-107\n        duty: risks_org\n")
    rewritten(new, "KO-107", r"iso9001: \[.*\]", 'iso9001: ["6.1.1"]')
    replaced(new / "norm.yaml", 'shared: "r1"', 'shared: "r3"')
    shutil.copytree(root / "shared/r1", root / "shared/r3")
    shutil.copy(root / "shared/r2/duties.yaml", root / "shared/r3/duties.yaml")
    shutil.copy(root / "shared/r2/laws.yaml", root / "shared/r3/laws.yaml")
    shutil.copy(root / "shared/r2/sources.yaml", root / "shared/r3/sources.yaml")
    sheet, made = tmp_path / "vragen.xlsx", tmp_path / "made"
    asked = "143@2021/r3"
    told = run("norms", "to-xlsx", asked, "-o", str(sheet), "--norms", str(root))
    assert told.exit_code == 0, told.output
    assert run("norms", "from-xlsx", str(sheet), "-d", str(made)).exit_code == 0
    assert 'duty: "risks_org"' in (made / "rubriek-1.yaml").read_text("utf-8")
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    heads = {page.cell(4, c).value: c for c in range(1, page.max_column + 1)}
    for line in range(4, page.max_row + 1):
        page.cell(line, heads["duty"]).value = None
    book.save(sheet)
    old = tmp_path / "old"
    back = run("norms", "from-xlsx", str(sheet), "-d", str(old))
    assert back.exit_code == 0, back.output
    assert "duty" not in (old / "rubriek-1.yaml").read_text("utf-8")


def test_mistakes_in_a_sheet_are_told_row_by_row(tmp_path: Path) -> None:
    """Three wrong cells: three problems with sheet, cell and column; nothing is written."""
    import openpyxl

    sheet = tmp_path / "vragen.xlsx"
    run("norms", "to-xlsx", "125", "-o", str(sheet))
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    column = {page.cell(4, c).value: c for c in range(1, page.max_column + 1)}
    page.cell(5, column["weight"]).value = "zwaar"
    page.cell(6, column["confidence"]).value = "zeker"
    page.cell(7, column["question_en"]).value = None
    book.save(sheet)
    folder = tmp_path / "rubrieken"
    result = run("norms", "from-xlsx", str(sheet), "-d", str(folder))
    assert result.exit_code == 1
    assert result.stderr.count("NORM_ROW_WRONG") >= 2
    assert "weight" in result.stderr
    assert "zeker" in result.stderr
    assert not folder.exists()


def test_contradictions_in_a_sheet_are_told(tmp_path: Path) -> None:
    """A doubled id, a topic with two titles, a rubriek that is a path."""
    import openpyxl

    sheet = tmp_path / "vragen.xlsx"
    run("norms", "to-xlsx", "125", "-o", str(sheet))
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    column = {page.cell(4, c).value: c for c in range(1, page.max_column + 1)}
    page.cell(6, column["id"]).value = page.cell(5, column["id"]).value
    page.cell(6, column["title_nl"]).value = "Andere titel"
    page.cell(9, column["rubriek"]).value = "../../uit"
    book.save(sheet)
    result = run("norms", "from-xlsx", str(sheet), "-d", str(tmp_path / "r"))
    assert result.exit_code == 1
    for wanted in ("NORM_ID_TWICE", "Andere titel", "../../uit"):
        assert wanted in result.stderr, wanted


def test_odd_texts_survive_the_files(tmp_path: Path) -> None:
    """Colons, hashes and quotes in any cell come back as they were."""
    import openpyxl

    sheet = tmp_path / "vragen.xlsx"
    run("norms", "to-xlsx", "125", "-o", str(sheet))
    book = openpyxl.load_workbook(sheet)
    page = book.worksheets[0]
    column = {page.cell(4, c).value: c for c in range(1, page.max_column + 1)}
    tip = "Let op: \"dit\" # en 'dat' \\ & {meer}: [x]"
    page.cell(5, column["tip_nl"]).value = tip
    book.save(sheet)
    root = tmp_path / "norms"
    shutil.copytree(norms_folder(), root)
    folder = root / "125/2009/r2/rubrieken"
    result = run("norms", "from-xlsx", str(sheet), "-d", str(folder), "--force")
    assert result.exit_code == 0, result.output
    part = read_library(root)[0].part("125")
    assert part is not None
    assert next(part.requirements())[2].tip.nl == tip


@pytest.mark.parametrize("arguments", [["--fte", "-3"], ["--fte", "nan"]])
def test_sizes_that_cannot_be(arguments: list[str]) -> None:
    """Wrong usage, no traceback."""
    assert run("norms", "choose", "--work", "anders", *arguments).exit_code == 2
    assert run("norms", "choose", typed="acht\n").exit_code == 2


def test_readability_knows_hard_from_easy() -> None:
    """Short words and sentences are easier, in both languages."""
    easy = {"nl": "Ligt er een plan? Kijk er elke week naar.", "en": "Is there a plan? Look at it."}
    hard = {
        "nl": "Inventariseert de kwaliteitsfunctionaris verantwoordelijkheidsverdelingen?",
        "en": "Does organisational accountability incorporate methodological evaluation?",
    }
    assert reading_ease(easy["nl"], "nl") > 70 > 30 > reading_ease(hard["nl"], "nl")
    assert reading_ease(easy["en"], "en") > 70 > 30 > reading_ease(hard["en"], "en")


def test_readability_is_what_was_published() -> None:
    """Flesch 1948 and Douma 1960 to the decimal, of words that hyphenation counts alike."""
    english = "The big cat sat on the mat. It did not run."
    dutch = "De kat zat op de mat. Hij liep niet weg."
    assert reading_ease(english, "en") == pytest.approx(206.835 - 1.015 * 11 / 2 - 84.6)
    assert reading_ease(dutch, "nl") == pytest.approx(206.84 - 0.93 * 10 / 2 - 77.0)
    assert reading_ease("Water.", "nl") == pytest.approx(206.84 - 0.93 - 77.0 * 2)
    assert reading_ease("Window.", "en") == pytest.approx(206.835 - 1.015 - 84.6 * 2)
