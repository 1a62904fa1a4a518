"""The embedded PostgreSQL: found, prepared, started and stopped without anything to install.

Words: an `Account` is the system user the server runs as; a `Place` is the private folder it lives
in (data, socket, log) with the programs it runs; a `Lease` keeps it running while it is needed.
Nothing here loosens the permissions of a folder that Deskhand did not make.
"""

from deskhand.project.embedded.errors import EmbeddedServerError
from deskhand.project.embedded.lease import Lease

__all__ = ["EmbeddedServerError", "Lease"]
