"""The product's supervisor over a worker that is busy for longer than the grace."""

import asyncio
import logging
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rehab.settings")
django.setup()

# Only now that Django is set up:
from rehab import processes  # noqa: E402
from rehab.celery import app  # noqa: E402
from rehab.supervisor import Program, Supervisor  # noqa: E402

if __name__ == "__main__":
    logging.basicConfig(level="INFO")
    worker = processes.worker(2)
    app.send_task("tests.stack.tasks.take_time", kwargs={"seconds": 30, "mark": sys.argv[1]})
    argv = (*worker.argv, "--include", "tests.stack.tasks")
    asyncio.run(Supervisor([Program("worker", argv, worker.environment)]).run())
