"""What waits, and who takes it.

A *ticket* is one piece of work that waits, as opaque ids. A *lease* is a worker's way into one tenant for a short
while, renewed as long as the worker lives. A *bell* is a message that says "there is work of this kind" and nothing
else. *Telling* passes progress (ids and numbers) to whoever listens.
"""
