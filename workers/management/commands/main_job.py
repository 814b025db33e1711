"""The main job on any folder of pictures: bring, train, approve, generate, make again, take away, report."""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import httpx
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from governance.licensing.rules import LICENCES, RightsBasis
from kernel.errors import GuildhallError
from tenants.registry import services as registry
from workers.journey import cast as casting
from workers.journey import job, report

PROMPTS: Final = ("a red apple", "a house", "a purple heart", "a hamburger")
TRIGGER: Final = "inkstyle"
RIGHTS: Final = [basis.value for basis in RightsBasis if basis is not RightsBasis.UNKNOWN]
STARTER_LICENCE: Final = "Apache-2.0"
MARK: Final = "installation"
DEMO_PICTURES: Final = settings.ROOT / "workers" / "demo_pictures"


class Command(BaseCommand):
    help = "Walks the main job as the demo studio's people, on a folder of pictures, and writes a report."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pictures", type=Path, default=DEMO_PICTURES)
        parser.add_argument("--base", type=Path, default=settings.STARTER_MODEL)
        parser.add_argument("--name", default="Main job", help="what the dataset and the model are called; names are not sealed")
        parser.add_argument("--rights", choices=RIGHTS, help="the ground on which the pictures are held; known of the demo's own")
        parser.add_argument("--licence", help="SPDX id or LicenseRef of the base model; known of the starter")
        parser.add_argument("--steps", type=int, default=300, help="training steps")
        parser.add_argument("--learning-rate", type=float, help="of the training; the starter's own, or 1e-4")
        parser.add_argument("--side", type=int, help="pixels a side of generated pictures; the model's own size if not said")
        parser.add_argument("--prompt", action="append", help="may be given several times")
        parser.add_argument("--reports", type=Path, default=settings.ROOT / "reports")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--cast-only", action="store_true", help="make the demo studio and its base model, and no more")
        parser.add_argument("--demo", action="store_true", help="skip the job if its report is there; print the log-ins")

    def handle(self, *_args: Any, **options: Any) -> None:
        people = casting.demo(f"http://127.0.0.1:{options['port']}")
        if options["cast_only"]:
            plan = _plan(options)
            casting.base_of(people, plan.base, licence=plan.licence)
            return
        latest = options["reports"] / "latest"
        if options["demo"] and _is_of_this_installation(latest):
            self.stdout.write(f"the report of the last job lies in {latest.resolve()}")
        else:
            self._walk(people, options)
        self._log_ins(people, options["port"])

    def _walk(self, people: casting.Cast, options: dict[str, Any]) -> None:
        plan = _plan(options)
        folder = options["reports"] / time.strftime("%Y-%m-%d-%H%M%S")
        folder.mkdir(parents=True)
        began = time.monotonic()
        try:
            told = self._job(people, plan)
            findings = self._check(people, plan, told, folder)
        except httpx.ConnectError as trouble:
            raise CommandError(f"nothing answers at {people.url}: start it first with `make up`") from trouble
        except GuildhallError as trouble:
            raise CommandError(f"the job did not end well: {trouble}") from trouble
        told.seconds["all"] = time.monotonic() - began
        findings.lines = report.numbers(told, findings, folder)
        page = report.page("The main job", findings, told, folder)
        self._latest(options["reports"], folder)
        self.stdout.write("")
        for name, value in findings.lines:
            self.stdout.write(f"{name:>34}  {value}")
        self.stdout.write(f"\nreport: {page}")
        wrong = report.wrong(told, findings)
        if wrong:
            raise CommandError(f"the job came to its end, but: {'; '.join(wrong)}")
        (folder / MARK).write_text(settings.HERE.name, encoding="utf-8")

    def _job(self, people: casting.Cast, plan: job.Plan) -> job.Told:
        told = job.Told()
        dataset = self._step(told, "bring", lambda say: job.bring(people, plan, told, say))
        base = casting.base_of(people, plan.base, licence=plan.licence)
        told.before = self._step(told, "before", lambda say: job.generate(people, plan, say, who="alice", base=base, adapter=None))
        model = self._step(told, "train", lambda say: job.train(people, plan, told, say, dataset=dataset, base=base))
        self._step(told, "try", lambda say: job.generate(people, _first(plan), say, who="tina", base=base, adapter=model))
        self._step(told, "approve", lambda _say: job.approve(people, model=model))
        styled = _styled(plan)
        told.after = self._step(told, "after", lambda say: job.generate(people, styled, say, who="alice", base=base, adapter=model))
        told.refused_prompt = self._step(told, "refuse", lambda _say: job.refuse(people, plan, base=base))
        told.replayed = self._step(told, "replay", lambda say: job.make_again(people, say, asset=told.after[0][2]))
        self._step(told, "take away", lambda say: job.take_away(people, told, say, model=model))
        return told

    def _check(self, people: casting.Cast, plan: job.Plan, told: job.Told, folder: Path) -> report.Findings:
        findings = report.Findings()
        (folder / "bundle.zip").write_bytes(told.bundle)
        report.grid(people, told.before, folder / "before.png")
        report.grid(people, told.after, folder / "after.png")
        report.curve(told.run["loss_curve"], folder / "loss.png")
        findings.plain_difference = report.plain_difference(
            people, plan, told, bundle=folder / "bundle.zip", out=folder / "plain.png"
        )
        findings.size = job.export_ledger(people, folder / "ledger")
        is_good, said = report.verify_ledger(people, folder / "ledger")
        findings.verified = "verified" if is_good else f"NOT verified: {said}"
        findings.root = next((line.split()[-1] for line in said.splitlines() if line.startswith("root")), "?")
        return findings

    def _step(self, told: job.Told, name: str, do: Callable[[job.Say], Any]) -> Any:
        began, is_screen = time.monotonic(), sys.stdout.isatty()
        self.stdout.write(f"{name} …")

        def say(line: str) -> None:
            if is_screen:
                self.stdout.write(f"\r  {line:<74}", ending="")
                self.stdout.flush()

        done = do(say)
        told.seconds[name] = time.monotonic() - began
        self.stdout.write(f"{chr(13) if is_screen else ''}  {name}: {told.seconds[name]:.1f} s{' ' * 60 if is_screen else ''}")
        return done

    def _latest(self, reports: Path, folder: Path) -> None:
        link = reports / "latest"
        link.unlink(missing_ok=True)
        link.symlink_to(folder.name)

    def _log_ins(self, people: casting.Cast, port: int) -> None:
        self.stdout.write(f"\nthe portal: http://localhost:{port}/s/{people.slug}/")
        for name in people.people:
            self.stdout.write(f"  {name}@demo.example  password {people.password}")


def _plan(options: dict[str, Any]) -> job.Plan:
    if not options["pictures"].is_dir():
        raise CommandError(f"{options['pictures']} is no folder")
    if not (options["base"] / "model_index.json").is_file():
        raise CommandError(f"{options['base']} is no model in the diffusers layout")
    prompts = tuple(options["prompt"] or PROMPTS)
    base = options["base"].resolve()
    training = {
        "steps": options["steps"], "trigger": TRIGGER, "sample_every": max(1, options["steps"] // 3),
        "sample_prompts": prompts[:2], **_habits(base, options["learning_rate"]),
    }  # fmt: skip
    licence, rights = _licence(base, options["licence"]), _rights(options["pictures"], options["rights"])
    side = options["side"] or registry.side_of(base)
    if side is None:
        raise CommandError(f"{base} does not say the size of its pictures: give --side")
    return job.Plan(options["pictures"], base, licence, training, prompts, rights=rights, name=options["name"], side=side)


def _licence(base: Path, said: str | None) -> str:
    """Return the base's licence; the starter's is known, anybody else's must be said."""
    if said:
        return said
    if base == settings.STARTER_MODEL.resolve():
        return STARTER_LICENCE
    raise CommandError(f"say the licence of {base} with --licence, one of: {', '.join(sorted(LICENCES))}")


def _rights(pictures: Path, said: str | None) -> RightsBasis:
    """Return the ground on which the pictures are held; that of the demo's own is known, anybody else's must be said."""
    if said:
        return RightsBasis(said)
    if pictures.resolve() == DEMO_PICTURES:
        return RightsBasis.OPEN_LICENCE
    raise CommandError(f"say on what ground {pictures} is held with --rights, one of: {', '.join(RIGHTS)}")


def _habits(base: Path, rate: float | None) -> dict[str, float]:
    habits = registry.habits_of(base).told()
    return habits | ({"learning_rate": rate} if rate else {})


def _is_of_this_installation(report_folder: Path) -> bool:
    mark = report_folder / MARK
    return mark.exists() and mark.read_text(encoding="utf-8") == settings.HERE.name


def _first(plan: job.Plan) -> job.Plan:
    return replace(plan, prompts=(f"{TRIGGER}, {plan.prompts[0]}",))


def _styled(plan: job.Plan) -> job.Plan:
    return replace(plan, prompts=tuple(f"{TRIGGER}, {prompt}" for prompt in plan.prompts))
