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
    title_es: str = ""


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

    def on(self, day: date) -> "Citation":
        """The law that stood in this one's place on an earlier day, with its article where that is known."""
        for until, old, articles in PREDECESSORS.get(self.source, ()):
            if day <= until:
                return Citation(old, articles.get(self.article, ""))
        return self


# What was in force before: the last day, the document, and its article for each article of the later one.
PREDECESSORS: dict[str, tuple[tuple[date, str, dict[str, str]], ...]] = {
    "cn-customs-tariff-law-2024": (
        (
            date(2024, 11, 30),
            "cn-tariff-regulations-2003",
            {
                "art. 24": "art. 18",
                "art. 25": "art. 19",
                "art. 26": "art. 20",
                "art. 32": "art. 45",
                "art. 43": "art. 37",
            },
        ),
    ),
    "cn-gacc-decree-272": ((date(2024, 11, 30), "cn-gacc-decree-124", {"art. 13": "art. 21"}),),
    "cn-vat-law-2024": ((date(2025, 12, 31), "cn-vat-regulations", {}),),
}
