"""Files that speak of one line are held against each other: a disagreement planted in any of them is found and placed."""

from pathlib import Path

import pytest

from tariffs import agreement_checks
from tariffs.records import Records
from tests.tariffs.planted import findings_after


def test_our_files_agree() -> None:
    assert [str(each) for each in agreement_checks.findings(Records.load())] == []


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        # Maize: 1% inside the quota, 65% outside, 180% general
        ("cn/measures.csv", "10059000,tariff_quota,1%", "10059000,tariff_quota,66%", "columns_disagree"),
        ("cn/measures.csv", "10059000,general,180%", "10059000,general,64%", "columns_disagree"),
        # Urea: 1% provisional inside a quota of 4%, which then is none
        ("cn/measures.csv", "31021000,tariff_quota,", "31021000,agreement,", "columns_disagree"),
        ("cn/measures.csv", "02071421,mfn,0.8 CNY/kg", "02071421,mfn,0.8 CNY/m2", "units_disagree"),
        ("cn/measures.csv", "lower(10%, 900 CNY/t)", "lower(10%, 900 CNY/L)", "units_disagree"),
        ("cn/control_letters.csv", "supervision,7,", "supervision,5,", "letter_without_meaning"),
        ("cn/control_letters.csv", "inspection,M,", "inspection,L,", "double_row"),
        ("cn/control_letters.csv", "inspection,M,", "customs,M,", "unknown_kind"),
        ("cn/control_letters.csv", ",出境检验检疫,", ",,", "no_text"),
        ("cn/names.csv", "\n080440,", "\n080441,", "no_name"),
        ("cn/vat_lines.csv", "\n20031090,reduced|standard", "\n20031090,standard", "classes_disagree"),
        ("cn/cbec_lines.csv", "\n04029100,", "\n04029199,", "lists_disagree"),
        ("cn/products.csv", ",08044000,080440,", ",,080441,", "orphan_row"),
        ("cn/line_names.csv", "\n02012000,", "\n02011000,", "double_row"),
    ],
)
def test_a_disagreement_is_found(file: str, old: str, new: str, code: str, tmp_path: Path) -> None:
    found = findings_after(tmp_path, file, old, new, agreement_checks.findings)
    assert code in {each.code for each in found}
    assert all(each.line is not None for each in found)
