"""The open points of many consignments: each answer walked as columns, and the dearest shown, as `spread` does for one.

Rows whose points cannot be answered in columns are marked as not sound, and are left to `spread`.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

import numpy as np

from calculator.bulk import Sums, sums_of
from calculator.choices import Choice, chosen_for_all
from calculator.columns import Digits, Mask
from calculator.desk import Picks
from calculator.errors import Unpriceable
from calculator.plan import OpenPoint
from calculator.spread import MOST_ALONE, WAIVERS
from calculator.together import Many, Together

# What is known of an answer: it closes the request to every consignment of its choice, or only each by itself can tell.
CLOSED: Literal["closed"] = "closed"
ALONE: Literal["alone"] = "alone"
Answered = Choice | Literal["closed", "alone"]


def opened(many: Many, sums: Sums, walks: Together) -> Mapping[str, Digits]:
    """Put the figures of the answers shown, and whether they are estimates, into the sums of the first answers.

    It gives the answer that is shown in each row, by the points that are open in any.
    """
    points = _points(many)
    live = {key: _live(many, sums, key, asked) for key, asked in points.items()}
    rows = np.flatnonzero(sum(live.values(), np.zeros(len(many), np.bool_)))
    if not len(rows):
        return {}
    sums.sound[rows] &= ~_many_points(many)[many.which[rows]]
    shown, sources = {}, np.zeros(len(many), np.int64)
    for key, asked in points.items():
        shown[key] = _dearest(many, sums, walks, key, asked, live[key], sources)
    # What several points come to together is walked for a range that may turn out to be none.
    sums.sound[sources > 1] = False
    _show(many, sums, walks, shown)
    sums.estimated[sources > 0] = True
    return shown


def behind(many: Many, sums: Sums, shown: Mapping[str, Digits]) -> Iterator[tuple[Choice, Iterator[Choice]]]:
    """What was chosen for the sound rows, once for all that are alike: their choice, and with it every answer to what is open.

    `shown` are the answers that `opened` gave. For one quote `rows_used.choices_of` tells the same.
    """
    rows = np.flatnonzero(sums.sound)
    picked = [answers[rows] for answers in shown.values()]
    waived = [taken[rows].astype(np.int64) for taken in sums.taken.values()]
    for which, *signs in np.unique(np.column_stack([many.which[rows], *picked, *waived]), axis=0).tolist():
        picks = {key: answer for key, answer in zip(shown, signs, strict=False) if answer}
        keys = {key for key, sign in zip(sums.taken, signs[len(picked) :], strict=True) if sign}
        choice = many.choices[which]
        yield choice, _behind(choice, picks, keys)


def _behind(choice: Choice, picks: Picks, waived: Collection[str]) -> Iterator[Choice]:
    """The answers shown, and each to every point that is open; a waiver's is where it takes something off."""
    shown = _answer(choice, picks) if picks else choice
    assert isinstance(shown, Choice)
    yield shown
    for point in shown.plan.open_points:
        if point.key in WAIVERS and point.key not in waived:
            continue
        for answer in range(point.answers):
            answered = _answer(choice, {point.key: answer})
            if isinstance(answered, Choice):
                yield answered


def _points(many: Many) -> Mapping[str, Sequence[OpenPoint | None]]:
    """The open points by their keys: for each choice the point that it has of this key."""
    found: dict[str, list[OpenPoint | None]] = {}
    for number, choice in enumerate(many.choices):
        for point in choice.plan.open_points:
            if point.key not in found:
                found[point.key] = [None] * len(many.choices)
            found[point.key][number] = point
    return found


def _live(many: Many, sums: Sums, key: str, asked: Sequence[OpenPoint | None]) -> Mask:
    """The rows in which a point is open: that of a waiver only where it takes something off."""
    there = np.array([point is not None for point in asked], np.bool_)[many.which]
    return there & sums.taken[key] if key in sums.taken else there


def _many_points(many: Many) -> Mask:
    """The choices that have more points than are tried one by one."""
    return np.array([len(choice.plan.open_points) > MOST_ALONE for choice in many.choices], np.bool_)


def _dearest(
    many: Many,
    sums: Sums,
    walks: Together,
    key: str,
    asked: Sequence[OpenPoint | None],
    live: Mask,
    sources: Digits,
) -> Digits:
    """The answer to a point that is shown in each row; the rows in which its answers differ are counted in `sources`."""
    least, most = sums.landed_cost.copy(), sums.landed_cost.copy()
    dearest = np.zeros(len(many), np.int64)
    answers = np.array([point.answers if point is not None else 0 for point in asked], np.int64)
    for answer in range(1, int(answers.max())):
        rows = np.flatnonzero(live & (answers[many.which] > answer))
        if not len(rows):
            continue
        answered, rows = _answered(many, sums, rows, {key: answer})
        burden = sums_of(answered, walks, ())
        sums.sound[rows] &= burden.sound
        dearer = burden.landed_cost > most[rows]
        dearest[rows[dearer]] = answer
        most[rows] = np.maximum(most[rows], burden.landed_cost)
        least[rows] = np.minimum(least[rows], burden.landed_cost)
    sources += most > least
    fixed = np.array([point is not None and point.fixed for point in asked], np.bool_)[many.which]
    return np.where(fixed, 0, dearest)


def _show(many: Many, sums: Sums, walks: Together, shown: Mapping[str, Digits]) -> None:
    """Walk the rows again in which the first answers are not the ones that are shown."""
    keys, picked = list(shown), np.stack([*shown.values()], axis=1)
    rows = np.flatnonzero(picked.any(axis=1) & sums.sound)
    if not len(rows):
        return
    kinds, kind = np.unique(np.column_stack([many.which[rows], picked[rows]]), axis=0, return_inverse=True)
    choices = [
        _answer(many.choices[which], {key: pick for key, pick in zip(keys, picks, strict=True) if pick})
        for which, *picks in kinds.tolist()
    ]
    kind, priced = kind.reshape(-1), np.array([isinstance(choice, Choice) for choice in choices], np.bool_)
    sums.sound[rows] &= priced[kind]
    some = many.some(rows[priced[kind]])
    again = Many(
        [choice if isinstance(choice, Choice) else many.choices[0] for choice in choices],
        kind[priced[kind]],
        some.figures,
        some.orders,
        some.order,
    )
    sums.put(rows[priced[kind]], sums_of(again, walks, sums.lines[0]))


def _answered(many: Many, sums: Sums, rows: Digits, picks: Picks) -> tuple[Many, Digits]:
    """Some rows under another answer, without those that it closes the request to."""
    there = np.unique(many.which[rows]).tolist()
    choices: list[Choice] = list(many.choices)
    left = np.ones(len(choices), np.bool_)
    for which in there:
        answer = _answer(many.choices[which], picks)
        if isinstance(answer, Choice):
            choices[which] = answer
        else:
            left[which] = False
            if answer == ALONE:
                sums.sound[rows[many.which[rows] == which]] = False
    rows = rows[left[many.which[rows]]]
    return many.some(rows, choices), rows


def _answer(choice: Choice, picks: Picks) -> Answered:
    """A choice with some points answered otherwise."""
    return choice.beside(("answered", tuple(picks.items())), lambda: _chosen(choice, picks))


def _chosen(choice: Choice, picks: Picks) -> Answered:
    try:
        return chosen_for_all(choice.request, choice.dossier, picks) or ALONE
    except Unpriceable:
        return CLOSED
