"""manage.py up: web server, worker and beat together, until Ctrl-C or SIGTERM."""

import asyncio
import os
import socket

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connections

from programs.services.demo.people import SIGN_INS, SignIn
from rehab import processes
from rehab.server import EmbeddedServer, claim_alone
from rehab.supervisor import Supervisor


class Command(BaseCommand):
    help = "Serve the site with its jobs: in one process, or with REDIS_URL in supervised processes."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--bind", default=settings.REHAB_BIND, help="host:port (default: %(default)s)")
        parser.add_argument(
            "--prepare", action="store_true", help="first migrate, load the library, seed the demo"
        )

    def handle(self, *, bind: str, prepare: bool, **options) -> None:
        self._refuse_unsafe_ways(bind)
        os.chdir(settings.BASE_DIR)
        # WhiteNoise complains where it is missing, also with DEBUG on.
        settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
        if prepare:
            call_command("prepare", stdout=self.stdout)
        # Nothing opened here may be inherited by a forked process.
        connections.close_all()
        if settings.REDIS_URL:
            self._run_supervised(bind)
        else:
            self._run_embedded(bind)

    def _refuse_unsafe_ways(self, bind: str) -> None:
        if not settings.REDIS_URL and settings.REHAB_WEB_WORKERS > 1:
            raise CommandError(
                f"WEB_CONCURRENCY={settings.REHAB_WEB_WORKERS} needs a broker: without REDIS_URL the jobs "
                "live in the one web process. Set REDIS_URL, or leave WEB_CONCURRENCY unset."
            )
        host, _, port = bind.rpartition(":")
        if not port.isdigit():
            raise CommandError(f"--bind must be host:port, not {bind}")
        if not _is_free(host.strip("[]"), int(port)):
            raise CommandError(
                f"Port {port} is in use: is the site running already? "
                "Otherwise choose another: make run PORT=8001"
            )

    def _run_embedded(self, bind: str) -> None:
        lock = claim_alone(settings.VAR_DIR / "embedded.lock")
        if lock is None:
            raise CommandError(
                "Another server runs its jobs on this database. Stop it first, or set REDIS_URL."
            )
        EmbeddedServer(bind, on_ready=lambda: self._say(bind, "web, worker and beat in one process")).run()

    def _run_supervised(self, bind: str) -> None:
        programs = processes.everything(bind, settings.REHAB_WEB_WORKERS, settings.REHAB_WORKER_CONCURRENCY)
        self._say(bind, f"{', '.join(program.name for program in programs)} as processes of their own")
        asyncio.run(Supervisor(programs).run())
        self.stdout.flush()
        # All is stopped; tidying up this interpreter took seconds on a busy machine.
        os._exit(0)

    def _say(self, bind: str, what: str) -> None:
        database = settings.DATABASES["default"]["ENGINE"].rpartition(".")[2]
        mails = (
            f"sent by {settings.EMAIL_HOST}"
            if settings.EMAIL_HOST
            else f"files in {settings.EMAIL_FILE_PATH}"
        )
        lines = [
            "",
            f"  Open      http://{bind}",
            f"  Running   {what}",
            f"  Database  {database}",
            f"  Broker    {'Redis' if settings.REDIS_URL else 'memory of the web process'}",
            f"  Mails     {mails}",
            *_sign_ins(),
            "  Stop      Ctrl-C",
            "",
        ]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def _sign_ins() -> list[str]:
    """Return the sign-ins of the demonstration, where it is on."""
    if not settings.DEMO:
        return []
    shown = [f"{person.email} / {person.password}  ({_about(person)})" for person in SIGN_INS]
    return [f"  {'Sign in' if number == 0 else '':9} {line}" for number, line in enumerate(shown)]


def _about(person: SignIn) -> str:
    return f"{person.label}; the page shows the code" if person.has_second_factor else person.label


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        # As gunicorn does: a port that was closed a moment ago is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
