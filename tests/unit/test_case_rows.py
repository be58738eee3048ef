"""Texts of a row are escaped, all of them at once or one by one."""

import pytest

from programs.views.case_rows import escaped

HOSTILE = "<script>alert('1')</script> & \"so\""
HARMLESS = "&lt;script&gt;alert(&#x27;1&#x27;)&lt;/script&gt; &amp; &quot;so&quot;"


@pytest.mark.parametrize("neighbour", ["", "Rosa", "\x1f", "a\x1fb", "\x1f\x1f"])
def test_every_text_is_escaped_and_stays_in_its_place(neighbour):
    assert escaped([HOSTILE, neighbour, HOSTILE]) == [HARMLESS, neighbour, HARMLESS]
