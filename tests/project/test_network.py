"""No test reaches the network: pyproject.toml allows loopback and local sockets only, and that block is itself tested."""

import socket

import pytest
from pytest_socket import SocketConnectBlockedError

ELSEWHERE = "192.0.2.1"  # reserved for documentation: nobody answers there


@pytest.mark.filterwarnings("ignore:A test tried to use socket")
def test_another_host_is_refused():
    with socket.socket() as probe, pytest.raises(SocketConnectBlockedError):
        probe.connect((ELSEWHERE, 80))


def test_this_machine_is_allowed():
    with socket.socket() as server, socket.socket() as client:
        server.bind(("127.0.0.1", 0))
        server.listen()
        client.connect(server.getsockname())


def test_a_local_socket_is_allowed(tmp_path):
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))
