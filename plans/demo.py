"""The plans of the demonstration: those of the closed pilot, and those of a current edition in every state.

Everything that happened is written into the diary of the demo as steps of a `Story`; the verbs of the
portal make it true in the order of time.
"""

from plans import demo_current, demo_pilot
from plans.deadlines import end_of_day
from plans.demo_content.composing import Composer
from plans.demo_story import Office
from plans.models import EditionSetup, KeyCompetence
from plans.sample import load_challenges, load_sample
from plans.sample_phrases import load_phrases


def build(demo):
    """Set up the editions and write the story of each plan into the diary."""
    template, criteria = load_sample()
    load_phrases()
    load_challenges()
    composer = Composer(demo.random)

    def office(units, competence_set, **fields):
        setup = EditionSetup.objects.create(
            edition=units[0].participation.edition,
            template=template,
            criteria=criteria,
            competence_set=competence_set,
            **fields,
        )
        return Office(demo, setup, composer)

    pilot, current = demo.made["pilot"], demo.made["current"]
    if pilot:
        demo_pilot.build(demo, office(pilot, KeyCompetence.Set.POWER, signature_required=False), pilot)
    deadline = end_of_day(demo.date(-30))
    demo_current.build(demo, office(current, KeyCompetence.Set.EU_2018, deadline=deadline), current)
