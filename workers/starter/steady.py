"""Teaches the trained text model to pass over words that it does not know, such as a studio's trigger word.

The text model has only ever seen captions: before this, "xyzzy, a red apple" drew blobs where "a red apple" drew an
apple. A copy of it learns to say of a caption behind made-up words what the trained one says of the caption alone, and
to leave plain captions as they are. The UNet takes no part, so this takes a minute or two.
"""

import copy
import time
from collections.abc import Sequence
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional
from transformers import CLIPTokenizer

from workers.starter import text
from workers.starter.diffusion import Both

BATCH: Final = 48
SYLLABLES: Final = (
    "ba", "dra", "fli", "gom", "in", "jor", "ka", "lu", "mo", "nel", "o", "pix", "qua", "ri", "sks", "style", "to",
    "ul", "vek", "wy", "x", "yo", "zu", "art", "ink", "studio", "brush", "line",
)  # fmt: skip


def made_up(rng: np.random.Generator) -> str:
    """Return one to three syllables in a row, or random letters: no word that means a thing."""
    if rng.random() < 0.5:  # half and half
        return "".join(chr(97 + letter) for letter in rng.integers(0, 26, rng.integers(2, 9)))
    return "".join(rng.choice(SYLLABLES, rng.integers(1, 4)))


def steady(both: Both, tokenizer: CLIPTokenizer, captions: Sequence[str], *, seconds: float, seed: int = 3) -> float:
    """Change `both.text_encoder` in place; return the mean difference that made-up words still make."""
    learner = _Learner(both, tokenizer, captions, seed=seed)
    begun, smooth = time.monotonic(), 1.0
    while (spent := time.monotonic() - begun) < seconds:
        smooth += 0.02 * (learner.step(rate=1e-3 * (1 - spent / seconds) + 1e-6) - smooth)
    return smooth


class _Learner:
    def __init__(self, both: Both, tokenizer: CLIPTokenizer, captions: Sequence[str], *, seed: int) -> None:
        self.both, self.tokenizer, self.captions = both, tokenizer, captions
        self.rng = np.random.default_rng(seed)
        self.taught = copy.deepcopy(both.text_encoder).requires_grad_(requires_grad=False)
        self.optimizer = torch.optim.AdamW(both.text_encoder.parameters(), lr=1e-3, weight_decay=0.0)

    def step(self, *, rate: float) -> float:
        """Take one step; return the difference that made-up words made in it."""
        plain, behind, counts = self._batch()
        with torch.no_grad():
            wanted = self.taught(plain)[0]
            aligned, spoken = self._aligned(wanted, counts), self.both.unet.add_embedding(wanted)
        kept, said = self.both.text_encoder(plain)[0], self.both.text_encoder(behind)[0]
        pooled = functional.mse_loss(self.both.unet.add_embedding(said), spoken) / spoken.var()
        strayed = functional.mse_loss(said, aligned) / wanted.var()
        loss = pooled + strayed + 2.0 * functional.mse_loss(kept, wanted) / wanted.var()
        self.optimizer.zero_grad()
        loss.backward()
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.optimizer.step()
        return float((pooled + strayed).detach())

    def _batch(self) -> tuple[Tensor, Tensor, list[int]]:
        said = [str(one) for one in self.rng.choice(self.captions, BATCH)]
        before = [made_up(self.rng) + (", " if self.rng.random() < 0.7 else " ") for _ in said]  # mostly commas
        counts = [len(self.tokenizer(words).input_ids) - 2 for words in before]
        behind = [words + one for words, one in zip(before, said, strict=True)]
        return text.ids(self.tokenizer, said), text.ids(self.tokenizer, behind), counts

    def _aligned(self, wanted: Tensor, counts: list[int]) -> Tensor:
        # Made-up words are to say what the start mark says: nothing. The caption moves back by as many places.
        return torch.stack(
            [
                torch.cat([one[:1].expand(count + 1, -1), one[1 : text.LENGTH - count]])
                for one, count in zip(wanted, counts, strict=True)
            ]
        )
