"""The tables of the way: figures checked by hand, places by any of their codes, the charges of a day, and planted faults."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from calculator.errors import NotInForce
from calculator.logistics import MODES, Break, Charge
from tariffs.logistics_checks import findings
from tariffs.logistics_rows import CHARGES, EQUIPMENT, FREIGHT_RATES, LANES, PORTS, breaks
from tariffs.logistics_rows import MODES as MODE_RULES
from tariffs.parts import parts
from tariffs.records import Records
from tests.tariffs.planted import findings_after

DAY = date(2026, 11, 27)


@pytest.fixture(scope="module")
def records() -> Records:
    return Records.load()


def charged(records: Records, mode: str, equipment: str = "", on: date = DAY) -> dict[str, Charge]:
    return {each.code: each for each in records.charges(mode, equipment, on)}


def usual(records: Records, mode: str, equipment: str = "") -> dict[str, Decimal]:
    return {code: each.amount for code, each in charged(records, mode, equipment).items() if each.usual}


# --- places, lanes and equipment ---------------------------------------------------------------------------------


def test_there_are_39_places_74_lanes_and_15_kinds_of_equipment(records: Records) -> None:
    assert (len(records.places), len(records.lanes()), len(records.all_equipment)) == (39, 74, 15)


def test_manzanillo_to_shanghai(records: Records) -> None:
    (lane,) = records.lanes("sea", "MXZLO", "CNSHA")
    assert lane.distance_nm == 6900
    assert [lane.days_min, lane.days_typical, lane.days_max] == [17, 22, 32]
    assert lane.days_confidence == "C"


def test_an_exporter_gave_19_days_from_lazaro_cardenas(records: Records) -> None:
    (lane,) = records.lanes("lcl", "MXLZC", "CNSHA")
    assert [lane.days_min, lane.days_typical, lane.days_max] == [None, 19, None]
    assert lane.days_confidence == "B"


def test_a_service_stands_only_where_its_ships_call(records: Records) -> None:
    """MSC's ships call at Manzanillo and Lázaro Cárdenas, those of CMA CGM at Ensenada too, none at Mazatlán."""
    (ensenada,) = records.lanes("sea", "MXESE", "CNTXG")
    assert ensenada.service == "CMA CGM M2X"
    assert {lane.service for lane in records.lanes("sea", "MXMZT")} == {""}


def test_nothing_flies_from_a_seaport(records: Records) -> None:
    assert records.lanes("air", "MXZLO") == ()
    assert len(records.lanes("courier", "GDL", "PVG")) == 1


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("CNSHA", "CNSHA"),
        ("CNSHG", "CNSHA"),
        ("cnnbg", "CNNGB"),
        ("PVG", "PVG"),
        ("CNPVG", "PVG"),
        ("MXLEN", "BJX"),
        ("HKHKG", "HKHKG"),
        ("HKG", "HKG"),
    ],
)
def test_a_place_is_found_by_any_of_its_codes(records: Records, asked: str, code: str) -> None:
    place = records.place(asked)
    assert place is not None
    assert place.code == code


@pytest.mark.parametrize(
    ("text", "country", "first"),
    [
        ("Shangai", "CN", "CNSHA"),
        ("上海港", "CN", "CNSHA"),
        ("Tianjín", "CN", "CNTXG"),
        ("manzanilo", "MX", "MXZLO"),
        ("Lazaro Cardenas", "MX", "MXLZC"),
        ("MXZL0", "MX", "MXZLO"),
    ],
)
def test_the_nearest_place(records: Records, text: str, country: str, first: str) -> None:
    assert records.place(text) is None
    assert records.logistics.nearest_places(text, country)[0] == first


def test_a_high_reefer(records: Records) -> None:
    found = records.equipment("40RH")
    assert found is not None
    assert [found.payload_kg, found.volume_m3, found.tare_kg] == [29350, Decimal("67.1"), 4650]
    assert [found.pallets, found.road_limit_kg] == [20, 22000]
    assert found.reefer
    assert records.equipment("45R1") is found
    dry = records.equipment("22G1")
    assert dry is not None
    assert (dry.code, dry.reefer) == ("20GP", False)
    assert records.equipment("53HC") is None


def test_packages_know_their_container_and_their_cold(records: Records) -> None:
    avocado = records.products["avocado-fresh"].packages[0]
    assert (avocado.equipment, avocado.packages_per_container) == ("40RH", 5280)
    assert [avocado.temperature_min_c, avocado.temperature_max_c, avocado.storage_days_max] == [4, 6, 28]


# --- rates, charges and modes ------------------------------------------------------------------------------------


def test_planning_is_only_handed_out_when_asked_for(records: Records) -> None:
    assert records.freight_rates("sea", "MXZLO", "CNSHA", "40RH", DAY) == ()
    (rate,) = records.freight_rates("sea", "MXLZC", "CNTAO", "40RH", DAY, planning=True)
    assert (rate.breaks, rate.low) == ((Break(Decimal(0), Decimal(6500)),), Decimal(3500))
    assert rate.currency == "USD"
    assert rate.row.confidence == "C"
    (gulf,) = records.freight_rates("sea", "MXVER", "CNSHA", "40RH", DAY, planning=True)
    assert gulf.breaks[0].rate == 7500
    (lcl,) = records.freight_rates("lcl", "MXATM", "CNSHA", "", DAY, planning=True)
    assert (lcl.breaks[0].rate, lcl.low, lcl.basis) == (Decimal(130), Decimal(70), "revenue_ton")
    general, *_ = records.freight_rates("air", "NLU", "PVG", "", DAY, planning=True)
    assert (general.breaks, general.minimum) == ((Break(Decimal(100), Decimal("5.00")),), Decimal(100))


def test_planning_has_no_days(records: Records) -> None:
    assert records.freight_rates("sea", "MXZLO", "CNSHA", "40RH", date(2018, 6, 1), planning=True)


@pytest.mark.parametrize(("box", "thc"), [("20GP", 850), ("40GP", 1250), ("40HC", 1250), ("20RF", 950), ("40RH", 1520)])
def test_terminal_handling_in_china(records: Records, box: str, thc: int) -> None:
    charge = charged(records, "sea", box)["cn_thc"]
    assert (charge.amount, charge.currency, charge.basis) == (Decimal(thc), "CNY", "container")
    assert charge.usual


def test_what_every_import_meets(records: Records) -> None:
    """A5 of the report, in yuan, for a 40 ft reefer, less than a container, and by air."""
    full = {"cn_thc": 1520, "cn_do_fee": 250, "cn_eir": 60, "cn_doc_import": 500, "cn_edi": 100, "cn_lolo": 300}
    cleared = {"cn_customs_clear": 500, "cn_entry_fee": 120, "cn_ciq": 250}
    assert usual(records, "sea", "40RH") == full | cleared
    assert usual(records, "lcl") == {"cn_doc_import": 500} | cleared
    air = {"cn_pvg_handling": Decimal("0.56"), "cn_pvg_thc": Decimal("0.50"), "cn_pvg_customs": 350}
    assert usual(records, "air") == air
    assert charged(records, "air")["cn_pvg_thc"].minimum == 80
    assert usual(records, "courier") == {}


def test_nothing_is_charged_unasked_before_the_ships_rail(records: Records) -> None:
    for mode in MODES:
        found = charged(records, mode, "40RH")
        assert not [code for code, each in found.items() if each.usual and code.startswith(("mx_", "oc_"))]


def test_a_fee_past_its_date_is_carried_on(records: Records) -> None:
    """LFD 49-IV: 408 pesos in 2023, 425 in 2024; later years were not seen."""
    then = charged(records, "sea", "40RH", date(2023, 6, 1))["mx_dta_export_exempt"]
    assert (then.amount, then.row.confidence) == (Decimal(408), "A")
    now = charged(records, "sea", "40RH")["mx_dta_export_exempt"]
    assert (now.amount, now.row.confidence) == (Decimal(425), "C")
    assert now.row.note.startswith("past its date")
    assert "mx_dta_export_exempt" not in charged(records, "sea", "40RH", date(2022, 12, 31))


def test_days_in_store_and_plugged_in(records: Records) -> None:
    found = charged(records, "sea", "40RH")
    assert (found["cn_cold_store"].amount, found["cn_cold_store"].basis) == (Decimal("3.5"), "tonne_day")
    assert (found["cn_reefer_plug"].amount, found["cn_reefer_plug"].basis) == (Decimal(120), "container_day")
    assert "cn_reefer_plug" not in charged(records, "sea", "40HC")


def test_how_modes_count(records: Records) -> None:
    air, courier, lcl = (records.mode_rule(mode, DAY) for mode in ("air", "courier", "lcl"))
    assert (air.cm3_per_kg, air.step_kg) == (Decimal(6000), Decimal("0.5"))
    assert (courier.cm3_per_kg, courier.step_kg) == (Decimal(5000), Decimal("0.5"))
    assert lcl.least == 1
    with pytest.raises(NotInForce):
        records.mode_rule("air", date(2010, 1, 1))


def test_the_modes_can_be_downloaded(records: Records) -> None:
    part = parts(records)["transport-modes"]
    assert part.columns[:4] == ("mode", "cm3_per_kg", "step_kg", "least")
    assert [row[:4] for row in part.rows if row[0] == "air"] == [("air", "6000", "0.5", "")]


def test_breaks() -> None:
    assert breaks("0:5.00 45:4.20") == (Break(Decimal(0), Decimal("5.00")), Break(Decimal(45), Decimal("4.20")))
    with pytest.raises(ValueError, match="'45' is not a start and a rate"):
        breaks("0:5.00 45 4.20")


# --- faults ------------------------------------------------------------------------------------------------------

RATE = "sea,MXZLO MXLZC MXESE,CNSHA CNNGB CNTAO CNTXG CNDLC CNXMN CNYTN CNNSA,40RH,container,USD,6500,,,3500,yes"
PLUG = "cn_reefer_plug,CN,destination_handling,reefer power and monitoring,conexión y monitoreo de refrigerados,制冷费"


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        (PORTS, "MXLZC,seaport", "MXZLO,seaport", "double_row"),
        (PORTS, "MXZLO,seaport", "MXZLO,harbour", "unknown_word"),
        (LANES, "sea,MXZLO,CNSHA,6900,,17,22,32", "sea,MXZLO,CNSHA,6900,,17,33,32", "bad_order"),
        (LANES, "sea,MXZLO,CNSHA,6900", "sea,MXZLO,CNSHA,-6900", "bad_number"),
        (LANES, "sea,MXZLO,CNSHA,6900", "air,MXZLO,CNSHA,6900", "unknown_place"),
        (LANES, "sea,MXZLO,CNNGB", "sea,MXZLO,CNSHA", "double_row"),
        (EQUIPMENT, "11.58,2.28", "0,2.28", "bad_number"),
        (FREIGHT_RATES, RATE, RATE.replace("MXESE", "MXESS"), "unknown_place"),
        (FREIGHT_RATES, RATE, RATE.replace("40RH", "40RX"), "unknown_equipment"),
        (FREIGHT_RATES, RATE, RATE.replace("6500", "3400"), "bad_order"),
        (FREIGHT_RATES, RATE, RATE.replace("6500", ""), "no_rate"),
        (FREIGHT_RATES, RATE, RATE.replace("container", "shipment"), "unknown_word"),
        (FREIGHT_RATES, RATE, RATE.replace("40RH", "20GP"), "overlap"),
        (FREIGHT_RATES, "100:5.00", "100:5.00 45:6.00", "bad_breaks"),
        (FREIGHT_RATES, "100:5.00", "0:9.00 45:0", "bad_breaks"),
        (FREIGHT_RATES, "100:5.00,100,", "100:5.00,-1,", "bad_number"),
        (CHARGES, PLUG, PLUG.replace("destination_handling", "insurance"), "unknown_word"),
        (CHARGES, "120,,80,200,terminal,no", "120,,80,200,terminal,yes", "bad_usual"),
        (CHARGES, "2200,,1500,4000,trucker,no", "2200,,1500,4000,trucker,yes", "bad_usual"),
        (CHARGES, "container,sea,20RF,CNY,950", "container,sea,40RH,CNY,950", "overlap"),
        (CHARGES, "container,sea,20RF,CNY,950", "box,sea,20RF,CNY,950", "unknown_word"),
        (CHARGES, "500,,250,600", "700,,250,600", "bad_order"),
        (MODE_RULES, "[[courier]]", "[[parcel]]", "gap"),
        (MODE_RULES, "step_kg = 0.5", "step_kg = 0", "bad_number"),
    ],
)
def test_a_planted_fault_is_found(tmp_path: Path, file: str, old: str, new: str, code: str) -> None:
    """Only the tables of the way are looked through, since the whole check takes seconds."""
    found = findings_after(tmp_path, file, old, new, findings)
    assert (file, code) in {(finding.file, finding.code) for finding in found}


def test_what_goods_usually_lose(records: Records) -> None:
    losses = records.logistics.losses(date(2026, 11, 23))
    assert {kind: (str(each.low), str(each.high)) for kind, each in losses.items()} == {
        "fresh": ("0.01", "0.08"),
        "frozen": ("0.002", "0.01"),
        "other": ("0.003", "0.005"),
    }
    assert {each.row.confidence for each in losses.values()} == {"C"}
    assert records.logistics.losses(date(2019, 1, 1)).keys() == losses.keys()
