"""Where a rule or a figure comes from: the document, and the place in it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """A cited document. `confidence` A: read in a faithful copy; B: older, secondary or indirect; C: unverified."""

    id: str
    title: str
    title_zh: str
    issuer: str
    number: str
    published: date | None
    effective_from: date | None
    url: str
    retrieved_on: date | None
    confidence: str
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a document: source id and article."""

    source: str
    article: str = ""

    @classmethod
    def of(cls, text: str) -> "Citation":
        """Read "cn-customs-tariff-law-2024 art. 23": the first word is the source id, the rest the article."""
        source, _, article = text.partition(" ")
        return cls(source, article)
