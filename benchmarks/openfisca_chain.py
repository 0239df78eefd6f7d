"""A like chain of taxes in openfisca-core, over its country template; `benchmarks.bulk` runs it in an environment of its own.

Customs value × duty, consumption tax within the price, VAT, landed cost: float32 arrays, as OpenFisca reckons, rounded nowhere.
It is the arithmetic alone, from arrays to arrays, and prints the seconds of the best of three.
"""

import sys
import time

import numpy as np
from openfisca_core.periods import DateUnit
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.variables import Variable
from openfisca_country_template import CountryTaxBenefitSystem
from openfisca_country_template.entities import Person

PERIOD = "2026-11"
INPUTS = ("goods_price", "goods_freight", "exchange_rate", "duty_rate", "excise_rate", "vat_rate")


def _variable(name: str, formula=None) -> type[Variable]:
    facts = {"value_type": float, "entity": Person, "definition_period": DateUnit.MONTH, "label": name}
    return type(name, (Variable,), facts if formula is None else {**facts, "formula": formula})


def customs_value(person, period):
    return (person("goods_price", period) + person("goods_freight", period)) * person("exchange_rate", period)


def customs_duty(person, period):
    return person("customs_value", period) * person("duty_rate", period)


def excise(person, period):
    rate = person("excise_rate", period)
    return (person("customs_value", period) + person("customs_duty", period)) / (1 - rate) * rate


def import_vat(person, period):
    base = person("customs_value", period) + person("customs_duty", period) + person("excise", period)
    return base * person("vat_rate", period)


def landed(person, period):
    taxes = person("customs_duty", period) + person("excise", period) + person("import_vat", period)
    return person("customs_value", period) + taxes


def main() -> None:
    rows = int(sys.argv[1])
    system = CountryTaxBenefitSystem()
    for name in INPUTS:
        system.add_variable(_variable(name))
    for formula in (customs_value, customs_duty, excise, import_vat, landed):
        system.add_variable(_variable(formula.__name__, formula))
    chance = np.random.default_rng(1)
    values = [chance.random(rows, np.float32) for _ in INPUTS]
    best = float("inf")
    for _ in range(3):
        started = time.perf_counter()
        simulation = SimulationBuilder().build_default_simulation(system, rows)
        for name, value in zip(INPUTS, values, strict=True):
            simulation.set_input(name, PERIOD, value)
        simulation.calculate("landed", PERIOD)
        best = min(best, time.perf_counter() - started)
    print(best)


if __name__ == "__main__":
    main()
