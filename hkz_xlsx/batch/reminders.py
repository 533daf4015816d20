"""Reminders for clients of whom something is still missing: a table for a mail merge, and texts.

Nothing is mailed. Every text is in the language of the client, says what came back and what is
missing, and asks for it before the deadline where there is one.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import StringIO

from hkz_xlsx.batch.collect import ClientState, Collected
from hkz_xlsx.batch.show import parts_text, state_text
from hkz_xlsx.layout.style_template import NEUTRAL, Look
from hkz_xlsx.machine.csv_text import guarded
from hkz_xlsx.machine.filenames import UniqueNames, safe_name
from hkz_xlsx.text import LANGS, Lang, messages, say

CSV_NAME = "herinnering.csv"
COLUMNS = (
    "client", "location", "contact", "email", "lang", "state", "state_text", "missing", "deadline",
    "file", "subject", "text",
)  # fmt: skip
"""Keys of the columns, for the fields of a mail merge; they are not translated."""


@dataclass(frozen=True, slots=True)
class Reminder:
    """What to ask of one client. ``values`` has every key of `COLUMNS`."""

    values: dict[str, str]

    @property
    def text(self) -> str:
        """The whole message, with whom it is for and its subject above it."""
        head = [f"{self.values['contact'] or self.values['client']}"]
        head += [self.values["email"]] if self.values["email"] else []
        return "\n".join((*head, self.values["subject"], "", self.values["text"])) + "\n"


def written(day: date) -> str:
    """A day as people write it."""
    return day.strftime("%d-%m-%Y")


def _missing(one: ClientState, lang: Lang) -> str:
    """What is missing, in a sentence."""
    key = f"collect.missing.{one.state}"
    if one.state == "missing":
        return messages(lang)(key)
    newest = one.returned[0]
    if one.state == "faulty" and newest.fault is not None:
        # Its hint is for who received the file: "ask the sender". This goes to the sender.
        return say(lang, key, why=newest.fault.message(lang))
    day = "-".join(reversed(newest.day.split("-")))
    counts = {"answered": one.answered, "count": one.count}
    said = say(lang, key, open=one.count - one.answered, date=day, **counts)
    return f"{said} {parts_text(one, lang)}" if one.absent and one.state == "partly" else said


def _reminder(one: ClientState, deadline: date | None, look: Look) -> Reminder:
    values = one.entry.values
    lang: Lang = next((known for known in LANGS if known == values["lang"]), "nl")
    text = messages(lang)
    missing = _missing(one, lang)
    ask = (
        say(lang, "collect.ask_by", deadline=written(deadline)) if deadline else text("collect.ask")
    )
    name = values["contact"] or values["client"]
    sender = (look.adviser, *look.contact) if look.adviser else ()
    body = (
        say(lang, "collect.dear", name=name), "", missing,
        say(lang, "collect.which", file=one.entry.file), ask, "",
        text("collect.greetings"), *sender,
    )  # fmt: skip
    found = {
        "client": values["client"], "location": values["location"], "contact": values["contact"],
        "email": values["email"], "lang": lang, "state": one.state,
        "state_text": state_text(one, lang), "missing": missing,
        "deadline": written(deadline) if deadline else "", "file": one.entry.file,
        "subject": say(lang, "collect.subject", client=one.entry.client),
        "text": "\n".join(body),
    }  # fmt: skip
    return Reminder(found)


def reminders(
    found: Collected, deadline: date | None = None, look: Look = NEUTRAL
) -> list[Reminder]:
    """One for every client whose workbook is not back complete, in the order of the list.

    Args:
        found: what came back.
        deadline: the day that is asked for.
        look: whose name stands below the message.
    """
    return [_reminder(one, deadline, look) for one in found.clients if one.state != "complete"]


def table(found: list[Reminder]) -> bytes:
    """As csv with a semicolon and a UTF-8 mark, for a mail merge.

    What a spreadsheet program would take for a formula gets an apostrophe before it.
    """
    target = StringIO(newline="")
    writer = csv.writer(target, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(one.values[key]) for key in COLUMNS] for one in found)
    return b"\xef\xbb\xbf" + target.getvalue().encode("utf-8", "replace")


def files(found: list[Reminder]) -> Iterator[tuple[str, bytes]]:
    """Name and content of everything: the table, and a text per client."""
    yield CSV_NAME, table(found)
    names = UniqueNames(CSV_NAME)
    for one in found:
        name = safe_name(" - ".join(filter(None, (one.values["client"], one.values["location"]))))
        yield f"{names.unused(name)}.txt", one.text.encode("utf-8", "replace")
