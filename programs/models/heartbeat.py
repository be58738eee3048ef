"""Signs of life of the jobs, written through the queue that they watch."""

from django.db import models


class JobHeartbeat(models.Model):
    name = models.CharField(max_length=40, unique=True)
    beat_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True, help_text="What stopped the job, if anything did.")

    class Meta:
        verbose_name = "job heartbeat"

    def __str__(self) -> str:
        return self.name
