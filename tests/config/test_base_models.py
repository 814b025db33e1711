"""A base model from its folder to an engine: what is registered, what is refused, what an operator types."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from governance.audit import services as audit
from kernel.errors import Conflict, InvalidInput
from kernel.scope import tenant_scope
from tenants.registry import services as registry
from tenants.registry.services import bases
from tests.factories.studio import found
from tests.workers.engine.conftest import Parent

ROOT = Path(__file__).resolve().parents[2]
WRITE = "import sys, pathlib; from workers.engine import toy; toy.write('sd1', pathlib.Path(sys.argv[1]))"


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("toy")
    subprocess.run([sys.executable, "-c", WRITE, folder], check=True, capture_output=True, cwd=ROOT)
    return folder


@pytest.fixture
def folder(toy, tmp_path, settings_of):
    copied = Path(shutil.copytree(toy, tmp_path / "base"))
    (copied / "README.md").write_text("About this model.")
    settings_of(MODEL_FOLDERS=[str(tmp_path)])
    return copied


@pytest.fixture
def settings_of(monkeypatch):
    from django.conf import settings

    def changed(**values):
        for name, value in values.items():
            monkeypatch.setattr(settings, name, value)

    return changed


@pytest.fixture(scope="module")
def own(keeper):
    return found("Bases")


@pytest.fixture
def register(own, folder):
    def registered(licence="Apache-2.0"):
        return registry.register_base(own.actor("tom", project=False), folder=folder, name="Toy", licence=licence)

    return registered


@pytest.fixture(scope="module")
def parent():
    made = Parent()
    yield made
    made.line.close()
    made.running.wait(timeout=10)


@pytest.fixture
def load(parent, own):
    """Load a registered base as the device worker does; return the engine's answer."""
    from workers.tasks.requests import seat_of

    def loaded(row):
        actor = own.actor("lena")
        with actor.reading():
            (base,) = registry.named(actor, [row.pk])
        engine = parent.spawn()
        engine.ask("load_base", seat_of(base).base.head())
        message, _ = engine.hear("loaded")
        engine.line.close()
        return message

    return loaded


def test_an_untouched_folder_loads_and_its_documentation_may_change(register, load, folder):
    row = register()
    (folder / "README.md").write_text("Written anew.")
    (folder / ".cache").mkdir()
    (folder / ".cache" / "downloaded.json").write_text("{}")
    loaded = load(row)
    assert loaded.kind == "loaded"
    assert all(name.endswith(".safetensors") for name in loaded.head["digests"])
    assert {"model_index.json", "scheduler/scheduler_config.json", "tokenizer/tokenizer_config.json"} < set(row.files)
    assert "README.md" not in row.files
    assert register().pk == row.pk


def test_a_base_that_lies_elsewhere_now_is_the_same_model_and_its_move_is_recorded(own, register, folder, tmp_path):
    row = register()
    moved = shutil.copytree(folder, tmp_path / "moved")
    again = registry.register_base(own.actor("tom", project=False), folder=moved, name="Toy", licence="Apache-2.0")
    assert (again.pk, again.folder) == (row.pk, str(moved))
    with tenant_scope(own.tenant, read_only=True):
        found = [one for one in audit.entries(audit.Filter(limit=50)) if one.kind == "model.moved"]
    assert found[0].facts == {"model": str(row.pk), "digest": row.digest}


@pytest.mark.parametrize("name", ["scheduler/scheduler_config.json", "tokenizer/tokenizer_config.json", "unet/config.json",
                                  "model_index.json"])  # fmt: skip
def test_any_file_that_changes_is_refused(register, load, folder, name):
    row = register()
    (folder / name).write_text((folder / name).read_text() + "\n")
    assert load(row).head["code"] == "base.digest_differs"


def test_a_file_that_is_gone_or_was_added_is_refused(register, load, folder):
    row = register()
    moved = (folder / "scheduler" / "scheduler_config.json").rename(folder.parent / "kept.json")
    assert load(row).head["code"] == "base.digest_differs"
    moved.rename(folder / "scheduler" / "scheduler_config.json")
    assert load(row).kind == "loaded"
    (folder / "tokenizer" / "added_tokens.json").write_text("{}")
    assert load(row).head["code"] == "base.digest_differs"


@pytest.mark.parametrize("pipeline", ["StableDiffusion3Pipeline", "FluxPipeline", "Magic"])
def test_a_family_that_the_engine_lacks_is_refused_and_the_others_are_named(register, folder, pipeline):
    (folder / "model_index.json").write_text(json.dumps({"_class_name": pipeline}))
    with pytest.raises(InvalidInput) as refused:
        register()
    assert refused.value.code == "model.family_unknown"
    assert refused.value.facts == {"works": "sd1 (StableDiffusionPipeline), sdxl (StableDiffusionXLPipeline)"}


def test_every_family_that_is_taken_can_be_loaded():
    from workers.engine.families import FAMILIES

    assert set(bases.FAMILIES.values()) <= set(FAMILIES)


@pytest.mark.parametrize("said", ["no json", "[]", "{}"])
def test_what_names_no_pipeline_is_refused(register, folder, said):
    (folder / "model_index.json").write_text(said)
    with pytest.raises(InvalidInput, match="not_a_pipeline"):
        register()


@pytest.mark.parametrize("name", ["unet/diffusion_pytorch_model.bin", "unet/model.py"])
def test_pickles_and_code_are_refused_at_once(register, folder, name):
    (folder / name).write_bytes(b"\x80\x04.")
    with pytest.raises(InvalidInput, match="file_refused"):
        register()


def test_a_folder_without_weights_is_refused(register, folder):
    for path in folder.rglob("*.safetensors"):
        path.unlink()
    with pytest.raises(InvalidInput, match="no_weights"):
        register()


def test_a_licence_that_the_table_does_not_know_is_no(register):
    with pytest.raises(Conflict, match="not_usable"):
        register("LicenseRef-Somebody-Said-So")


def test_own_folders_do_not_shut_out_the_starter():
    asked = "from django.conf import settings; print(settings.MODEL_FOLDERS, settings.STARTER_MODEL)"
    done = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, "GUILDHALL_MODEL_FOLDERS": "/models"}, cwd=ROOT,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    folders, starter = done.stdout.strip().rsplit("] ", 1)
    assert folders == f"['/models', '{starter}'"


def typed(studio, folder, **options):
    given = {"studio": studio, "folder": str(folder), "name": "Toy", "licence": "Apache-2.0", **options}
    call_command("register_base", *(f"--{name}={value}" for name, value in given.items()))


def test_an_operator_registers_a_base_in_a_studio(keeper, folder, api, capsys):
    made = found("Based")
    typed(made.slug, folder)
    typed(made.slug, folder)
    listed = api(made, "lena").get(f"/api/v1/projects/{made.project}/models").json()["results"]
    assert [(one["name"], one["kind"], one["state"]) for one in listed] == [("Toy", "base", "approved")]
    assert capsys.readouterr().out.count(f"model: {listed[0]['id']}") == 2
    with tenant_scope(made.tenant, read_only=True):
        entries = [one for one in audit.entries(audit.Filter(limit=50)) if one.kind == "model.registered"]
    assert [one.actor for one in entries] == ["operator"]


@pytest.mark.parametrize(("options", "said"), [
    ({"studio": "nowhere-at-all"}, "no studio"), ({"folder": "/etc"}, "folder_not_allowed"), ({"licence": "Mine"}, "not_usable"),
])  # fmt: skip
def test_what_an_operator_may_not_register(own, folder, options, said):
    with pytest.raises(CommandError, match=said):
        typed(**{"studio": own.slug, "folder": folder, **options})
