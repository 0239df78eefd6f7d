"""What is wrong with a row before anybody reads its values: a column beside the user's own, which does not come back.

A reader of files that can go on after a row that it cannot read says so there, and the row comes back with its problem.
"""

import json
from typing import Any

from calculator.errors import Unreadable

# No heading of a file is a lone zero.
FAULT = "\0fault"


def fault(code: str, **facts: Any) -> str:
    """The text of a row's fault: the code of a problem, and the facts that its sentence needs."""
    return json.dumps([code, facts])


def refusal(text: str) -> Unreadable:
    """The problem that stands behind such a text."""
    code, facts = json.loads(text)
    return Unreadable(code, "", (), **facts)
