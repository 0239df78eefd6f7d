"""The rows of the tables behind rows of a file, by the day that these are declared on: so that a correction finds their job.

They are the same rows as a quote of each would keep, whichever way it was priced.
"""

from collections.abc import Mapping
from datetime import date

from calculator.bulk import Sums
from calculator.bulk_spread import behind
from calculator.columns import Digits
from calculator.quote import Quote
from calculator.together import Many
from tariffs.records import Records
from tariffs.rows_used import RowName, RowNames


class Used:
    """The rows that were used since they were last handed on."""

    def __init__(self, records: Records) -> None:
        self._names = RowNames(records)
        self._found: dict[date, set[RowName]] = {}

    def by_quote(self, quote: Quote) -> None:
        """Note the rows that a quote used."""
        self._on(quote.request.declared_on).update(self._names.of(quote))

    def by_many(self, many: Many, sums: Sums, shown: Mapping[str, Digits]) -> None:
        """Note those behind the sound rows of some that were priced together; `shown` are the answers to what is open."""
        for choice, choices in behind(many, sums, shown):
            self._on(choice.request.declared_on).update(self._names.behind(choices))

    def handed_on(self) -> Mapping[date, tuple[RowName, ...]]:
        """The rows by their days, in their order; from here on anew."""
        found = {on: tuple(sorted(names)) for on, names in self._found.items()}
        self._found.clear()
        return found

    def _on(self, day: date) -> set[RowName]:
        return self._found.setdefault(day, set())
