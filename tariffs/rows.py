"""From rows of text to the calculator's types, one row at a time and only when asked.

A typed row is made once and kept: the same line is asked for again and again, and a quote needs a handful of rows
out of nineteen thousand. The column lists here are the headings that the files must have.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from calculator.dossier import Parameter
from calculator.goods import Package, Product
from calculator.tariff_line import (
    Excise,
    ExciseCase,
    ExciseForm,
    ExcisePerUnit,
    ExciseThreshold,
    Measure,
    MeasureKind,
    Row,
    VatRate,
)
from calculator.validity import Validity
from tariffs.expressions import duty_rate
from tariffs.logistics_rows import COLUMNS as LOGISTICS
from tariffs.rail_rows import COLUMNS as PAYMENT
from tariffs.tables import CsvTable, Raw, TomlRow, day, open_day, open_number

COLUMNS: dict[str, tuple[str, ...]] = (
    {
        file: tuple(heading.split())
        for file, heading in {
            "cn/tariff_lines.csv": "hs_code name_zh path_zh unit_1 unit_2 supervision inspection page",
            "cn/measures.csv": "hs_code measure expression part origins valid_from valid_to source confidence note",
            "cn/trade_remedies.csv": (
                "hs_code measure expression part origin state valid_from valid_to source confidence note"
            ),
            "cn/origins.csv": "code en es zh column agreements valid_from valid_to source confidence note",
            "cn/vat_lines.csv": "hs_code category confidence basis source",
            "cn/vat_splits.csv": "hs_code rebate_code text_zh vat_as_read source confidence",
            "cn/consumption_tax_lines.csv": "prefix category condition confidence source note",
            "cn/names.csv": "hs en es es_source",
            "cn/line_names.csv": "hs_code en category",
            "cn/line_notes.csv": "hs_code note source confidence",
            "cn/products.csv": "slug en es zh hs_code subheading source confidence note",
            "cn/packages.csv": (
                "product package description net_weight_kg net_volume_l gross_weight_kg length_mm width_mm height_mm "
                "volume_m3 packages_per_layer layers packages_per_pallet equipment packages_per_container load_basis "
                "net_kg_per_container gross_kg_per_container stowage_m3_per_t stowage_basis temperature_min_c "
                "temperature_max_c humidity_min humidity_max air_exchange_m3h storage_days_min storage_days_max mode "
                "pack_confidence temperature_confidence note sources source_dates"
            ),
            "cn/control_letters.csv": "kind letter text_en text_es text_zh source confidence",
            "cn/declaration_codes.csv": "list key code text_en text_es text_zh source confidence",
            "cn/cbec_lines.csv": "hs_code name_zh on_list edition in_schedule source confidence",
            "cn/declaration_elements.csv": "hs_code elements_zh source confidence",
            "cn/requirements.csv": (
                "prefixes product code text_en text_es text_zh authority market_access valid_from valid_to source confidence "
                "note"
            ),
            "cn/postal_articles.csv": (
                "class prefixes text_en text_es text_zh rate condition list_price unit valid_from valid_to source confidence "
                "note"
            ),
            "corrections.csv": "table file key wrong right row_from row_to found_on reason source confidence",
            "mx/fracciones.csv": "fraccion hs6 es unit export_duty source confidence",
        }.items()
    }
    | LOGISTICS
    | PAYMENT
)

# A measure under investigation costs nothing yet; a conditional one is told in the line's notes, not charged.
CHARGED_STATES = frozenset({"deposit", "duty"})

_REMEDY = {name: index for index, name in enumerate(COLUMNS["cn/trade_remedies.csv"])}
_PACKAGE = {name: index for index, name in enumerate(COLUMNS["cn/packages.csv"])}


@dataclass(frozen=True, slots=True)
class RateOfClass:
    """One rate of a class of VAT; which lines are in the class stands elsewhere."""

    rate: Decimal
    row: Row


@lru_cache(maxsize=32768)
def measure(raw: Raw) -> Measure:
    """A row of the customs schedule."""
    _, kind, expression, part, origins, first, last, source, confidence, note = raw
    row = Row("customs-schedule", Validity(day(first), open_day(last)), source, confidence, note)
    rate = duty_rate(expression) if expression else None
    return Measure(MeasureKind(kind), rate, row, part, tuple(origins.split()))


def is_charged(raw: Raw) -> bool:
    """Whether a trade remedy is being collected."""
    return raw[_REMEDY["state"]] in CHARGED_STATES


@lru_cache(maxsize=1024)
def trade_remedy(raw: Raw) -> Measure:
    """A row of the trade remedies."""
    cell = {name: raw[index] for name, index in _REMEDY.items()}
    validity = Validity(day(cell["valid_from"]), open_day(cell["valid_to"]))
    row = Row("trade-remedies", validity, cell["source"], cell["confidence"], cell["note"])
    rate = duty_rate(cell["expression"]) if cell["expression"] else None
    return Measure(MeasureKind(cell["measure"]), rate, row, cell["part"], tuple(cell["origin"].split()))


@lru_cache(maxsize=1024)
def excise_case(excise: Excise, raw: Raw) -> ExciseCase:
    """A category as a line falls into it, as sure as the weaker of the category's figures and of the line's place."""
    _, _, condition, confidence, _, note = raw
    row = excise.row
    notes = "; ".join(text for text in (row.note, note) if text)
    weakest = replace(row, confidence=weaker(row.confidence, confidence), note=notes)
    return ExciseCase(replace(excise, row=weakest), condition)


@lru_cache(maxsize=1024)
def vat_rate(rate: RateOfClass, category: str, confidence: str, basis: str) -> VatRate:
    """A rate of a class, as sure as the weaker of the rate and of the line's class."""
    row = rate.row
    sure = weaker(row.confidence, confidence)
    return VatRate(rate.rate, category, replace(row, confidence=sure, note=basis))


def rate_of_class(_: str, raw: TomlRow) -> RateOfClass:
    """A `[[vat.class]]` row."""
    return RateOfClass(_needed(raw, "rate"), _row("vat", raw))


def parameter(name: str, raw: TomlRow) -> Parameter:
    """A `[[parameter.name]]` row."""
    return Parameter(name, _needed(raw, "value"), raw.text("unit"), _row("import-taxes", raw))


def excise(category: str, raw: TomlRow) -> Excise:
    """A `[[category]]` row of the consumption tax."""
    try:
        form = ExciseForm(raw.text("form"))
    except ValueError as error:
        raise raw.error("form", str(error)) from error
    thresholds = tuple(
        ExciseThreshold(raw.exact("thresholds", each["value"]), each["currency"], each["unit"])
        for each in _list(raw, "thresholds", {"value", "currency", "unit"})
    )
    return Excise(
        category=category,
        form=form,
        row=_row("consumption-tax", raw),
        rate=raw.number("rate"),
        per_unit=_per_unit(raw, "per_unit"),
        thresholds=thresholds,
        rate_below=raw.number("rate_below"),
        per_unit_below=_per_unit(raw, "per_unit_below"),
        litres_per_tonne=raw.number("litres_per_tonne"),
        super_luxury=_yes(raw, "super_luxury"),
    )


def package(raw: Raw, first: date) -> Package:
    """A row of the packages; every figure of it is as sure as the packing."""
    cell = {name: raw[index] for name, index in _PACKAGE.items()}
    pallet, load = cell["packages_per_pallet"], cell["packages_per_container"]
    row = Row("products", Validity(first), cell["sources"].split(" ")[0], cell["pack_confidence"], cell["note"])
    return Package(
        code=cell["package"],
        description=cell["description"],
        net_weight_kg=open_number(cell["net_weight_kg"]),
        net_volume_l=open_number(cell["net_volume_l"]),
        gross_weight_kg=open_number(cell["gross_weight_kg"]),
        volume_m3=open_number(cell["volume_m3"]),
        packages_per_pallet=int(pallet) if pallet else None,
        row=row,
        equipment=cell["equipment"],
        packages_per_container=int(load) if load else None,
        temperature_min_c=open_number(cell["temperature_min_c"]),
        temperature_max_c=open_number(cell["temperature_max_c"]),
        storage_days_max=open_number(cell["storage_days_max"]),
    )


def goods(products: CsvTable, packages: CsvTable, first: date) -> dict[str, Product]:
    """The goods with their packages, by their names in addresses."""
    packed, found = packages.grouped(), {}
    for slug, en, es, zh, hs_code, subheading, source, confidence, note in products.rows:
        names = MappingProxyType({"en": en, "es": es, "zh": zh})
        row = Row("products", Validity(first), source, confidence, note)
        own = tuple(package(raw, first) for raw in packed.get(slug, ()))
        found[slug] = Product(slug, names, hs_code, subheading, own, row)
    return found


def weaker(first: str, second: str) -> str:
    """The letter that promises less: C before B before A."""
    return max(first, second)


def _row(table: str, raw: TomlRow) -> Row:
    first = raw.day("valid_from")
    if first is None:
        raise raw.error("valid_from", "a day is missing")
    validity = Validity(first, raw.day("valid_to"))
    return Row(table, validity, raw.text("source"), raw.text("confidence"), raw.text("note", ""))


def _needed(raw: TomlRow, field: str) -> Decimal:
    value = raw.number(field)
    if value is None:
        raise raw.error(field, "a number is missing")
    return value


def _yes(raw: TomlRow, field: str) -> bool:
    value = raw.values.get(field, False)
    if not isinstance(value, bool):
        raise raw.error(field, f"{value!r} is neither true nor false")
    return value


def _per_unit(raw: TomlRow, field: str) -> tuple[ExcisePerUnit, ...]:
    fields = _list(raw, field, {"amount", "unit"})
    return tuple(ExcisePerUnit(raw.exact(field, each["amount"]), each["unit"]) for each in fields)


def _list(raw: TomlRow, field: str, keys: set[str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = raw.values.get(field, [])
    for each in found:
        if set(each) != keys:
            raise raw.error(field, f"needs {', '.join(sorted(keys))}")
    return found
