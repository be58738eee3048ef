"""The product's supervisor over a worker that also knows the tests' own task: [MODULE]."""

import asyncio
import logging
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

# Only now that Django is set up:
from rehab import processes  # noqa: E402
from rehab.supervisor import Program, Supervisor  # noqa: E402

if __name__ == "__main__":
    logging.basicConfig(level="INFO")
    worker = processes.worker(2)
    argv = (*worker.argv, "--include", sys.argv[1] if sys.argv[1:] else "tests.stack.tasks")
    asyncio.run(Supervisor([Program("worker", argv, worker.environment)]).run())
