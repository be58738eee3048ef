"""All planted bugs; docs/testing.md lists them with what caught each."""

from scripts.planted.bugs import access, days, engine, mails, processes

ALL = (*engine.BUGS, *days.BUGS, *access.BUGS, *mails.BUGS, *processes.BUGS)
