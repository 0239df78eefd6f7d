"""What a line is to the ways of retail: its place on the e-commerce list, and its class among personal articles."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from calculator.tariff_line import Row


@dataclass(frozen=True, slots=True)
class Listing:
    """Whether a line stands on the list of cross-border e-commerce retail imports (跨境电子商务零售进口商品清单)."""

    listed: bool
    row: Row


@dataclass(frozen=True, slots=True)
class PostalClass:
    """A class of the personal articles (进境物品) that a line may fall into.

    `rate` names the dated figure that holds its rate ("postal_rate_low"); `condition` reads like that of a category of the
    consumption tax; `list_price` is what the customs list puts on one `unit`, in yuan, where it names a price.
    """

    code: str
    names: Mapping[str, str]
    rate: str
    condition: str
    list_price: Decimal | None
    unit: str
    row: Row
