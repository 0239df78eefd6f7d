"""What one book can tell of itself, put together when it is first asked for and kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from api.lookups import with_words
from calculator.citations import Source
from calculator.quote import ENGINE_VERSION
from tariffs.book import Book
from tariffs.changes import Changes
from tariffs.coverage import Coverage, coverage
from tariffs.parts import Part, parts, used_by

# The titles of the tables by their English; an overlay's own stand as they are.
TITLES = {
    "es": {
        "Lines of the Chinese import schedule": "Líneas del arancel de importación de China",
        "Duty rates: MFN, provisional, general, tariff quota": "Tasas: NMF, provisional, general y dentro del cupo",
        "Anti-dumping, countervailing and safeguard measures that touch Mexican goods, with those of the same cases": (
            "Medidas antidumping, compensatorias y de salvaguardia que afectan a mercancías mexicanas, con las de los "
            "mismos casos"
        ),
        "Countries and customs territories, the column that their goods take and their agreements with China": (
            "Países y territorios aduaneros, la columna que toman sus mercancías y sus acuerdos con China"
        ),
        "Import VAT: the class of each line and the rates of each class": (
            "IVA de importación: la clase de cada línea y las tasas de cada clase"
        ),
        "Consumption tax at import: categories and the lines in them": (
            "Impuesto al consumo a la importación: categorías y sus líneas"
        ),
        "Limits, waivers and presumptions of import taxation": (
            "Límites, exenciones y presunciones de los impuestos a la importación"
        ),
        "Names of chapters, headings and subheadings in English and Spanish": (
            "Nombres de capítulos, partidas y subpartidas en inglés y español"
        ),
        "Mexican goods, their lines and packages": "Mercancías mexicanas, sus líneas y sus empaques",
        "Fragments of the lists for cross-border e-commerce retail import of 2016": (
            "Fragmentos de las listas de 2016 para la importación minorista por comercio electrónico transfronterizo"
        ),
        "What a declaration must state for each line": "Lo que la declaración debe indicar de cada línea",
        "Mexican export codes and duties": "Códigos e impuestos de exportación de México",
        "Admission to the Chinese market and the documents asked of Mexican goods": (
            "Admisión al mercado chino y documentos que se piden a las mercancías mexicanas"
        ),
        "Classes of personal articles, and the list prices that were seen": (
            "Clases de artículos personales y los precios de lista que se vieron"
        ),
        "What the supervision and inspection letters mean": "Lo que significan las letras de control y de inspección",
        "Codes of the customs declaration: terms, units, countries, …": (
            "Códigos de la declaración aduanera: condiciones, unidades, países, …"
        ),
        "Seaports and airports: the code that trade uses, the official one, names and positions": (
            "Puertos y aeropuertos: el código que usa el comercio, el oficial, nombres y posiciones"
        ),
        "Lanes from Mexico to China: distances, days and services": (
            "Rutas de México a China: distancias, días y servicios"
        ),
        "Containers, pallets and air unit loads": "Contenedores, tarimas y unidades de carga aérea",
        "Freight rates from Mexico to China: no published one was found, ranges for planning only": (
            "Fletes de México a China: no se halló ninguno publicado, solo rangos para planear"
        ),
        "Charges at both ends of the way": "Cargos en ambos extremos del trayecto",
        "What goods usually lose on the way": "Lo que suele perderse de las mercancías",
        "How each mode counts weight and volume": "Cómo cuenta cada modo el peso y el volumen",
        "Rows that proved wrong: what they said, what is right, since when and why": (
            "Filas que resultaron erróneas: qué decían, qué es lo correcto, desde cuándo y por qué"
        ),
        "Ways of paying from China to Mexico: their fees, margins and days": (
            "Medios de pago de China a México: sus comisiones, márgenes y días"
        ),
    },
    "zh": {
        "Lines of the Chinese import schedule": "中国进口税则税目",
        "Duty rates: MFN, provisional, general, tariff quota": "税率：最惠国、暂定、普通、关税配额",
        "Anti-dumping, countervailing and safeguard measures that touch Mexican goods, with those of the same cases": (
            "涉及墨西哥货物及同案货物的反倾销、反补贴和保障措施"
        ),
        "Countries and customs territories, the column that their goods take and their agreements with China": (
            "国家和关税区、其货物适用的税率栏以及与中国的协定"
        ),
        "Import VAT: the class of each line and the rates of each class": "进口环节增值税：各税目类别及各类税率",
        "Consumption tax at import: categories and the lines in them": "进口环节消费税：类别及其税目",
        "Limits, waivers and presumptions of import taxation": "进口税收的限额、免征额和推定",
        "Names of chapters, headings and subheadings in English and Spanish": "章、品目和子目的英文和西班牙文名称",
        "Mexican goods, their lines and packages": "墨西哥商品、税目及包装",
        "Fragments of the lists for cross-border e-commerce retail import of 2016": (
            "2016年跨境电子商务零售进口商品清单片段"
        ),
        "What a declaration must state for each line": "各税目的申报要素",
        "Mexican export codes and duties": "墨西哥出口税号和税率",
        "Admission to the Chinese market and the documents asked of Mexican goods": (
            "墨西哥货物的中国市场准入及所需单证"
        ),
        "Classes of personal articles, and the list prices that were seen": "个人物品分类及所见《进境物品完税价格表》价格",
        "What the supervision and inspection letters mean": "监管条件和检验检疫代码的含义",
        "Codes of the customs declaration: terms, units, countries, …": "报关单代码：成交方式、计量单位、国别等",
        "Seaports and airports: the code that trade uses, the official one, names and positions": (
            "海港和机场：贸易用代码、官方代码、名称和位置"
        ),
        "Lanes from Mexico to China: distances, days and services": "墨西哥至中国航线：距离、天数和服务",
        "Containers, pallets and air unit loads": "集装箱、托盘和航空集装器",
        "Freight rates from Mexico to China: no published one was found, ranges for planning only": (
            "墨西哥至中国运价：未找到公布运价，仅供规划的区间"
        ),
        "Charges at both ends of the way": "运输两端的费用",
        "What goods usually lose on the way": "货物常见损耗",
        "How each mode counts weight and volume": "各运输方式的计重和计体积方法",
        "Rows that proved wrong: what they said, what is right, since when and why": (
            "已证实有误的数据行：原内容、正确内容、起始日期及原因"
        ),
        "Ways of paying from China to Mexico: their fees, margins and days": "中国至墨西哥的付款方式：费用、点差和天数",
    },
}


@dataclass(frozen=True)
class Library:
    """What there is to tell of one book."""

    book: Book

    @cached_property
    def changes(self) -> Changes:
        """Every change of the tables."""
        return Changes(self.book.records)

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """Every table that can be downloaded."""
        return parts(self.book.records)

    @cached_property
    def etags(self) -> dict[str, str]:
        """The hash of each table that was asked for."""
        return {}

    def etag_of_rows(self, part: Part, start: int, end: int | None) -> str:
        """The hash of some rows of a table, as they are sent."""
        whole = self.etag(part)
        return (
            whole if (start, end) == (0, None) else hashlib.sha256(f"{whole} {start} {end}".encode()).hexdigest()[:32]
        )

    def etag(self, part: Part) -> str:
        """The hash of a whole table, as it is sent."""
        if part.name not in self.etags:
            self.etags[part.name] = hashlib.sha256("".join(part.csv()).encode()).hexdigest()[:32]
        return self.etags[part.name]

    @cached_property
    def sources(self) -> Mapping[str, dict[str, Any]]:
        """Every cited document, as it is told."""
        used = used_by(self.book.records)
        return {key: _source(each, used.get(key, ())) for key, each in self.book.records.sources.items()}

    def sources_with(self, text: str) -> list[dict[str, Any]]:
        """The documents whose id, title, issuer or number have every word of a text."""
        return with_words(self.sources.values(), text, _searched)

    def meta(self, language: str) -> dict[str, Any]:
        """The release and its tables, their titles in a language."""
        told = self._meta
        titles = TITLES.get(language, {})
        tables = [{**each, "title": titles.get(each["title"], each["title"])} for each in told["tables"]]
        fx = self.book.fx
        rates = {"fx_release": fx.release, "fx_sha256": fx.sha256, "fx_known_until": f"{fx.known_until}"}
        return {**told, **rates, "tables": tables}

    @cached_property
    def _meta(self) -> dict[str, Any]:
        records = self.book.records
        seal = records.seal
        return {
            "release": self.book.release,
            "sha256": seal.sha256,
            "sealed": seal.tables == {table.name: table.sha256 for table in records.tables},
            "releases": [self.book.release],
            "engine_version": ENGINE_VERSION,
            "tables": [_table(each) for each in coverage(records)],
        }


def _table(each: Coverage) -> dict[str, Any]:
    state = each.state
    return {
        "name": state.name,
        "title": state.title,
        "known_until": f"{state.known_until}",
        "confidence": state.confidence,
        "licence": state.licence,
        "sha256": state.sha256,
        "rows": each.rows,
        "lines": each.lines,
        "coverage": {"from": day_text(each.covers_from), "to": f"{state.known_until}"},
        **{f"share_{letter}": _text(each.share(letter)) for letter in "ABC"},
        "csv": [f"/v1/tables/{name}.csv" for name in each.parts],
    }


def _source(source: Source, tables: tuple[str, ...]) -> dict[str, Any]:
    return {
        "id": source.id,
        "title": {"en": source.title, "zh": source.title_zh or None},
        "issuer": source.issuer or None,
        "number": source.number or None,
        "published": day_text(source.published),
        "effective_from": day_text(source.effective_from),
        "retrieved_on": day_text(source.retrieved_on),
        "url": source.url or None,
        "confidence": source.confidence,
        "licence": source.licence or None,
        "tables": list(tables),
    }


def _searched(source: Mapping[str, Any]) -> str:
    names = (source["id"], *source["title"].values(), source["issuer"], source["number"])
    return " ".join(filter(None, names))


def day_text(day: date | None) -> str | None:
    """A day as it is told, None where there is none."""
    return f"{day}" if day else None


def _text(share: object) -> str | None:
    return None if share is None else f"{share}"
