"""What must be true of the tables that carry history: rates of VAT, figures of the rules, categories of the excise."""

from collections.abc import Iterator

from calculator.tariff_line import Excise, ExciseForm, Row
from tariffs.findings import LETTERS, DatedPlace, Finding, known_unit, overlaps
from tariffs.records import Records

_NEEDS = {
    ExciseForm.AD_VALOREM: ("rate",),
    ExciseForm.SPECIFIC: ("per_unit",),
    ExciseForm.COMPOUND: ("rate", "per_unit"),
    ExciseForm.SPECIFIC_BY_VALUE: ("per_unit", "per_unit_below", "thresholds"),
    ExciseForm.AD_VALOREM_BY_VALUE: ("rate", "thresholds"),
    ExciseForm.CIGARETTES: ("rate", "rate_below", "per_unit", "thresholds"),
    ExciseForm.NONE: (),
}


def findings(records: Records) -> Iterator[Finding]:
    """The dated rows of the TOML tables: sources, letters, units, no overlap and no gap."""
    rates = {f"vat.{name}": [each.row for each in dated] for name, dated in records.vat_classes.items()}
    figures = {f"parameter.{name}": [each.row for each in dated] for name, dated in records.parameters.items()}
    excises = {name: [each.row for each in dated] for name, dated in records.categories.items()}
    for table, groups in ((records.import_taxes, rates | figures), (records.consumption_tax, excises)):
        for heading, rows in groups.items():
            dated = []
            for at, row in enumerate(rows):
                place = table.place(heading, at)
                dated.append(DatedPlace(row.validity, *place))
                source = records.sources.get(row.source)
                if source is None:
                    yield Finding(*place, "source", "unknown_source", f"{row.source!r} is not in sources.toml")
                if row.confidence not in LETTERS or (source and row.confidence < source.confidence):
                    yield Finding(*place, "confidence", "bad_confidence", f"{row.confidence!r} of {row.source}")
                last = row.validity.valid_to
                if last is not None and last < row.validity.valid_from:
                    yield Finding(*place, "valid_to", "days_reversed", f"{last} is before its first day")
            yield from overlaps(heading, dated, gaps=True)
    for name, dated_rates in records.vat_classes.items():
        for at, rate in enumerate(dated_rates):
            if not 0 <= rate.rate < 1:
                place = records.import_taxes.place(f"vat.{name}", at)
                yield Finding(*place, "rate", "bad_number", f"{rate.rate} is no share below 1")
    for name, categories in records.categories.items():
        for at, category in enumerate(categories):
            for column, code, text in _excise(category):
                yield Finding(*records.consumption_tax.place(name, at), column, code, text)


def _excise(excise: Excise) -> Iterator[tuple[str, str, str]]:
    for field in _NEEDS[excise.form]:
        if getattr(excise, field) in (None, ()):
            yield field, "no_rate", f"{excise.form} needs {field}"
    for field in ("rate", "rate_below"):
        rate = getattr(excise, field)
        if rate is not None and not 0 <= rate < 1:
            yield field, "bad_number", f"{rate} is no share below 1"
    units = {each.unit for each in (*excise.per_unit, *excise.per_unit_below)}
    for code in units | {each.unit for each in excise.thresholds}:
        if not known_unit(code):
            yield "per_unit", "unknown_unit", f"{code!r} is no unit"


def _row(row: Row, records: Records) -> Iterator[tuple[str, str, str]]:
    source, last = records.sources.get(row.source), row.validity.valid_to
    if source is None:
        yield "source", "unknown_source", f"{row.source!r} is not in sources.toml"
    if row.confidence not in LETTERS:
        yield "confidence", "bad_confidence", f"{row.confidence!r} is not A, B or C"
    elif source is not None and row.confidence < source.confidence:
        yield "confidence", "raised_confidence", f"{row.source} is only {source.confidence}"
    if last is not None and last < row.validity.valid_from:
        yield "valid_to", "days_reversed", f"{last} is before its first day"
