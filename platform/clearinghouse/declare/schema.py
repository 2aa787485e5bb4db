"""The JSON Schema of declarations, for editors: made from the models, kept in docs/schema."""

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from clearinghouse.declare.host import Host
from clearinghouse.declare.partner import Partner
from clearinghouse.site.model.country import CountryFacts, SiteFacts
from clearinghouse.site.model.kinds import KINDS

SITE_MODELS: dict[str, type[BaseModel]] = {
    "site/site": SiteFacts,
    "site/country": CountryFacts,
    **{f"site/{kind.folder}": kind.model for kind in KINDS.values()},
}
"""What a partner writes for its site, by the name of the file or of the folder."""
MODELS: dict[str, type[BaseModel]] = {"partner": Partner, "host": Host, **SITE_MODELS}
"""All that is written in YAML, by the name of its schema and of its example in docs/."""


def schema_text(name: str) -> str:
    """The schema of one of MODELS as the text of its file."""
    made = MODELS[name].model_json_schema()
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **(_as_written(made) if name in SITE_MODELS else made),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def write_schemas(root: Path) -> list[Path]:
    """Write all schemas below an installation's docs/schema, and say which files these are."""
    folder = root / "docs" / "schema"
    files = {folder / f"{name}.schema.json": schema_text(name) for name in MODELS}
    for file, text in files.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return list(files)


def _as_written(schema: Any) -> Any:
    """The same schema, where text by language may also be one text, in the main language."""
    if isinstance(schema, list):
        return [_as_written(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "patternProperties" not in schema:
        return {key: _as_written(value) for key, value in schema.items()}
    said = {key: schema[key] for key in ("title", "description", "default") if key in schema}
    by_language = {key: value for key, value in schema.items() if key not in said}
    (one,) = schema["patternProperties"].values()
    return {"anyOf": [one, {**by_language, "additionalProperties": False}], **said}
