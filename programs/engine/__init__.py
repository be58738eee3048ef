"""The decision engine: pure Python, standard library only, no clock and no I/O.

``decide(snapshot)`` is the door; ``docs/engine.md`` says in words what it does,
and a test compares the two. Raise ``ENGINE_VERSION`` with every change that
could change a decision, a reason or a criterion.
"""

ENGINE_VERSION = "1.1.0"
#: Earlier engines whose decisions this one makes again to the letter. 1.1.0 added the confirmation
#: by a physiotherapist, which no programme of 1.0.0 could ask for.
REPRODUCES = frozenset({"1.0.0", ENGINE_VERSION})
