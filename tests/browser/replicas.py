"""Several replicas of the app behind Debian's nginx with the configuration as shipped, each with a data folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

from models.settings import ROOT
from tests.browser.server import INHERITED, START_SECONDS, _free_port

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
NO_NGINX = "nginx is not installed: run `make tools` where packages may be installed"
SHIPPED = ROOT / "deploy" / "nginx"
# What nginx-light's own nginx.conf and sites do; the two files of ours it includes are taken as they are.
MAIN = """
{user} daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx-error.log warn;
events {{ worker_connections 512; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  log_format replica '$upstream_addr $status $uri'; access_log {folder}/access.log replica;
  include {shipped}/burden-http.conf;
  include {folder}/replicas.conf;
  server {{ listen 127.0.0.1:{port}; include {shipped}/burden-server.conf; }}
}}
"""


class Replicas:
    """Two of them; one can be killed. `base_url` is nginx's."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.port = _free_port()
        self.base_url = f"http://127.0.0.1:{self.port}"
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        self._environment = kept | environment | {"PYTHONUNBUFFERED": "1"}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """The replicas together, as after a reboot; then nginx. RuntimeError with the logs' ends if one never answers."""
        for name in ("1", "2"):
            private = self._environment | {"DATA_DIR": str(self.folder / f"data-{name}")}
            self._run(name, _unit_command(self.folder / f"{name}.sock"), private)
        self._wait(lambda: all(_answers(self.folder / f"{name}.sock") for name in ("1", "2")))
        upstream = (SHIPPED / "burden-replicas.conf").read_text("utf-8")
        for ours, here in (("/run/burden", self.folder), ("/var/cache/nginx/burden", self.folder / "cache")):
            assert ours in upstream
            upstream = upstream.replace(ours, str(here))
        (self.folder / "replicas.conf").write_text(upstream)
        user = "user root;" if os.geteuid() == 0 else ""
        text = MAIN.format(folder=self.folder, shipped=SHIPPED, port=self.port, user=user)
        (self.folder / "nginx.conf").write_text(text)
        self._run("nginx", [str(NGINX), "-p", str(self.folder), "-c", str(self.folder / "nginx.conf")], self._environment)
        self._wait(self._is_served)

    def stop(self) -> None:
        """All of them."""
        for name in list(self._processes):
            self.kill(name)

    def kill(self, name: str) -> None:
        """kill -9, with whatever it started."""
        process = self._processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)

    def of(self, cookie: str) -> str:
        """The name of the replica to which nginx sends a browser with this routing cookie."""
        wanted = urllib.request.Request(f"{self.base_url}/_stcore/host-config", headers={"Cookie": f"burden_route={cookie}"})
        with urllib.request.urlopen(wanted, timeout=5) as answer:
            assert "Set-Cookie" not in answer.headers
        time.sleep(0.05)  # the line is written after the answer
        return self.served("/_stcore/host-config")[-1]

    def served(self, path: str) -> list[str]:
        """Which replica answered each request for a path, in order."""
        lines = (line.split() for line in (self.folder / "access.log").read_text().splitlines())
        return [Path(words[-3]).stem for words in lines if words[-1] == path]

    def _run(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        with (self.folder / f"{name}.log").open("ab") as log:
            self._processes[name] = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def _wait(self, ready) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not ready():
            if time.monotonic() > deadline or any(process.poll() is not None for process in self._processes.values()):
                logs = "\n".join(f"{path.name}:\n{path.read_text()[-2000:]}" for path in self.folder.glob("*.log"))
                self.stop()
                raise RuntimeError(f"the replicas did not start\n{logs}")
            time.sleep(0.1)

    def _is_served(self) -> bool:
        with suppress(OSError), urllib.request.urlopen(f"{self.base_url}/health", timeout=2) as answer:
            return bool(answer.status == 200)
        return False


def _unit_command(socket_path: Path) -> list[str]:
    """What the shipped unit starts, with this interpreter and this socket."""
    unit = (ROOT / "deploy" / "systemd" / "burden@.service").read_text("utf-8")
    words = next(line for line in unit.splitlines() if line.startswith("ExecStart=")).split()[1:]
    return [sys.executable, "-m", "uvicorn", *(str(socket_path) if word.endswith("%i.sock") else word for word in words)]


def _answers(path: Path) -> bool:
    with suppress(OSError), socket.socket(socket.AF_UNIX) as asked:
        asked.settimeout(2)
        asked.connect(str(path))
        asked.sendall(b"GET /health HTTP/1.0\r\nHost: x\r\n\r\n")
        return b" 200 " in asked.recv(64)
    return False
