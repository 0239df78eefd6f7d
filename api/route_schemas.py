"""The way of the goods as JSON, and what the buyer reckons for the days: the route, the money tied up, the loss."""

import re
from decimal import Decimal
from typing import Any, ClassVar

from marshmallow import ValidationError, post_load, validates_schema

from api.fields import Choice, Exact, Fragment, Line, Whole, number_text
from api.importer_schemas import MOST_DAYS
from api.rates import Share
from api.reading import LONGEST_ECHO
from api.strict import Strict
from calculator.errors import Unreadable
from calculator.logistics import LCL, MODES, SEA
from calculator.request import Holding, Route

MOST_CONTAINERS = 1000
# What goes with others in one container: a way of its own, whichever of the two fields says so.
SHARED = "LCL"
YEARS = (360, 365)
# The loss of the tables for goods of their kind.
USUAL = "usual"
# MXZLO, MX ZLO, pvg: the codes of places as people write them, before they are looked up.
_CODE = re.compile(r"[A-Za-z]{2} ?[A-Za-z2-9]{3}|[A-Za-z]{3}")


class PlaceCode(Exact):
    """A port or an airport by its code; whether there is one is for the tables."""

    schema: ClassVar[Fragment] = {"type": "string", "minLength": 1, "maxLength": 60}

    def read(self, value: object) -> str:
        text = Line(60).read(value)
        return text.replace(" ", "").upper() if _CODE.fullmatch(text) else text


class Equipment(Exact):
    """A container or an air unit by its code, or LCL."""

    schema: ClassVar[Fragment] = {"type": "string", "minLength": 1, "maxLength": 20}

    def read(self, value: object) -> str:
        return Line(20).read(value).upper()


class RouteIn(Strict):
    """The way of the goods: by one mode from one place to another."""

    mode = Choice(
        *MODES,
        required=True,
        metadata={
            "description": "`sea`: full containers; `lcl`: less than a container; `air`; `courier`.",
            "examples": ["sea"],
        },
    )
    origin = PlaceCode(
        data_key="from",
        required=True,
        metadata={"description": "Where it sets out: a code of /v1/ports, UN/LOCODE or IATA.", "examples": ["MXZLO"]},
    )
    destination = PlaceCode(
        data_key="to",
        required=True,
        metadata={"description": "Where it arrives: a code of /v1/ports, UN/LOCODE or IATA.", "examples": ["CNSHA"]},
    )
    equipment = Equipment(
        metadata={
            "description": "A container of /v1/equipment; `LCL` under `sea` is the mode `lcl`.",
            "examples": ["40RH"],
        }
    )
    containers = Whole(
        MOST_CONTAINERS,
        least=1,
        metadata={"description": "How many containers are to be filled; without it, as many as the goods need."},
    )

    @validates_schema
    def fills_containers(self, data: dict[str, Any], **_: object) -> None:
        """Refuse a number of containers where the goods fill none."""
        mode = _mode(data)
        if "containers" in data and mode != SEA:
            raise ValidationError([Unreadable("not_in_mode", "/containers", (SEA,), field="containers", mode=mode)])

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Route:
        equipment = "" if _mode(data) == LCL and data.get("equipment") == SHARED else data.get("equipment", "")
        return Route(_mode(data), data["origin"], data["destination"], equipment, data.get("containers"))


def _mode(data: dict[str, Any]) -> str:
    """The mode that is meant: a shared container by sea is one of its own."""
    return LCL if data["mode"] == SEA and data.get("equipment") == SHARED else str(data["mode"])


class Year(Exact):
    """The days of a year as the bank counts them."""

    schema: ClassVar[Fragment] = {
        "oneOf": [{"type": "integer", "enum": list(YEARS)}, {"type": "string", "enum": list(map(str, YEARS))}],
        "examples": [360],
    }

    def read(self, value: object) -> int:
        text = number_text(value).strip()
        if text not in map(str, YEARS):
            raise Unreadable("not_a_choice", "", map(str, YEARS), text=text[:LONGEST_ECHO])
        return int(text)


class Loss(Share):
    """The share of the goods that is lost on the way, less than all, or `usual` for that of the tables."""

    def read(self, value: object) -> Decimal | None:  # type: ignore[override]
        if value == USUAL:
            return None
        share = super().read(value)
        if share >= 1:
            raise Unreadable("loss_of_everything", "", ("3%",), text=number_text(value)[:LONGEST_ECHO])
        return share


class HoldingIn(Strict):
    """What the buyer reckons beside the landed cost: money tied up, days in store or plugged in, and loss."""

    finance_rate = Share(metadata={"description": "Interest of a year on what is tied up.", "examples": ["9.5%"]})
    finance_days = Whole(
        MOST_DAYS,
        metadata={
            "description": "Days for which the money is tied up; without them, those of the way.",
            "examples": [30],
        },
    )
    year = Year(metadata={"description": "Days of a year as the bank counts them; 360 where it is left out."})
    storage_days = Whole(MOST_DAYS, metadata={"description": "Days in store at the port of entry.", "examples": [2]})
    plug_days = Whole(MOST_DAYS, metadata={"description": "Days of a reefer at a plug on land.", "examples": [3]})
    loss = Loss(
        metadata={
            "description": "The share that does not arrive fit for sale, below 100%; `usual`: the tables' range (C).",
            "examples": ["3%"],
        }
    )

    @validates_schema(skip_on_field_errors=False, pass_original=True)
    def rate_of_the_days(self, data: dict[str, Any], original: object, **_: object) -> None:
        """Days of tied-up money without a rate would cost nothing in silence."""
        if isinstance(original, dict) and "finance_rate" not in original and {"finance_days", "year"} & original.keys():
            raise ValidationError([Unreadable("missing_field", "/finance_rate", ("9.5%",))])

    @post_load
    def made(self, data: dict[str, Any], **_: object) -> Holding:
        days = data.get("finance_days")
        return Holding(
            rate=data.get("finance_rate"),
            days=None if days is None else Decimal(days),
            year=data.get("year", YEARS[0]),
            store_days=data.get("storage_days", 0),
            plug_days=data.get("plug_days", 0),
            loss=data.get("loss"),
            usual_loss="loss" in data and data["loss"] is None,
        )
