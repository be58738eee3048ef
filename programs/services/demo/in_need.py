"""Runners who need somebody: paused, advised, worse than usual, silent, due for review."""

import datetime

from programs.services.demo.cast import DemoRunner, Hold

IN_NEED = (
    # A red flag of the emergency level, answered today.
    DemoRunner("Emeka Obi", "sore*4 calm*7 run*2 2/3+2,2 | 5/7?CE_SADDLE", zone="Africa/Lagos"),
    # An urgent one, two days ago.
    DemoRunner(
        "Ursula Wynn", "sore*4 calm*3 2/4?FEVER_UNWELL 3/4 |", reminder=datetime.time(8), pattern="both"
    ),
    # Pain below the knee on two days.
    DemoRunner(
        "Leo Marchetti",
        "sore*4 calm*7 run*3 2/2L 2/3L 3/3A 2/3A |",
        zone="Europe/Rome",
        pattern="flexion_intolerant",
    ),
    # Severe pain at rest on two days.
    DemoRunner("Severin Haas", "sore*3 4/5=4,4 5/6p 6/7 6/7 6/6 |", zone="Europe/Berlin", intake_pain=6),
    # The third step back within three weeks.
    DemoRunner(
        "Tara Quinn", "sore*4 calm*7 run*10 2/2+6,5 3/3 2/2 1/2+2,6 3/3 2/3 2/2+6,4 3/4 2/3 |", intake_pain=6
    ),
    # Walking hurt, and there is no gentler step.
    DemoRunner("Flora Svensson", "sore*3 3/4+6,4 |", zone="Europe/Stockholm", intake_pain=6),
    # Four weeks, and no better.
    DemoRunner("Nils Bergman", "5/5=5,4 4/5=4,4 " * 14 + "5/5=5,4 |", intake_pain=6, baseline=4),
    # Pain at rest above her own usual.
    DemoRunner("Bea Fontaine", "sore*4 calm*7 run*6 1/3x 2/4 2/4p |", zone="Europe/Paris"),
    # Woke worse after yesterday's run.
    DemoRunner("Wanda Ortiz", "sore*4 calm*7 run*4 1/2+2,2 | 4/.", zone="America/New_York"),
    # Nothing heard for five days.
    DemoRunner("Silas Byrne", "sore*4 calm*7 run*5 - - - - - |", reminder=datetime.time(7)),
    # A hold that ended yesterday and wants a look.
    DemoRunner(
        "Hana Mori",
        "sore*4 calm*7 run*27 |",
        zone="Asia/Tokyo",
        reminder=datetime.time(7),
        acts=(
            Hold(
                31,
                38,
                "A long flight and a move of house this week. Stay here and keep the two short runs.",
                code="life",
            ),
        ),
    ),
)
