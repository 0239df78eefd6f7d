"""Changes of the tables for people and for feed readers: a sentence in the reader's language, and Atom (RFC 4287).

An entry keeps its id for as long as the row it tells of, and its day is that of the release: the feed of one release is
the same whenever it is asked for, and a new release is what makes a reader look again.
"""

from collections.abc import Iterable
from datetime import date
from uuid import NAMESPACE_URL, uuid5
from xml.sax.saxutils import escape, quoteattr

from tariffs.changes import ANNOUNCED, BEGAN, ENDED, EXPIRES, SPACE, Change

MEDIA_TYPE = "application/atom+xml"
FEED_TITLE = {
    "en": "Galeón: changes of the tables",
    "es": "Galeón: cambios de las tablas",
    "zh": "Galeón：税则数据变更",
}
SENTENCES = {
    "en": {
        "new": "{what}, {subject}: {after} from {on}",
        "changed": "{what}, {subject}: {after} instead of {before} from {on}",
        "unchanged": "{what}, {subject}: still {after}, on a new basis from {on}",
        "ended": "{what}, {subject}: {before} ends on {on}",
    },
    "es": {
        "new": "{what}, {subject}: {after} desde el {on}",
        "changed": "{what}, {subject}: {after} en vez de {before} desde el {on}",
        "unchanged": "{what}, {subject}: sigue {after}, con nuevo fundamento desde el {on}",
        "ended": "{what}, {subject}: {before} termina el {on}",
    },
    "zh": {
        "new": "{what}（{subject}）：自{on}起为{after}",
        "changed": "{what}（{subject}）：自{on}起由{before}改为{after}",
        "unchanged": "{what}（{subject}）：自{on}起依新规定仍为{after}",
        "ended": "{what}（{subject}）：{before}于{on}终止",
    },
}
WORDS = {
    "mfn": ("MFN rate", "arancel NMF", "最惠国税率"),
    "provisional": ("Provisional rate", "arancel provisional", "暂定税率"),
    "general": ("General rate", "arancel general", "普通税率"),
    "tariff_quota": ("Rate inside the quota", "arancel dentro del cupo", "关税配额税率"),
    "quota_provisional": ("Provisional rate inside the quota", "arancel provisional dentro del cupo", "配额暂定税率"),
    "anti_dumping": ("Anti-dumping duty", "cuota antidumping", "反倾销税"),
    "countervailing": ("Countervailing duty", "cuota compensatoria", "反补贴税"),
    "safeguard": ("Safeguard duty", "salvaguardia", "保障措施关税"),
    "retaliatory": ("Retaliatory duty", "arancel de represalia", "报复性关税"),
    "vat": ("Import VAT", "IVA a la importación", "进口环节增值税"),
    "consumption_tax": ("Consumption tax", "impuesto al consumo", "消费税"),
    "market_access": ("Admission to the market", "admisión al mercado", "市场准入"),
    "all": ("all goods", "todas las mercancías", "全部货物"),
}
LANGUAGES = ("en", "es", "zh")
KINDS = (BEGAN, ANNOUNCED, ENDED, EXPIRES)


def title(change: Change, language: str) -> str:
    """The change in one sentence."""
    series = change.series
    subject = series.hs_code or _word(series.subject, language)
    if series.part:
        subject = f"{subject} ({series.part})"
    before, after = (figure.said(language) if figure else "" for figure in (change.before, change.after))
    told = SENTENCES[language][change.change].format(
        what=_word(series.what, language), subject=subject, before=before, after=after, on=change.on
    )
    return told[:1].upper() + told[1:]


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
        f"<title>{escape(FEED_TITLE[language])}</title>",
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


def _word(code: str, language: str) -> str:
    said = WORDS.get(code)
    return said[LANGUAGES.index(language)] if said else code.replace("_", " ")
