"""The e-mail channel: reading mail that comes in, finding its ticket, sending what goes out.

A *raw mail* is the bytes as they came; a *parsed mail* is what reading them gave. The pure readers
(`parsing`, `replies`, `forwards`, `bounces`, `auto_replies`) know no database. Not here: tickets and
their messages, which mail only calls.
"""
