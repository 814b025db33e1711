"""The report of the main job: a folder with a page and pictures, and the same in the terminal.

Like a bundle it is a recorded export: its pictures came through the gallery's download, and it lies outside the data
folder.
"""

import html
import io
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from PIL import Image, ImageChops, ImageDraw

from workers.journey.cast import Cast
from workers.journey.job import Made, Plan, Told, not_measured, picture

COLUMNS: Final = 4
SIDE: Final = 192
HOLDS: Final = "the bundle holds"  # a list of its own on the page
LIES: Final = (
    ("the pictures before", "before.png"),
    ("the pictures after", "after.png"),
    ("the picture by plain diffusers", "plain.png"),
    ("the loss curve", "loss.png"),
    ("the bundle", "bundle.zip"),
    ("the ledger with its proofs", "ledger"),
    ("this report", "report.html"),
)
NEARLY: Final = 2  # of 255: another process may add in another order
STYLE: Final = """
body{font:16px/1.55 system-ui,sans-serif;max-width:62rem;margin:3rem auto;padding:0 1.5rem;color:#1c1b1a;background:#faf9f7}
h1{font-weight:650;letter-spacing:-.02em}h2{margin-top:2.6rem;font-weight:600}img{max-width:100%;border-radius:8px;background:#fff}
table{border-collapse:collapse;width:100%}
td,th{text-align:left;padding:.45rem .8rem .45rem 0;border-bottom:1px solid #e4e0da;vertical-align:top}th{white-space:nowrap}
.pair{display:grid;gap:1.2rem}figure{margin:0}
code{font-size:.86em;background:#efece7;padding:.1em .35em;border-radius:4px;word-break:break-all}
@media(prefers-color-scheme:dark){body{color:#eceae6;background:#171615}td,th{border-color:#35322f}code{background:#292725}}
"""


@dataclass
class Findings:
    """What the checks after the job found."""

    verified: str = ""
    root: str = ""
    size: int = 0
    plain_difference: int | None = None
    lines: list[tuple[str, str]] = field(default_factory=list)


def grid(cast: Cast, made: Sequence[Made], path: Path) -> None:
    """Download pictures (each download is recorded) and lay them out with prompt and seed."""
    sheet = Image.new("RGB", (COLUMNS * SIDE, -(-len(made) // COLUMNS) * (SIDE + 22)), "white")
    pen = ImageDraw.Draw(sheet)
    for index, (prompt, seed, asset) in enumerate(made):
        left, top = index % COLUMNS * SIDE, index // COLUMNS * (SIDE + 22)
        with Image.open(io.BytesIO(picture(cast, asset))) as drawn:
            sheet.paste(drawn.convert("RGB").resize((SIDE, SIDE), Image.Resampling.LANCZOS), (left, top))
        pen.text((left + 6, top + SIDE + 4), f"{prompt} · seed {seed}", fill="black")
    sheet.save(path)


def curve(points: Sequence[Sequence[float]], path: Path) -> None:
    """Draw the loss curve."""
    width, height, edge = 880, 260, 36
    sheet = Image.new("RGB", (width, height), "white")
    pen = ImageDraw.Draw(sheet)
    top = max((loss for _, loss in points), default=1.0) or 1.0
    last = max((step for step, _ in points), default=1.0) or 1.0
    at = [(edge + step / last * (width - 2 * edge), height - edge - loss / top * (height - 2 * edge)) for step, loss in points]
    pen.line([(edge, edge), (edge, height - edge), (width - edge, height - edge)], fill="#999999")
    if len(at) > 1:
        pen.line(at, fill="#b4532a", width=2, joint="curve")
    pen.text((edge, 10), f"loss (highest {top:.3f})", fill="black")
    pen.text((width - 110, height - 24), f"step {last:.0f}", fill="black")
    sheet.save(path)


def verify_ledger(cast: Cast, folder: Path) -> tuple[bool, str]:
    """Run the stand-alone verifier in a process of its own, with the log's key as the studio's officer is told it."""
    vkey = str(cast.person("olive").get("ledger/checkpoint")["vkey"])
    done = subprocess.run(
        [sys.executable, "-m", "governance.audit.verify", str(folder), "--vkey", vkey],
        cwd=settings.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout


def plain_difference(cast: Cast, plan: Plan, told: Told, *, bundle: Path, out: Path) -> int | None:
    """Make the first picture again in plain diffusers from the bundle; return the largest difference of a pixel.

    None where plain diffusers did not load the model or the adapter.
    """
    prompt, seed, asset = told.after[0]
    order = {"prompt": prompt, "seed": seed, "steps": plan.steps, "guidance": plan.guidance, "side": plan.side, "weight": 1.0,
             "threads": settings.ENGINE_THREADS, "file": "diffusers/pytorch_lora_weights.safetensors"}  # fmt: skip
    program = Path(__file__).with_name("plain.py")
    done = subprocess.run(
        [sys.executable, "-I", str(program), str(plan.base), str(bundle), str(out)], input=json.dumps(order), text=True,
        capture_output=True, check=False, cwd="/",
    )  # fmt: skip
    if done.returncode:
        return None
    with Image.open(out) as theirs, Image.open(io.BytesIO(picture(cast, asset))) as ours:
        extrema = ImageChops.difference(theirs.convert("RGB"), ours.convert("RGB")).getextrema()
    return max(int(high) for _, high in extrema)  # type: ignore[misc]  # three channels: a tuple of pairs


def page(title: str, findings: Findings, told: Told, folder: Path) -> Path:
    """Write the page and return its path."""
    lines = [(html.escape(name), html.escape(value)) for name, value in findings.lines if name != HOLDS]
    rows = "".join(f"<tr><th>{name}</th><td>{value}</td></tr>" for name, value in lines)
    files = "".join(f"<li><code>{html.escape(one)}</code></li>" for one in told.exit.get("contents", []))
    content = f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{html.escape(title)}</title><style>{STYLE}</style><h1>{html.escape(title)}</h1><table>{rows}</table>
<h2>Before and after training</h2><div class="pair">
<figure><img src="before.png" alt="before"><figcaption>the base model</figcaption></figure>
<figure><img src="after.png" alt="after"><figcaption>with the studio's adapter</figcaption></figure></div>
<h2>Training</h2><img src="loss.png" alt="loss curve">
<h2>What leaves</h2><ul>{files}</ul></html>"""
    path = folder / "report.html"
    path.write_text(content, encoding="utf-8")
    return path


def wrong(told: Told, findings: Findings) -> list[str]:
    """Return what the job must not end with."""
    doubts = {
        f"the ledger is {findings.verified}": findings.verified != "verified",
        "the picture made again differs": not told.replayed["equal"],
        "plain diffusers could not load the model with the bundle's adapter": findings.plain_difference is None,
        "plain diffusers makes another picture": (findings.plain_difference or 0) > NEARLY,
        f"the model could not be measured: {not_measured(told)}": not_measured(told) is not None,
        "a forbidden prompt was not refused": told.refused_prompt != "refused",
    }
    return [doubt for doubt, is_so in doubts.items() if is_so]


def numbers(told: Told, findings: Findings, folder: Path) -> list[tuple[str, str]]:
    """Return the lines of the report."""
    run, measured, replay = told.run, told.model["evaluation"] or {}, told.replayed
    took = datetime.fromisoformat(run["ended"]) - datetime.fromisoformat(run["created"])
    per_step = took.total_seconds() / max(1, run["steps"])
    difference = (
        "could not be loaded"
        if findings.plain_difference is None
        else f"largest difference of a pixel: {findings.plain_difference}"
    )
    equal = "replayed: bit-equal" if replay["equal"] else f"replayed: differs by {replay['largest_difference']}"
    return [
        ("pictures", f"{told.added} accepted, {len(told.refused)} refused {told.refused or ''}"),
        ("nearly the same as another", ", ".join(told.similar) or "none"),
        ("left alone", ", ".join(told.skipped) or "nothing"),
        ("training", f"{run['steps']} steps, {per_step:.2f} s a step (from asking to its end: caching and samples too)"),
        ("measured", "yes" if not_measured(told) is None else f"NO: {not_measured(told)}"),
        ("held-out loss", _pair(measured, "loss_before", "loss_after")),
        ("style distance", f"{_pair(measured, 'style_before', 'style_after')} (floor {_number(measured.get('style_floor'))})"),
        ("pictures made", f"{len(told.before) + len(told.after)}, prompt and seed under each"),
        ("a forbidden prompt", told.refused_prompt),
        ("ledger", f"{findings.size} entries, root {findings.root}"),
        ("verifier", findings.verified),
        ("replay", equal),
        ("plain diffusers with the bundle", difference),
        (HOLDS, ", ".join(told.exit.get("contents", []))),
        ("seconds", ", ".join(f"{name} {value:.0f}" for name, value in told.seconds.items())),
        *((name, str(folder / file)) for name, file in LIES),
    ]


def _pair(values: dict[str, Any], first: str, second: str) -> str:
    return f"{_number(values.get(first))} → {_number(values.get(second))}"


def _number(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else str(value)
