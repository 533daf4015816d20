"""Whether a question of two revisions is the same question: an answer to one answers the other."""

from __future__ import annotations

import hashlib
import json

from hkz_xlsx.norm.model import Requirement

COUNTED = ("question", "weight", "core", "evidence_rule", "na_allowed", "when")
"""Keys of a row that make it another question. The scale of answers is one for all questions.
Tip, examples, themes, laws, ISO clauses, confidence and sources explain a question only."""


def question_mark(row: Requirement) -> str:
    """A fingerprint of what is asked and of the rules by which the answer counts.

    Both languages are in it: what the words mean is decided by the question, not by the language
    in which somebody happened to read it. White space is not.
    """
    when = row.when
    counted = {
        "question": [" ".join(text.split()) for text in (row.question.nl, row.question.en)],
        "weight": row.weight,
        "core": row.core,
        "evidence_rule": row.evidence_rule,
        "na_allowed": row.na_allowed,
        "when": [sorted(set(when.funding)), sorted(set(when.activities))] if when else [[], []],
    }
    plain = json.dumps(counted, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(plain.encode("utf-8")).hexdigest()[:16]
