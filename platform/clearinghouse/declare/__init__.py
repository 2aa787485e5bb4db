"""What is declared: YAML files become frozen values, or problems with file, line and column."""
