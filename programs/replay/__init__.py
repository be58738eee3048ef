"""A diary from a file, decided day by day outside the database.

Pure reading and reporting around the engine: no clock, no database, no Django.
``replay(...)`` in ``run.py`` is the door; ``docs/replay.md`` describes the files.
"""
