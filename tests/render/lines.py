"""What drawings must hold to, whatever they show."""

from __future__ import annotations

from collections.abc import Iterator

from hkz_xlsx.render.drawing import Box, Dot, Drawing, Stroke, Words


def struck(drawing: Drawing) -> Iterator[tuple[Stroke, str]]:
    """Lines that go through words. Lines of a scale, of months, of a target and of today end beside
    words, or lie below a bar; what slopes is what is drawn, such as a score over time."""
    for number, line in enumerate(drawing.shapes):
        if not isinstance(line, Stroke) or len(line.points) != 2:
            continue
        (x1, y1), (x2, y2) = line.points
        if x1 != x2 and y1 != y2:
            continue
        for words in drawing.words():
            left, top, right, bottom = words.box
            crossed = x1 < right and x2 > left and y1 < bottom and y2 > top
            if crossed and not _covered(drawing, number, words):
                yield line, words.text


def _covered(drawing: Drawing, number: int, words: Words) -> bool:
    """Whether a shape lies between a line and words on it."""
    x, y = (words.box[0] + words.box[2]) / 2, (words.box[1] + words.box[3]) / 2
    for shape in drawing.shapes[number + 1 :]:
        if isinstance(shape, Box) and shape.x <= x <= shape.x + shape.width:
            if shape.y <= y <= shape.y + shape.height:
                return True
        elif isinstance(shape, Dot) and (shape.x - x) ** 2 + (shape.y - y) ** 2 <= shape.radius**2:
            return True
    return False
