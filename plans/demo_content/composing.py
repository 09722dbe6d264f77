"""Plans put together from fragments, each from two themes, so that no two read the same.

A plan is plain data of the same shape as the files of `whole/`; `writing` makes rows of it.
"""

from plans.demo_content import read, themes
from plans.demo_content.words import LETTER

# A fragment for "G" suits rural and urban units, for "A" all of them.
SUITS = {"R": {"R", "G", "A", "GP"}, "M": {"M", "G", "A", "GP"}, "P": {"P", "A", "GP"}}
NARRATIVE = (
    *("zespol", "podstawy", "demografia", "kadra", "wizja"),
    *("wdrazanie", "monitorowanie", "komunikacja"),
)
NARROW_LACKS = ("demografia",)
PAIRS = [
    *[("mathematics", "teamwork"), ("languages", "digital"), ("individual", "mathematics")],
    *[("digital", "individual"), ("teamwork", "languages"), ("mathematics", "languages")],
    *[("individual", "teamwork"), ("digital", "mathematics"), ("languages", "individual")],
    *[("teamwork", "digital")],
]
# When a school begins: the first ones in the first autumn, the last ones a year later.
TURNS = ([1, 9], [1, 10], [2, 2], [2, 9])


class Composer:
    """Puts plans together; each fragment is used again only after all the others of its kind."""

    def __init__(self, chance):
        self.chance = chance
        self.queues = {}
        self.number = 0

    def take(self, name, items, count=1):
        """Return the next `count` of `items`, each once, in an order of chance that goes round."""
        if name not in self.queues:
            self.queues[name] = self.chance.sample(range(len(items)), len(items))
        queue = self.queues[name]
        places = [queue.pop(0) for _number in range(min(count, len(items)))]
        queue += places
        return [items[place] for place in sorted(places)]

    def one(self, name, items):
        return self.take(name, items)[0]

    def compose(self, jst, *, scope, years):
        """Return the plan of a unit as plain data, with places for the unit's words."""
        letter = LETTER[jst.kind]
        pair = [themes()[name] for name in PAIRS[self.number % len(PAIRS)]]
        self.number += 1
        general = read("general")
        slogan = self.one(f"slogan {pair[0]['slogans']}", pair[0]["slogans"])
        base = self.one(f"title {scope}", general["titles"][scope])
        return {
            "title": f"{slogan}. {base}: {{nazwa}}",
            "scope": scope,
            "years": years,
            "texts": self.texts(general, pair, letter, scope),
            "debate": self.debates(general, pair, letter),
            "swot": {} if scope == "narrow" else self.swot(general, pair, letter),
            "goals": [self.goal(theme, letter, 2 + (place == 0), years) for place, theme in enumerate(pair)],
            "schools": self.schools(general, pair, letter),
            "budget_notes": {
                source: self.one(f"note {source}", notes) for source, notes in general["budget_notes"].items()
            },
            "risks": [] if scope == "narrow" else self.risks(general, pair),
        }

    def texts(self, general, pair, letter, scope):
        found = {
            key: "\n\n".join(
                self.fragment(f"{key} {place}", part, letter) for place, part in enumerate(general[key])
            )
            for key in NARRATIVE
            if scope == "wide" or key not in NARROW_LACKS
        }
        results = [self.fragment("wyniki_start", general["wyniki_start"][0], letter)]
        for theme in pair:
            fitting = theme["results"]["P" if letter == "P" else "G"]
            results.append(self.one(f"results {theme['slogans']} {letter}", fitting))
        results.append(self.fragment("wyniki_koniec", general["wyniki_koniec"][0], letter))
        return found | {"wyniki": "\n\n".join(results)}

    def fragment(self, name, part, letter):
        """Return one text of a part: the unit's own kind, else for all."""
        kind = letter if letter in part else "A"
        return self.one(f"{name} {kind}", part[kind])

    def debates(self, general, pair, letter):
        words = general["debate"]
        conclusions = [self.one("debate", words["conclusions"])]
        conclusions += [self.one(f"debate {t['slogans']}", t["debate"]["conclusions"]) for t in pair]
        conclusions.append(self.one("follow up", words["follow_up"]))
        return [
            {
                "months_before": self.chance.randint(2, 4),
                "day": self.chance.randint(3, 27),
                "place": self.one(f"place {letter}", words[letter]),
                "heads": self.chance.randint(4, 12),
                "teachers": self.chance.randint(14, 48),
                "parents": self.chance.randint(12, 44),
                "pupils": self.chance.randint(9, 38),
                "others": self.chance.randint(5, 24),
                "conclusions": "\n".join(f"- {sentence}" for sentence in conclusions),
            }
        ]

    def swot(self, general, pair, letter):
        found = {}
        for kind, count in (("s", 2), ("w", 2), ("o", 1), ("t", 1)):
            found[kind] = self.take(f"swot {letter} {kind}", general["swot"][letter][kind], count)
            found[kind] += [self.one(f"swot {t['slogans']} {kind}", t["swot"][kind]) for t in pair]
        return found

    def goal(self, theme, letter, count, years):
        name = theme["slogans"]
        strategic = [goal for goal in theme["strategic"] if goal["for"] in SUITS[letter]]
        operational = [goal for goal in theme["operational"] if goal["for"] in SUITS[letter]]
        chosen = self.one(f"strategic {name} {letter}", strategic)
        parts = self.take(f"operational {name} {letter}", operational, count)
        return {
            "title": chosen["title"],
            "description": chosen["why"],
            "competences": sorted({code for part in parts for code in part["competences"]}),
            "operational": [self.operational(part, years) for part in parts],
        }

    def operational(self, part, years):
        """Return an operational goal; what the fragments plan to the third year goes on to the last."""
        only = part.get("only", "all")
        actions = [
            {"schools": only, **action, "to": action["to"].replace("3-", f"{years}-")}
            for action in part["actions"]
        ]
        return {
            "title": part["title"],
            "description": part["why"],
            "competences": part["competences"],
            "actions": actions,
            "indicators": [self.indicator(indicator, years) for indicator in part["indicators"]],
        }

    def indicator(self, indicator, years):
        base = self.chance.randint(*indicator["base"])
        target = base + self.chance.randint(*indicator["gain"])
        if indicator["unit"].startswith("%"):
            target = min(target, 100)
        return indicator | {"base": base, "target": max(target, 0), "year": years}

    def schools(self, general, pair, letter):
        """Return the support that the schools of a unit take turns in; kindergartens have their own."""
        areas = "P" if letter == "P" else "G"
        found = [
            self.support(general, theme, letter, areas, "*", turn) for turn, theme in enumerate(pair * 2)
        ]
        if letter != "P":
            found += [
                self.support(general, theme, letter, "kindergarten", "Przedszkole", turn)
                for turn, theme in enumerate(pair)
            ]
        return found

    def support(self, general, theme, letter, areas, kind, turn):
        return {
            "kind": kind,
            "area": self.one(f"area {theme['slogans']} {areas}", theme["support"][areas]),
            "competences": theme["operational"][turn % 4]["competences"],
            "provider": self.one(f"provider {letter}", general["providers"][letter]),
            "starts": TURNS[turn],
        }

    def risks(self, general, pair):
        own = [theme["risks"][0] for theme in pair]
        return [*own, *self.take("risks", general["risks"], 2)]
