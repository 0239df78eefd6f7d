"""Which duty of the tariff applies to a line of goods, article by article, and why (Customs Tariff Law arts. 10 to 20).

Choosing looks at names and dates only; amounts are the walk's.
"""

from dataclasses import dataclass, replace

from calculator.dossier import LineDossier
from calculator.errors import NotInForce, Unpriceable
from calculator.origins import GENERAL, MFN, UNKNOWN
from calculator.plan import Alternative
from calculator.request import GoodsLine
from calculator.tariff_line import AdValorem, DutyRate, Measure, MeasureKind, Sliding

LAW = "cn-customs-tariff-law-2024"
SCHEDULE = "customs-schedule"
# The certificates that a request may claim.
QUOTA, SLIDING_QUOTA = "quota", "sliding"
PREFERENCES = (MeasureKind.AGREEMENT, MeasureKind.SPECIAL_PREFERENTIAL)
Columns = dict[MeasureKind, Measure]


@dataclass(frozen=True, slots=True)
class ChosenDuty:
    """The duty of a line: its rate, the column it stands in, its row's facts, and the rates passed over.

    `ended` is a provisional rate that has ended and of which nobody knows whether it goes on.
    """

    rate: DutyRate
    basis: str
    measure: Measure | None
    alternatives: tuple[Alternative, ...]
    ended: Measure | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """How the open questions about a line's duty are answered: by which column its origin goes ("" as the table says),
    and whether a provisional rate that has ended goes on."""

    column: str = ""
    ended_applies: bool = False


def column_of(line: GoodsLine, found: LineDossier) -> str:
    """The column that the origin opens (arts. 12 and 19): general where it is unknown."""
    if line.origin == UNKNOWN or found.origin is None:
        return GENERAL
    return found.origin.column


def applicable_duty(
    line: GoodsLine, found: LineDossier, number: int, pointer: str, asked: Asked = Asked()
) -> ChosenDuty:
    """The duty that applies to a line on the day of declaration."""
    if line.tariff is not None and line.tariff.duty is not None:
        return _own(line.tariff.duty, line, found, number, pointer)
    columns = {each.kind: each for each in found.measures if not each.part and _for_origin(each, line)}
    passed = _Passed(number)
    column = asked.column or column_of(line, found)
    if line.tariff_quota and column_of(line, found) != MFN:
        raise Unpriceable("quota_needs_mfn_origin", f"{pointer}/tariff_quota", (), origin=line.origin)
    if line.tariff_quota == SLIDING_QUOTA:
        return _sliding(columns, passed, found, pointer, asked.ended_applies)
    passed.parts(found)
    if column != MFN:
        return _general(line, columns, passed, pointer)
    if line.tariff_quota == QUOTA:
        return _in_quota(columns, passed, found, pointer, asked.ended_applies)
    duty = _ordinary(found, columns, passed, pointer, asked.ended_applies)
    return _preferred(line, columns, duty, passed, pointer)


def of_part(part: Measure, whole: ChosenDuty, number: int, pointer: str) -> ChosenDuty:
    """The provisional rate of a part of the line, which replaces that of the whole line (art. 13)."""
    if part.rate is None:
        return _because(whole, part, "part_rate_unread")
    if whole.basis in PREFERENCES:
        if not (isinstance(part.rate, AdValorem) and isinstance(whole.rate, AdValorem)):
            raise Unpriceable("preference_not_comparable", f"{pointer}/preference", ())
        if whole.rate.rate <= part.rate.rate:
            return _because(whole, part, "a_lower_rate_applies")
        because = "a_lower_rate_applies"
    else:
        because = "part_claimed" if whole.basis == MeasureKind.PROVISIONAL else "provisional_replaces_mfn"
    others = [each for each in whole.alternatives if each.part != part.part]
    passed = _Passed(number)
    passed.add(whole.measure, because, "art. 13")
    return ChosenDuty(part.rate, "provisional", part, (*passed.found, *others))


def _because(whole: ChosenDuty, part: Measure, because: str) -> ChosenDuty:
    """The duty of the whole line, with another reason why that of a part is not used."""
    found = (replace(each, because=because) if each.part == part.part else each for each in whole.alternatives)
    return replace(whole, alternatives=tuple(found))


class _Passed:
    """The rates passed over, each with its reason and article."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.found: list[Alternative] = []

    def add(self, measure: Measure | None, because: str, article: str) -> None:
        if measure is not None:
            citation = f"{LAW} {article}"
            self.found.append(
                Alternative(measure.kind.value, measure.rate, because, citation, self.number, measure.part)
            )

    def parts(self, found: LineDossier) -> None:
        for each in found.measures:
            if each.part:
                sliding = isinstance(each.rate, Sliding)
                self.add(each, "no_sliding_quota_claimed" if sliding else "part_not_claimed", "art. 13")


def _for_origin(measure: Measure, line: GoodsLine) -> bool:
    return not measure.origins or line.origin in measure.origins


def _own(duty: DutyRate, line: GoodsLine, found: LineDossier, number: int, pointer: str) -> ChosenDuty:
    """The user's own duty before every column; it leaves nothing to claim a quota for."""
    if line.tariff_quota:
        raise Unpriceable("quota_beside_own_duty", f"{pointer}/tariff_quota", ())
    passed = _Passed(number)
    for each in found.measures:
        if not each.part and each.kind in (MeasureKind.MFN, MeasureKind.PROVISIONAL):
            passed.add(each, "user_rate", "art. 12")
    return ChosenDuty(duty, "user", None, tuple(passed.found))


def _sliding(columns: Columns, passed: _Passed, found: LineDossier, pointer: str, ended_applies: bool) -> ChosenDuty:
    """The sliding duty of goods under its quota (art. 14 and the plan of the year)."""
    sliding = next((each for each in found.measures if isinstance(each.rate, Sliding)), None)
    ended = next((each for each in found.ended if isinstance(each.rate, Sliding)), None) if sliding is None else None
    mfn = columns.get(MeasureKind.MFN)
    if sliding is None and (ended is None or mfn is None):
        raise Unpriceable("no_sliding_quota", f"{pointer}/tariff_quota", (), hs_code=_code(found))
    passed.add(columns.get(MeasureKind.TARIFF_QUOTA), "no_quota_certificate_claimed", "art. 14")
    if sliding is None and not ended_applies and mfn is not None:
        passed.add(ended, "provisional_ended", "art. 14")
        return _known(mfn, "mfn", passed, pointer, ended)
    passed.add(mfn, "sliding_quota_claimed", "art. 14")
    chosen = sliding or ended
    assert chosen is not None
    return _known(chosen, "sliding_quota", passed, pointer, ended)


def _in_quota(columns: Columns, passed: _Passed, found: LineDossier, pointer: str, ended_applies: bool) -> ChosenDuty:
    """Inside a quota its rate, or the provisional rate that replaces it (art. 14)."""
    within, provisional = columns.get(MeasureKind.TARIFF_QUOTA), columns.get(MeasureKind.QUOTA_PROVISIONAL)
    if within is None:
        raise Unpriceable("no_tariff_quota", f"{pointer}/tariff_quota", (), hs_code=_code(found))
    ended = _ended(found, MeasureKind.QUOTA_PROVISIONAL) if provisional is None else None
    if ended_applies:
        provisional = provisional or ended
    elif ended is not None:
        passed.add(ended, "provisional_ended", "art. 14")
    if provisional is not None:
        passed.add(within, "provisional_replaces_quota", "art. 14")
    for kind in (MeasureKind.MFN, *PREFERENCES):
        passed.add(columns.get(kind), "quota_certificate_claimed", "art. 14")
    passed.add(columns.get(MeasureKind.GENERAL), "mfn_origin", "art. 12")
    chosen = provisional or within
    return _known(chosen, chosen.kind.value, passed, pointer, ended)


def _ended(found: LineDossier, kind: MeasureKind) -> Measure | None:
    """The rate of a kind that has ended, and of which nobody knows whether it goes on."""
    return next((each for each in found.ended if each.kind is kind and not each.part), None)


def _general(line: GoodsLine, columns: Columns, passed: _Passed, pointer: str) -> ChosenDuty:
    if line.preference:
        raise Unpriceable("no_agreement_rate", f"{pointer}/preference", (), origin=line.origin)
    general = columns.get(MeasureKind.GENERAL)
    if general is None:
        raise NotInForce("no_duty_rate", f"{pointer}/origin", (), table=SCHEDULE, key="general", covered_from=None)
    for kind in (MeasureKind.MFN, MeasureKind.PROVISIONAL, MeasureKind.TARIFF_QUOTA):
        passed.add(columns.get(kind), "origin_unknown", "art. 12")
    return _known(general, "general", passed, pointer)


def _ordinary(found: LineDossier, columns: Columns, passed: _Passed, pointer: str, ended_applies: bool) -> ChosenDuty:
    """The MFN rate, or the provisional rate that replaces it (arts. 12 and 13)."""
    mfn, provisional = columns.get(MeasureKind.MFN), columns.get(MeasureKind.PROVISIONAL)
    ended = _ended(found, MeasureKind.PROVISIONAL) if provisional is None else None
    if ended is not None and ended_applies:
        provisional = ended
    chosen = provisional or mfn
    if chosen is None:
        where, code = f"{pointer}/hs_code", _code(found)
        raise NotInForce("no_duty_rate", where, (), table=SCHEDULE, key=code, covered_from=found.covered_from)
    if chosen is provisional:
        passed.add(mfn, "provisional_replaces_mfn", "art. 13")
    if ended is not None and not ended_applies:
        passed.add(ended, "provisional_ended", "art. 13")
    for kind in (MeasureKind.TARIFF_QUOTA, MeasureKind.QUOTA_PROVISIONAL):
        passed.add(columns.get(kind), "no_quota_certificate_claimed", "art. 14")
    passed.add(columns.get(MeasureKind.GENERAL), "mfn_origin", "art. 12")
    return _known(chosen, "provisional" if chosen is provisional else "mfn", passed, pointer, ended)


def _preferred(line: GoodsLine, columns: Columns, duty: ChosenDuty, passed: _Passed, pointer: str) -> ChosenDuty:
    """With a proof of origin the lower of the agreement rate and the other one (art. 13)."""
    offers = [columns[kind] for kind in PREFERENCES if kind in columns]
    if not line.preference:
        for each in offers:
            passed.add(each, "no_proof_of_origin", "art. 12")
        return ChosenDuty(duty.rate, duty.basis, duty.measure, tuple(passed.found), duty.ended)
    if not offers:
        raise Unpriceable("no_agreement_rate", f"{pointer}/preference", (), origin=line.origin)
    preferred = _known(offers[0], offers[0].kind.value, passed, pointer)
    if isinstance(preferred.rate, AdValorem) and isinstance(duty.rate, AdValorem):
        lower, other = (preferred, duty) if preferred.rate.rate <= duty.rate.rate else (duty, preferred)
        passed.add(other.measure, "a_lower_rate_applies", "art. 13")
        return ChosenDuty(lower.rate, lower.basis, lower.measure, tuple(passed.found), duty.ended)
    # Which of two duties by quantity is lower hangs on amounts, and choosing does not look at them.
    raise Unpriceable("preference_not_comparable", f"{pointer}/preference", ())


def _known(measure: Measure, basis: str, passed: _Passed, pointer: str, ended: Measure | None = None) -> ChosenDuty:
    if measure.rate is None:
        raise Unpriceable("duty_rate_unread", f"{pointer}/tariff/duty", (), kind=measure.kind.value)
    return ChosenDuty(measure.rate, basis, measure, tuple(passed.found), ended)


def _code(found: LineDossier) -> str:
    return found.tariff_line.hs_code if found.tariff_line is not None else ""
