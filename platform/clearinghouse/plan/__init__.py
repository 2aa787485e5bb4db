"""What is to run: a partner and its host become a plan. Pure: no Pulumi, no Docker, no network."""
