"""What is asked of a calendar, as JSON: the request of a quote, and how many months before and after its day."""

from dataclasses import dataclass
from typing import Any

from marshmallow import ValidationError, fields

from api.fields import KnownNow, Whole, refusals_of, wrong_type
from api.reading import Refused
from api.schemas import Asking, bounded
from api.strict import Strict
from calculator.request import QuoteRequest

# The law of twenty years is more than the tables hold; what is announced reaches hardly beyond three.
MOST_BEHIND, MOST_AHEAD = 240, 36
USUAL = 12


class MonthsIn(Strict):
    """How many months before and after that of `declared_on`."""

    behind = Whole(MOST_BEHIND, metadata={"description": "Months before; without it 12.", "examples": [12]})
    ahead = Whole(MOST_AHEAD, metadata={"description": "Months after; without it 12.", "examples": [12]})


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is asked: the consignment, whose day is in the middle, and the months before and after it."""

    request: QuoteRequest
    behind: int
    ahead: int


class MonthsBesideIn(Strict):
    """What is asked beside the consignment."""

    calendar = fields.Nested(MonthsIn(), metadata={"description": "The months; without it 12 before and 12 after."})


BESIDE = MonthsBesideIn()
OF_CALENDAR = tuple(BESIDE.load_fields)


class CalendarIn(Asking, MonthsBesideIn):
    """A consignment, and the months in which it might be declared."""

    def load(self, data: Any, **_: Any) -> Calendar:  # type: ignore[override]
        """What is asked. Raises Refused with all that is wrong."""
        if not isinstance(data, dict):
            raise Refused([wrong_type("object")])
        with KnownNow(self.known):
            try:
                asked = BESIDE.load({name: value for name, value in data.items() if name in OF_CALENDAR})
            except ValidationError as error:
                raise Refused(refusals_of(error.messages)) from None
        request = self.quotes.load({name: value for name, value in data.items() if name not in OF_CALENDAR})
        months = asked.get("calendar", {})
        behind, ahead = months.get("behind", USUAL), months.get("ahead", USUAL)
        bounded(len(request.goods), behind + 1 + ahead, "/calendar")
        return Calendar(request, behind, ahead)
