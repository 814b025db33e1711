"""What the policy in force says of a picture, by the scores that the engine's classifier gave it."""

from collections.abc import Mapping

from access.actor import Actor
from governance.moderation import services as moderation
from governance.moderation.rules import Verdict


def judged(actor: Actor, scores: Mapping[str, float]) -> Verdict:
    """Return the verdict on a picture. Scores are computed from it, so they are kept nowhere."""
    with actor.reading():
        policy = moderation.current_policy()
    return moderation.judge_image(scores, policy=policy)
