"""AdamW on fp32 masters of a model whose weights and activations are bf16; keeps a moving average of the masters.

On a CPU with bf16 matrix units this runs about twice as fast as autocast.
"""

import sys
from typing import Any

import torch
from torch import nn


class Masters:
    """The fp32 truth behind a bf16 model."""

    def __init__(self, model: nn.Module, *, rate: float, decay: float = 0.01, average: float = 0.999) -> None:
        self.model = model
        self.named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
        self.masters = [p.detach().float().clone().requires_grad_(True) for _, p in self.named]
        self.means = [m.detach().clone() for m in self.masters]
        self.average = average
        self.optimizer = torch.optim.AdamW(self.masters, lr=rate, weight_decay=decay, betas=(0.9, 0.99), fused=True)

    def step(self, rate: float, *, clip: float = 1.0) -> float:
        """Take one step with the gradients that lie on the model; return their norm."""
        for master, (_, parameter) in zip(self.masters, self.named, strict=True):
            master.grad = parameter.grad.float() if parameter.grad is not None else None
            parameter.grad = None
        norm = nn.utils.clip_grad_norm_(self.masters, clip)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        with torch.no_grad():
            torch._foreach_lerp_(self.means, self.masters, 1 - self.average)  # the fast form has no public name
            torch._foreach_copy_([p for _, p in self.named], self.masters)
        return float(norm)

    def averaged(self) -> dict[str, torch.Tensor]:
        """Return the moving average under the model's names, with its buffers."""
        state = {name: value.detach().float().clone() for name, value in self.model.state_dict().items()}
        state.update({name: mean.clone() for (name, _), mean in zip(self.named, self.means, strict=True)})
        return state

    def current(self) -> dict[str, torch.Tensor]:
        """Return the masters themselves under the model's names, with its buffers."""
        state = {name: value.detach().float().clone() for name, value in self.model.state_dict().items()}
        names = (name for name, _ in self.named)
        state.update({name: master.detach().clone() for name, master in zip(names, self.masters, strict=True)})
        return state

    def state(self) -> dict[str, Any]:
        """Return what exact resuming needs."""
        return {"masters": self.masters, "means": self.means, "optimizer": self.optimizer.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up a state that `state` returned."""
        with torch.no_grad():
            for mine, saved in zip(self.masters, state["masters"], strict=True):
                mine.copy_(saved)
            for mine, saved in zip(self.means, state["means"], strict=True):
                mine.copy_(saved)
            for (_, parameter), master in zip(self.named, self.masters, strict=True):
                parameter.copy_(master)
        self.optimizer.load_state_dict(state["optimizer"])


def say(line: str) -> None:
    """Write one line of progress to the standard output, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def rate_at(done: float, *, peak: float, warm: float = 0.02) -> float:
    """Return the learning rate at a fraction of the whole in [0, 1]: linear warm-up, cosine tail."""
    if done < warm:
        return peak * (done / warm + 1e-3)
    position = min((done - warm) / (1 - warm), 1.0)
    return peak * (0.02 + 0.98 * 0.5 * (1 + float(torch.cos(torch.tensor(position * torch.pi)))))
