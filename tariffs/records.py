"""The records room: every table, read once, and the typed rows of a line, a good or a figure on demand.

It answers what the tables say and on which days, and refuses to choose: which column of the tariff applies, or which of
two open rates of VAT, is decided elsewhere. Nothing here changes after loading but the memory of rows already typed.
"""

from bisect import bisect_left
from collections.abc import Mapping
from datetime import date
from functools import cached_property, lru_cache
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType

from calculator.citations import Source
from calculator.dossier import Parameter
from calculator.errors import NotInForce
from calculator.goods import Product
from calculator.listings import Listing, PostalClass
from calculator.origins import Origin
from calculator.requirements import Requirement
from calculator.tariff_line import Excise, ExciseCase, Measure, Row, TariffLine, VatRate
from calculator.validity import Validity
from tariffs import cbec_list, logistics_rows, postal, rows
from tariffs.conditions import is_optional
from tariffs.dated import Series, not_in_force, row_of_day, typed_series
from tariffs.fracciones import FILE as FRACCIONES
from tariffs.fracciones import Fracciones
from tariffs.fx import customs
from tariffs.likeness import GoodsNames, nearest_codes
from tariffs.logistics import Logistics, LogisticsRecords
from tariffs.manifest import Manifest, TableState, manifest, sources
from tariffs.names import Names
from tariffs.origins import FILE as ORIGINS
from tariffs.origins import Origins
from tariffs.overlay import Overlay
from tariffs.rails import RailRecords
from tariffs.release import Seal, sealed
from tariffs.requirements import FILE as REQUIREMENTS
from tariffs.requirements import Requirements
from tariffs.rows import RateOfClass
from tariffs.tables import DATA, CsvTable, Raw, TomlTable, csv_table, toml_table

IMPORT_TAXES, CONSUMPTION_TAX = "cn/import_taxes.toml", "cn/consumption_tax.toml"


class Records(LogisticsRecords, RailRecords):
    """Every table of one release; safe to share between threads, since answers are values."""

    def __init__(self, root: Traversable = DATA, overlay: Overlay | None = None) -> None:
        self.root = root
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
        self.transport_modes: TomlTable = self._toml(logistics_rows.MODES)
        taxes, excises = self.import_taxes, self.consumption_tax
        self.vat_classes: Series[RateOfClass] = typed_series(taxes.values.get("vat"), rows.rate_of_class, taxes, "vat")
        self.parameters: Series[Parameter] = typed_series(
            taxes.values.get("parameter"), rows.parameter, taxes, "parameter"
        )
        self.categories: Series[Excise] = typed_series(excises.values, rows.excise, excises)

        goods, packages = self.file("cn/products.csv"), self.file("cn/packages.csv")
        first = self.standings["products"].valid_from
        self.products: Mapping[str, Product] = MappingProxyType(rows.goods(goods, packages, first))
        self._products_of: dict[str, tuple[Product, ...]] = {}
        for product in self.products.values():
            self._products_of[product.hs_code] = (*self._products_of.get(product.hs_code, ()), product)

        # Answers about a line are values and are asked for again and again.
        self._line_seen = lru_cache(maxsize=16384)(self._line)
        self._measures_seen = lru_cache(maxsize=16384)(self._measures_of)

    @classmethod
    def load(cls, overlay: Path | None = None, root: Traversable = DATA) -> "Records":
        """Read the tables at `root`, the package's by default, with a folder laid over them; raises OverlayRefused."""
        if overlay is None:
            return cls(root)
        from tariffs.acceptance import accepted  # it checks records, so it knows this module

        return accepted(overlay, root)

    def file(self, name: str) -> CsvTable:
        """A CSV file of the tables as text, read when it is first asked for."""
        if name not in self._files:
            self._files[name] = self._csv(name, rows.COLUMNS[name])
        return self._files[name]

    @cached_property
    def seal(self) -> Seal:
        """The release as it was sealed; `galeon tables verify` compares the tables with it."""
        return sealed(self.root)

    @cached_property
    def all_requirements(self) -> Requirements:
        """The requirements, typed when they are first asked for."""
        return Requirements(self.file(REQUIREMENTS))

    @cached_property
    def origins(self) -> Origins:
        """The countries that goods come from, typed when they are first asked for."""
        return Origins(self.file(ORIGINS))

    @cached_property
    def fracciones(self) -> Fracciones:
        """The Mexican export codes, read when they are first asked for."""
        return Fracciones(self.file(FRACCIONES))

    @cached_property
    def logistics(self) -> Logistics:
        """The tables of the way, typed when they are first asked for."""
        tables = {name: self.file(name) for name in logistics_rows.COLUMNS}
        own = frozenset() if self.overlay is None else self.overlay.rows(logistics_rows.FREIGHT_RATES)
        return Logistics(tables, self.transport_modes, self.standings, own)

    @cached_property
    def _postal(self) -> postal.PostalClasses:
        return postal.PostalClasses(self.file(postal.FILE))

    @cached_property
    def _cbec(self) -> cbec_list.CbecList:
        return cbec_list.CbecList(self.file(cbec_list.FILE), self.standings[cbec_list.TABLE].valid_from)

    @cached_property
    def _goods_names(self) -> GoodsNames:
        return GoodsNames(self.products.values(), self.line)

    @cached_property
    def customs_rates(self) -> CsvTable:
        """The stored customs rates as text; they belong to the release of the exchange rates, not to this one."""
        return self._csv(customs.FILE, customs.COLUMNS)

    def line(self, hs_code: str) -> TariffLine | None:
        """The line of an eight-digit code, or None where the schedule has none."""
        return self._line_seen(hs_code)

    def under(self, digits: str) -> tuple[str, ...]:
        """The codes that begin with these digits, in their order."""
        return self.codes[bisect_left(self.codes, digits) : bisect_left(self.codes, digits + ":")]

    def called(self, hs: str) -> tuple[str, str]:
        """The name of a chapter, a heading or a subheading in English and in Spanish, "" where we have none."""
        return self._names.called(hs)

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
            raise not_in_force("vat", classes, on, dated)
        return tuple(found)

    def excise(self, hs_code: str, on: date) -> tuple[ExciseCase, ...]:
        """The categories of the consumption tax that the line may fall into; none where no heading has it."""
        return tuple(
            rows.excise_case(row_of_day("consumption-tax", raw[1], self.categories[raw[1]], on), raw)
            for raw in self.excise_rows(hs_code)
            # What nobody is asked for is no gap before its first day.
            if not is_optional(raw[2]) or any(each.row.validity.covers(on) for each in self.categories[raw[1]])
        )

    def excise_rows(self, hs_code: str) -> tuple[Raw, ...]:
        """The rows of the longest prefix of the code that the consumption tax names."""
        for length in (8, 6, 4, 2):
            if found := self._excise_lines.get(hs_code[:length]):
                return found
        return ()

    def as_written(self, hs_code: str) -> tuple[object, ...]:
        """The rows of the schedule that a line's duties, taxes, units and name are read from, as text."""
        own = (self._lines.get(hs_code), self._vat_lines.get(hs_code))
        return (*own, self._measures.get(hs_code), self._remedies.get(hs_code), self.excise_rows(hs_code))

    def parameter(self, name: str, on: date) -> Parameter:
        """A dated figure of the rules on that day."""
        return row_of_day("import-taxes", name, self.parameters[name], on)

    def product(self, slug: str) -> Product | None:
        """A good by its name in addresses."""
        return self.products.get(slug)

    def products_of(self, hs_code: str) -> tuple[Product, ...]:
        """The goods of a line."""
        return self._products_of.get(hs_code, ())

    def requirements(self, hs_code: str, product: str, on: date) -> tuple[Requirement, ...]:
        """What the market asks of a good on a day: its admission and its documents."""
        return self.all_requirements.of(hs_code, product, on)

    def origin(self, code: str, on: date) -> Origin | None:
        """A country on a day, None where there is no such code. Raises NotInForce for a day before its first row."""
        return self.origins.of(code, on)

    def listing(self, hs_code: str, on: date) -> Listing | None:
        """What was read of a line on the list of e-commerce retail imports; None where nothing was."""
        return self._cbec.of(hs_code, on)

    def postal(self, hs_code: str, on: date) -> tuple[PostalClass, ...]:
        """The classes of personal articles that a line may fall into on a day."""
        return self._postal.of(hs_code, on)

    def source(self, key: str) -> Source:
        """A cited document."""
        return self.sources[key]

    def nearest_codes(self, code: str) -> tuple[str, ...]:
        """Up to five codes that begin like this one, the nearest in number first."""
        return nearest_codes(code, self.codes)

    def nearest_products(self, slug: str) -> tuple[str, ...]:
        """Up to five goods whose names in addresses look like this one, or whose own names or their line's do."""
        return self._goods_names.nearest(slug)

    def _csv(self, name: str, columns: tuple[str, ...]) -> CsvTable:
        table = csv_table(name, columns, self.root)
        return table if self.overlay is None else self.overlay.csv(table)

    def _toml(self, name: str) -> TomlTable:
        table = toml_table(name, self.root)
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
