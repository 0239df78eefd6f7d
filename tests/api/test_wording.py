"""Nothing is said in codes: every code that the house uses has its words, in all three languages."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import api
import calculator
import tariffs
from api.cells import MEANINGS
from api.headings import HEADINGS
from api.refusals import PROBLEMS
from api.rulebook import meaning
from api.rulebook import rules as rules_of_law
from api.sentences import ACTIONS, BECAUSE, DUE, HINTS, LABELS, PAGES, PATTERNS, REMARKS, SUMMARY, WORDS
from api.templates import catalog
from api.wording import LANGUAGES, Wording
from calculator.arithmetic import Expression, Operation, Word
from calculator.incoterms import Leg
from calculator.money import divide
from calculator.plan import Remark
from calculator.quote import quote_of
from calculator.rules import Rule
from calculator.tariff_line import MeasureKind
from calculator.units import UNITS
from tariffs.book import Book
from tests.api.test_answers import EVERY
from tests.atlantis import atlantis_dossier

GROUPS: tuple[Mapping[str, str], ...] = (
    LABELS,
    PATTERNS,
    WORDS,
    DUE,
    REMARKS,
    ACTIONS,
    BECAUSE,
    HINTS,
    PAGES,
    HEADINGS,
    MEANINGS,
    SUMMARY,
)
REFUSALS = {"Unpriceable", "NotInForce", "Unreadable", "Malformed"}
SEPARATOR = ", "


def texts() -> set[str]:
    """Every English text, the msgids."""
    return (
        {text for group in GROUPS for text in group.values()}
        | {text for pair in PROBLEMS.values() for text in pair}
        | {meaning(rule) for rule in rules_of_law().values()}
        | titles()
        | {SEPARATOR}
    )


@lru_cache
def titles() -> set[str]:
    """What the tables are called."""
    return {table.title for table in Book.load().records.tables}


@lru_cache
def trees() -> tuple[tuple[str, ast.Module], ...]:
    """The source of the house, module by module."""
    folders = [Path(package.__path__[0]) for package in (calculator, tariffs, api)]
    return tuple(
        (f"{folder.name}/{path.relative_to(folder)}", ast.parse(path.read_text(encoding="utf-8")))
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
    )


def called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name):
            return name
    return ""


def constants(node: ast.expr, scope: ast.AST) -> Iterator[str]:
    """The texts that an expression can come to: itself, either side of a condition, what a name was set to."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.IfExp():
            yield from constants(node.body, scope)
            yield from constants(node.orelse, scope)
        case ast.Call(func=ast.Attribute(value=ast.Name(id=table), attr="get"), args=[_, default]):
            yield from constants(default, scope)
            yield from (code for _, tree in trees() for code in entries(table, tree))
        case ast.Name(id=name):
            for each in ast.walk(scope):
                if isinstance(each, ast.Assign) and any(
                    isinstance(to, ast.Name) and to.id == name for to in each.targets
                ):
                    yield from constants(each.value, ast.Module([], []))


def entries(table: str, tree: ast.Module) -> Iterator[str]:
    """The texts that a dictionary of a module holds."""
    for each in tree.body:
        match each:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Dict(values=values)) if name == table:
                for value in values:
                    yield from constants(value, tree)


def calls() -> Iterator[tuple[str, ast.Call, ast.AST]]:
    """Every call, with where it stands and the function around it."""
    for module, tree in trees():
        scopes = [each for each in ast.walk(tree) if isinstance(each, ast.FunctionDef)]
        inner = {id(node): scope for scope in scopes for node in ast.walk(scope)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield f"{module}:{node.lineno}", node, inner.get(id(node), tree)


def argument(node: ast.Call, place: int, name: str) -> ast.expr | None:
    named = next((each.value for each in node.keywords if each.arg == name), None)
    return named or (node.args[place] if len(node.args) > place else None)


def used(names: set[str], place: int, name: str) -> dict[str, str]:
    """The codes that calls of these names pass, with a place where each is used."""
    found: dict[str, str] = {}
    for where, node, scope in calls():
        value = argument(node, place, name)
        if called(node) in names and value is not None:
            found.update(dict.fromkeys((code for code in constants(value, scope) if code), where))
    return found


def refusals() -> dict[str, str]:
    return used(REFUSALS, 0, "code") | used({"problem"}, 1, "code")


def remarks() -> dict[str, str]:
    return used({"Remark", "assume", "warn", "reason"}, 0, "code") | used({"OpenPoint"}, 1, "code")


def reasons() -> dict[str, str]:
    """Why a rate was not used, and why an amount is zero."""
    found = used({"add"}, 1, "because") | used({"Alternative"}, 2, "because") | used({"_zero"}, 1, "reason")
    found |= used({"ExcisePlan", "DutyPlan"}, 2, "zero") | used({"RemedyPlan"}, 3, "zero")
    for module, tree in trees():
        for node in ast.walk(tree):
            at = f"{module}:{getattr(node, 'lineno', 0)}"
            match node:
                # zeros["customs_duty"] = "zero_rate"
                case ast.Assign(targets=[ast.Subscript(value=ast.Attribute(attr="zeros") | ast.Name(id="zeros"))]):
                    found |= dict.fromkeys(constants(node.value, tree), at)
                # zeros=legs.zeros | {"payment_cost": "no_rail"}
                case ast.keyword(arg="zeros"):
                    for each in ast.walk(node.value):
                        if isinstance(each, ast.Dict):
                            found |= {code: at for value in each.values for code in constants(value, tree)}
                case ast.FunctionDef(name="_why" | "_why_none_presumed"):
                    for each in ast.walk(node):
                        if isinstance(each, ast.Return) and each.value is not None:
                            found |= dict.fromkeys(constants(each.value, tree), at)
    return {code: at for code, at in found.items() if code}


def rules() -> list[Rule]:
    """Every rule that a module of the calculator holds."""
    found = {}
    for module in pkgutil.iter_modules(calculator.__path__):
        for value in vars(importlib.import_module(f"calculator.{module.name}")).values():
            if isinstance(value, Rule):
                found[value.name, value.inputs] = value
    return list(found.values())


def words(formula: Expression) -> Iterator[str]:
    match formula:
        case Word():
            yield formula.word
            for each in formula.arguments:
                yield from words(each)
        case Operation():
            yield from words(formula.left)
            yield from words(formula.right)


def test_the_codes_are_found() -> None:
    """The search must not fall asleep: one code of each kind and shape of call."""
    assert {"unknown_hs_code", "no_goods", "negative_rate", "ddp_not_solvable", "malformed_json"} <= refusals().keys()
    assert {"customs_rate_estimated", "vat_rate_open", "customs_rate_month_ends", "figure_ends"} <= remarks().keys()
    assert {
        "zero_rate",
        "no_rail",
        "in_the_price",
        "mfn_origin",
        "provisional_ended",
        "waived",
        "no_sliding_quota_claimed",
    } <= reasons().keys()
    assert {"vat", "customs_value", "in_yuan"} <= {rule.name for rule in rules()}


def test_every_refusal_has_its_words() -> None:
    assert {code: at for code, at in refusals().items() if code not in PROBLEMS} == {}


def test_every_remark_has_its_words() -> None:
    assert {code: at for code, at in remarks().items() if code not in REMARKS} == {}


def test_every_field_that_is_left_to_us_has_its_words() -> None:
    """`_left_to_us` names the assumptions of a request."""
    left = [each for _, tree in trees() for each in ast.walk(tree) if getattr(each, "name", "") == "_left_to_us"]
    assert left
    paths = {
        each.value
        for node in left
        for each in ast.walk(node)
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and re.fullmatch(r"[a-z_/]+", each.value)
    }
    assert {path.rpartition("/")[2] for path in paths} - {
        "",
        "goods",
        "importer",
        "costs",
        "holding",
        "finance_rate",
    } <= REMARKS.keys()


def test_every_reason_has_its_words() -> None:
    assert {code: at for code, at in reasons().items() if code not in BECAUSE} == {}


def test_every_action_belongs_to_a_remark() -> None:
    assert ACTIONS.keys() <= REMARKS.keys()


def test_every_rule_and_every_figure_has_a_label() -> None:
    wording = Wording.of("en")
    named = {name for rule in rules() for name in (rule.name, *rule.inputs)}
    for asked in EVERY.values():
        quote = quote_of(asked(), atlantis_dossier(asked()))
        named |= {name for step in quote.walked.steps for name in (step.rule.name, *step.rule.inputs)}
        named |= {name for facts in (quote.plan.shared, *(line.facts for line in quote.plan.lines)) for name in facts}
    assert sorted(name for name in named if not wording.knows(name)) == []


def test_every_word_of_the_arithmetic_and_every_term_of_payment_has_its_words() -> None:
    assert {word for rule in rules() for word in words(rule.formula)} <= WORDS.keys()
    assert {rule.due for rule in rules() if rule.due} <= DUE.keys()


def test_columns_legs_and_kinds_of_units_have_labels() -> None:
    named = [*MeasureKind, *Leg, *{unit.kind for unit in UNITS.values()}]
    assert [name for name in named if not Wording.of("en").knows(str(name))] == []


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_every_text_is_translated(language: str) -> None:
    said = catalog(language)
    assert sorted(texts() - said.keys()) == []
    assert sorted(said.keys() - texts()) == []  # nothing stale


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_translations_keep_facts_and_brackets(language: str) -> None:
    for english, said in catalog(language).items():
        names = re.findall(r"\{(\w+)\}", english)
        assert sorted(re.findall(r"\{(\w+)\}", said)) == sorted(names), english
        optional = sorted(sorted(re.findall(r"\{(\w+)\}", part)) for part in re.findall(r"\[([^\[\]]*)\]", english))
        kept = sorted(sorted(re.findall(r"\{(\w+)\}", part)) for part in re.findall(r"\[([^\[\]]*)\]", said))
        assert kept == optional, english


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_catalogs_are_whole(language: str) -> None:
    path = Path(api.__path__[0]) / "locale" / language / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        messages = [each for each in read_po(file) if each.id]
    assert all(each.string and not each.fuzzy for each in messages)
    assert len({each.id for each in messages}) == len(messages)


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_raises_where_facts_are_missing(language: str) -> None:
    wording = Wording.of(language)
    said = [wording.text(Remark(code)) for code in REMARKS]
    said += [wording.problem(code, {}) for code in PROBLEMS]
    said += [wording.problem(code, {}, ["a", "b"]) for code in PROBLEMS]
    said += [wording.title(code) for code in PROBLEMS]
    assert all(said)
    assert not any(re.search(r"[\[\]]|\{\w+\}", text) for text in said)


def test_unknown_codes_are_told_as_they_are() -> None:
    wording = Wording.of("en")
    assert wording.label("flux_capacity") == "flux capacity"
    assert wording.because("so_it_is") == "so it is"
    assert wording.title("brand_new") == "brand new"
    assert wording.text(Remark("goods/0/brand_new")) == "brand new"
    assert wording.action(Remark("brand_new")) is None


def test_languages_that_we_do_not_speak_get_english() -> None:
    assert Wording.of("fr") is Wording.of("en")
    assert Wording.of("zh-CN") is Wording.of("zh")
    assert Wording.of("").label("vat_rate") == "VAT rate"


@pytest.mark.parametrize(
    ("code", "english", "spanish", "chinese"),
    [
        ("customs_value", "customs value", "valor en aduana", "计税价格"),
        ("mfn", "MFN rate", "tasa NMF", "最惠国税率"),
        ("provisional", "provisional rate", "tasa provisional", "暂定税率"),
        ("vat_due", "import VAT", "IVA de importación", "进口环节增值税"),
        (
            "customs_rate:USD",
            "customs exchange rate USD/CNY",
            "tipo de cambio aduanero USD/CNY",
            "USD/CNY 计征汇率",
        ),
        (
            "total_transaction_value",
            "sum of price in yuan at the customs rate over the lines",
            "suma de precio en yuanes al tipo de cambio aduanero de todas las líneas",
            "各项按计征汇率折算的成交价格之和",
        ),
        (
            "origin:pre_carriage@market",
            "carriage to the port of loading at the market rate",
            "transporte hasta el puerto de embarque al tipo de cambio de mercado",
            "按市场汇率折算的至装运港的运输",
        ),
        ("freight#part", "the line's part of freight", "parte de la línea en flete", "本项货物分摊的运费"),
        ("freight_amount", "freight as stated", "importe de flete", "运费（申报金额）"),
        (
            "additions:royalty:1_amount",
            "addition to the price: royalty (2) as stated",
            "importe de incrementable: regalía (2)",
            "计入项目：特许权使用费（2）（申报金额）",
        ),
        ("remedy:anti_dumping:0_rate", "rate of anti-dumping duty", "tasa de derecho antidumping", "反倾销税税率"),
    ],
)
def test_labels(code: str, english: str, spanish: str, chinese: str) -> None:
    assert [Wording.of(language).label(code) for language in LANGUAGES] == [english, spanish, chinese]


@pytest.mark.parametrize(
    ("code", "facts", "allowed", "said"),
    [
        ("unknown_unit", {"text": "kgz"}, ["kg", "g"], "“kgz” is not a known unit. Nearest: kg, g."),
        ("unknown_unit", {"text": "kgz"}, [], "“kgz” is not a known unit."),
        (
            "ambiguous_number",
            {"text": "1,5", "write": "1.5"},
            ["1.5"],
            "“1,5” could be read in two ways: the point is the decimal sign; write 1.5. Allowed: 1.5.",
        ),
        (
            "no_exchange_rate",
            {"table": "fx-customs", "key": "MXN/CNY", "on": date(2004, 1, 5), "covered_from": None},
            [],
            "Table fx-customs has no rate for MXN/CNY on 2004-01-05. Give the rate under fx or customs_fx.",
        ),
        (
            "premium_too_high",
            {"rate": Decimal("0.95"), "insured": Decimal("1.10")},
            [],
            "A premium of 95% on 110% of CIF would be all of CIF or more.",
        ),
        (
            "leg_missing",
            {"leg": "pre_carriage", "incoterm": "EXW"},
            ["pre_carriage", "all_in"],
            "Under EXW the buyer pays: carriage to the port of loading. State what it costs. Write pre_carriage, all_in.",
        ),
        (
            "not_a_number",
            {"text": "1e3", "hint": "no_exponent"},
            [],
            "“1e3” is not a number: write all digits, without an exponent.",
        ),
        ("wrong_type", {"expected": "object"}, [], "Another kind of value is expected here: an object in braces."),
        ("not_positive", {}, [], "Write a number above 0."),
        ("unknown_leg", {"leg": "my_leg"}, [], "There is no cost “my_leg” on this side."),
        ("unknown_product", {"product": "{0} {x} [y]"}, [], "There is no product “{0} {x} [y]”."),
    ],
)
def test_problems(code: str, facts: dict[str, object], allowed: list[str], said: str) -> None:
    assert Wording.of("en").problem(code, facts, allowed) == said


def test_facts_of_remarks() -> None:
    wording = Wording.of("en")
    rates = Remark("vat_rate_open", "", {"rates": (Decimal("0.13"), Decimal("0.0900"))})
    assert wording.text(rates) == "The VAT rate of this line is open between 13%, 9%: the higher is used."
    figure = Remark("figure_ends", "", {"figure": "customs_rate:USD", "origin": "table:fx/USD", "on": date(2026, 1, 2)})
    assert wording.text(figure) == "customs exchange rate USD/CNY (fx/USD) is in force until 2026-01-02"
    third = Remark("duty_waiver_unverified", "", {"limit": divide(Decimal(1), Decimal(3))})
    assert "limit of 0.333333333333 CNY" in wording.text(third)
    assert wording.text(Remark("declared_on")) == "No declaration day was given: today in Shanghai is assumed."
    assert wording.text(Remark("declared_on"), {"declared_on": date(2026, 11, 23)}).endswith(
        "today in Shanghai, 2026-11-23, is assumed."
    )


def test_long_lists_are_cut_in_a_sentence() -> None:
    said = Wording.of("zh").problem("unknown_currency", {"currency": "XXX"}, [f"C{n:02}" for n in range(40)])
    assert said.endswith("C10、C11、…。")


@pytest.mark.parametrize("code", [each for each in PROBLEMS if PROBLEMS[each][1].startswith("{")])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_name_of_a_field_keeps_its_letters(code: str, language: str) -> None:
    """A sentence may begin with what somebody wrote; a label of ours takes its capital."""
    facts = dict.fromkeys(re.findall(r"\{(\w+)\}", PROBLEMS[code][1]), "late_days_x")
    said = Wording.of(language).problem(code, facts)
    assert not said.startswith("Late_days_x")
    assert (
        Wording.of("en")
        .problem("attribute_missing", {"needed_for": "duty", "attribute": "seats"})
        .startswith("Customs")
    )


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "late_days has no place in general trade: leave it out, or ask for another regime."),
        ("es", "El campo late_days no se aplica en el régimen «comercio general»: omítalo o pida otro régimen."),
        ("zh", "“一般贸易”方式不适用字段 late_days：请删去或改用其他方式。"),
    ],
)
def test_a_field_that_a_regime_does_not_know(language: str, said: str) -> None:
    assert Wording.of(language).problem("not_in_regime", {"field": "late_days", "regime": "general_trade"}) == said


@pytest.mark.parametrize(
    ("origin", "english", "spanish", "chinese"),
    [
        ("unknown", "goods of unknown origin ", "mercancías de origen desconocido:", "原产地不明的货物"),
        ("US", "goods of the United States ", "mercancías de Estados Unidos:", "美国货物"),
        ("JP", "goods of Japan ", "mercancías de Japón:", "日本货物"),
        ("QQ", "goods of QQ ", "mercancías de QQ:", "QQ货物"),
    ],
)
def test_an_origin_is_told_in_words(origin: str, english: str, spanish: str, chinese: str) -> None:
    remark = Remark("remedies_of_origin_not_read", "", {"origin": origin})
    for language, part in zip(LANGUAGES, (english, spanish, chinese), strict=True):
        assert part in Wording.of(language).text(remark)


def test_a_country_that_there_is_not_is_told_as_it_was_written() -> None:
    """The data of languages have names for codes that are no country."""
    for code in ("ZZ", "EU", "unknown"):
        assert f"“{code}”" in Wording.of("en").problem("unknown_origin", {"origin": code})


def test_parameters_are_told_by_their_labels() -> None:
    facts = {"table": "import-taxes", "key": "cbec_duty_rate", "on": date(2016, 1, 5)}
    assert Wording.of("en").problem("no_row_in_force", facts) == (
        "Table import-taxes has no row for duty rate in e-commerce retail on 2016-01-05."
    )
    assert "08044000" in Wording.of("zh").problem("no_row_in_force", {**facts, "key": "08044000"})


def test_every_parameter_of_the_tables_has_a_label(real_book: Book) -> None:
    assert [name for name in real_book.records.parameters if not Wording.of("en").knows(name)] == []


@pytest.mark.parametrize(
    ("code", "spanish", "chinese"),
    [
        ("late_payment:customs_duty", "recargo por pago tardío del arancel", "关税滞纳金"),
        ("late_payment:vat", "recargo por pago tardío del IVA de importación", "进口环节增值税滞纳金"),
        (
            "late_payment:trade_remedies",
            "recargo por pago tardío de los derechos de defensa comercial",
            "贸易救济关税滞纳金",
        ),
        ("late_declaration", "recargo por declaración tardía", "滞报金"),
        ("Sliding", "arancel móvil", "滑准税"),
        ("sliding_rate", "tasa del arancel móvil", "滑准税税率"),
        ("trade_remedies", "derechos de defensa comercial", "贸易救济关税"),
        ("rate", "tipo de cambio", "汇率"),
        ("import_vat_waiver", "exención del IVA de importación", "进口环节增值税免征额"),
    ],
)
def test_terms_of_customs(code: str, spanish: str, chinese: str) -> None:
    assert [Wording.of(language).label(code) for language in ("es", "zh")] == [spanish, chinese]


def test_one_word_for_each_thing() -> None:
    """Words that were used beside those of the house."""
    spanish, chinese = ("\n".join(catalog(language).values()) for language in ("es", "zh"))
    for word in (" mora", "arancel variable", "remedios comerciales", "cuota por declaración", "IVA a la", "reclamó"):
        assert word not in spanish
    for word in ("贸易救济税", "进口增值税", "税率或汇率", " （"):
        assert word not in chinese


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "the value of the order exceeds the limit of an order (6000 CNY against a limit of 5000 CNY)"),
        ("es", "el valor del pedido supera el límite por pedido (6000 CNY frente a un límite de 5000 CNY)"),
        ("zh", "订单金额超过单次交易限值（6000 CNY，限值 5000 CNY）"),
    ],
)
def test_what_closes_a_regime_is_told_as_a_sentence(language: str, said: str) -> None:
    facts = {"regime": "cbec_retail", "because": "cbec_order_limit", "amount": Decimal(6000), "limit": Decimal(5000)}
    assert said in Wording.of(language).problem("regime_closed", facts)


def test_every_kind_of_value_that_is_expected_has_its_words() -> None:
    expected = used({"wrong_type"}, 0, "expected") | used({"number_text"}, 2, "expected")
    assert {"object", "attribute", "integer"} <= expected.keys()
    assert {code: at for code, at in expected.items() if code not in HINTS} == {}


def test_lines_of_china_are_no_fracciones_in_spanish() -> None:
    """A fracción is the exporter's own code, beside which a line of the Chinese schedule needs another name."""
    spanish = Wording.of("es")
    for code in ("ambiguous_code", "code_needed"):
        told = spanish.problem(code, {"hs_code": "847330", "product": "x"}, ("84733010", "84733090"))
        assert "líneas" in told
        assert "fracci" not in told
