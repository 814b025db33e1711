"""The engine: a program of its own that turns frozen specs into pictures, adapters and numbers.

It runs as a child process for one tenant at a time: no Django, no database, no broker, no network, no root key. It
gets sealed files by descriptor and the data keys of its job; it answers over a message format.
"""
