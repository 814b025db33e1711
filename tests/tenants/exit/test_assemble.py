"""A real bundle, packed and unpacked, against what its own README says of it."""

import hashlib
import io
import json
import re
import shlex
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from governance.audit.verify import Folder, Zip, verify
from kernel import canonical
from tenants.exit import services as leaving

BIN = Path(sys.executable).parent


@pytest.fixture
def taken(trained, assembled):
    return leaving.hand_over(trained.studio.actor("lena"), exit_id=assembled.pk)


@pytest.fixture
def folder(taken, tmp_path):
    """The bundle as whoever took it has it on disk."""
    with zipfile.ZipFile(io.BytesIO(taken.content)) as packed:
        packed.extractall(tmp_path / "bundle")
    return tmp_path / "bundle"


def verify_as_readme_says(folder):
    line = re.search(r"^ +(model_signing verify .*)$", (folder / "README.md").read_text(), re.MULTILINE)[1]
    program, *rest = shlex.split(line)
    return subprocess.run([str(BIN / program), *rest], cwd=folder, capture_output=True, text=True, check=False)


def recorded(folder):
    """Return kind → entries, of the slice in the bundle."""
    found = [json.loads(path.read_text()) for path in sorted((folder / "ledger" / "entries").iterdir())]
    return {kind: [one for one in found if one["kind"] == kind] for kind in {one["kind"] for one in found}}


def test_the_readmes_command_verifies_the_signature(folder):
    done = verify_as_readme_says(folder)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("path", ["dataset.json", "authority.pem", "diffusers/pytorch_lora_weights.safetensors", "added"])
def test_the_readmes_command_notices_a_touched_or_added_file(folder, path):
    with (folder / path).open("ab") as file:
        file.write(b"\n")
    assert verify_as_readme_says(folder).returncode != 0


def test_the_dataset_manifest_leads_to_the_entry_that_froze_it(trained, folder):
    manifest = json.loads((folder / "dataset.json").read_text())
    assert manifest["dataset"] == str(trained.dataset) and manifest["pictures"] == 3
    assert manifest["rights"] == {"own_work": 2, "open_licence": 1}
    assert hashlib.sha256(canonical.encode(manifest["items"])).hexdigest() == manifest["commitment"]
    (frozen,) = recorded(folder)["dataset.frozen"]
    assert frozen["id"] == manifest["frozen_by_entry"]
    assert frozen["facts"]["commitment"] == manifest["commitment"] and frozen["facts"]["items"] == 3


def test_the_slice_tells_the_models_whole_life_and_verifies(trained, folder, taken, tmp_path):
    kinds = {kind: len(found) for kind, found in recorded(folder).items()}
    life = ("dataset.frozen", "training.started", "training.finished", "model.evaluated", "model.decided", "exit.requested")
    assert kinds == dict.fromkeys(life, 1)
    assert recorded(folder)["model.decided"][0]["facts"] == {
        "model": str(trained.model), "digest": hashlib.sha256(trained.adapter).hexdigest(), "state": "approved",
    }  # fmt: skip
    assert verify(Folder(folder / "ledger")).entries == 6
    (tmp_path / "bundle.zip").write_bytes(taken.content)
    assert verify(Zip(tmp_path / "bundle.zip", "ledger/")).entries == 6


def test_licences_come_with_their_texts_and_authors_are_named(folder):
    page = (folder / "LICENCES.md").read_text()
    assert "Apache-2.0 (Apache License 2.0): text in `licences/Apache-2.0.txt`" in page
    assert "Version 2.0, January 2004" in (folder / "licences" / "Apache-2.0.txt").read_text()
    assert (folder / "licences" / "base" / "NOTICE").read_text() == "Toy, by the toy makers"
    assert "fox by Somebody 1.png" in page and "fox by Somebody 0.png" not in page


def test_the_bundles_commitment_opens(trained, assembled, taken):
    from governance.audit import services as audit

    lena = trained.studio.actor("lena")
    with lena.reading():
        (handed,) = audit.entries(audit.Filter("exit.handed_over", limit=1))
        (entry,) = audit.entries(audit.Filter(entry=taken.assembled, limit=1))
    assert handed.facts["assembled"] == str(entry.id) and handed.facts["exit"] == str(assembled.pk)
    digest = hashlib.sha256(taken.content).hexdigest().encode()
    opened = canonical.commitment("bundle", tenant=lena.tenant, value=digest, opening=bytes.fromhex(taken.opening))
    assert opened == entry.commits["bundle"]


def test_the_adapter_is_the_one_that_was_trained(trained, folder):
    assert (folder / "diffusers" / "pytorch_lora_weights.safetensors").read_bytes() == trained.adapter
    assert "zyx" in (folder / "README.md").read_text()
    assert sorted(path.name for path in (folder / "kohya").iterdir()) == ["fox-style.safetensors"]
