"""What the HTML interfaces share: who is asking, declared access, sign-in, files, drafts, live hints.

No tables, no rules. The portal and the workspace stand on it and never import each other.
"""
