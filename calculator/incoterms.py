"""The eleven Incoterms 2020 as a table of legs: what the seller's price already contains, and what customs makes of it.

The rules themselves are the International Chamber of Commerce's; here stands only who bears which leg, in our words.
"""

from enum import StrEnum


class Incoterm(StrEnum):
    """Incoterms 2020."""

    EXW = "EXW"
    FCA = "FCA"
    FAS = "FAS"
    FOB = "FOB"
    CFR = "CFR"
    CIF = "CIF"
    CPT = "CPT"
    CIP = "CIP"
    DAP = "DAP"
    DPU = "DPU"
    DDP = "DDP"


class Leg(StrEnum):
    """The legs between the seller's door and the buyer's, in the order the goods take them."""

    PRE_CARRIAGE = "pre_carriage"
    EXPORT_CLEARANCE = "export_clearance"
    ORIGIN_HANDLING = "origin_handling"
    FREIGHT = "freight"
    INSURANCE = "insurance"
    DESTINATION_HANDLING = "destination_handling"
    IMPORT_CLEARANCE = "import_clearance"
    DELIVERY = "delivery"
    IMPORT_TAXES = "import_taxes"


ORIGIN_LEGS = (Leg.PRE_CARRIAGE, Leg.EXPORT_CLEARANCE, Leg.ORIGIN_HANDLING)
DESTINATION_LEGS = (Leg.DESTINATION_HANDLING, Leg.IMPORT_CLEARANCE, Leg.DELIVERY)
ALL_IN = "all_in"

_TO_BOARD = frozenset(ORIGIN_LEGS)
_CARRIED = _TO_BOARD | {Leg.FREIGHT}
_DELIVERED = _CARRIED | {Leg.INSURANCE, Leg.DESTINATION_HANDLING, Leg.DELIVERY}

# The legs that each price contains. FCA at a place inland leaves the way from there to the port to the buyer.
CONTAINED: dict[Incoterm, frozenset[Leg]] = {
    Incoterm.EXW: frozenset(),
    Incoterm.FCA: frozenset({Leg.EXPORT_CLEARANCE, Leg.PRE_CARRIAGE}),
    Incoterm.FAS: frozenset({Leg.EXPORT_CLEARANCE, Leg.PRE_CARRIAGE}),
    Incoterm.FOB: _TO_BOARD,
    Incoterm.CFR: _CARRIED,
    Incoterm.CPT: _CARRIED,
    Incoterm.CIF: _CARRIED | {Leg.INSURANCE},
    Incoterm.CIP: _CARRIED | {Leg.INSURANCE},
    Incoterm.DAP: _DELIVERED,
    Incoterm.DPU: _DELIVERED,
    Incoterm.DDP: _DELIVERED | {Leg.IMPORT_CLEARANCE, Leg.IMPORT_TAXES},
}

# Terms under which the place may lie beyond the port of entry, so that legs after unloading may stand in the price.
BEYOND_ENTRY = frozenset({Incoterm.CPT, Incoterm.CIP, Incoterm.DAP, Incoterm.DPU, Incoterm.DDP})


# Terms that are made for carriage by water alone.
BY_WATER = frozenset({Incoterm.FAS, Incoterm.FOB, Incoterm.CFR, Incoterm.CIF})

# Terms whose named place is where the goods set out; under the others it is where they arrive.
AT_ORIGIN = frozenset({Incoterm.EXW, Incoterm.FCA, Incoterm.FAS, Incoterm.FOB})

_PAST_ENTRY = frozenset({Leg.DESTINATION_HANDLING, Leg.DELIVERY})


def contained(incoterm: Incoterm, at_port: bool | None = None) -> frozenset[Leg]:
    """The legs that a price under this term contains. `at_port`: whether the named place is a port; None: none is named.

    FCA at a place inland leaves the way from there to the port to the buyer; CPT and CIP to a place inland contain the way
    there from the port of entry, and DAP, DPU and DDP at a port do not.
    """
    legs = CONTAINED[incoterm]
    if incoterm is Incoterm.FCA and at_port is False:
        return legs - {Leg.PRE_CARRIAGE}
    if incoterm in (Incoterm.CPT, Incoterm.CIP) and at_port is False:
        return legs | _PAST_ENTRY
    if incoterm in (Incoterm.DAP, Incoterm.DPU, Incoterm.DDP) and at_port is True:
        return legs - {Leg.DELIVERY}
    return legs
