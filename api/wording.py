"""Every sentence of an answer in the reader's language, by code.

The calculator and the tables speak in codes and facts; here they become words. English stands in sentences.py and
refusals.py and is the msgid of the catalogs in locale/, which are read once, without a step of compiling. An unknown
code or a missing fact never raises: an answer with an odd word is better than none, and a test finds the odd word.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Context, Decimal
from functools import lru_cache

from api.country_names import told_origin
from api.refusals import PROBLEMS
from api.sentences import ACTIONS, BECAUSE, DUE, HINTS, LABELS, PATTERNS, REMARKS, WORDS
from api.templates import NAME, Written, catalog, parts, spaced
from calculator.arithmetic import Expression, Word
from calculator.money import EXACT, Number, Quotient, half_up
from calculator.origins import UNKNOWN
from calculator.plan import Remark

LANGUAGES = ("en", "es", "zh")
MISSING = "…"
# A list of allowed words is cut in a sentence; the problem document carries the whole.
LONGEST_LIST = 12
# Facts that are codes of their own, facts that are shares, and the figures of an unending quotient.
CODED = frozenset(
    {
        *("figure", "leg", "kind", "wanted_kind", "form", "basis", "allocate_by", "regime"),
        *("needed_for", "for_", "because", "hint", "expected", "key", "mode", "costs"),
    }
)
SHARES = frozenset({"rate", "rates", "insured", "low", "share"})
DECIMALS = 12

_BREAK = re.compile(r"(.+)(_from|_at)_[0-9]+")
_CUT = half_up(DECIMALS)
# Long enough that cutting it once more rounds no tie the wrong way.
_LONG = Context(prec=60)


class Wording:
    """The words of one language."""

    def __init__(self, language: str, catalog: Mapping[str, str], names: Mapping[str, str] | None = None) -> None:
        self.language = language
        self._catalog = catalog
        self._names = names or {}
        self._separator = self._said(", ")
        self.label = lru_cache(maxsize=8192)(self._label)
        self.heading = lru_cache(maxsize=8192)(self._heading)

    @staticmethod
    def of(language: str) -> "Wording":
        """The words of a language ("es", "zh-CN"); English for one that we do not speak."""
        known = language[:2].lower()
        return _wording(known if known in LANGUAGES else "en")

    def naming(self, names: Iterable[tuple[str, str]]) -> "Wording":
        """The same words with names of the tables' own, such as those of charges, in this language."""
        given = tuple(sorted(names))
        return _naming(self.language, given) if given else self

    def words(self, word: str) -> str:
        """The pattern of a word of the arithmetic, for str.format."""
        return self._said(WORDS.get(word, f"{word}({{all}})"))

    def formula(self, formula: Expression, label: Callable[[str], str] | None = None) -> str:
        """A formula in words; a condition inside a larger formula stands in brackets."""
        named = label or self.label

        def inside(word: str) -> str:
            return f"({self.words(word)})" if word == "where" else self.words(word)

        if isinstance(formula, Word):
            arguments = [each.text(named, inside) for each in formula.arguments]
            return self.words(formula.word).format(*arguments, all=", ".join(arguments))
        return formula.text(named, inside)

    def sentence(self, english: str) -> str:
        """A sentence that stands elsewhere in English, such as what a rule computes."""
        return self._said(english)

    def due(self, code: str) -> str:
        """When an amount is to be paid."""
        return self._said(DUE.get(code, spaced(code)))

    def text(self, remark: Remark, known: Mapping[str, object] | None = None) -> str:
        """The sentence of a remark; `known` are facts that it need not carry itself."""
        template = REMARKS.get(remark.code.rpartition("/")[2], spaced(remark.code))
        return self._filled(template, {**(known or {}), **remark.facts})

    def source(self, remark: Remark, known: bool) -> str:
        """The sentence of what makes a range wide, and where it is not known how wide, that it is not."""
        if known:
            return self.text(remark)
        return self._after(self.text(remark), self._said(PATTERNS["width_unknown"]))

    def _after(self, sentence: str, other: str) -> str:
        """Two sentences, one after the other."""
        return f"{sentence}{'' if self.language == 'zh' else ' '}{other}"

    def action(self, remark: Remark) -> str | None:
        """What the reader can do about a remark, None where nothing can be done."""
        template = ACTIONS.get(remark.code)
        return self._filled(template, remark.facts) if template is not None else None

    def because(self, code: str) -> str:
        """Why an amount is zero, or a rate was not used."""
        return self._said(BECAUSE.get(code, spaced(code)))

    def title(self, code: str) -> str:
        """The kind of a problem, in a few words."""
        return self._said(PROBLEMS[code][0] if code in PROBLEMS else spaced(code))

    def problem(self, code: str, facts: Mapping[str, object], allowed: Iterable[str] = ()) -> str:
        """What is wrong in this case, and what may be written instead."""
        template = PROBLEMS[code][1] if code in PROBLEMS else spaced(code)
        if code == "unknown_origin":
            facts = {name: Written(fact) for name, fact in facts.items()}
        choices = self._list([each for each in allowed if each])
        text = self._filled(template, {**facts, "allowed": choices})
        if choices and "{allowed}" not in template:
            text = self._after(text, self._filled(PATTERNS["allowed"], {"allowed": choices}))
        return text if self._begins_as_written(template, facts) else text[:1].upper() + text[1:]

    def _begins_as_written(self, template: str, facts: Mapping[str, object]) -> bool:
        """Whether a sentence begins with what somebody wrote or the name of a field, which keep their letters."""
        first = NAME.match(self._said(template))
        return first is not None and not (first[1] in CODED and self.knows(str(facts.get(first[1]))))

    def knows(self, code: str) -> bool:
        """Whether a figure of this name has a label of ours."""
        return self._built(code) is not None

    def _label(self, code: str) -> str:
        """What a figure or a rule is called inside a sentence or a formula."""
        return self._built(code) or spaced(code)

    def _heading(self, code: str) -> str:
        """What it is called at the head of a line."""
        label = self.label(f"step:{code}") if f"step:{code}" in LABELS else self.label(code)
        return label[:1].upper() + label[1:]

    def _built(self, code: str) -> str | None:
        """The label of a name, also of one that is built from others; None where it is not known."""
        if code in self._names:
            return self._names[code]
        if code in LABELS:
            return self._said(LABELS[code])
        for sign in ("total", "running"):
            if code.startswith(f"{sign}_"):
                return self._around(sign, code[len(sign) + 1 :])
        head, colon, rest = code.partition(":")
        if colon and head in ("customs_rate", "market_rate", "desk_rate", "pesos_for"):
            return self._filled(PATTERNS[head], {"currency": rest})
        for sign in (
            "#part",
            "@customs",
            "@market",
            "_amount",
            "_per_unit",
            "_quantity",
            "_rate",
            "_minimum",
            "_maximum",
            "_share",
            "_fixed",
            "_tariff",
            "@paid",
        ):
            if code.endswith(sign):
                return self._around(sign, code.removesuffix(sign))
        breaks = _BREAK.fullmatch(code)
        if breaks is not None:
            return self._around(breaks[2], breaks[1])
        if code.startswith("pay:") and code.endswith(":tax"):
            return self._around(":tax", code.removesuffix(":tax"))
        if colon and head in ("origin", "destination", "freight", "pay"):
            return self._built(rest)
        if colon and head.startswith("late_payment"):
            return self._around(head, rest)
        if colon and head in ("additions", "deductions", "remedy", "deposit"):
            kind, _, place = rest.partition(":")
            label = self._around(head, kind)
            if label is None or place in ("", "0"):
                return label
            return self._filled(
                PATTERNS["numbered"], {"x": label, "number": int(place) + 1 if place.isdigit() else place}
            )
        return None

    def _around(self, sign: str, code: str) -> str | None:
        label = self._built(code)
        return None if label is None else self._filled(PATTERNS[sign], {"x": label})

    def _said(self, english: str) -> str:
        return self._catalog.get(english, english)

    def _filled(self, english: str, facts: Mapping[str, object]) -> str:
        """The sentence with its facts; a part in brackets is left out where one of its facts is missing."""
        said = []
        for optional, text, names in parts(self._said(english)):
            shown = {name: self._shown(name, facts.get(name)) for name in names}
            if optional and not all(shown.values()):
                continue
            said.append(NAME.sub(lambda found, shown=shown: shown[found[1]] or MISSING, text))  # type: ignore[misc]
        return "".join(said).strip()

    def _shown(self, name: str, value: object) -> str:
        match value:
            case None:
                return ""
            case Written():
                return value
            case str():
                return self._word(name, value)
            case date():
                return value.isoformat()
            case Decimal() | Quotient():
                return percent(value) if name in SHARES else plain(value)
            case Mapping():
                return str(value.get(self.language, ""))
            case list() | tuple() | frozenset():
                return self._list([self._shown(name, each) for each in value])
            case _:
                return str(value)

    def _word(self, name: str, value: str) -> str:
        """A text among the facts: a code of ours in words, what somebody wrote as it stands."""
        if name == "origin":
            return self.label("unknown_origin") if value == UNKNOWN else told_origin(value, self.language)
        if name == "because" and f"over:{value}" in LABELS:
            return self.label(f"over:{value}")
        if name in ("hint", "expected") and value in HINTS:
            return self._said(HINTS[value])
        return self.label(value) if name in CODED and self.knows(value) else value

    def _list(self, words: list[str]) -> str:
        shown = words[:LONGEST_LIST] + ([MISSING] if len(words) > LONGEST_LIST else [])
        return self._separator.join(shown)


def plain(value: Number) -> str:
    """A number in plain digits, without an exponent; an unending quotient to twelve decimals."""
    if isinstance(value, Quotient):
        value, _ = decimal_of(value)
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def open_plain(value: Number | None) -> str | None:
    """A number in plain digits, or None where nobody has declared one."""
    return None if value is None else plain(value)


def percent(value: Number) -> str:
    """A share as percent."""
    share, _ = decimal_of(value)
    text = format(share.scaleb(2), "f")
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def decimal_of(value: Number) -> tuple[Decimal, bool]:
    """A number as a decimal, and whether that is all of it: a quotient that does not end is cut for the eye."""
    if isinstance(value, Decimal):
        return value, True
    if isinstance(value, int):
        return Decimal(value), True
    shown = _LONG.divide(value.numerator, value.denominator)
    return (shown, True) if EXACT.multiply(shown, value.denominator) == value.numerator else (_CUT(shown), False)


@lru_cache(maxsize=len(LANGUAGES))
def _wording(language: str) -> Wording:
    return Wording(language, catalog(language) if language != "en" else {})


@lru_cache(maxsize=64)
def _naming(language: str, names: tuple[tuple[str, str], ...]) -> Wording:
    return Wording(language, catalog(language) if language != "en" else {}, dict(names))
