"""The server's configuration: durable always, sized for a machine of two cores."""

from eventstore.embedded.folders import Folders

SOCKET_ONLY_PORT = 5432
"""Without TCP the port is only part of the socket's file name."""


def postgresql_conf(folders: Folders, *, port: int | None) -> str:
    """Return the text of postgresql.conf; without a port the server has no TCP socket at all."""
    return f"""\
# Written anew at each start; changes belong into postgresql.auto.conf (ALTER SYSTEM).
data_directory = '{folders.cluster}'
hba_file = '{folders.access}'

listen_addresses = '{"127.0.0.1" if port else ""}'
port = {port or SOCKET_ONLY_PORT}
unix_socket_directories = '{folders.socket}'
unix_socket_permissions = 0700
password_encryption = 'scram-sha-256'
max_connections = 200

# An acknowledged order survives a power cut.
fsync = on
full_page_writes = on
synchronous_commit = on
wal_level = replica
max_wal_size = 2GB
min_wal_size = 256MB
checkpoint_timeout = 10min

shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
# Our statements are short: compiling them costs more than it saves.
jit = off

timezone = 'UTC'
log_timezone = 'UTC'
lc_messages = 'C'
log_line_prefix = '%m [%p] '
log_checkpoints = off
# Details of an error quote values, and personal data does not belong into a log file.
log_error_verbosity = terse
"""


def pg_hba_conf(*, tcp: bool) -> str:
    """Return the text of pg_hba.conf.

    The socket needs no password: its folder can be entered only by the account that runs the server
    and by root, and these two can read the data files anyway. TCP on loopback is open to every
    account of the machine, so it needs the password.
    """
    lines = ["local all all trust"]
    if tcp:
        lines.append("host all all 127.0.0.1/32 scram-sha-256")
    return "".join(f"{line}\n" for line in lines)
