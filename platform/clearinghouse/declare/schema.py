"""The JSON Schema of declarations, for editors: made from the models, kept in docs/schema."""

import json
from pathlib import Path

from pydantic import BaseModel

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner

MODELS: dict[str, type[BaseModel]] = {"partner": Partner, "host": Host}


def schema_text(name: str) -> str:
    """The schema of "partner" or "host" as the text of its file."""
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **MODELS[name].model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(root: Path) -> list[Path]:
    """Write all schemas below an installation's docs/schema, and say which files these are."""
    folder = root / "docs" / "schema"
    folder.mkdir(parents=True, exist_ok=True)
    files = {folder / f"{name}.schema.json": schema_text(name) for name in MODELS}
    for file, text in files.items():
        file.write_text(text, encoding="utf-8")
    return list(files)
