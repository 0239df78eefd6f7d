"""Every rule of law that the engine has, found by walking its modules: a rule that is written is a rule that is listed."""

import pkgutil
import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from types import MappingProxyType

import calculator
from calculator.citations import PREDECESSORS, Citation
from calculator.rules import Rule

_FIRST_SENTENCE = re.compile(r".+?[.](?= [A-Z]|$)")
_SUMMED = re.compile("total_|running_")


@cache
def rules() -> Mapping[str, Rule]:
    """The rules by the names of their functions, module by module; one that is only made of others has no text of its own."""
    found: dict[str, Rule] = {}
    for module in pkgutil.iter_modules(calculator.__path__):
        try:
            names = vars(import_module(f"calculator.{module.name}"))
        except ModuleNotFoundError:
            continue  # a reading in bulk needs a library that is optional, and holds no rule
        own = (value for value in names.values() if isinstance(value, Rule) and "__doc__" in vars(value))
        found |= {rule.function.__name__: rule for rule in own}
    return MappingProxyType({name: found[name] for name in sorted(found, key=lambda name: (home(found[name]), name))})


def home(rule: Rule) -> str:
    """The module where the function of a rule is written."""
    return rule.function.__module__


def meaning(rule: Rule) -> str:
    """What a rule computes: the first sentence of its docstring."""
    text = " ".join((rule.__doc__ or "").split())
    first = _FIRST_SENTENCE.match(text)
    return first[0] if first else text


def computing(name: str) -> list[str]:
    """The rules that compute a figure, also where it is summed over the lines; none where it is given."""
    figure = _SUMMED.sub("", name, count=1)
    return [key for key, rule in rules().items() if rule.name == figure]


def before(citation: Citation) -> Iterator[tuple[str, Citation]]:
    """What stood in the place of a law earlier, with its last day, the latest first."""
    for until, source, articles in reversed(PREDECESSORS.get(citation.source, ())):
        yield f"{until}", Citation(source, articles.get(citation.article, ""))
