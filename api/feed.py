"""Changes of the tables for people and for feed readers: a sentence in the reader's language, and Atom (RFC 4287).

An entry keeps its id for as long as the row it tells of, and its day is that of the release: the feed of one release is
the same whenever it is asked for, and a new release is what makes a reader look again.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from api.headings import HEADINGS
from api.line_figures import amount_words, part_words, rate_words
from api.sentences import LABELS, PATTERNS
from api.wording import Wording, percent, plain
from calculator.dossier import Parameter
from calculator.tariff_line import Excise, ExcisePerUnit
from tariffs.changes import NOT_READ, SPACE, Change, Figure

MEDIA_TYPE = "application/atom+xml"


def title(change: Change, language: str) -> str:
    """The change in one sentence."""
    series, wording = change.series, Wording.of(language)
    subject = series.hs_code or word(series.subject, language)
    if series.origins:
        subject = f"{subject}, {' '.join(series.origins)}"
    if series.part:
        subject = f"{subject} ({part_words(series.part, language)})"
    before, after = (
        figure_words(figure, language).rstrip(".。") if figure else "" for figure in (change.before, change.after)
    )
    since = change.figure.row.validity.valid_from
    told = wording.sentence(HEADINGS[f"change:{change.change}"]).format(
        what=word(series.what, language), subject=subject, before=before, after=after, on=change.on, since=since
    )
    return told[:1].upper() + told[1:]


def figure_words(figure: Figure, language: str) -> str:
    """What a row says, in the reader's language."""
    match figure.of:
        case None:
            said = figure.texts.get(language) or (
                word("not_read", language) if figure.text.endswith(NOT_READ) else figure.text
            )
        case Parameter():
            said = parameter_words(figure.of, language)
        case Excise():
            said = _excise_words(figure.of, language)
        case rate:
            said = rate_words(rate, language)
    if not figure.state:
        return said
    return Wording.of(language).sentence(HEADINGS["part_of_it"]).format(label=word(figure.state, language), amount=said)


def parameter_words(figure: Parameter, language: str) -> str:
    """The value of a dated figure with its unit, in the reader's language."""
    shared, share, of_what = figure.unit.partition("share")
    if share and not shared:
        about = word(of_what.strip(), language) if of_what else ""
        # Chinese puts it in brackets of full width, which take no space.
        return ("" if language == "zh" else " ").join(filter(None, (percent(figure.value), about)))
    if figure.unit == "yes":
        return word("yes" if figure.value else "no", language)
    return f"{plain(figure.value)} {word(figure.unit, language)}"


def _excise_words(excise: Excise, language: str) -> str:
    wording = Wording.of(language)

    def said(rate: Decimal | None, amounts: tuple[ExcisePerUnit, ...]) -> str:
        parts = [] if rate is None else [percent(rate)]
        parts += [amount_words(each.amount, "CNY", each.unit, language) for each in amounts[:1]]
        return " + ".join(parts) or wording.sentence(HEADINGS["none"])

    upper = said(excise.rate, excise.per_unit)
    if not excise.thresholds:
        return upper
    least = excise.thresholds[0]
    return wording.sentence(PATTERNS["by_value_from"]).format(
        upper=upper,
        threshold=amount_words(least.value, least.currency, least.unit, language),
        lower=said(excise.rate_below, excise.per_unit_below),
    )


def atom(changes: Iterable[Change], today: date, released: date, language: str, here: str, following: str) -> str:
    """The changes as an Atom feed; `here` and `following` are the addresses of this page and of the next, "" for none."""
    updated = f"{released}T00:00:00Z"
    name = uuid5(NAMESPACE_URL, f"{SPACE}feed/{here}")
    links = [f'<link rel="self" type="{MEDIA_TYPE}" href={quoteattr(here)}/>']
    if following:
        links.append(f'<link rel="next" type="{MEDIA_TYPE}" href={quoteattr(following)}/>')
    parts = [
        '<?xml version="1.0" encoding="utf-8"?>',
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">',
        f"<id>urn:uuid:{name}</id>",
        f"<title>{escape(Wording.of(language).sentence(HEADINGS['changes_title']))}</title>",
        f"<updated>{updated}</updated>",
        "<author><name>Galeón</name></author>",
        *links,
    ]
    for change in changes:
        row = change.figure.row
        told = escape(". ".join(filter(None, (title(change, language), row.note, f"{row.source}, {row.confidence}"))))
        parts += [
            "<entry>",
            f"<id>urn:uuid:{change.id}</id>",
            f"<title>{escape(title(change, language))}</title>",
            f"<updated>{updated}</updated>",
            f'<category term="{change.kind(today)}"/>',
            f'<category term="{change.series.table}"/>',
            f'<content type="text">{told}</content>',
            "</entry>",
        ]
    return "\n".join((*parts, "</feed>", ""))


def word(code: str, language: str) -> str:
    """What a figure, a column or a state is called: by a word of the changes' own, where they have one."""
    own = f"change:{code}"
    return Wording.of(language).label(own if own in LABELS else code)
