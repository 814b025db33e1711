"""The text side: a byte-pair vocabulary in CLIP's layout, learnt from captions, and an untrained CLIP text model."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from tokenizers import Tokenizer, models, normalizers, pre_tokenizers, trainers
from torch import Tensor
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTokenizer

LENGTH: Final = 24
WIDTH: Final = 160
VOCABULARY: Final = 3200
START, END = "<|startoftext|>", "<|endoftext|>"


def learn_vocabulary(captions: Iterable[str], folder: Path) -> CLIPTokenizer:
    """Learn merges from captions and save a tokenizer folder that plain transformers loads."""
    learner = Tokenizer(models.BPE(unk_token=END, end_of_word_suffix="</w>"))
    learner.normalizer = normalizers.Lowercase()
    learner.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Whitespace()])
    alphabet = [chr(code) for code in range(33, 127)]
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, end_of_word_suffix="</w>", initial_alphabet=alphabet, show_progress=False
    )  # fmt: skip
    learner.train_from_iterator(captions, trainer)
    folder.mkdir(parents=True, exist_ok=True)
    _write(json.loads(learner.to_str())["model"], alphabet, folder)
    learnt: CLIPTokenizer = CLIPTokenizer.from_pretrained(folder)
    return learnt


def _write(model: dict[str, object], alphabet: list[str], folder: Path) -> None:
    merges = [tuple(pair) if isinstance(pair, list) else tuple(str(pair).split(" ")) for pair in model["merges"]]  # type: ignore[attr-defined]  # parsed JSON
    words = alphabet + [letter + "</w>" for letter in alphabet]
    words += [word for word in ("".join(pair) for pair in merges) if word not in words]
    vocabulary = {word: index for index, word in enumerate([*dict.fromkeys(words), START, END])}
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
    lines = ["#version: 0.2", *(" ".join(pair) for pair in merges)]
    (folder / "merges.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    settings = {"tokenizer_class": "CLIPTokenizer", "model_max_length": LENGTH, "bos_token": START, "eos_token": END,
                "unk_token": END, "pad_token": END, "do_lower_case": True, "errors": "replace"}  # fmt: skip
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")


def ids(tokenizer: CLIPTokenizer, said: list[str]) -> Tensor:
    """Return the token ids of each text, filled up to the model's length."""
    tokens = tokenizer(said, padding="max_length", truncation=True, max_length=LENGTH, return_tensors="pt")
    found: Tensor = tokens.input_ids
    return found


def fresh(tokenizer: CLIPTokenizer) -> CLIPTextModel:
    """Return an untrained text model for this vocabulary."""
    ends = tokenizer.eos_token_id
    return CLIPTextModel(
        CLIPTextConfig(
            vocab_size=len(tokenizer), hidden_size=WIDTH, intermediate_size=4 * WIDTH, num_hidden_layers=3,
            num_attention_heads=5, max_position_embeddings=LENGTH, projection_dim=WIDTH,
            bos_token_id=tokenizer.bos_token_id, eos_token_id=ends, pad_token_id=ends,
        )
    )  # fmt: skip
