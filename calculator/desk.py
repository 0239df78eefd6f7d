"""What choosing writes down on its way: the answers it was given to open points, and what a reader must be told."""

from collections.abc import Mapping

from calculator.plan import OpenPoint, Remark

# Answers to open points by their keys; "untaxed/TAX" solves a delivered-duty-paid price without a waived tax.
Picks = Mapping[str, int]


class Desk:
    """The answers given to open points, and what comes up on the way: new open points and what must be told."""

    def __init__(self, picks: Picks) -> None:
        self.picks = picks
        self.open_points: list[OpenPoint] = []
        self.assumptions: list[Remark] = []
        self.warnings: list[Remark] = []
        self.reasons: list[Remark] = []

    def answer(self, point: OpenPoint) -> int:
        """The answer to an open point, which is noted as one."""
        if all(point.key != known.key for known in self.open_points):
            self.open_points.append(point)
        return self.picks.get(point.key, 0)

    def take(self, other: "Desk | None") -> None:
        """All that another desk wrote down, written down here too."""
        if other is None:
            return
        if other.open_points:
            keys = {point.key for point in self.open_points}
            self.open_points += [point for point in other.open_points if point.key not in keys]
        self.assumptions += other.assumptions
        self.warnings += other.warnings
        self.reasons += other.reasons

    def assume(self, code: str, pointer: str, **facts: object) -> None:
        self.assumptions.append(Remark(code, pointer, facts))

    def warn(self, code: str, pointer: str, **facts: object) -> None:
        self.warnings.append(Remark(code, pointer, facts))

    def reason(self, code: str, pointer: str, letter: str = "", **facts: object) -> None:
        """Why the quote is not an A; `letter` is the confidence of a reading of the law that no figure carries."""
        self.reasons.append(Remark(code, pointer, facts, letter))
