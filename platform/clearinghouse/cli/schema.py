"""`chm schema`: the JSON Schema by which editors help with the YAML."""

import typer


def schema() -> None:
    """Write docs/schema anew from the models."""
    from clearinghouse.declare.schema import write_schemas
    from clearinghouse.installation import root

    here = root()
    for file in write_schemas(here):
        typer.echo(str(file.relative_to(here)))
