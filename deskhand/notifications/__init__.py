"""Telling people: agents of what concerns them, and clients' chosen contacts of an allowance that runs out.

A *notice* is one row for one agent about one thing that happened; it shows under the bell, goes out by mail, or both.
Several that wait for one agent about one ticket go out in one mail. Mail to contacts is written apart from mail to
staff (`client_alerts`), where nothing staff-only can be named. Not here: the mail of the conversation itself, which
is `mail`'s, and hints to open pages, which are `events`'.
"""
