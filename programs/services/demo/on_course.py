"""Runners on course: every stage from the first easy day to the last step, and who is not there yet."""

import datetime

from programs.services.demo.cast import (
    OWN_PROGRAMME,
    S0,
    Correction,
    DemoRunner,
    Hold,
    PauseCleared,
    StageSet,
)
from programs.services.demo.people import PAUL

ON_COURSE = (
    # Signs in first: on the first running step, and one good day from the next.
    DemoRunner(
        "Rosa Reyes",
        "6/6 5/5 sore*4 calm*7 run*7 |",
        stage=S0,
        intake_pain=6,
        baseline=4,
        reminder=datetime.time(7, 30),
        pattern="flexion_intolerant",
    ),
    DemoRunner("Zoe Laurent", "| 6/6", stage=S0, intake_pain=7, baseline=6),
    DemoRunner("Otto Brandt", "7/6 |", stage=S0, intake_pain=7, baseline=6, zone="Europe/Vienna"),
    DemoRunner("Walter Pryce", "5/5 5/5 sore*2 |", stage=S0, reminder=datetime.time(18)),
    DemoRunner("Cora Jansen", "sore*4 calm*4 |", zone="Europe/Amsterdam", pattern="extension_intolerant"),
    # Tonight's decision would be an advance.
    DemoRunner("Rafael Costa", "sore*4 calm*7 run*8 run*7 | 1/1", zone="Europe/Lisbon"),
    DemoRunner(
        "Fiona Walsh",
        "sore*4 calm*7 run*28 |",
        zone="Europe/Dublin",
        corrections=(Correction(38, 37, "1/2"),),
    ),
    # Paused once for pain below the knee, seen, and cleared.
    DemoRunner(
        "Marek Zielinski",
        "sore*4 calm*4 2/2L 2/2L 1/1 1/1 calm*6 run*36 |",
        zone="Europe/Warsaw",
        clinician=PAUL,
        acts=(
            PauseCleared(
                12, "Seen in clinic: normal strength and reflexes, leg pain settled.", "Paul Adeyemi"
            ),
        ),
    ),
    # Moved on by a physiotherapist, and at the last step since.
    DemoRunner(
        "Yusuf Demir",
        "sore*4 calm*7 run*8 run*27 | 0/1",
        zone="Europe/Istanbul",
        acts=(
            Hold(15, 19, "First week of running: repeat it once, then we look together."),
            StageSet(20, "S6_run4_walk1", "Ran 4 / 1 on the treadmill in clinic, pain 0 to 1 and easy."),
        ),
    ),
    # Two easy days after a run that hurt.
    DemoRunner("Stefan Ilic", "sore*4 calm*7 run*10 2/2+6,5 |", zone="Europe/Belgrade", clinician=PAUL),
    # Back after more than two weeks without an entry.
    DemoRunner(
        "Greta Holm", "sore*4 calm*7 run*3 " + "- " * 15 + "1/2 |", zone="Pacific/Auckland", clinician=PAUL
    ),
    # Every criterion is met, and the clinic's own programme waits for a person before the first run.
    DemoRunner("Sanna Virtanen", "sore*4 calm*9 |", zone="Europe/Helsinki", programme=OWN_PROGRAMME),
    # Has completed the programme, and was told so.
    DemoRunner(
        "Carmen Ruiz",
        "sore*4 calm*7 run*8 run*12 | 0/0",
        zone="Europe/Madrid",
        acts=(StageSet(20, "S8_run20_30", "Runs half an hour without pain; only the last step is left."),),
    ),
    # Follows the programme alone.
    DemoRunner("Ines Moreau", "sore*4 calm*5 |", zone="Europe/Paris", clinician=None),
    # Has an account and no programme yet.
    DemoRunner("Nadia Rahman", None, clinician=None),
)
