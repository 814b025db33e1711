"""`python -m workers.starter train --icons FOLDER --out FOLDER`: makes the starter model again from scratch.

FOLDER holds the unpacked npm packages `fluent-emoji-flat` and `noto` of @iconify-json.
"""

import argparse
import shutil
from pathlib import Path

import numpy as np
import torch
from diffusers import AutoencoderKL
from transformers import CLIPTokenizer

from workers.starter import autoencoder, card, data, diffusion, pictures, text
from workers.starter.masters import say


def main() -> None:
    """Train, or draw the grid."""
    parser = argparse.ArgumentParser(prog="python -m workers.starter", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train from scratch, or go on with --resume")
    train.add_argument("--icons", type=Path, required=True)
    train.add_argument("--out", type=Path, required=True)
    train.add_argument("--minutes", type=float, default=150.0, help="autoencoder and diffusion together")
    train.add_argument("--resume", action="store_true")
    train.add_argument("--begin", type=Path, help="go on from a folder of packed weights, with its vocabulary and autoencoder")
    train.add_argument("--threads", type=int, default=2, help="one, where the machine is busy")
    grid = commands.add_parser("grid", help="draw the sample grid of the fixed prompts")
    grid.add_argument("--weights", type=Path, default=Path(__file__).parent / "weights")
    grid.add_argument("--out", type=Path, required=True)
    pack = commands.add_parser("pack", help="write the weights folder from a training folder's last checkpoint")
    pack.add_argument("--out", type=Path, required=True)
    pack.add_argument("--weights", type=Path, default=Path(__file__).parent / "weights")
    drawn = commands.add_parser("pictures", help="draw the demo studio's pictures")
    drawn.add_argument("--icons", type=Path, required=True)
    drawn.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "demo_pictures")
    options = parser.parse_args()
    {"train": _train, "grid": _grid, "pack": _pack, "pictures": _pictures}[options.command](options)


def _train(options: argparse.Namespace) -> None:
    torch.set_num_threads(options.threads)
    options.out.mkdir(parents=True, exist_ok=True)
    icons = data.collection({package: options.icons / package for package in data.STYLES})
    drawn = torch.from_numpy(np.stack([icon.pixels for icon in icons]))
    say(f"{len(icons)} pictures, {sum(icon.weight > 0 for icon in icons)} of well-known things")
    if options.begin:
        _take_over(options.begin, options.out)
    tokenizer = _vocabulary(icons, options)
    folder = options.out / "vae"
    if (options.resume or options.begin) and (folder / "config.json").exists():
        coder: AutoencoderKL = AutoencoderKL.from_pretrained(folder).float()
    else:
        coder = autoencoder.train(drawn, seconds=options.minutes * 60 * 0.2, out=folder)
    latents = autoencoder.latents_of(coder.eval(), icons)
    plan = diffusion.Plan(seconds=options.minutes * 60 * 0.8, out=options.out, resume=options.resume, begin=options.begin)
    diffusion.train(icons, latents, tokenizer, plan)
    _pack(argparse.Namespace(out=options.out, weights=options.out / "weights"))


def _take_over(weights: Path, out: Path) -> None:
    for part in ("tokenizer", "vae"):
        shutil.copytree(weights / part, out / part, dirs_exist_ok=True)


def _vocabulary(icons: list[data.Icon], options: argparse.Namespace) -> CLIPTokenizer:
    # Merges of equal frequency come in any order: a vocabulary learnt anew would not fit the weights of a checkpoint.
    folder = options.out / "tokenizer"
    if (options.resume or options.begin) and (folder / "tokenizer_config.json").exists():
        kept: CLIPTokenizer = CLIPTokenizer.from_pretrained(folder)
        return kept
    rng = np.random.default_rng(0)
    return text.learn_vocabulary([data.caption(icon, rng) for icon in icons for _ in range(4)], folder)


def _pictures(options: argparse.Namespace) -> None:
    pictures.write(options.icons, options.out)


def _pack(options: argparse.Namespace) -> None:
    card.pack(options.out, options.weights)


def _grid(options: argparse.Namespace) -> None:
    card.draw_grid(options.weights, options.out)


if __name__ == "__main__":
    main()
