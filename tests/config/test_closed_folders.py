"""An installation under a folder that only root may enter, as `mktemp -d` makes one."""

import os
import subprocess
import sys

import pytest

from config.embedded import postgres

ASKED = "import os, sys; sys.exit(not os.access(sys.argv[1], os.R_OK | os.X_OK))"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs PostgreSQL as somebody else")
@pytest.mark.parametrize(("mode", "is_usable"), [(0o755, True), (0o644, False)])
def test_the_servers_user_finds_its_programs_behind_a_closed_folder(tmp_path, mode, is_usable):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    program = closed / "program"
    program.write_text("")
    program.chmod(mode)
    command = [*postgres._as_server_user(), sys.executable, "-c", ASKED, str(program)]
    assert (subprocess.run(command, check=False, env=postgres._environment()).returncode == 0) is is_usable
