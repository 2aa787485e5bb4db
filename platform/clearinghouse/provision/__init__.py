"""A plan becomes Pulumi resources."""
