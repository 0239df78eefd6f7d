"""What one book can tell of itself, put together when it is first asked for and kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from api.lookups import with_words
from api.wording import Wording
from calculator.citations import Source
from calculator.quote import ENGINE_VERSION
from tariffs.book import Book
from tariffs.changes import Changes
from tariffs.coverage import Coverage, coverage
from tariffs.parts import Part, parts, used_by


@dataclass(frozen=True)
class Library:
    """What there is to tell of one book."""

    book: Book

    @cached_property
    def changes(self) -> Changes:
        """Every change of the tables."""
        return Changes(self.book.records)

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """Every table that can be downloaded."""
        return parts(self.book.records)

    @cached_property
    def etags(self) -> dict[str, str]:
        """The hash of each table that was asked for."""
        return {}

    def etag_of_rows(self, part: Part, start: int, end: int | None) -> str:
        """The hash of some rows of a table, as they are sent."""
        whole = self.etag(part)
        return (
            whole if (start, end) == (0, None) else hashlib.sha256(f"{whole} {start} {end}".encode()).hexdigest()[:32]
        )

    def etag(self, part: Part) -> str:
        """The hash of a whole table, as it is sent."""
        if part.name not in self.etags:
            self.etags[part.name] = hashlib.sha256("".join(part.csv()).encode()).hexdigest()[:32]
        return self.etags[part.name]

    @cached_property
    def sources(self) -> Mapping[str, dict[str, Any]]:
        """Every cited document, as it is told."""
        used = used_by(self.book.records)
        return {key: _source(each, used.get(key, ())) for key, each in self.book.records.sources.items()}

    def sources_with(self, text: str) -> list[dict[str, Any]]:
        """The documents whose id, title, issuer or number have every word of a text."""
        return with_words(self.sources.values(), text, _searched)

    def meta(self, language: str) -> dict[str, Any]:
        """The release and its tables, their titles in a language."""
        told = self._meta
        said = Wording.of(language).sentence  # an overlay's own titles stand as they are
        tables = [{**each, "title": said(each["title"])} for each in told["tables"]]
        fx = self.book.fx
        rates = {"fx_release": fx.release, "fx_sha256": fx.sha256, "fx_known_until": f"{fx.known_until}"}
        return {**told, **rates, "tables": tables}

    @cached_property
    def _meta(self) -> dict[str, Any]:
        records = self.book.records
        seal = records.seal
        return {
            "release": self.book.release,
            "sha256": seal.sha256,
            "sealed": seal.tables == {table.name: table.sha256 for table in records.tables},
            "releases": [self.book.release],
            "engine_version": ENGINE_VERSION,
            "tables": [_table(each) for each in coverage(records)],
        }


def _table(each: Coverage) -> dict[str, Any]:
    state = each.state
    return {
        "name": state.name,
        "title": state.title,
        "known_until": f"{state.known_until}",
        "confidence": state.confidence,
        "licence": state.licence,
        "sha256": state.sha256,
        "rows": each.rows,
        "lines": each.lines,
        "coverage": {"from": day_text(each.covers_from), "to": f"{state.known_until}"},
        **{f"share_{letter}": _text(each.share(letter)) for letter in "ABC"},
        "csv": [f"/v1/tables/{name}.csv" for name in each.parts],
    }


def _source(source: Source, tables: tuple[str, ...]) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": {"en": source.title, "zh": source.title_zh or None},
        "issuer": source.issuer or None,
        "number": source.number or None,
        "published": day_text(source.published),
        "effective_from": day_text(source.effective_from),
        "retrieved_on": day_text(source.retrieved_on),
        "url": source.url or None,
        "confidence": source.confidence,
        "licence": source.licence or None,
        "tables": list(tables),
    }


def _searched(source: Mapping[str, Any]) -> str:
    names = (source["id"], *source["title"].values(), source["issuer"], source["number"])
    return " ".join(filter(None, names))


def day_text(day: date | None) -> str | None:
    """A day as it is told, None where there is none."""
    return f"{day}" if day else None


def _text(share: object) -> str | None:
    return None if share is None else f"{share}"
