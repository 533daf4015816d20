"""Run every command that makes files, in one process: the same bytes are expected everywhere.

python -m tests.proof.faults.everything INPUTS OUTPUT JOBS [reversed]
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.proof.faults.commands import NEXT, NORM, REPORTS, here

RETURNS = ("retour", "later")


LONG = ("repair", "collect")
"""Left out when it must be short: what they write, merge, batch and analyze write as well."""


def everything(inputs: Path, out: Path, jobs: int, *, backwards: bool, short: bool) -> None:
    out.mkdir(parents=True, exist_ok=True)
    one, two = inputs / "een.xlsx", inputs / "twee.xlsx"
    folders = [inputs / name for name in (RETURNS[::-1] if backwards else RETURNS)]
    runs: list[list[object]] = [
        ["generate", NORM, "-o", out / "w.xlsx", "--organisation", "Brüg", "--date", "2-11-2026"],
        ["analyze", one, *(word for kind in REPORTS for word in ("-o", out / f"r.{kind}"))],
        ["analyze", inputs / "retour", "-o", out / "rapporten", "--format", "json"],
        ["check", inputs / "later", "--xlsx", out / "c.xlsx"],
        ["repair", one, "-o", out / "h.xlsx"],
        ["merge", one, two, "-o", out / "s.xlsx"],
        ["batch", inputs / "klanten.csv", "-o", out / "batch", "--jobs", jobs],
        [
            "collect", inputs / "uitgezet", "--manifest", inputs / "uitgezet/manifest.csv",
            "-o", out / "stand.xlsx", "-o", out / "stand.json", "--jobs", jobs,
        ],
        ["migrate", inputs / "retour", "-o", out / "nieuw", "--to", NEXT, "--jobs", jobs],
        [
            "aggregate", *folders, "-o", out / "p", "--jobs", jobs, "--texts",
            *(w for kind in ("html", "xlsx", "csv", "parquet") for w in ("-o", out / f"v.{kind}")),
        ],
    ]  # fmt: skip
    for arguments in runs:
        if short and (
            arguments[0] in LONG or (arguments[0] == "analyze" and "--format" in arguments)
        ):
            continue
        result = here(*arguments)
        assert result.exit_code == 0, (arguments, result.output, result.exception)
    looked_at = one if short else inputs / "later"
    (out / "c.json").write_bytes(here("check", looked_at, "--json").stdout_bytes)


if __name__ == "__main__":
    more = {"backwards": "reversed" in sys.argv[4:], "short": "short" in sys.argv[4:]}
    everything(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), **more)
