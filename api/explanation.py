"""The steps of a quote: every amount with its formula in words, the figures that went in, and the law behind both.

What does not change with the amounts stands in the outline; here the digits are written into it.
"""

from api.outline import Outlined, because, is_currency, outline_of
from api.trail import unrounded
from api.wording import Wording
from api.writing import Json, write_money, write_number, write_share
from calculator.quote import Quote
from calculator.rules import Walked


def explained(quote: Quote, wording: Wording) -> list[Json]:
    """All steps worth reading, in the order they were taken, then the figures that are zero without a step."""
    outline = outline_of(quote, wording)
    return [*(_step(each, quote.walked, wording) for each in outline.steps), *map(dict.copy, outline.zeros)]


def _step(outlined: Outlined, walked: Walked, wording: Wording) -> Json:
    step = walked.steps[outlined.place]
    inputs = [each.copy() for each in outlined.inputs]
    for figure in outlined.open:
        figure.write(inputs[figure.place], walked.value(figure.line, figure.name))
    result = {**outlined.head, "inputs": inputs}
    if outlined.unit == "%":
        write_share(result, step.value)
    elif is_currency(outlined.unit):
        write_money(result, step.value, outlined.unit)
    else:
        write_number(result, step.value)
        result["unit"] = outlined.unit
    result["citations"] = [each.copy() for each in outlined.citations]
    if step.value == 0:
        rounds = "rounds_to_zero" if outlined.reason is None and unrounded(walked, step) != 0 else "figure_zero"
        result["reason"] = outlined.reason or because(wording, rounds)
    return result
