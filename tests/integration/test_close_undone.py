"""An error of the infrastructure undoes a close, counts against nobody, and the next run does the work."""

import pytest
from django.db import InterfaceError, OperationalError, connection

from programs.models import Decision
from programs.services.days import close_due
from tests.integration.story import RUN, Story

pytestmark = pytest.mark.django_db


class Cut:
    """The connection breaks where the diary is read."""

    def __init__(self, error: type[Exception]) -> None:
        self._error = error

    def __call__(self, execute, sql, params, many, context):
        if "programs_diaryentry" in sql:
            raise self._error("the connection was cut")
        return execute(sql, params, many, context)


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_a_connection_that_breaks_in_a_close_counts_against_no_runner(error):
    story = Story()
    story.log(1, **RUN)
    now = story.enrolment.closes_at
    with connection.execute_wrapper(Cut(error)), pytest.raises(error):
        close_due(now=now, job="cut off")
    enrolment = story.enrolment
    assert (enrolment.failures, enrolment.last_error, enrolment.retry_at) == (0, "", None)
    assert not Decision.objects.exists()
    assert len(close_due(now=now, job="next").decisions) == 1
