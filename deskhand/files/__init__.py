"""Files: bytes people gave us, kept exactly as given, found by an unguessable id.

A file is *claimed* when something (a message, a ticket) attaches it; until then only its uploader reads it.
Not here: who may read a file. That follows from what it is attached to (tickets).
"""
