"""Column records as fields of sheets: the kind of answer as a codec, the words around it."""

from __future__ import annotations

from typing import assert_never

from hkz_xlsx.layout.codecs import Choice, Codec, Day, FreeText, KvkNumber, Number
from hkz_xlsx.scoring.columns import ColumnRecord, records_at


def codec_of(record: ColumnRecord) -> Codec | None:
    """How an answer stands in the cell and is read back; None where nobody answers."""
    match record.kind:
        case "text":
            return FreeText()
        case "kvk":
            return KvkNumber()
        case "date":
            return Day()
        case "number":
            return Number()
        case "choice":
            return Choice(record.choices)
        case "fixed" | "computed" | "carried":
            return None
        case _ as never:
            assert_never(never)


def codecs_at(form: str, layout: int) -> dict[str, Codec]:
    """The rows of a form in a layout, in order, with the kind of their answer."""
    pairs = ((record.key, codec_of(record)) for record in records_at(form, layout))
    return {key: codec for key, codec in pairs if codec is not None}
