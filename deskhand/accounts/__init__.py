"""People who can be known to the desk, and how they sign in.

Words: a *user* is a person (agents and contacts alike, also one who never signed in); an *agent* is a user who works
here; a *role* is a named set of permissions; a *team* is a group of agents; a *sign-in link* is a one-time link.
Not here: which client a contact belongs to (clients), what anyone may do with a ticket (tickets).
"""
