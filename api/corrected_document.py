"""The JSON schema of a correction as quotes and jobs are marked with it."""

from api.documents import record, text

SUPERSEDING = record(
    {
        "correction": text("Names the correction."),
        "table": text("The table that the wrong row stood in."),
        "row": text("The key of the row."),
        "release": text("The data release that has it right."),
        "found_on": text("The day of the correction.", format="date"),
        "reason": text("Why the row was wrong, in the operator's words."),
    },
    title="SupersedingCorrection",
    description="A row of the tables that was used here and proved wrong.",
)
SUPERSEDED_BY = {
    "Superseded-By-Correction": {
        "description": "Corrections of rows that this quote used, made after it; the body stays as it was answered.",
        "required": False,
        "schema": {"type": "string"},
    }
}
