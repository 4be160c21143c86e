"""Runs PostgreSQL's programs: under the right account, with a clean environment, and with their errors as sentences."""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from helpdesk_mcp.embedded.account import Account
from helpdesk_mcp.embedded.errors import ProgramError

# No console window may pop up under a desktop client.
HIDDEN = subprocess.CREATE_NO_WINDOW if sys.platform == "win32" else 0
PATIENCE_S = 300.0


@dataclass(frozen=True)
class Programs:
    """The programs in one bin folder, and the account that the server's side of them runs under."""

    bin: Path
    account: Account | None

    def major(self) -> int:
        """Return the major version of these programs, e.g. 18."""
        said = self.run("postgres", "--version", as_server=True)
        found = re.search(r"\(PostgreSQL\) (\d+)", said)
        if found is None:
            raise ProgramError(
                f"{self.bin / 'postgres'} is no PostgreSQL this can use: it calls itself {said!r}."
            )
        return int(found[1])

    def run(
        self,
        program: str,
        *arguments: str,
        as_server: bool = False,
        cwd: Path | None = None,
        stdin: str | None = None,
        password: str | None = None,
    ) -> str:
        """Run `program` and return all it said; ProgramError with the same if it fails or takes over 5 minutes.

        `as_server` runs it under the server's account. The output goes through a file, never a pipe: on Windows a
        server started by pg_ctl inherits the pipe, and reading it would last as long as the server.
        """
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {
            "LC_ALL": "C"
        }
        if password is not None:
            environment["PGPASSWORD"] = password
        account = self.account if as_server else None
        with tempfile.TemporaryFile("w+b") as output:
            try:
                done = subprocess.run(  # noqa: S603 - a program of our own folder, no shell
                    [str(self.bin / program), *arguments],
                    input=(stdin or "").encode(),
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    check=False,
                    cwd=cwd or self.bin.anchor,
                    env=environment,
                    creationflags=HIDDEN,
                    timeout=PATIENCE_S,
                    user=account.uid if account else None,
                    group=account.gid if account else None,
                    extra_groups=[] if account else None,
                )
            except (OSError, subprocess.TimeoutExpired) as error:
                raise ProgramError(f"PostgreSQL's {program} could not be run: {error}.") from error
            output.seek(0)
            said = output.read().decode(errors="replace").strip()
        if done.returncode != 0:
            raise ProgramError(f"PostgreSQL's {program} failed (status {done.returncode}): {said}")
        return said
