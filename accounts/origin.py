"""Where a request came from: the network address, behind however many proxies we trust."""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest


def origin_of(request: HttpRequest) -> str:
    """The address of the caller; allauth's limits count by the same one."""
    return get_adapter(request).get_client_ip(request) or ""
