"""A place in the law as it is told: the document's title in the reader's language, the article, the link and the day."""

from collections.abc import Mapping
from typing import Any

from calculator.citations import Citation, Source

Document = dict[str, Any]


def cited(sources: Mapping[str, Source], citation: Citation, language: str) -> Document:
    """A citation with the title and the address of its document; a document that is not listed stands by its key."""
    source = sources.get(citation.source)
    if source is None:
        return {
            "source": citation.source,
            "title": citation.source,
            "article": citation.article or None,
            "url": None,
            "effective_from": None,
        }
    return {
        "source": citation.source,
        "title": title(source, language),
        "article": citation.article or None,
        "url": source.url or None,
        "effective_from": f"{source.effective_from}" if source.effective_from else None,
    }


def title(source: Source, language: str) -> str:
    """The title of a document in a language, in English where it has none."""
    return {"zh": source.title_zh, "es": source.title_es}.get(language) or source.title
