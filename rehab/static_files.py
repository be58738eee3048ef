"""Static files under names that hold their content, each address worked out once in a process."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """A page names some forty of them, and to put one address together took as long as a small query."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        # No more than there are files: a name that is not in the manifest is refused.
        self._addresses: dict[str, str] = {}

    def url(self, name: str, force: bool = False) -> str:
        if force:
            return super().url(name, force)
        known = self._addresses.get(name)
        if known is None:
            known = self._addresses[name] = super().url(name)
        return known
