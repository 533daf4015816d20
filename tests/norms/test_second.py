"""The second revision of every set: each duty stands on the rows it is about."""

from __future__ import annotations

import pytest

from hkz_xlsx.norm.files import Loader, norms_folder
from hkz_xlsx.norm.load import read_library
from hkz_xlsx.norm.model import NormPart

PARTS = {"123", "125", "132", "134", "138", "139", "140", "143", "144", "zw"}

ROWS = {
    "meldcode": "MHD-208 MOV-206 SCW-220 PSZ-212 KOV-218 VVT-225 ZW-220 KO-304",
    "kindcheck": "MHD-210",
    "risk_at_start": "MHD-107 MOV-104 VVT-110 KO-303 ZW-219 CPV-109",
    "plan": "MHD-201 MOV-201 VVT-201 KO-306 ZW-205",
    "consent": "MHD-203 MOV-203 VVT-203 ZW-215 KO-307",
    "family_plan": "MHD-205 ZW-204 KO-311",
    "plan_review": "MHD-219 MOV-226 ZW-206 KO-308 VVT-301",
    "provider_ends": "MHD-304 MOV-303 VVT-306",
    "client_experience": "MHD-309 MOV-309 SCW-303 KO-401 ZW-301 VVT-304 AO-447",
    "look_back": "MHD-301 MOV-305",
    "incidents": "AO-435 KO-408 ZW-221 CPV-205",
    "open_after_incident": "AO-437 CPV-213 ZW-306",
    "calamity_zorg": "AO-438 CPV-208 KO-410 ZW-222",
    "calamity_jeugd": "AO-439 CPV-209 KO-411 ZW-223",
    "calamity_wmo": "AO-440 CPV-210 KO-412 ZW-224",
    "complaints": "AO-441 KO-413 ZW-307",
    "complaints_officer": "AO-443 KO-414 ZW-308",
    "disputes_body": "AO-444 KO-415 ZW-316 KOV-112",
    "complaints_youth": "AO-445 KO-416 ZW-309",
    "vetting": "AO-510 KO-208 ZW-236",
    "vog": "AO-505 AO-506 AO-509 KO-206 ZW-233 ZW-234 KOV-210",
    "vog_other": "AO-507 AO-508 AO-811 KO-207 ZW-235 SCW-206",
    "competence": "AO-512 KO-205 ZW-232",
    "access": "AO-712 KO-114 ZW-228",
    "data_breach": "AO-909 KO-115 ZW-118",
    "own_file": "AO-906 KO-302",
    "retention": "AO-908 MHD-314 ZW-119",
    "nen7510": "AO-910 ZW-229",
    "internal_audit": "AO-450 KO-417 ZW-311 CPV-306",
    "management_review": "AO-452 KO-418 ZW-313 CPV-406",
    "compliance_check": "AO-420 KO-112 ZW-115",
    "risks_org": "AO-410 KO-107 ZW-113 CPV-106",
    "subcontractors": "AO-805 KO-213 ZW-239",
    "supervision": "AO-418 ZW-106 ZW-116",
    "client_council": "AO-433 ZW-108 KO-404",
    "participation_wmo": "AO-434 ZW-109 KO-405",
    "rie": "AO-706 KO-215 ZW-237",
    "confidant": "AO-526 ZW-243",
    "boundary_plan": "AO-525 KO-211",
    "medication_signing": "MOV-216 VVT-216 CPV-204 KO-305 ZW-226",
    "client_money": "AO-716 MOV-221",
    "quality_report": "VVT-402",
}
"""Rows of the first revision that are about a duty. A row that asks something else now has
another id."""


def second() -> dict[str, NormPart]:
    return {p.id: p for p in read_library()[0].parts if p.edition.revision == "r2"}


def test_rows_of_a_duty_say_so() -> None:
    duties = {row.id: row.duty for part in second().values() for _, _, row in part.requirements()}
    wrong = [
        (row, duties[row], duty)
        for duty, rows in ROWS.items()
        for row in rows.split()
        if row in duties and duties[row] != duty
    ]
    assert wrong == []


def test_every_duty_is_asked() -> None:
    """All sets are there, and no duty is empty."""
    parts = second()
    assert parts.keys() == PARTS
    shared = Loader(norms_folder()).shared("r2")
    assert shared is not None
    asked = {row.duty for part in parts.values() for _, _, row in part.requirements()}
    assert set(shared.duties) - asked == set()


def test_sets_of_the_second_revision() -> None:
    """Sets that rest on the second shared data and say what is public of their norm."""
    for part in second().values():
        assert part.status == "released", part.id
        assert part.public is not None, part.id
        assert part.public.covers or part.id == "123", part.id
        assert part.public.accreditation is not None, part.id
        if part.structure == "sector":
            assert part.public.together is not None, part.id


def test_no_id_is_used_for_another_part() -> None:
    """Ids of both revisions together: an id that came back stands in the part it came from."""
    owner: dict[str, str] = {}
    for part in read_library()[0].parts:
        for _, _, row in part.requirements():
            assert owner.setdefault(row.id, part.id) == part.id, row.id


PHRASES = {"138": 8, "139": 8, "140": 19, "134": 4}
"""Phrases of the scope on the public page of welfare and social services, per part."""


@pytest.mark.parametrize("part", PHRASES)
def test_the_public_page_is_told_in_full(part: str) -> None:
    """Every phrase, every footnote where it belongs, and each remark of the page."""
    told = second()[part].public
    assert told is not None
    assert len(told.covers) == PHRASES[part]
    assert [one.note for one in told.excludes] == {"139": ["1"], "140": ["2"]}.get(part, [])
    remarks = (told.version, told.accreditation, told.client_safety, told.nta8224, told.register)
    assert None not in (*remarks, told.together, told.ordering, told.size, told.iso_next)
