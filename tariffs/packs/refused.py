"""Why a file is not taken as a release: a code for programs, and words for whoever sent for it."""

NOT_A_PACK, TOO_LARGE, CUT_SHORT, ALTERED = "not_a_pack", "too_large", "cut_short", "altered"
UNSAFE_PATH, NOT_A_FILE, DOUBLE_MEMBER = "unsafe_path", "not_a_file", "double_member"
UNKNOWN_MEMBER, MISSING_MEMBER = "unknown_member", "missing_member"
NO_KEY, SIGNATURE_UNREADABLE = "no_key", "signature_unreadable"
ANOTHER_KEY, SIGNATURE_WRONG = "signed_by_another_key", "signature_wrong"
MANIFEST_UNREADABLE, OTHER_FORMAT = "manifest_unreadable", "other_format"
NOT_SEALED, TABLE_MISSING, TABLES_UNSOUND = "not_sealed", "table_missing", "tables_unsound"
OLDER, SAME_NAME, OVERLAY_UNFIT = "older_release", "another_release_of_this_name", "overlay_unfit"
NOT_FETCHED, NOT_INSTALLED, UNDER_WAY, POINTER = "not_fetched", "not_installed", "under_way", "pointer_unreadable"


class PackRefused(ValueError):
    """A file, a folder or a state of the installation from which no release can be taken; `code` says why."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


def said(name: str) -> str:
    """A name out of a file that nobody vouches for, so that it can be shown: short, and without control characters."""
    return ascii(name[:80])
