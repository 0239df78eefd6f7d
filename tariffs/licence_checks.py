"""Nothing is handed on without saying by what right: each table and each cited document has a licence.

Where a publisher states none, the licence says what was taken instead ("facts cited, no text copied"), never a guess. What a
user lays over the tables stays with the user and needs none.
"""

from collections.abc import Iterator

from tariffs.findings import Finding
from tariffs.manifest import MANIFEST, SOURCES
from tariffs.records import Records


def findings(records: Records) -> Iterator[Finding]:
    """The tables and the documents of the package without a licence."""
    overlay = records.overlay
    own = overlay.tomls[SOURCES].values.keys() if overlay is not None and SOURCES in overlay.tomls else ()
    for table in records.tables:
        if not table.licence.strip():
            yield Finding(MANIFEST, None, "licence", "no_licence", f"{table.name} has no licence")
    for key, source in records.sources.items():
        if key not in own and not source.licence.strip():
            yield Finding(SOURCES, None, "licence", "no_licence", f"{key} has no licence")
