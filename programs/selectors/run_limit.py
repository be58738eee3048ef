"""How long a run may be today on the last step, with the run and the study that it is measured by."""

import datetime
from dataclasses import dataclass

from programs.engine.run_limit import LimitedBy, run_limit
from programs.selectors.editions_lived import editions_lived
from programs.selectors.evidence import Evidence, evidence_of, sources_by_key
from programs.selectors.reading import Reading
from programs.week_rules import run_rules, runs_of


@dataclass(frozen=True, slots=True)
class RunLimitPanel:
    """Minutes for today; ``longest_on`` is None where no run is known."""

    minutes: int
    by: LimitedBy
    own_run: int
    cap: int
    growth: int
    longest: int | None
    longest_on: datetime.date | None
    week_so_far: int
    week_limit: int | None
    evidence: Evidence

    @property
    def is_week_full(self) -> bool:
        return self.by is LimitedBy.WEEK and self.minutes < self.own_run


def run_limit_panel(reading: Reading) -> RunLimitPanel | None:
    """Today's limit; None on a step that sets none. No query where the library's edition is known."""
    enrolment = reading.enrolment
    rules = run_rules(enrolment.version, enrolment.stage)
    if rules is None or enrolment.is_paused:
        return None
    editions = editions_lived(enrolment, reading.history.overrides)
    runs = runs_of(reading.history.rows.values(), editions.shown_on)
    limit = run_limit(runs, reading.today.toordinal(), rules)
    basis = enrolment.version.stage_documents[enrolment.stage]["limits"]["single_run_growth_percent"]
    longest_on = datetime.date.fromordinal(limit.longest_on) if limit.longest_on else None
    return RunLimitPanel(
        minutes=limit.minutes,
        by=limit.by,
        own_run=rules.own_run,
        cap=rules.cap,
        growth=rules.run_growth,
        longest=limit.longest,
        longest_on=longest_on,
        week_so_far=limit.week_so_far,
        week_limit=limit.week_limit,
        evidence=evidence_of(basis, sources_by_key(reading.library_edition)),
    )
