"""Random damage to good files: bytes, zip structure, XML. Seeded: the same files every time."""

from __future__ import annotations

import random
import re

from tests.proof.hostile.package import Parts, pack, poke

_TOKENS = (
    b"<", b">", b"/", b"&", b'"', b"'", b"=", b"<c ", b"</c>", b"<v>", b"</v>", b"<row>", b"</row>",
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?x?>", b"&#0;", b"&#55555;", b"&lt;", b"&a;", b' t="s"',
    b' t="e"', b' r="A1"', b' s="9"', b"-1", b"99999999999", b"1e999", b"nan", b"\0", b"\xff", b"\xed\xa0\x80",
    b"<!DOCTYPE x>", b' xmlns="urn:x"', b"<f>", b"</f>", b"<is><t>x</t></is>", b"_x0000_", b"XFD1048576", b"",
)  # fmt: skip
_NUMBER = re.compile(rb'(?<=["> ])\d+(?=["< ])')


def mutate_bytes(data: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, taken out, doubled or moved anywhere in the file."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(data))
        size = min(chance.choice((1, 1, 2, 4, 16, 200)), len(data) - at)
        match chance.randrange(5):
            case 0:
                data = poke(data, at, bytes([data[at] ^ (1 << chance.randrange(8))]))
            case 1:
                data = poke(data, at, chance.randbytes(size))
            case 2:
                data = data[:at] + data[at + size :]
            case 3:
                data = data[:at] + data[at : at + size] * 2 + data[at + size :]
            case _:
                end = max(0, len(data) - chance.randrange(1, 200))
                data = poke(data, end, chance.choice((b"\0", b"\xff", b"\x7f", b"PK\x05\x06")))
        if not data:
            return b"P"
    return data


def mutate_zip(parts: Parts, chance: random.Random) -> bytes:
    """Parts left out, swapped, doubled, renamed; headers overwritten."""
    items = list(parts.items())
    for _ in range(chance.choice((1, 1, 2))):
        one, other = chance.randrange(len(items)), chance.randrange(len(items))
        match chance.randrange(5):
            case 0 if len(items) > 1:
                del items[one]
            case 1:
                (name, _), (_, body) = items[one], items[other]
                items[one] = name, body
            case 2:
                items.append(items[one])
            case 3:
                name, body = items[one]
                odd = chance.choice(
                    (name.upper(), name[:-1], f"../{name}", name.replace("/", "\\"), "")
                )
                items[one] = odd or "x", body
            case _:
                chance.shuffle(items)
        if not items:
            break
    data = pack(items, chance.choice((0, 8, 8)))
    if chance.random() < 0.4:
        marks = [m.start() for m in re.finditer(rb"PK(\x01\x02|\x03\x04|\x05\x06)", data)]
        at = chance.choice(marks) + chance.randrange(46)
        data = poke(data, min(at, len(data) - 4), chance.randbytes(chance.choice((1, 2, 4))))
    return data


def mutate_xml(parts: Parts, chance: random.Random) -> bytes:
    """Tokens put in, pieces taken out or doubled, numbers changed in one or two parts."""
    names = [n for n in parts if n.endswith((".xml", ".rels")) and parts[n]]
    changed = dict(parts)
    for _ in range(chance.choice((1, 1, 2, 4))):
        name = chance.choice(names)
        part = changed[name] or b"x"
        at = chance.randrange(len(part))
        end = min(len(part), at + chance.choice((0, 1, 5, 40)))
        match chance.randrange(5):
            case 0:
                part = part[:at] + chance.choice(_TOKENS) + part[end:]
            case 1:
                part = part[:at] + part[end:]
            case 2:
                part = part[:at] + part[at:end] * 3 + part[end:]
            case 3:
                found = list(_NUMBER.finditer(part))
                if found:
                    hit = chance.choice(found)
                    new = chance.choice(
                        (b"0", b"-1", b"4294967296", b"1.5", b"99999", b"x", b"", b"7")
                    )
                    part = part[: hit.start()] + new + part[hit.end() :]
            case _:
                tags = list(re.finditer(rb"<[^<>]+>", part))
                if tags:
                    one, other = chance.choice(tags), chance.choice(tags)
                    part = part[: one.start()] + other[0] + part[one.end() :]
        changed[name] = part
    return pack(changed, 8)


def mutant(base: bytes, parts: Parts, seed: int) -> bytes:
    """The mutant with this number."""
    chance = random.Random(seed)
    match seed % 3:
        case 0:
            return mutate_bytes(base, chance)
        case 1:
            return mutate_zip(parts, chance)
        case _:
            return mutate_xml(parts, chance)
