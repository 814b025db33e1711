"""What is signed keeps its pixels and breaks when touched; models check with the library's own tool."""

import io
import subprocess
import sys
import uuid

import numpy as np
import pytest
from PIL import Image

from governance.audit import services as audit
from governance.audit.events import Event
from kernel.errors import KeeperRefused, VerificationFailed
from kernel.keys import Keeper, keeper


def picture():
    out = io.BytesIO()
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (64, 64, 3), dtype=np.uint8)).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def as_process(services):
    """Speak to the keeper as another process."""
    from django.conf import settings

    def line(process):
        return Keeper(settings.KEEPER_SOCKET, bytes.fromhex(services.tokens.drawn[process]))

    return line


def recorded(studio, kind):
    actor, entry = studio.actor("alice"), uuid.uuid4()
    with actor.writing():
        audit.append(id=entry, tenant=actor.tenant, project=actor.project, actor="x", kind=kind, facts={})
    return entry


@pytest.fixture
def intent(studio, hold):
    made = recorded(studio, Event.GENERATION_SUBMITTED)
    hold((studio.tenant, studio.project), made)
    return made


def claim(studio, entry):
    from governance.provenance.manifest import Claim

    return Claim(keeper().public(tenant=studio.tenant).origin, entry, "ab" * 32, ["cd" * 32], "ef" * 32, "01" * 32, 7)


def signed(monkey_line, studio, entry):
    from django.conf import settings

    from governance.provenance import services as provenance
    from kernel import keys

    keys._known[str(settings.KEEPER_SOCKET), settings.KEEPER_TOKEN], before = monkey_line, keeper()
    try:
        return provenance.sign_picture(picture(), tenant=studio.tenant, intent=entry, claim=claim(studio, entry))
    finally:
        keys._known[str(settings.KEEPER_SOCKET), settings.KEEPER_TOKEN] = before


def test_a_picture_says_where_its_record_lies(studio, intent, as_process):
    from governance.provenance import services as provenance

    png = signed(as_process("device"), studio, intent)
    assert provenance.record_in(png)["entry"] == str(intent)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(png))), np.asarray(Image.open(io.BytesIO(picture()))))


def test_a_touched_picture_is_refused(studio, intent, as_process):
    from governance.provenance import services as provenance

    png = bytearray(signed(as_process("device"), studio, intent))
    at = png.rfind(b"IDAT") + 40
    png[at] ^= 1
    with pytest.raises(VerificationFailed):
        provenance.record_in(bytes(png))
    with pytest.raises(VerificationFailed):
        provenance.record_in(picture())


def test_only_the_device_signs_pictures_and_only_for_an_entry(studio, intent, as_process):
    from kernel.keys import SignPurpose

    for process in ("web", "worker", "integrator"):
        with pytest.raises(KeeperRefused):
            as_process(process).sign(tenant=studio.tenant, purpose=SignPurpose.CLAIM, message=b"x", entry=intent)
    with pytest.raises(KeeperRefused):
        as_process("device").sign(tenant=studio.tenant, purpose=SignPurpose.CLAIM, message=b"x", entry=uuid.uuid4())
    assert as_process("device").sign(tenant=studio.tenant, purpose=SignPurpose.CLAIM, message=b"x", entry=intent)


def test_a_model_verifies_with_the_librarys_own_tool(studio, as_process, hold, tmp_path):
    from governance.provenance.models_signing import signature_of
    from kernel.keys import SignPurpose

    files = {"adapter.safetensors": b"weights", "card/README.md": b"card"}
    public = keeper().public(tenant=studio.tenant)
    intent = recorded(studio, Event.EXIT_REQUESTED)
    hold((studio.tenant, studio.project), intent, "exit")

    def sign(message):
        worker = as_process("worker")
        return worker.sign(tenant=studio.tenant, purpose=SignPurpose.BUNDLE, message=message, entry=intent)

    signature = signature_of(files, name="fox", chain_pem=public.bundle_chain_pem, sign=sign)
    folder = tmp_path / "fox"
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content)
    (folder / "model.sig").write_bytes(signature)
    (tmp_path / "ca.pem").write_bytes(public.installation_ca_pem)

    def verify():
        return subprocess.run(
            [sys.executable, "-m", "model_signing", "verify", "certificate", str(folder),
             "--signature", str(folder / "model.sig"), "--certificate_chain", str(tmp_path / "ca.pem")],
            capture_output=True, text=True, check=False,
        )  # fmt: skip

    assert verify().returncode == 0, verify().stderr
    (folder / "adapter.safetensors").write_bytes(b"other")
    assert verify().returncode != 0
