"""A helpdesk server as the bridge meets it, in a process of its own: `python -m tests.bridge.lan_server PORT`.

It demands a bearer token, and its tools do what a bridge must carry: long and foreign text, questions, progress, waiting.
Any status can be had at /status/CODE, and at /other a server that is none.
"""

import asyncio
import sys
from typing import Annotated

import uvicorn
from mcp.server import MCPServer
from mcp.server.mcpserver import Context, Elicit, Resolve
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

TOKEN = "token-of-sian"
mcp = MCPServer("lan", instructions="Grüße aus dem LAN")
seen = {"started": 0, "cancelled": 0}


class Yes(BaseModel):
    sure: bool


async def sure(what: str) -> Elicit[Yes]:
    return Elicit(f"Close {what}?", Yes)


@mcp.tool(structured_output=False)
async def echo(text: str) -> str:
    return text


@mcp.tool(structured_output=False)
async def close(what: str, answer: Annotated[Yes, Resolve(sure)]) -> str:
    return f"{what} closed: {answer.sure}"


@mcp.tool(structured_output=False)
async def steps(ctx: Context) -> str:
    for step in (1, 2, 3):
        await ctx.report_progress(step, 3, f"Schritt {step} – läuft")
    return "done"


@mcp.tool(structured_output=False)
async def wait() -> str:
    seen["started"] += 1
    try:
        await asyncio.Event().wait()
    except asyncio.CancelledError:
        seen["cancelled"] += 1
        raise
    return "never"


@mcp.tool(structured_output=False)
async def counts() -> str:
    return f"{seen['started']}/{seen['cancelled']}"


@mcp.tool(structured_output=False)
async def announce(ctx: Context) -> str:
    await ctx.notify_tools_changed()
    await ctx.session.send_tool_list_changed()
    return "announced"


@mcp.prompt()
def briefing(who: str) -> str:
    return f"Brief {who}"


@mcp.resource("note://{name}")
def note(name: str) -> str:
    return f"Note on {name}"


async def status(request: Request) -> Response:
    code = request.path_params["code"]
    if code == 409:
        error = {"code": -32600, "message": "Add the name to HELPDESK_HTTP_HOSTS."}
        return JSONResponse({"jsonrpc": "2.0", "id": None, "error": error}, code)
    if code == 307:
        return Response(status_code=code, headers={"location": "http://elsewhere.example/mcp"})
    if code == 403:
        return JSONResponse({"error": "insufficient_scope", "error_description": "write is needed"}, code)
    return PlainTextResponse("the database is away", code)


async def other(_: Request) -> Response:
    return PlainTextResponse("<html>Log in</html>", media_type="text/html")


def guarded(app):
    async def guard(scope, receive, send):
        if scope["type"] == "http":
            given = dict(scope["headers"]).get(b"authorization", b"").decode()
            if given != f"Bearer {TOKEN}" and not scope["path"].startswith(("/status", "/other")):
                await JSONResponse({"error": "invalid_token"}, 401)(scope, receive, send)
                return
        await app(scope, receive, send)

    return guard


def make_app() -> Starlette:
    app = mcp.streamable_http_app()
    app.router.routes[:0] = [
        Route("/status/{code:int}", status, methods=["GET", "POST"]),
        Route("/other", other, methods=["POST"]),
    ]
    return guarded(app)


if __name__ == "__main__":
    uvicorn.run(make_app(), port=int(sys.argv[1]), log_level="error", timeout_graceful_shutdown=1)
