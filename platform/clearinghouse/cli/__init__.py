"""The command line: one module a noun, with options and help only."""
