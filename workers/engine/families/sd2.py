"""Stable Diffusion 2.x."""

from diffusers import StableDiffusionPipeline

from workers.engine.families.base import Family

FAMILY = Family("sd2", StableDiffusionPipeline, ("text_encoder",), ("tokenizer",))
