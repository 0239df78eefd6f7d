"""Shipments worked by hand: requests, and what of packages, containers, freight and charges they must come to.

Plain data. Weights are kilograms, volumes cubic metres, shares and amounts exact decimals as text; a part that is not
named is not asserted. Every figure was reckoned from the tables' rows on paper, none from an answer.
"""

from typing import Any

Json = dict[str, Any]

BY_SEA = {"mode": "sea", "from": "MXZLO", "to": "CNSHA", "equipment": "40RH"}
LOOSE = {"mode": "lcl", "from": "MXZLO", "to": "CNSHA"}
BY_AIR = {"mode": "air", "from": "NLU", "to": "PVG"}
BY_COURIER = {"mode": "courier", "from": "GDL", "to": "PVG"}


def usd(amount: str) -> Json:
    """Money in dollars."""
    return {"amount": amount, "currency": "USD"}


def request(line: Json, route: Json, costs: Json | None = None, fx: str = "7.1000", incoterm: str = "FOB") -> Json:
    """One line of goods on one route, freight by the planning range unless stated."""
    costs = {"freight": "planning"} if costs is None else costs
    head = {"incoterm": incoterm, "declared_on": "2026-11-23", "fx": {"USD/CNY": fx}}
    return {**head, "route": route, "costs": costs, "goods": [line]}


def avocados(quantity: str, package: str = "carton-4kg") -> Json:
    """Avocados in packages that the tables know."""
    price = {**usd("2.90"), "per": "kg"}
    return {"product": "avocado-fresh", "package": package, "quantity": quantity, "price": price}


def goods(quantity: str, gross: str, volume: str = "", total: str = "5000") -> Json:
    """Goods without a package of ours: the user says what they weigh and measure."""
    line = {"hs_code": "08044000", "quantity": quantity, "gross_weight": gross, "price": {**usd(total), "per": "total"}}
    return {**line, "volume": volume} if volume else line


SACKS = {"product": "chia", "package": "sack-25kg", "quantity": "1600 sacks", "price": {**usd("2"), "per": "kg"}}
SACKS |= {"tariff": {"duty": "10%", "vat": "9%"}}
CRATES = {**goods("10 t", "12 t", "77 m3", "90000"), "hs_code": "84799090", "tariff": {"duty": "8%", "vat": "13%"}}


def weighs(net: str, gross: str, volume: str = "") -> Json:
    """The whole consignment: kilograms net and gross, cubic metres."""
    return {"net_weight": net, "gross_weight": gross} | ({"volume": volume} if volume else {})


def packed(unit: str, count: int, pallets: int | None = None) -> Json:
    """So many packages, on so many pallets."""
    return {"packages": [{"unit": unit, "count": count}]} | ({} if pallets is None else {"pallets": pallets})


def boxes(count: int, kind: str, binds: str, road: bool, unused: Json) -> Json:
    """So many containers, the limit that binds, what all of them still hold; `road`: too heavy for a truck there."""
    return {"equipment": {"type": kind, "count": count, "binds": binds, "unused": unused}, "road_limit_passed": road}


def charged(chargeable: str, because: str) -> Json:
    """What the mode counts: revenue tons or chargeable kilograms, and what decides them."""
    return {"chargeable": chargeable, "because": because}


def room(weight: str, volume: str = "", pallets: int | None = None) -> Json:
    """Unused kilograms, cubic metres and places of pallets."""
    return (
        {"weight": weight} | ({"volume": volume} if volume else {}) | ({} if pallets is None else {"pallets": pallets})
    )


# name, request, what `shipment` says.
SHIPMENTS: list[tuple[str, Json, Json]] = [
    # 5,040 x 4.4 + 20 x 25; 5,040 x 0.00928; 5,040 / 264 = 19.09 pallets; 29,350 - 22,676; 67.1 - 46.7712;
    # 22,000 kg by road
    (
        "one-reefer-of-5040-cartons",
        request(avocados("20.16 t"), BY_SEA),
        weighs("20160", "22676", "46.7712")
        | packed("carton", 5040, 20)
        | boxes(1, "40RH", "pallets", True, room("6674", "20.3288", 0)),
    ),
    # 1,760 x 12.3 + 19 x 25; 1,760 x 0.02572; 1,760 / 95 = 18.53 pallets
    (
        "one-reefer-of-1760-lugs",
        request(avocados("44,000 lb", "lug-25lb"), BY_SEA),
        weighs("19958.06428", "22123", "45.2672")
        | packed("lug", 1760, 19)
        | boxes(1, "40RH", "pallets", True, room("7227", "21.8328", 1)),
    ),
    # 5,280 x 4.4 + 20 x 25 = 23,732, as the table of packages says of a full container
    (
        "one-full-reefer",
        request(avocados("1 40RH"), BY_SEA),
        weighs("21120", "23732", "48.9984")
        | packed("carton", 5280, 20)
        | boxes(1, "40RH", "pallets", True, room("5618", "18.1016", 0)),
    ),
    # 10,080 / 264 = 38.18 pallets; 44,352 + 39 x 25; 58,700 - 45,327; 134.2 - 93.5424; 22,663.5 kg for each truck
    (
        "two-reefers-by-pallets",
        request(avocados("10 080 cartons"), BY_SEA),
        weighs("40320", "45327", "93.5424")
        | packed("carton", 10080, 39)
        | boxes(2, "40RH", "pallets", True, room("13373", "40.6576", 1)),
    ),
    # 42,000 / 29,350 = 1.43; 58,700 - 42,000; 21,000 kg for each truck
    (
        "two-reefers-by-weight",
        request(goods("40 t", "42 t"), BY_SEA),
        weighs("40000", "42000") | boxes(2, "40RH", "payload", False, room("16700")),
    ),
    # 3 x 29,350 - 42,000
    (
        "three-reefers-as-stated",
        request(goods("40 t", "42 t"), {**BY_SEA, "containers": 3}),
        boxes(3, "40RH", "payload", False, room("46050")),
    ),
    (
        "one-reefer-to-its-payload",
        request(goods("28 t", "29350 kg"), BY_SEA),
        boxes(1, "40RH", "payload", True, room("0")),
    ),
    # 1,600 x 25.3; 2 x 28,260 - 40,480; 20,240 kg for each truck, 23,000 by road
    (
        "two-20-ft-of-sacks",
        request(SACKS, {**BY_SEA, "equipment": "20GP"}),
        weighs("40000", "40480") | packed("sack", 1600) | boxes(2, "20GP", "payload", False, room("16040")),
    ),
    # 77 / 76.3 = 1.01; 2 x 26,540 - 12,000; 152.6 - 77
    (
        "two-high-cubes-by-volume",
        request(CRATES, {**BY_SEA, "equipment": "40HC"}),
        weighs("10000", "12000", "77") | boxes(2, "40HC", "volume", False, room("41080", "75.6")),
    ),
    ("loose-by-volume", request(goods("1 t", "1.1 t", "3.2 m3"), LOOSE), charged("3.2", "volume")),
    ("loose-by-weight", request(goods("3 t", "3.2 t", "1.1 m3"), LOOSE), charged("3.2", "weight")),
    ("loose-at-the-least", request(goods("0.2 t", "0.25 t", "0.4 m3"), LOOSE), charged("1", "minimum")),
    # 264 x 4.4 + 25; 264 x 0.00928
    (
        "loose-pallet-of-cartons",
        request(avocados("264 cartons"), LOOSE),
        weighs("1056", "1186.6", "2.44992") | packed("carton", 264, 1) | charged("2.44992", "volume"),
    ),
    # 1,500,000 cm3 / 6,000; 1,500,100 / 6,000 = 250.017, up to the next half kilogram
    ("air-by-volume", request(goods("150 kg", "180 kg", "1.5 m3"), BY_AIR), charged("250", "volume")),
    ("air-by-volume-rounded-up", request(goods("150 kg", "180 kg", "1.5001 m3"), BY_AIR), charged("250.5", "volume")),
    ("air-by-weight", request(goods("280 kg", "300.3 kg", "1.2 m3"), BY_AIR), charged("300.5", "weight")),
    # 30,000 cm3 / 5,000
    ("courier-by-volume", request(goods("4 kg", "4.2 kg", "0.03 m3", "500"), BY_COURIER), charged("6", "volume")),
    ("courier-by-weight", request(goods("4 kg", "7.3 kg", "0.03 m3", "500"), BY_COURIER), charged("7.5", "weight")),
]

# Days from port to port: least, typical, most.
TRANSIT_DAYS = [(BY_SEA, ("17", "22", "32")), (BY_AIR, ("2", "3", "6"))]

# What the port asks for one 40RH, in yuan; together 3,600.00. The first three are for each container.
REEFER_CHARGES = ["1520.00", "250.00", "60.00", "500.00", "100.00", "300.00", "500.00", "120.00", "250.00"]

# A forwarder's own rates in dollars, to be laid over ours: the route, what is asked for, from so many units on so much
# for each, and the least for a consignment.
OWN_RATES: list[tuple[Json, str, list[tuple[str, str]], str]] = [
    (BY_AIR, "chargeable_kg", [("0", "6.00"), ("45", "5.00"), ("100", "4.00"), ("300", "3.50")], "100"),
    (LOOSE, "revenue_ton", [("0", "95")], ""),
    (BY_SEA, "container", [("0", "4800")], ""),
]

# Gross kilograms (volume 0.01 m3, so that weight decides), chargeable, freight in USD, freight in yuan at 7.10.
# Each break is met from both sides: 37.5 kg at 6 is 45 at 5; 80 at 5 is 100 at 4; 262.5 at 4 is 300 at 3.50.
AIR_BREAKS = [
    ("10", "10", "100.00", "710.00"),  # 60.00, raised to the minimum
    ("16.5", "16.5", "100.00", "710.00"),  # 99.00
    ("17", "17", "102.00", "724.20"),
    ("37", "37", "222.00", "1576.20"),
    ("37.5", "37.5", "225.00", "1597.50"),
    ("38", "38", "225.00", "1597.50"),  # 228.00 by its own break
    ("45", "45", "225.00", "1597.50"),
    ("79.5", "79.5", "397.50", "2822.25"),
    ("80", "80", "400.00", "2840.00"),
    ("85", "85", "400.00", "2840.00"),  # 425.00 by its own break
    ("100", "100", "400.00", "2840.00"),
    ("260", "260", "1040.00", "7384.00"),
    ("263", "263", "1050.00", "7455.00"),  # 1,052.00 by its own break
    ("300", "300", "1050.00", "7455.00"),
    ("310.2", "310.5", "1086.75", "7715.93"),
]


def flown(gross: str) -> Json:
    """So many kilograms by air, at the forwarder's own rates."""
    return request(goods("10 kg", f"{gross} kg", "0.01 m3"), BY_AIR, {})


# name, request without a stated freight, freight in yuan at 7.10 by OWN_RATES.
OWN_FREIGHT: list[tuple[str, Json, str]] = [
    ("own-loose-by-volume", request(goods("1 t", "1.1 t", "3.2 m3"), LOOSE, {}), "2158.40"),  # 3.2 x 95
    ("own-loose-at-the-least", request(goods("0.2 t", "0.25 t", "0.4 m3"), LOOSE, {}), "674.50"),  # 1 x 95
    ("own-two-reefers", request(goods("40 t", "42 t"), BY_SEA, {}), "68160.00"),  # 2 x 4,800
]

# name, request, totals at the low and at the high end of the planning range; the high end is shown.
PLANNING_RANGES: list[tuple[str, Json, Json, Json]] = [
    (
        # 3,500 and 6,500 USD
        "reefer",
        request(avocados("20.16 t"), BY_SEA),
        {"freight": "24850.00", "customs_value": "441264.23", "taxes": "73382.25", "landed_cost": "516926.65"},
        {"freight": "46150.00", "customs_value": "462628.13", "taxes": "76935.06", "landed_cost": "541779.46"},
    ),
    (
        # 3.2 x 70 and 3.2 x 130 USD
        "loose",
        request(goods("1 t", "1.1 t", "3.2 m3"), LOOSE),
        {"freight": "1590.40", "customs_value": "37201.67", "taxes": "6186.64", "landed_cost": "44647.04"},
        {"freight": "2953.60", "customs_value": "38568.96", "taxes": "6414.02", "landed_cost": "46237.62"},
    ),
    (
        # 250 x 2.50 and 250 x 5.00 USD
        "air",
        request(goods("150 kg", "180 kg", "1.5 m3"), BY_AIR),
        {"freight": "4437.50", "customs_value": "40057.31", "taxes": "6661.53", "landed_cost": "47139.83"},
        {"freight": "8875.00", "customs_value": "44508.13", "taxes": "7401.70", "landed_cost": "52317.50"},
    ),
]

# name, request, the member at fault, how many containers it takes.
TOO_MUCH: list[tuple[str, Json, str, int]] = [
    ("too-heavy", request(goods("40 t", "42 t"), {**BY_SEA, "containers": 1}), "/route/containers", 2),
    ("too-many-pallets", request(avocados("10080 cartons"), {**BY_SEA, "containers": 1}), "/route/containers", 2),
    ("one-gram-too-much", request(goods("28 t", "29350.001 kg"), {**BY_SEA, "containers": 1}), "/route/containers", 2),
]

# One contract from the seller's door: EXW 49,000 + 2,200 + 350 (FCA, FAS 51,550) + 650 (FOB 52,200) + 6,200 (CFR, CPT
# 58,400) + 200 (CIF, CIP 58,600) + 450 + 330 (DAP, DPU 59,380) USD at 6.80; DDP + 120 USD and 66,267.22 yuan of taxes.
LADDER_REQUEST = request(
    {**avocados("20.16 t"), "price": {**usd("49000"), "per": "total"}},
    BY_SEA,
    {
        "freight": usd("6200"),
        "insurance": usd("200"),
        "origin": {"pre_carriage": usd("2200"), "export_clearance": usd("350"), "origin_handling": usd("650")},
        "destination": {"destination_handling": usd("450"), "import_clearance": usd("120"), "delivery": usd("330")},
    },
    "6.8000",
    "EXW",
)
LADDER = {
    "EXW": "333200.00",
    "FCA": "350540.00",
    "FAS": "350540.00",
    "FOB": "354960.00",
    "CFR": "397120.00",
    "CPT": "397120.00",
    "CIF": "398480.00",
    "CIP": "398480.00",
    "DAP": "403784.00",
    "DPU": "403784.00",
    "DDP": "470867.22",
}

# CIF 52,200 USD at 6.80: 354,960.00 + 24,847.20 + 34,182.65 = 413,989.85 yuan landed, 20.5352 for each of 20,160 kg.
# Money tied up: 52,200 x 9.5 % x 30 / 360 = 413.25 USD = 2,810.10 yuan. Loss 3 %: 413,989.85 / 20,160 / 0.97 = 21.1703.
HELD = {
    "incoterm": "CIF",
    "declared_on": "2026-11-23",
    "fx": {"USD/CNY": "6.8000"},
    "goods": [{"product": "avocado-fresh", "quantity": "20.16 t", "price": {**usd("52200"), "per": "total"}}],
}
HOLDING = {"finance_rate": "9.5%", "finance_days": 30, "year": 360, "loss": "3%"}
HELD_EXPECTED = {"landed_cost": "413989.85", "finance": "2810.10", "per_kg": "20.5352", "per_kg_after_loss": "21.1703"}


def two_hundred_lines() -> Json:
    """200 lines, each of its own price, weight and room, loose in one consignment of 22.1 t and 24.1 m³."""
    lines = [
        goods(f"{number} kg", f"{10 + number} kg", f"{20 + number} L", f"{1000 + number}") for number in range(1, 201)
    ]
    return {**request({}, LOOSE, {"freight": "planning", "insurance": usd("100")}), "goods": lines}


# 220,100 USD of goods; 24.1 x 130 = 3,133 USD; 100 USD; 500 + 500 + 120 + 250. The value of each line is
# (price + 3,233 x price / 220,100) x 7.1, its duty 7 %, its VAT 9 %, each rounded; these are the sums of the lines.
TWO_HUNDRED = {
    "goods": "1562710.00",
    "freight": "22244.30",
    "insurance": "710.00",
    "destination_charges": "1370.00",
    "customs_value": "1585664.31",
    "customs_duty": "110996.45",
    "vat": "152699.47",
    "landed_cost": "1850730.22",
}
