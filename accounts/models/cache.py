"""The table of the shared cache where there is no Redis: rate limits hold across processes."""

from django.db import models


class CacheEntry(models.Model):
    """Read and written by Django's database cache alone, whose columns these are."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "rehab_cache"
        verbose_name_plural = "cache entries"

    def __str__(self) -> str:
        return self.cache_key
