"""What the model is told of a training picture: the caption with its trigger word, or nothing once in a while."""


def worded(caption: str, trigger: str) -> str:
    """Return the caption with the trigger word before it, where there is one."""
    parts = [part for part in (trigger.strip(), caption.strip()) if part]
    return ", ".join(parts)
