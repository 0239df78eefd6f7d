"""Checks of `galeon doctor` on what quotes are made from: tables, rates that end, exchange rates, the seal, the user's folder."""

from collections.abc import Iterator
from itertools import groupby

from api.doctor import BROKEN, ENDED, OK, SOON, Found, Installation, ago, command
from api.freshness import ending_rows, fx_ages
from calculator.exchange import STALE_DAYS
from tariffs.book import FOR_A_YEAR

# The tables that `galeon tables import` brings up to a new year.
IMPORTED = frozenset({"customs-schedule", "tariff-lines"})
NAMED = 6  # goods in a sentence
RENEW_RATES = "galeon fx refresh, or galeon fx import FILE --source NAME --apply"


def seal(house: Installation) -> Iterator[Found]:
    """Whether the release that is meant to serve does, and every table of the one that serves is as it was sealed."""
    from tariffs.release import differences
    from tariffs.tables import TableError

    again = "install this release again; galeon tables verify names each table"
    if house.serves.objection is not None:
        told = f"the release that is meant to serve does not: {house.serves.objection.text}"
        yield Found("release", "serves", BROKEN, told, "galeon tables update FILE, or galeon tables rollback")
    try:
        changed = differences(house.serves.root)
    except TableError as error:
        yield Found("release", "seal", BROKEN, f"{error}", again)
        return
    if changed:
        told = f"{len(changed)} tables are not as they were sealed: {', '.join(each.name for each in changed[:NAMED])}"
        yield Found("release", "seal", BROKEN, told, again)
    else:
        yield Found("release", "seal", OK, f"{house.book.records.seal.release} is whole")


def overlay(house: Installation) -> Iterator[Found]:
    """Whether the folder that is laid over the tables can be."""
    folder = house.settings.tables
    if house.overlay_fault:
        yield Found(
            "overlay", f"{folder}", BROKEN, house.overlay_fault, command("galeon tables check --overlay", folder)
        )
    elif folder is not None:
        yield Found("overlay", f"{folder}", OK, f"no faults; the release is {house.book.release}")


def tables(house: Installation) -> Iterator[Found]:
    """Until when the makers of each table looked; open rows go on after it, and quotes say so."""
    for each in sorted(house.book.records.tables, key=lambda state: (state.known_until, state.name)):
        days = (each.known_until - house.on).days
        state = house.state(days)
        renew = ""
        if state != OK:
            year = max(each.known_until.year + 1, house.on.year)
            renew = (
                f"galeon tables import FILE --year {year} --whole --into FOLDER --apply"
                if each.name in IMPORTED
                else f"install a newer release, or look it over and say known_until under [{each.name}] in tables.toml"
            )
        yield Found("table", each.name, state, f"looked after until {each.known_until}, {ago(days)}", renew, days)


def rows(house: Installation) -> Iterator[Found]:
    """Rates and rows that end with nothing after them: those of one kind and day together."""
    found = ending_rows(house.book, house.on, house.within)
    for (last, file, kind), group in groupby(found, key=lambda each: (each.last_day, each.file, each.kind)):
        ending = list(group)
        goods = list(dict.fromkeys(slug for each in ending for slug in each.products))
        shown = ", ".join(goods[:NAMED]) + (f" and {len(goods) - NAMED} more goods" if len(goods) > NAMED else "")
        days = (last - house.on).days
        told = f"{len(ending)} rows end on {last}, {ago(days)}" + (f": {shown}" if shown else "")
        if days < 0:
            told = told.replace("rows end on", "rows ended on", 1)
        renew = (
            f"galeon tables import FILE --year {last.year + 1} --into FOLDER --apply"
            if kind in FOR_A_YEAR
            else f"look up what follows ({file}), and install a newer release or say it in a folder of your own"
        )
        yield Found("rows", kind or file, house.state(days), told, renew, days)
    if not found:
        yield Found("rows", "rates", OK, f"none ends within {house.within} days with nothing after it")


def rates(house: Installation) -> Iterator[Found]:
    """The age of the market rates, and customs' rates of the month."""
    for each in fx_ages(house.book, house.on):
        pair = f"{each.currency}/CNY"
        if each.market_days is None:
            yield Found("market rate", pair, ENDED, "there is none", RENEW_RATES)
        else:
            left = STALE_DAYS - each.market_days
            state = ENDED if left < 0 else SOON if left < STALE_DAYS // 2 else OK
            renew = "" if state == OK else RENEW_RATES
            told = f"{each.market_days} days old; from {STALE_DAYS + 1} days on quotes warn"
            yield Found("market rate", pair, state, told, renew, left)
        if each.customs_official:
            yield Found("customs rate", pair, OK, f"that of {house.on:%Y-%m} is official")
        else:
            told = f"that of {house.on:%Y-%m} is {'not known' if each.customs_official is None else 'an estimate'}"
            yield Found(
                "customs rate",
                pair,
                ENDED,
                told,
                f"galeon fx import FILE --source NAME --desk customs --month {house.on:%Y-%m} --apply",
            )


CHECKS = (("release", seal), ("overlay", overlay), ("table", tables), ("rows", rows), ("rates", rates))
