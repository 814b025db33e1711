"""Stable Diffusion 1.x."""

from diffusers import StableDiffusionPipeline

from workers.engine.families.base import Family

FAMILY = Family("sd1", StableDiffusionPipeline, ("text_encoder",), ("tokenizer",))
