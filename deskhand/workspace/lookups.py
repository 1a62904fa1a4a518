"""Finding what the workspace's addresses name, among what an agent may see."""

from django.http import Http404

from deskhand.accounts.models import Agent
from deskhand.clients.models import Client
from deskhand.clients.queries.companies import seen_client


def client_or_404(agent: Agent, public_id: str) -> Client:
    """Return a client the agent may see. Raises Http404."""
    client = seen_client(agent, public_id)
    if client is None:
        raise Http404
    return client
