"""What of this machine and its libraries decides a picture's bits, as the record keeps it."""

import hashlib
import platform
import sys
from functools import cache
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any, Final

import torch

LIBRARIES: Final = ("torch", "diffusers", "transformers", "peft", "safetensors", "numpy")
ENGINE: Final = Path(__file__).parent


def _digest_of_lock() -> str:
    """Return the SHA-256 of the lock that this engine was installed from, or "none" where it lies elsewhere."""
    lock = Path(__file__).parents[2] / "constraints.txt"
    return hashlib.sha256(lock.read_bytes()).hexdigest() if lock.exists() else "none"


def _digest_of_code() -> str:
    """Return the SHA-256 over the engine's own modules, each by its path and its digest."""
    listed = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(ENGINE).as_posix()}"
        for path in sorted(ENGINE.rglob("*.py"))
    ]
    return hashlib.sha256("\n".join(listed).encode()).hexdigest()


# Read while the module is imported: a confined child needs no file for them.
LOCK: Final = _digest_of_lock()
CODE: Final = _digest_of_code()


def settle() -> None:
    """Make torch repeatable in this process."""
    torch.use_deterministic_algorithms(mode=True)
    # Filling what nobody reads yet with NaN finds faults in kernels; it costs every picture and changes none.
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]  # set through its class
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = False


def device() -> torch.device:
    """Return where models compute: the first CUDA device that this process sees, or the processor."""
    return torch.device("cuda", 0) if torch.cuda.is_available() else torch.device("cpu")


def wait() -> None:
    """Wait until the device has done what it was given: it only takes note of it, and a clock would stop too soon."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def facts(dtype: str, *, attention: str) -> dict[str, Any]:
    """Return the facts; two machines that agree on them make the same bits from the same request."""
    card = torch.cuda.get_device_properties(0) if torch.cuda.is_available() else None
    return {
        "code": CODE,
        "lock": LOCK,
        "python": platform.python_version(),
        **_versions(),
        "dtype": dtype,
        "attention": attention,
        "deterministic": True,
        "tf32": False,
        "compile": "none",
        "threads": torch.get_num_threads(),
        "device": card.name if card else _processor(),
        "multiprocessors": card.multi_processor_count if card else 0,
        "instructions": torch.backends.cpu.get_cpu_capability(),
        "cuda": torch.version.cuda or "none",
        "cudnn": str(torch.backends.cudnn.version() or "none"),
        "cublas": _cublas(),
        "driver": _driver(),
        "platform": sys.platform,
    }


@cache
def _versions() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES}


@cache
def _cublas() -> str:
    return next((one.version for one in distributions() if one.name.startswith("nvidia-cublas")), "none")


@cache
def _driver() -> str:
    told = Path("/proc/driver/nvidia/version")
    return told.read_text(encoding="utf-8").splitlines()[0].strip() if told.exists() else "none"


@cache
def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()
