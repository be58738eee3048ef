"""The decision engine: pure Python, standard library only, no clock and no I/O.

``decide(snapshot)`` is the door; progression.md is the contract and
``docs/engine.md`` its copy in the project. Raise ``ENGINE_VERSION`` with every
change that could change a decision, a reason or a criterion.
"""

ENGINE_VERSION = "1.0.0"
