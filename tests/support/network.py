"""Tests speak to this machine only."""

import ipaddress
import socket

import pytest


def is_here(address) -> bool:
    """Return whether an address is a Unix socket or a loopback address."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def guard(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make every connection to another machine an error, wherever it comes from."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def refuse(address) -> None:
        if not is_here(address):
            raise AssertionError(f"a test tried to reach {address}; only loopback is allowed")

    def guarded_connect(self, address):
        refuse(address)
        return connect(self, address)

    def guarded_connect_ex(self, address):
        refuse(address)
        return connect_ex(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
