"""What the address of a page of the schedule asks: the language, the day, and words to search for.

The pages are for people: a parameter that nobody knows is no reason to refuse one, and a language that we do not have
gives the reader's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import request

from api.browse import links
from api.languages import LANGUAGES, language
from api.lookups import day_of_law
from api.sheet_templates.files import SERVER
from api.wording import Wording
from calculator.errors import Unpriceable


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: `day` is the day that the address names, None where it names none; `wrong` why it could not be read."""

    language: str
    named: bool
    on: date
    day: date | None
    wrong: Unpriceable | None
    base: str

    @classmethod
    def here(cls, today: Callable[[], date]) -> "Asked":
        """What the request being served asks."""
        wanted = request.args.get("language", "").partition("-")[0].lower()
        named = wanted in LANGUAGES
        day, wrong = None, None
        if text := request.args.get("on", ""):
            try:
                day = day_of_law(text)
            except Unpriceable as refusal:
                wrong = refusal
        server = request.host_url.rstrip("/")
        base = server if SERVER.fullmatch(server) else ""
        return cls(wanted if named else language(), named, day or today(), day, wrong, base)

    @property
    def wording(self) -> Wording:
        """The words of the page."""
        return Wording.of(self.language)

    @property
    def kept(self) -> dict[str, object]:
        """What the ways from this page to others carry on: what was asked, and nothing else."""
        return {"language": self.language if self.named else None, "on": self.day}

    def address(self, code: str = "", **more: object) -> str:
        """Another page, asked alike."""
        return links.address(code, **{**self.kept, **more})
