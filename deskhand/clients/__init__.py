"""The companies served and their people.

Words: a *client* is a company; a *contact* is a person who may belong to one client, or to none yet; a *domain*
lets mail from its addresses join the client; the *account manager* is the agent who looks after a client.
Not here: signing in (accounts), requests for help (tickets).
"""
