"""The app, with a window into what it keeps of its visitors; as on an ordinary machine, where a process may open 1024 files."""

import gc
import os
import resource
from pathlib import Path

import psutil
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from streamlit import config, runtime
from streamlit.runtime.app_session import AppSession

from app import app
from ui import leavers

KEPT = "WATCHED_KEPT"  # seconds for which a browser that has gone may come back; the app's own otherwise


def seen(request: Request) -> JSONResponse:
    """Screens of browsers that are there and that have gone, memory, open files; `?count` looks for every screen in memory."""
    managers = runtime.get_instance()._session_mgr
    told = {
        "here": len(managers.list_active_sessions()),
        "gone": len(managers._session_storage.list()),
        "memory": psutil.Process().memory_info().rss,
        "files": len(list(Path("/proc/self/fd").iterdir())),
    }
    if "count" in request.query_params:
        gc.collect()
        told["screens"] = sum(isinstance(one, AppSession) for one in gc.get_objects())
    return JSONResponse(told)


resource.setrlimit(resource.RLIMIT_NOFILE, (1024, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
app._user_routes.append(Route("/watched", seen))
if KEPT in os.environ:
    leavers.EVERY_SECONDS = 1
    config.set_option("server.disconnectedSessionTTL", int(os.environ[KEPT]))
