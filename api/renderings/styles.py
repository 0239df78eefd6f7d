"""What the cells of all our workbooks look like, by the names of the styles."""

from typing import Any

STYLES: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "font_color": "#0b2f52"},
    "heading": {"bold": True, "font_size": 12, "font_color": "#0b2f52", "bottom": 1, "bottom_color": "#0b2f52"},
    "columns": {
        "bold": True,
        "bg_color": "#0b2f52",
        "font_color": "#ffffff",
        "text_wrap": True,
        "valign": "vcenter",
        "align": "left",
        "indent": 1,
    },
    "text": {"text_wrap": True, "valign": "top"},
    "plain": {"valign": "top"},
    "faint": {"valign": "top", "font_color": "#595959"},
    "inset": {"text_wrap": True, "valign": "top", "align": "left", "indent": 1},
    "step": {"text_wrap": True, "valign": "top", "bold": True, "bg_color": "#e8eef4", "align": "left", "indent": 1},
    "sum": {"bold": True, "top": 1},
}
# Styles that colour a row from end to end.
GROUND = frozenset({"columns", "step"})
NUMBER: dict[str, dict[str, Any]] = {
    "number": {"valign": "top"},
    "given": {"valign": "top", "bg_color": "#dbe9f6", "border": 1, "border_color": "#9db7d0"},
    "step": {"valign": "top", "bold": True, "bg_color": "#e8eef4"},
    "sum": STYLES["sum"],
    "faint": {"valign": "top", "font_color": "#7a7a7a"},
}
