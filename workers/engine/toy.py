"""Tiny random models of real architectures, written in the diffusers layout: all tests run on a CPU without a hub."""

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKL, DDIMScheduler, StableDiffusionPipeline, StableDiffusionXLPipeline, UNet2DConditionModel
from transformers import CLIPTextConfig, CLIPTextModel, CLIPTextModelWithProjection, CLIPTokenizer

LENGTH = 77


def write(family: str, folder: Path) -> Path:
    """Write a toy of a family into a folder and return it. The same family gives the same weights."""
    torch.manual_seed(0)
    pipeline = _sdxl(folder) if family == "sdxl" else _sd(folder, velocity=family == "sd2")
    pipeline.save_pretrained(folder, safe_serialization=True)
    return folder


def _sd(folder: Path, *, velocity: bool) -> StableDiffusionPipeline:
    scheduler = DDIMScheduler(prediction_type="v_prediction" if velocity else "epsilon", clip_sample=False)
    return StableDiffusionPipeline(
        vae=_autoencoder(), text_encoder=CLIPTextModel(_text_config()), tokenizer=_tokenizer(folder), scheduler=scheduler,
        unet=_unet(cross_attention_dim=32), safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip


def _sdxl(folder: Path) -> StableDiffusionXLPipeline:
    unet = _unet(
        cross_attention_dim=64, addition_embed_type="text_time", addition_time_embed_dim=8,
        projection_class_embeddings_input_dim=8 * 6 + 32, transformer_layers_per_block=(1, 2), use_linear_projection=True,
    )  # fmt: skip
    return StableDiffusionXLPipeline(
        vae=_autoencoder(), text_encoder=CLIPTextModel(_text_config()), text_encoder_2=CLIPTextModelWithProjection(_text_config()),
        tokenizer=_tokenizer(folder), tokenizer_2=_tokenizer(folder), unet=unet, scheduler=DDIMScheduler(clip_sample=False),
        add_watermarker=False,
    )  # fmt: skip


def _unet(**options: Any) -> UNet2DConditionModel:
    return UNet2DConditionModel(
        block_out_channels=(32, 64), layers_per_block=1, sample_size=16, in_channels=4, out_channels=4, norm_num_groups=8,
        down_block_types=("DownBlock2D", "CrossAttnDownBlock2D"), up_block_types=("CrossAttnUpBlock2D", "UpBlock2D"),
        attention_head_dim=(2, 4), **options,
    )  # fmt: skip


def _autoencoder() -> AutoencoderKL:
    return AutoencoderKL(
        block_out_channels=(16, 32), in_channels=3, out_channels=3, latent_channels=4, norm_num_groups=8, sample_size=32,
        down_block_types=("DownEncoderBlock2D", "DownEncoderBlock2D"), up_block_types=("UpDecoderBlock2D", "UpDecoderBlock2D"),
    )  # fmt: skip


def _text_config() -> CLIPTextConfig:
    return CLIPTextConfig(
        vocab_size=1000, hidden_size=32, intermediate_size=64, num_hidden_layers=2, num_attention_heads=4,
        max_position_embeddings=LENGTH, projection_dim=32, bos_token_id=998, eos_token_id=999, pad_token_id=999,
    )  # fmt: skip


def _tokenizer(folder: Path) -> CLIPTokenizer:
    home = folder / "tokenizer"
    home.mkdir(parents=True, exist_ok=True)
    letters = [chr(code) for code in range(33, 127)]
    words = [*letters, *(f"{letter}</w>" for letter in letters)]
    words += [f"<unused{index}>" for index in range(998 - len(words))] + ["<|startoftext|>", "<|endoftext|>"]
    (home / "vocab.json").write_text(json.dumps({word: index for index, word in enumerate(words)}), encoding="utf-8")
    (home / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    settings = {"tokenizer_class": "CLIPTokenizer", "model_max_length": LENGTH, "bos_token": "<|startoftext|>",
                "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>", "pad_token": "<|endoftext|>"}  # fmt: skip
    (home / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    made: CLIPTokenizer = CLIPTokenizer.from_pretrained(home)
    return made
