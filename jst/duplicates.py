"""Pairs of accounts that may be one person's: found by keys, scored, told in words.

Only people who share a key are compared, so ten thousand accounts cost ten thousand steps and not their
square. A key shared by too many says nothing and is passed over.
"""

from collections import defaultdict
from itertools import combinations

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from jst.models import DistinctPeople, LikelyDuplicate, ParticipantData, TeamMembership
from jst.spelling import folded
from portal.models import ChainHead, User

# Rule → points and words. What reaches THRESHOLD is shown; a name or an address alone does not.
RULES = {
    "pesel": (100, _("the same PESEL number")),
    "name_and_unit": (70, _("the same name in the same unit")),
    "email": (40, _("e-mail addresses that differ only in dots, digits or signs")),
    "mailbox": (25, _("the same mailbox name at another address")),
    "name": (25, _("the same first and last name")),
    "part_of_name": (15, _("the same first or last name")),
}
THRESHOLD = 50
MOST_OF_ONE_KEY = 40


def name_key(person):
    return " ".join(sorted(folded(f"{person.first_name} {person.last_name}").replace("-", " ").split()))


def mailbox(person):
    """Return (the part before the @ without dots, digits and signs, the domain)."""
    local, _at, domain = person.email.partition("@")
    local = "".join(sign for sign in folded(local.partition("+")[0]) if sign.isalpha())
    return local, domain


def units_of_people():
    found = defaultdict(set)
    for person, unit in TeamMembership.objects.values_list("person", "participation__jst").distinct():
        found[person].add(unit)
    return found


def blocks(people):
    """Return rule → key → the people who share it."""
    found = {rule: defaultdict(set) for rule in RULES}
    units = units_of_people()
    for person in people:
        if name := name_key(person):
            found["name"][name].add(person.pk)
            for unit in units[person.pk]:
                found["name_and_unit"][name, unit].add(person.pk)
        local, domain = mailbox(person)
        # „biuro@”, „info@”: three letters say nothing about a person.
        if len(local) > 5:
            found["email"][local, domain].add(person.pk)
            found["mailbox"][local].add(person.pk)
    known = {person.pk for person in people}
    indexes = ParticipantData.objects.filter(person__in=known).exclude(pesel_index="")
    for person, index in indexes.values_list("person", "pesel_index"):
        found["pesel"][index].add(person)
    return found


def scored():
    """Return (first, second) → the rules that hold for the pair, where they add up to enough."""
    people = list(User.objects.filter(is_active=True).only("pk", "first_name", "last_name", "email"))
    names = {person.pk: set(name_key(person).split()) for person in people}
    rules = defaultdict(list)
    for rule, keys in blocks(people).items():
        for sharing in keys.values():
            if len(sharing) <= MOST_OF_ONE_KEY:
                for pair in combinations(sorted(sharing), 2):
                    if rule not in rules[pair]:
                        rules[pair].append(rule)
    for (first, second), found in rules.items():
        if "email" in found and "mailbox" in found:
            found.remove("mailbox")
        if "name" not in found and names[first] & names[second]:
            found.append("part_of_name")
    distinct = set(DistinctPeople.objects.values_list("first", "second"))
    return {
        pair: found for pair, found in rules.items() if pair not in distinct and score_of(found) >= THRESHOLD
    }


def score_of(rules):
    return min(100, sum(RULES[rule][0] for rule in rules))


def find_duplicates():
    """Put the pairs found now in place of those found before; return how many there are."""
    found = scored()
    with transaction.atomic():
        # Two searches at once would write the same pairs twice.
        ChainHead.hold()
        LikelyDuplicate.objects.all().delete()
        LikelyDuplicate.objects.bulk_create(
            [
                LikelyDuplicate(first_id=first, second_id=second, score=score_of(rules), reasons=rules)
                for (first, second), rules in sorted(found.items())
            ],
            batch_size=500,
        )
    return len(found)


@task()
def search_for_duplicates():
    return find_duplicates()


def in_words(rules):
    return [RULES[rule][1] for rule in rules if rule in RULES]
