"""The small language of conditions: which facts about a good decide between the categories or classes of one code.

    displacement_cc > 1000 and displacement_cc <= 1500
    measured_by? = litre

A clause whose name ends in `?` is only tried where the request states the fact; nobody is asked for it.
"""

import re

_CLAUSE = r"[a-z][a-z0-9_]*\?? (?:<=|>=|<|>|=) [a-z0-9_.]+"
CONDITION = re.compile(rf"{_CLAUSE}(?: and {_CLAUSE})*")


def is_optional(condition: str) -> bool:
    """Whether a condition is only tried where the request states a fact."""
    return "? " in condition
