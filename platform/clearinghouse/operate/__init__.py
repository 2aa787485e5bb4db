"""What Pulumi does not do: preparing hosts, secrets, filling sites, telling how they are."""
