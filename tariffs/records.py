"""The records room: every table, read once, and the typed rows of a line, a good or a figure on demand.

It answers what the tables say and on which days, and refuses to choose: which column of the tariff applies, or which of
two open rates of VAT, is decided elsewhere. Nothing here changes after loading but the memory of rows already typed.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher
from functools import cached_property, lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import Protocol, TypeVar

from calculator.citations import Source
from calculator.dossier import Parameter
from calculator.errors import NotInForce
from calculator.goods import Product
from calculator.requirements import Requirement
from calculator.tariff_line import Excise, ExciseCase, Measure, Row, TariffLine, VatRate
from calculator.validity import Validity
from tariffs import rows
from tariffs.folding import folded
from tariffs.fx import customs
from tariffs.manifest import Manifest, TableState, manifest, sources
from tariffs.names import Names
from tariffs.overlay import Overlay
from tariffs.release import Seal, sealed
from tariffs.requirements import FILE as REQUIREMENTS
from tariffs.requirements import Requirements
from tariffs.rows import RateOfClass
from tariffs.tables import DATA, CsvTable, Raw, TomlRow, TomlTable, csv_table, toml_table


class Dated(Protocol):
    """Anything that stands in a dated row."""

    @property
    def row(self) -> Row: ...


OnDay = TypeVar("OnDay", bound=Dated)
Series = Mapping[str, tuple[OnDay, ...]]
IMPORT_TAXES, CONSUMPTION_TAX = "cn/import_taxes.toml", "cn/consumption_tax.toml"
# How alike a name, or a word of it, must be for its good to be offered; one that holds the whole word is nearly the same.
LIKE_NAME, LIKE_WORD, HOLDS = 0.5, 0.65, 0.9
_WORD = re.compile(r"[^\W_]+")


class Records:
    """Every table of one release; safe to share between threads, since answers are values."""

    def __init__(self, root: Traversable = DATA, overlay: Overlay | None = None) -> None:
        self._root = root
        self.overlay = overlay
        self._files: dict[str, CsvTable] = {}
        package: Manifest = manifest(root)
        book = package if overlay is None else overlay.manifest(package)
        self.release: str = book.release
        self.tables: tuple[TableState, ...] = book.tables
        self.sources: Mapping[str, Source] = sources(root) if overlay is None else overlay.sources(sources(root))
        self.standings = package.standings
        # The overlay's own lines rest on what its tables.toml says of them.
        self._own_lines = frozenset() if overlay is None else overlay.codes("cn/tariff_lines.csv")
        self._own_standing = book.standings["tariff-lines"]

        self._lines = {raw[0]: raw for raw in self.file("cn/tariff_lines.csv").rows}
        self.codes: tuple[str, ...] = tuple(sorted(self._lines))
        self._measures = self.file("cn/measures.csv").grouped()
        self._remedies = self.file("cn/trade_remedies.csv").grouped()
        self._vat_lines = {raw[0]: raw for raw in self.file("cn/vat_lines.csv").rows}
        self._excise_lines = self.file("cn/consumption_tax_lines.csv").grouped()
        self._names = Names(self.file("cn/names.csv"), self.file("cn/line_names.csv"))

        self.import_taxes: TomlTable = self._toml(IMPORT_TAXES)
        self.consumption_tax: TomlTable = self._toml(CONSUMPTION_TAX)
        taxes, excises = self.import_taxes, self.consumption_tax
        self.vat_classes: Series[RateOfClass] = _typed(taxes.values.get("vat"), rows.rate_of_class, taxes, "vat")
        self.parameters: Series[Parameter] = _typed(taxes.values.get("parameter"), rows.parameter, taxes, "parameter")
        self.categories: Series[Excise] = _typed(excises.values, rows.excise, excises)

        self.products: Mapping[str, Product] = MappingProxyType(self._goods())
        self._products_of: dict[str, tuple[Product, ...]] = {}
        for product in self.products.values():
            self._products_of[product.hs_code] = (*self._products_of.get(product.hs_code, ()), product)

        # Answers about a line are values and are asked for again and again.
        self._line_seen = lru_cache(maxsize=16384)(self._line)
        self._measures_seen = lru_cache(maxsize=16384)(self._measures_of)

    @classmethod
    def load(cls, overlay: Path | None = None) -> "Records":
        """Read the tables of this installation, with a folder laid over them; raises OverlayRefused."""
        if overlay is None:
            return cls()
        from tariffs.acceptance import accepted  # it checks records, so it knows this module

        return accepted(overlay)

    def file(self, name: str) -> CsvTable:
        """A CSV file of the tables as text, read when it is first asked for."""
        if name not in self._files:
            self._files[name] = self._csv(name, rows.COLUMNS[name])
        return self._files[name]

    @cached_property
    def seal(self) -> Seal:
        """The release as it was sealed; `galeon tables verify` compares the tables with it."""
        return sealed(self._root)

    @cached_property
    def all_requirements(self) -> Requirements:
        """The requirements, typed when they are first asked for."""
        return Requirements(self.file(REQUIREMENTS))

    @cached_property
    def customs_rates(self) -> CsvTable:
        """The stored customs rates as text; they belong to the release of the exchange rates, not to this one."""
        return self._csv(customs.FILE, customs.COLUMNS)

    def line(self, hs_code: str) -> TariffLine | None:
        """The line of an eight-digit code, or None where the schedule has none."""
        return self._line_seen(hs_code)

    def measures(self, hs_code: str) -> tuple[Measure, ...]:
        """Every row of the line in the schedule and in the trade remedies that cost something, of all days."""
        return self._measures_seen(hs_code)

    def pending_remedies(self, hs_code: str) -> tuple[Measure, ...]:
        """Trade remedies that cost nothing yet (under investigation, or waiting for a quota to fill), of all days."""
        raws = self._remedies.get(hs_code, ())
        return tuple(rows.trade_remedy(raw) for raw in raws if not rows.is_charged(raw))

    def vat(self, hs_code: str, on: date) -> tuple[VatRate, ...]:
        """The rate of import VAT of that day; more than one where the line's class is open."""
        raw = self._vat_lines.get(hs_code)
        if raw is None:
            raise NotInForce("no_row_in_force", table="vat", key=hs_code, on=on, covered_from=None)
        _, classes, confidence, basis, _ = raw
        found: list[VatRate] = []
        dated: list[RateOfClass] = []
        for category in classes.split("|"):
            dated += self.vat_classes[category]
            in_day = (rate for rate in self.vat_classes[category] if rate.row.validity.covers(on))
            found += (rows.vat_rate(rate, category, confidence, basis) for rate in in_day)
        if not found:
            raise _not_in_force("vat", classes, on, dated)
        return tuple(found)

    def excise(self, hs_code: str, on: date) -> tuple[ExciseCase, ...]:
        """The categories of the consumption tax that the line may fall into; none where no heading has it."""
        return tuple(
            rows.excise_case(_in_force("consumption-tax", raw[1], self.categories[raw[1]], on), raw)
            for raw in self.excise_rows(hs_code)
        )

    def excise_rows(self, hs_code: str) -> tuple[Raw, ...]:
        """The rows of the longest prefix of the code that the consumption tax names."""
        for length in (8, 6, 4, 2):
            if found := self._excise_lines.get(hs_code[:length]):
                return found
        return ()

    def parameter(self, name: str, on: date) -> Parameter:
        """A dated figure of the rules on that day."""
        return _in_force("import-taxes", name, self.parameters[name], on)

    def product(self, slug: str) -> Product | None:
        """A good by its name in addresses."""
        return self.products.get(slug)

    def products_of(self, hs_code: str) -> tuple[Product, ...]:
        """The goods of a line."""
        return self._products_of.get(hs_code, ())

    def requirements(self, hs_code: str, product: str, on: date) -> tuple[Requirement, ...]:
        """What the market asks of a good on a day: its admission and its documents."""
        return self.all_requirements.of(hs_code, product, on)

    def source(self, key: str) -> Source:
        """A cited document."""
        return self.sources[key]

    def nearest_codes(self, code: str) -> tuple[str, ...]:
        """Up to five codes that begin like this one, the nearest in number first."""
        digits = "".join(character for character in code if character in "0123456789")[:8]
        for length in range(len(digits), 1, -1):
            alike = [known for known in self.codes if known.startswith(digits[:length])]
            if alike:
                number = int(digits.ljust(8, "0"))
                return tuple(sorted(alike, key=lambda known: (abs(int(known) - number), known))[:5])
        return ()

    def nearest_products(self, slug: str) -> tuple[str, ...]:
        """Up to five goods whose names in addresses look like this one, or whose own names or their line's do."""
        text = folded(slug)
        words = list(dict.fromkeys(_WORD.findall(text)))
        whole = _likeness(text, self._product_names[0], LIKE_NAME)
        each = [_likeness(word, self._product_names[1], LIKE_WORD) for word in words]
        scores = {
            good: max(whole.get(good, 0.0), sum(found.get(good, 0.0) for found in each) / len(words) if words else 0.0)
            for good in self.products
        }
        near = [good for good, score in scores.items() if score >= LIKE_NAME]
        return tuple(sorted(near, key=lambda good: -scores[good])[:5])

    @cached_property
    def _product_names(self) -> tuple[Mapping[str, set[str]], Mapping[str, set[str]]]:
        """What goods are called, whole and word by word, with the goods that are called so."""
        whole: dict[str, set[str]] = {}
        words: dict[str, set[str]] = {}
        for good in self.products.values():
            line = self.line(good.hs_code)
            for name in map(folded, (good.slug, *good.names.values())):
                whole.setdefault(name, set()).add(good.slug)
            for name in map(folded, (good.slug, *good.names.values(), *((line.names["zh"],) if line else ()))):
                for word in _WORD.findall(name):
                    words.setdefault(word, set()).add(good.slug)
        return whole, words

    def _csv(self, name: str, columns: tuple[str, ...]) -> CsvTable:
        table = csv_table(name, columns, self._root)
        return table if self.overlay is None else self.overlay.csv(table)

    def _toml(self, name: str) -> TomlTable:
        table = toml_table(name, self._root)
        return table if self.overlay is None else self.overlay.toml(table)

    def _line(self, hs_code: str) -> TariffLine | None:
        raw = self._lines.get(hs_code)
        if raw is None:
            return None
        _, name_zh, path_zh, unit_1, unit_2, supervision, inspection, page = raw
        names, name_sources = self._names.of(hs_code, name_zh, path_zh)
        standing = self._own_standing if hs_code in self._own_lines else self.standings["tariff-lines"]
        row = Row("tariff-lines", Validity(standing.valid_from), standing.source, standing.confidence)
        units = tuple(unit for unit in (unit_1, unit_2) if unit)
        return TariffLine(hs_code, names, path_zh, units, supervision, inspection, row, page, name_sources)

    def _measures_of(self, hs_code: str) -> tuple[Measure, ...]:
        charged = (raw for raw in self._remedies.get(hs_code, ()) if rows.is_charged(raw))
        return (*map(rows.measure, self._measures.get(hs_code, ())), *map(rows.trade_remedy, charged))

    def _goods(self) -> dict[str, Product]:
        first = self.standings["products"].valid_from
        packages = self.file("cn/packages.csv").grouped()
        found = {}
        for slug, en, es, zh, hs_code, subheading, source, confidence, note in self.file("cn/products.csv").rows:
            names = MappingProxyType({"en": en, "es": es, "zh": zh})
            row = Row("products", Validity(first), source, confidence, note)
            packed = tuple(rows.package(raw, first) for raw in packages.get(slug, ()))
            found[slug] = Product(slug, names, hs_code, subheading, packed, row)
        return found


def _in_force(table: str, key: str, dated: tuple[OnDay, ...], on: date) -> OnDay:
    for each in dated:
        if each.row.validity.covers(on):
            return each
    raise _not_in_force(table, key, on, dated)


def _not_in_force(table: str, key: str, on: date, dated: Iterable[Dated]) -> NotInForce:
    first = min((each.row.validity.valid_from for each in dated), default=None)
    return NotInForce("no_row_in_force", table=table, key=key, on=on, covered_from=first)


def _likeness(text: str, names: Mapping[str, set[str]], least: float) -> dict[str, float]:
    """How much each good's names look like a text, where they do at all."""
    found: dict[str, float] = {}
    matcher = SequenceMatcher(None, "", text, autojunk=False)
    for name, goods in names.items():
        matcher.set_seq1(name)
        holds = HOLDS if len(text) > 1 and text in name else 0.0
        likely = matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least
        ratio = max(holds, matcher.ratio() if likely else 0.0)
        if ratio >= least:
            for good in goods:
                found[good] = max(ratio, found.get(good, 0.0))
    return found


def _typed(headings: object, typed: Callable[[str, TomlRow], OnDay], table: TomlTable, *path: str) -> Series[OnDay]:
    """The rows under each heading below `path`, typed, in the order of their first days."""
    found = {}
    for name in headings if isinstance(headings, Mapping) else ():
        dated = [typed(name, raw) for raw in table.rows(*path, name)]
        found[name] = tuple(sorted(dated, key=lambda each: each.row.validity.valid_from))
    return MappingProxyType(found)
