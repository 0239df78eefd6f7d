"""Why a request cannot be priced, said once and said precisely.

A refusal carries a code, the place in the request it speaks of, the facts of the case and what would
be allowed instead. It holds no sentence: the door words it in the reader's language.
"""

from collections.abc import Iterable


class Unpriceable(Exception):
    """The request is understood, but no lawful price follows from it.

    `code` names the kind of refusal, `pointer` is a JSON pointer into the request ("/goods/0/quantity"),
    `allowed` lists what could stand there instead, and `facts` are the words the explanation needs
    (table, key and date where a row is missing).
    """

    def __init__(self, code: str, pointer: str = "", allowed: Iterable[str] = (), **facts: object) -> None:
        super().__init__(code, pointer, facts)
        self.code = code
        self.pointer = pointer
        self.allowed = tuple(allowed)
        self.facts = facts

    def at(self, prefix: str) -> "Unpriceable":
        """The same refusal, seen from further up in the request."""
        return type(self)(self.code, prefix + self.pointer, self.allowed, **self.facts)


class NotInForce(Unpriceable):
    """No row of a table is in force for this key on this day; `facts` has table, key, on and what is covered."""


class Unreadable(Unpriceable):
    """A text of the request that cannot be read as what it should be."""
