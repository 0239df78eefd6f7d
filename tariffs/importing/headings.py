"""Which column of a file is which: headings in Chinese, Spanish and English, or the clerk's own mapping.

A heading is read by what it says without case, accents, signs and years. Two columns for one field are refused rather
than the first one taken, and a column that nobody knows is told: it may be the one that mattered.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tariffs.findings import Finding
from tariffs.importing.grids import Grid, GridRow, letter

LEFT_OUT = "-"
SEARCHED = 20  # rows in which the headings are looked for: titles may stand above them
_ALIASES = {
    "hs_code": "税则号列 税则号 税号 税目 商品编码 商品编号 商品代码 海关编码 海关商品编码 hs编码 hs hscode hsnumber code "
    "codes tariffcode tariffline tariffitem tariffnumber commoditycode fraccion fraccionarancelaria fraccionhs codigo "
    "codigohs codigoarancelario lineaarancelaria 税则号列hscode",
    "name_zh": "商品名称 货品名称 品名 名称 中文名称 商品描述 namezh chinesename descriptionzh namechinese nombrechino",
    "name_en": "description descriptionofgoods goodsdescription articledescription productdescription name nameen "
    "englishname descriptionen goods product article 英文名称 英文商品名称 nombreingles",
    "name_es": "descripcion descripciondelamercancia descripciondemercancias mercancia nombre nombrees producto "
    "descripciones 西班牙文名称 spanishname namees",
    "mfn": "最惠国税率 最惠国关税税率 最惠国关税 最惠国 进口最惠国税率 进口最惠国关税税率 mfn mfnrate mfnduty mfndutyrate "
    "mfntariff mfntariffrate mostfavourednation mostfavourednationrate mostfavorednationrate mostfavorednation nmf "
    "arancelnmf tasanmf arancelnacionmasfavorecida naciónmasfavorecida nacionmasfavorecida",
    "provisional": "暂定税率 进口暂定税率 暂定 进口商品暂定税率 年暂定税率 provisional provisionalrate provisionalduty "
    "provisionaldutyrate interimrate interimduty interimdutyrate temporaryrate tasaprovisional arancelprovisional "
    "arancelprovisorio",
    "general": "普通税率 进口普通税率 普通关税税率 普通 general generalrate generalduty generaldutyrate generaltariff "
    "tasageneral arancelgeneral",
    "tariff_quota": "配额税率 关税配额税率 配额内税率 tariffquota tariffquotarate quotarate inquotarate tasacupo "
    "aranceldecupo arancelcupo",
    "vat": "增值税 增值税率 增值税税率 进口增值税 进口增值税率 进口环节增值税 vat vatrate importvat valueaddedtax "
    "valueaddedtaxrate iva tasaiva tasadeiva ivadeimportacion",
    "consumption_tax": "消费税 消费税率 消费税税率 进口消费税 进口消费税率 consumptiontax consumptiontaxrate excise "
    "excisetax exciseduty impuestoalconsumo impuestosobreconsumo ieps",
    "unit": "计量单位 法定单位 法定计量单位 单位 第一法定单位 法定第一单位 第一计量单位 第一单位 unit units unitofmeasure "
    "unitofquantity statutoryunit statutoryunits unit1 unidad unidades unidaddemedida unidadlegal",
    "unit_2": "第二法定单位 法定第二单位 第二计量单位 第二单位 法定第二计量单位 unit2 secondunit secondstatutoryunit "
    "segundaunidad unidad2",
    "supervision": "监管条件 海关监管条件 监管证件 监管证件代码 海关监管证件 supervision supervisioncondition "
    "supervisionconditions customssupervision customscontrol supervisioncodes condicionesdesupervision supervisionaduanera",
    "inspection": "检验检疫 检验检疫类别 检验检疫条件 检疫类别 inspection inspectioncodes inspectionandquarantine "
    "inspectionquarantine ciq inspeccion inspeccionycuarentena",
    "valid_from": "生效日期 开始日期 起始日期 执行日期 实施日期 validfrom effective effectivefrom effectivedate startdate "
    "from fechadeinicio vigentedesde vigenciadesde iniciodevigencia desde",
    "valid_to": "失效日期 截止日期 终止日期 结束日期 到期日期 validto validuntil until expires expiry expirydate enddate to "
    "fechadefin vigentehasta vigenciahasta findevigencia hasta",
}
FIELDS = tuple(_ALIASES)
RATES = ("mfn", "provisional", "general", "tariff_quota", "vat")
_BRACKETED = re.compile(r"[(（\[【][^)）\]】]*[)）\]】]")
_YEAR = re.compile(r"(?:19|20)[0-9]{2}年?")


@dataclass(frozen=True, slots=True)
class Headings:
    """Where each field stands, as its heading is written in the file; and the columns that are left out."""

    at: int
    columns: Mapping[str, int]
    written: tuple[str, ...]
    percent: frozenset[str]
    unknown: tuple[str, ...]
    faults: tuple[Finding, ...] = field(default=())

    def named(self, name: str) -> str:
        """The heading of a field as the file writes it."""
        return self.column(self.columns[name])

    def column(self, index: int) -> str:
        """The heading of a column, or its letter where it has none."""
        written = self.written[index] if index < len(self.written) else ""
        return written or letter(index)


def plain(heading: str) -> str:
    """A heading without case, accents, years, what stands in brackets, and every sign."""
    text = _YEAR.sub("", _BRACKETED.sub("", unicodedata.normalize("NFKC", heading)))
    split = unicodedata.normalize("NFD", text.casefold())
    return "".join(each for each in split if each.isalnum())


_KNOWN = MappingProxyType(
    {plain(alias): name for name, words in _ALIASES.items() for alias in words.split()}
    | {plain(name): name for name in _ALIASES}
)


def headings(grid: Grid, mapping: Mapping[str, str]) -> Headings:
    """The columns of a file: by the mapping where it names them, else by their headings."""
    chosen = {_tidy(column): name for column, name in mapping.items()}
    at = next((at for at, row in enumerate(grid.rows[:SEARCHED]) if "hs_code" in _fields(row, chosen)), None)
    faults = [
        Finding(
            grid.file, None, column, "unknown_field", f"{name!r} is no field ({', '.join(FIELDS)}, or - to leave out)"
        )
        for column, name in mapping.items()
        if name != LEFT_OUT and name not in FIELDS
    ]
    if at is None:
        # Without a column of codes the first row that looks like headings is the one to speak about.
        at = max(
            range(min(SEARCHED, len(grid.rows))), key=lambda row: len(set(_fields(grid.rows[row], chosen))), default=0
        )
    if not grid.rows:
        return Headings(0, {}, (), frozenset(), (), (Finding(grid.file, 1, None, "empty_file", "has no rows"),))
    row = grid.rows[at]
    written = tuple(" ".join(cell.split()) for cell in row.cells)
    found = _fields(row, chosen)
    places: dict[str, list[int]] = {}
    for index, name in enumerate(found):
        if name in FIELDS:
            places.setdefault(name, []).append(index)
    for name, indexes in places.items():
        if len(indexes) > 1:
            told = " and ".join(repr(written[index] or letter(index)) for index in indexes)
            text = f"two columns for {name}: {told}; leave one out with --mapping '{written[indexes[-1]]}=-'"
            faults.append(Finding(grid.file, row.line, written[indexes[-1]], "two_columns", text))
    faults += _missing(grid.file, row, places, chosen, mapping)
    percent = frozenset(name for name, indexes in places.items() if re.search("[%％]|百分", written[indexes[0]]))
    unknown = tuple(
        written[index] or letter(index)
        for index, name in enumerate(found)
        if not name
        and (written[index] or any(index < len(each.cells) and each.cells[index] for each in grid.rows[at + 1 :]))
    )
    columns = MappingProxyType({name: indexes[0] for name, indexes in places.items()})
    faults += _merged(grid, row, at)
    return Headings(at, columns, written, percent, unknown, tuple(faults))


def _fields(row: GridRow, chosen: Mapping[str, str]) -> list[str]:
    return [chosen.get(_tidy(cell)) or _KNOWN.get(plain(cell), "") for cell in row.cells]


def _missing(
    file: str, row: GridRow, places: Mapping[str, list[int]], chosen: Mapping[str, str], mapping: Mapping[str, str]
) -> list[Finding]:
    faults = []
    present = {_tidy(cell) for cell in row.cells}
    for column in mapping:
        if _tidy(column) not in present:
            faults.append(
                Finding(file, row.line, column, "unknown_column", "the mapping names it, the file has no such column")
            )
    if "hs_code" not in places:
        text = "no column of codes (税则号列, fracción, HS code, …); name it with --mapping 'COLUMN=hs_code'"
        faults.append(Finding(file, row.line, None, "no_code_column", text))
    elif not set(places) - {"hs_code", "valid_from", "valid_to"}:
        faults.append(Finding(file, row.line, None, "nothing_to_import", "no column of rates, names or units"))
    return faults


def _merged(grid: Grid, row: GridRow, at: int) -> list[Finding]:
    """Merged cells in or below the headings: which column, or which row, would a value stand for?"""
    faults = []
    for first, left, last, right in grid.merged:
        ranged = f"{letter(left)}{first}:{letter(right)}{last}"
        if first <= row.line <= last or (
            first < row.line and right > left and at and last + 1 == row.line and _parted(grid, at)
        ):
            text = f"the headings are merged ({ranged}): give each column one heading in one row"
            faults.append(Finding(grid.file, first, letter(left), "merged_headings", text))
        elif first > row.line:
            text = f"merged cells ({ranged}): write the value in each row"
            faults.append(Finding(grid.file, first, letter(left), "merged_cells", text))
    return faults


def _parted(grid: Grid, at: int) -> bool:
    """Whether the row above the headings has several texts of its own: headings in two storeys, not a title."""
    return sum(bool(cell.strip()) for cell in grid.rows[at - 1].cells) > 1


def _tidy(text: str) -> str:
    return " ".join(text.split()).casefold()
