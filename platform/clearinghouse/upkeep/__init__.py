"""The upkeep of repositories: copies to the second place, checks, forgetting under guards.

It runs in a container of the host's stack with Python's standard library alone, and knows nothing of the
rest of the platform.
"""
