"""What the columns of a batch stand for: their headings as flat names, in any of their spellings and three languages."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from api.flat_names import BY_NAME, FlatName, flat_name
from api.reading import LONGEST_ECHO, Refused
from calculator.errors import Unpriceable, Unreadable
from tariffs.importing.headings import plain as signless

# What every row must say, and of what it must say at least one.
NEEDED = ("quantity", "price", "currency")
ONE_OF = ("product", "hs_code", "fraccion", "description")
SHIPMENT = FlatName("shipment", "", "sh", ("embarque", "envío"), ("批次", "货运批次"), "S-001")
_SHIPMENT = frozenset(signless(each) for each in (SHIPMENT.name, SHIPMENT.short, *SHIPMENT.es, *SHIPMENT.zh))
MOST_TOLD = 20


def column_name(heading: str) -> FlatName | None:
    """What a heading stands for by itself."""
    return SHIPMENT if signless(heading) in _SHIPMENT else flat_name(heading)


def said_of(heading: str, meant: Mapping[str, str]) -> str | None:
    """What the user says that a heading stands for, None where nothing is said; blanks around it are no part of it."""
    return meant.get(heading, meant.get(heading.strip()))


def lacking(names: Collection[str]) -> list[tuple[str, ...]]:
    """What columns of these flat names leave out that a row must say; of each, one is enough."""
    return [each for each in (*((name,) for name in NEEDED), ONE_OF) if not any(name in names for name in each)]


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of a batch: `names` has the flat name of each known one by its place, `unknown` the user's own headings.

    `shipment` is the place of the column that says which rows are one consignment, None where each row is its own.
    """

    headings: tuple[str, ...]
    names: Mapping[int, FlatName]
    shipment: int | None

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings that nobody knows; their columns are the user's own and go through as they are."""
        return tuple(
            each for place, each in enumerate(self.headings) if place not in self.names and place != self.shipment
        )

    @property
    def called(self) -> dict[str, str]:
        """The user's headings by their flat names."""
        known = {flat.name: self.headings[place] for place, flat in self.names.items()}
        return known if self.shipment is None else known | {SHIPMENT.name: self.headings[self.shipment]}

    @classmethod
    def of(cls, headings: Sequence[str], meant: Mapping[str, str] | None = None) -> "Layout":
        """The layout of these headings; `meant` says what a heading stands for where the user knows better, "" for nothing.

        Raises Refused where a column is missing that every row needs, where two stand for the same, or where `meant` names
        what is no flat name.
        """
        names: dict[int, FlatName] = {}
        shipment: int | None = None
        first: dict[str, str] = {}
        refusals: list[Unpriceable] = []
        for place, heading in enumerate(headings):
            told = said_of(heading, meant or {})
            said = heading if told is None else told
            flat = column_name(said)
            if flat is None:
                if told:
                    refusals.append(
                        Unreadable("unknown_column", heading[:LONGEST_ECHO], FLAT, name=said[:LONGEST_ECHO])
                    )
                continue
            if flat.name in first:
                facts = {"first": first[flat.name][:LONGEST_ECHO], "second": heading[:LONGEST_ECHO]}
                refusals.append(Unreadable("columns_alike", heading[:LONGEST_ECHO], (), name=flat.name, **facts))
                continue
            first[flat.name] = heading
            if flat is SHIPMENT:
                shipment = place
            else:
                names[place] = flat
        missing = [" / ".join(each) for each in lacking(first)]
        if missing and not refusals:
            found = ", ".join(headings[:MOST_TOLD])[: 4 * LONGEST_ECHO]
            refusals.append(Unreadable("columns_missing", "", missing, missing=", ".join(missing), found=found or None))
        if refusals:
            raise Refused(refusals)
        return cls(tuple(headings), names, shipment)


def meant(said: Iterable[str]) -> dict[str, str]:
    """What headings stand for, each said as HEADING=name. Raises ValueError with the first that has no sign."""
    found = {}
    for each in said:
        heading, sign, name = each.rpartition("=")
        if not sign:
            raise ValueError(each)
        found[heading] = name.strip()
    return found


FLAT = (*BY_NAME, SHIPMENT.name)
