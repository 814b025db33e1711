"""Stable Diffusion XL: two text encoders."""

from diffusers import StableDiffusionXLPipeline

from workers.engine.families.base import Family

FAMILY = Family("sdxl", StableDiffusionXLPipeline, ("text_encoder", "text_encoder_2"), ("tokenizer", "tokenizer_2"), is_pooled=True)
