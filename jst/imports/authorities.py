"""Which unit of local government runs a school, by what RSPO says of the running body (domain.md §6).

The kind of the body with the voivodeship, county and gmina of its seat name a unit; its own name
never does. A REGON decides where the register of units has it. The place of the school decides only
where the columns do not, and is then marked to be checked.
"""

from collections import defaultdict

from jst.models import Jst, School
from jst.spelling import folded

Kind, Basis = Jst.Kind, School.Basis
GMINAS = {Kind.GM, Kind.GW, Kind.GMW, Kind.MNP}
KINDS_OF_BODIES = {
    "gmina": GMINAS,
    "miasto na prawach powiatu": {Kind.MNP},
    "powiat ziemski": {Kind.P},
    "samorzad wojewodztwa": {Kind.W},
}
KINDS_IN_WORDS = {
    "gmina miejska": {Kind.GM, Kind.MNP},
    "gmina wiejska": {Kind.GW},
    "miasto": {Kind.GMW},
    "obszar wiejski": {Kind.GMW},
    "gmina miejsko-wiejska": {Kind.GMW},
}


class Authorities:
    """The units of the register, found by what RSPO says of a body."""

    def __init__(self):
        units = list(Jst.objects.current())
        self.by_pk = {unit.pk: unit for unit in units}
        self.by_code = {unit.code: unit for unit in units}
        self.by_regon = {unit.regon[:9]: unit for unit in units if unit.regon}
        self.voivodeships = {folded(unit.name): unit for unit in units if unit.kind == Kind.W}
        # (voivodeship, county) → units; a city with county rights is its own county.
        self.counties, self.gminas = defaultdict(list), defaultdict(list)
        for unit in units:
            name = folded(unit.name)
            if unit.kind in {Kind.P, Kind.MNP}:
                self.counties[unit.code[:2], name].append(unit)
            if unit.kind in GMINAS:
                self.gminas[unit.code[:2], name].append(unit)
        self.known = {}

    def resolve(self, kind, regon, seat, place):
        """Return (primary key or None, basis) for a body of this kind seated in `seat` = (woj, pow, gmi)."""
        key = (kind, regon, seat, place)
        if key not in self.known:
            self.known[key] = self._resolve(*key)
        return self.known[key]

    def _resolve(self, kind, regon, seat, place):
        if not kind:
            return None, Basis.UNDECIDED
        allowed = KINDS_OF_BODIES.get(folded(kind))
        if allowed is None:
            return None, Basis.OTHER
        unit = self.by_regon.get(regon[:9]) if regon else None
        if unit and unit.kind in allowed:
            return unit.pk, Basis.REGISTER
        found = self._seated(allowed, *map(folded, seat))
        unit = self._of_place(allowed, place)
        if len(found) == 1 and self._is_plain(allowed, found[0], unit):
            return found[0].pk, Basis.REGISTER
        fits = unit in found if len(found) > 1 else unit and self._may_be_seated(unit, seat[0])
        return (unit.pk, Basis.PLACE) if unit and fits else (None, Basis.UNDECIDED)

    def _is_plain(self, allowed, found, of_place):
        """Say whether the columns mean this unit and no other.

        Offices of counties and of rural gminas stand in cities with county rights too: a body called
        a gmina and seated in such a city is the city only where the school lies there as well.
        """
        return allowed != GMINAS or found.kind != Kind.MNP or found == of_place

    def _seated(self, allowed, woj, pow_, gmi):
        """Return every unit of these kinds that the columns may mean."""
        voivodeship = self.voivodeships.get(woj)
        if voivodeship is None:
            return []
        if allowed == {Kind.W}:
            return [voivodeship]
        counties = self.counties[voivodeship.code, pow_]
        if allowed in ({Kind.P}, {Kind.MNP}):
            return [unit for unit in counties if unit.kind in allowed]
        name, _sign, words = gmi.partition(" - ")
        named = [
            unit
            for unit in self.gminas[voivodeship.code, name]
            if unit.kind in KINDS_IN_WORDS.get(words, allowed)
        ]
        inside = {unit.code for unit in counties if unit.kind == Kind.P}
        if inside:
            return [unit for unit in named if unit.code[:4] in inside]
        # Seated in a city with county rights: the city itself, or a gmina around it that has its name.
        return named if counties else []

    def _of_place(self, allowed, place):
        """Return the unit of these kinds in which the school lies, by the first six digits."""
        unit = self.by_code.get(place[:6])
        if allowed == {Kind.W}:
            return self.by_code.get(place[:2])
        if allowed == {Kind.P}:
            return self.by_code.get(place[:4])
        return unit if unit and unit.kind in allowed else self._city(allowed, place)

    def _city(self, allowed, place):
        """Return the city of whose districts or delegations the place is one (kinds 8 and 9)."""
        city = self.by_code.get(place[:4] + "01")
        return city if city and city.kind == Kind.MNP and Kind.MNP in allowed else None

    def _may_be_seated(self, unit, woj):
        """Say whether a unit found by place alone lies in the voivodeship the body names, if it names one."""
        voivodeship = self.voivodeships.get(folded(woj))
        return not woj or (voivodeship is not None and voivodeship.code == unit.code[:2])
