"""Signs of life of the jobs, written through the queue that they watch, and what their runs came to."""

from django.db import models


class JobHeartbeat(models.Model):
    """``beat_at`` and ``note`` a job writes by itself; the rest is counted around every run.

    What is counted is null until a run has been counted.
    """

    name = models.CharField(max_length=40, unique=True)
    beat_at = models.DateTimeField(null=True, help_text="Empty while no run has come to its end.")
    note = models.CharField(max_length=200, blank=True, help_text="What stopped the job, if anything did.")
    runs = models.BigIntegerField(null=True, blank=True, help_text="Runs that ended, well or not.")
    failures = models.BigIntegerField(null=True, blank=True, help_text="Of these, ended by an error.")
    seconds = models.FloatField(null=True, blank=True, help_text="What all runs took together.")
    last_seconds = models.FloatField(null=True, blank=True)
    last_error = models.CharField(  # noqa: DJ001 - null: not counted yet
        max_length=100, null=True, blank=True, help_text="The kind of the last error, never its words."
    )
    failed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "job heartbeat"

    def __str__(self) -> str:
        return self.name
