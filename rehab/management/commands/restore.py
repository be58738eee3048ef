"""manage.py restore: bring a backup back; then no day is closed until manage.py resume."""

from datetime import UTC, datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from programs.services.erasure import log
from rehab.backups.manifest import BackupError, Manifest
from rehab.backups.restoring import Restored, checked, restore
from rehab.backups.watched import Watched


class Command(BaseCommand):
    help = (
        "Bring back the database that manage.py backup wrote, with the site stopped: migrate it, recompute "
        "the ledger, erase again whoever was erased since, see to it that no mail is sent twice. No day is "
        "closed afterwards until manage.py resume. Restore only files of your own: whoever wrote one chose "
        "what this database will hold."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--check", action="store_true", help="only look at the file")
        parser.add_argument("--replace", action="store_true", help="also where people have accounts already")
        erasures = parser.add_mutually_exclusive_group()
        erasures.add_argument(
            "--erasures",
            type=Path,
            action="append",
            metavar="LOG",
            help="list of whom to erase again, once for each machine (default: erasures.log in var/)",
        )
        erasures.add_argument(
            "--nobody-was-erased", action="store_true", help="there is no such list because nobody was"
        )

    def handle(self, *, file: Path, check: bool, replace: bool, **options) -> None:
        try:
            manifest = checked(file, Watched("checked", self.stderr))
            self._describe(manifest)
            if check:
                return
            done = restore(
                file,
                manifest,
                erasures=self._erasures(options["erasures"], options["nobody_was_erased"]),
                replace=replace,
                now=datetime.now(UTC),
                say=self.stdout.write,
                progress=Watched("brought back", self.stderr),
            )
        except BackupError as error:
            raise CommandError(str(error)) from None
        self._report(manifest, done)

    def _erasures(self, files: list[Path] | None, nobody: bool) -> list[log.Logged]:
        if nobody:
            return []
        lists = files or [log.file_of_the_site()]
        try:
            listed = [one for file in lists for one in log.read(file)]
            cut_off = [line for file in lists for line in log.cut_off(file)]
        except (OSError, ValueError) as error:
            raise CommandError(
                "Whoever was erased since this backup comes back with it, and the list of them cannot be "
                f"read: {error}. Name it with --erasures, or say --nobody-was-erased."
            ) from None
        for line in cut_off:
            self.stdout.write(
                f"Cut off while it was written, and left out: {line}. Whoever has a line before it that says "
                "“begun” is named below."
            )
        return listed

    def _describe(self, manifest: Manifest) -> None:
        self.stdout.write(
            f"A backup of {manifest.database}, made on {manifest.made_at:%Y-%m-%d %H:%M} UTC: "
            f"{manifest.counts['accounts_user']} accounts, {manifest.counts['programs_decision']} decisions. "
            "The file is whole."
        )

    def _report(self, manifest: Manifest, done: Restored) -> None:
        self.stdout.write(
            f"{done.checked} decisions recomputed, 0 differences, {done.other_engine} of another engine."
        )
        for words, count in done.settled.items():
            if count:
                self.stdout.write(f"{count} {words}")
        if done.former:
            self.stdout.write(f"The former database is kept as {done.former}. Delete it when all is well.")
        for line in done.not_erased:
            self.stdout.write(f"NOT erased again, see to it by hand: {line}")
        self.stdout.write(
            f"Everything since {manifest.made_at:%Y-%m-%d %H:%M} UTC is lost, red flags too: tell the "
            "physiotherapists. Whatever was ended since is back: consents, passwords, second factors.\n"
            "No day is closed until: manage.py resume --yes"
        )
