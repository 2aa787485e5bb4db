"""An installation of nothing yet, with a real Pulumi."""

import shutil
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).parents[2]


def make_installation(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make it and go there; its state and passphrase are its own."""
    (folder / "stacks/hosts").mkdir(parents=True)
    (folder / ".state/pulumi").mkdir(parents=True)
    shutil.copy(CHECKOUT / "Pulumi.yaml", folder)
    (folder / ".state/passphrase").write_text("pass, 'phrase'\n")
    (folder / "stacks/installation").write_text("test\n")
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PULUMI_BACKEND_URL", f"file://{folder}/.state/pulumi")
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(folder / ".state/passphrase"))
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    return folder
