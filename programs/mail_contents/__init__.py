"""What mails say besides their own rows, read for a whole batch of messages at once.

It stands above the selectors, because a mail says what pages say, and services
know no selector: whoever delivers is given ``contents_of``.
"""

from programs.mail_contents.batch import contents_of
from programs.mail_contents.trial import test_words_of

__all__ = ["contents_of", "test_words_of"]
