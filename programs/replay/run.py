"""``replay``: a diary and options in, every day decided out, or every fault at once."""

from dataclasses import dataclass

from programs.engine.simulate import SimulatedDay, Simulation, simulate
from programs.engine.snapshot import Contacts
from programs.replay.diary import Diary
from programs.replay.diary_csv import read_diary
from programs.replay.faults import Faults
from programs.replay.options import Asked, read_options
from programs.replay.other_trackers import is_tracker, read_tracker
from programs.replay.programmes import Loaded, load_programme
from programs.replay.sheet import read_sheet
from programs.replay.start import simulation_of


@dataclass(frozen=True, slots=True)
class Replay:
    """A replayed diary: what was asked, what was read, and every day in order."""

    loaded: Loaded
    diary: Diary
    simulation: Simulation
    days: tuple[SimulatedDay, ...]


def replay(raw: bytes, asked: Asked, contacts: Contacts) -> Replay:
    """Decide the whole diary, or raise ``Refused`` with everything that is wrong."""
    faults = Faults()
    loaded = load_programme(asked.programme, faults)
    options = read_options(asked, faults)
    diary = _read(raw, asked, faults)
    if loaded is None or diary is None:
        faults.stop_if_any()
    simulation = simulation_of(diary, loaded.programme, asked, options, contacts, faults)
    faults.stop_if_any()
    return Replay(loaded, diary, simulation, tuple(simulate(simulation)))


def _read(raw: bytes, asked: Asked, faults: Faults) -> Diary | None:
    sheet = read_sheet(raw, faults)
    if sheet is None:
        return None
    if is_tracker(sheet):
        return read_tracker(sheet, asked.symptom, asked.rest_as_morning, faults)
    if asked.symptom is not None:
        faults.whole(
            "--symptom: is only for diaries of other trackers (name,startday,startmonth,startyear,intensity)."
        )
    if asked.rest_as_morning:
        faults.whole("--rest-as-morning: is only for diaries of other trackers; ours has a column morning.")
    return read_diary(sheet, faults)
