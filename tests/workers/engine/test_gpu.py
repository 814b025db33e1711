"""The same guarantees on a CUDA device; skipped where there is none."""

import pytest
import torch

from tests.workers.engine.test_generate import made
from tests.workers.engine.test_train import train

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")]


def loaded(parent, toys, family="sd1", dtype="float32"):
    engine = parent.spawn()
    engine.ask("load_base", {"path": str(toys[family]), "family": family, "dtype": dtype})
    assert engine.hear("loaded")[0].kind == "loaded"
    return engine


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
@pytest.mark.parametrize("family", ["sd1", "sd2", "sdxl"])
def test_the_same_request_gives_the_same_bits_in_another_process(parent, toys, family, dtype):
    first, _ = made(loaded(parent, toys, family, dtype))
    again, _ = made(loaded(parent, toys, family, dtype))
    assert first.body == again.body and len(first.body) == 32 * 32 * 3


def test_the_record_names_the_device(parent, toys):
    facts = made(loaded(parent, toys))[0].head["machine"]
    assert facts["device"] == torch.cuda.get_device_name(0) and facts["multiprocessors"] > 0
    assert (facts["deterministic"], facts["tf32"], facts["cuda"]) == (True, False, torch.version.cuda)


def test_a_resumed_run_ends_with_the_same_bits(parent, toys, sealed):
    whole, _ = train(loaded(parent, toys), sealed)
    state, _ = train(loaded(parent, toys), sealed, pause_at=3, request="t2")
    resumed, _ = train(loaded(parent, toys), sealed, state=state.body, request="t3")
    assert whole.kind == resumed.kind == "trained" and whole.body == resumed.body
