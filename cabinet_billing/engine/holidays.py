"""Public holidays of France, of Geneva and of Vaud, for any year, as the law stands today.

France: Code du travail L3133-1 (the eleven), L3134-13 (Alsace-Moselle), L3422-2 (abolition of
slavery). Geneva: loi sur les jours fériés (J 1 45). Vaud: loi sur l'emploi, article 47. Days off by
custom or collective agreement (21 July in the Antilles, 1 May in Swiss cantons, 26 December of
the Vaud administration) are not public holidays: a practice adds them to its own list.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import NamedTuple

from dateutil.easter import easter

DAY = timedelta(days=1)
MONDAY, THURSDAY, SUNDAY = 0, 3, 6

REGIONS = {
    "FR": "France",
    "FR-AM": "Alsace-Moselle",
    "FR-GP": "Guadeloupe",
    "FR-MQ": "Martinique",
    "FR-GF": "French Guiana",
    "FR-RE": "Réunion",
    "FR-YT": "Mayotte",
    "FR-BL": "Saint-Barthélemy",
    "FR-MF": "Saint-Martin",
    "FR-PM": "Saint-Pierre-et-Miquelon",
    "CH-GE": "Canton of Geneva",
    "CH-VD": "Canton of Vaud",
}

NAMES = {
    "new_year": "New Year's Day",
    "second_january": "2 January",
    "good_friday": "Good Friday",
    "easter_monday": "Easter Monday",
    "labour_day": "Labour Day",
    "victory_1945": "Victory in Europe Day",
    "ascension": "Ascension Day",
    "whit_monday": "Whit Monday",
    "abolition": "Abolition of Slavery",
    "bastille_day": "Bastille Day",
    "swiss_national_day": "Swiss National Day",
    "assumption": "Assumption",
    "geneva_fast": "Genevan Fast",
    "federal_fast_monday": "Federal Fast Monday",
    "all_saints": "All Saints' Day",
    "armistice_1918": "Armistice Day",
    "christmas": "Christmas Day",
    "saint_stephen": "Saint Stephen's Day",
    "restoration": "Restoration of the Republic",
}

# Month and day.
FIXED = {
    "new_year": (1, 1),
    "second_january": (1, 2),
    "labour_day": (5, 1),
    "victory_1945": (5, 8),
    "bastille_day": (7, 14),
    "swiss_national_day": (8, 1),
    "assumption": (8, 15),
    "all_saints": (11, 1),
    "armistice_1918": (11, 11),
    "christmas": (12, 25),
    "saint_stephen": (12, 26),
    "restoration": (12, 31),
}

# Days after Easter Sunday.
MOVABLE = {"good_friday": -2, "easter_monday": 1, "ascension": 39, "whit_monday": 50}

ABOLITION = {
    "FR-YT": (4, 27),
    "FR-MQ": (5, 22),
    "FR-GP": (5, 27),
    "FR-MF": (5, 28),
    "FR-GF": (6, 10),
    "FR-BL": (10, 9),
    "FR-RE": (12, 20),
}

FRANCE = (
    "new_year",
    "easter_monday",
    "labour_day",
    "victory_1945",
    "ascension",
    "whit_monday",
    "bastille_day",
    "assumption",
    "all_saints",
    "armistice_1918",
    "christmas",
)
SWITZERLAND = (
    "new_year",
    "good_friday",
    "easter_monday",
    "ascension",
    "whit_monday",
    "swiss_national_day",
    "christmas",
)
CANTONS = {
    "CH-GE": (*SWITZERLAND, "geneva_fast", "restoration"),
    "CH-VD": (*SWITZERLAND, "second_january", "federal_fast_monday"),
}


class Holiday(NamedTuple):
    """A public holiday; ``name`` is English, ``key`` is what a translation hangs on."""

    date: date
    key: str
    name: str


def public_holidays(region: str, year: int, protestant_church: bool = False) -> list[Holiday]:
    """Return the public holidays of ``region`` in ``year``, in order of date.

    Two of them may fall on one day (1 May 2008 was Ascension Day too): both are given.

    :param region: a key of :data:`REGIONS`
    :param protestant_church: in Alsace-Moselle, whether the commune has a Protestant or a mixed
        church: only there Good Friday is a holiday
    """
    keys = list(_keys(region, protestant_church))
    days = [Holiday(_date_of(key, region, year), key, NAMES[key]) for key in keys]
    return sorted(days)


def holiday_dates(region: str, years: Iterable[int], protestant_church=False) -> frozenset[date]:
    """Return the dates alone, for several years: what the engine of aid plans takes."""
    return frozenset(
        holiday.date
        for year in years
        for holiday in public_holidays(region, year, protestant_church)
    )


def _keys(region, protestant_church):
    if region not in REGIONS:
        raise ValueError(f"No public holidays are known for {region!r}.")
    if region in CANTONS:
        return CANTONS[region]
    if region == "FR-AM":
        return (*FRANCE, *(("good_friday",) if protestant_church else ()), "saint_stephen")
    return (*FRANCE, "abolition") if region in ABOLITION else FRANCE


def _date_of(key, region, year):
    if key in MOVABLE:
        return easter(year) + MOVABLE[key] * DAY
    if key == "geneva_fast":  # the Thursday after the first Sunday of September
        return _after(THURSDAY, _after(SUNDAY, date(year, 8, 31)))
    if key == "federal_fast_monday":  # the Monday after the third Sunday of September
        return _after(MONDAY, _after(SUNDAY, date(year, 9, 14)))
    if key == "abolition":
        return _abolition(region, year)
    return date(year, *FIXED[key])


def _abolition(region, year):
    # Saint-Martin kept Guadeloupe's day until the end of 2017.
    source = "FR-GP" if region == "FR-MF" and year < 2018 else region
    return date(year, *ABOLITION[source])


def _after(weekday, day):
    """Return the first ``weekday`` after ``day``, never ``day`` itself."""
    return day + ((weekday - day.weekday() - 1) % 7 + 1) * DAY
