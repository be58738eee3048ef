"""A diary that was read: entries and a person's acts by day, and notes on the reading."""

from dataclasses import dataclass, field

from programs.engine.entry import Entry


@dataclass(slots=True)
class DayActs:
    """What a clinician did on one day; the stage is still a key of some programme."""

    line: int
    hold_until: int | None = None
    set_stage: str | None = None
    clear: bool = False
    sign_off: bool = False


@dataclass(frozen=True, slots=True)
class Diary:
    """Days are ordinals; a day without an entry is a missing day.

    ``notes`` tell what reading changed, for example how many scores were rounded.
    """

    first: int
    last: int
    entries: dict[int, Entry]
    acts: dict[int, DayActs] = field(default_factory=dict)
    description: str = ""
    notes: tuple[str, ...] = ()

    def first_score(self, wanted: str, otherwise: str) -> int | None:
        """The first score of a kind in the diary, or of the other kind where there is none."""
        for name in (wanted, otherwise):
            for day in sorted(self.entries):
                value = getattr(self.entries[day], name)
                if value is not None:
                    return value
        return None
