"""The peers: the same containers by docker-compose, and hand-written web servers."""
