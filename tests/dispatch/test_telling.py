"""Progress by a real broker: the newest word at once, those that follow, and nobody else's."""

import asyncio
import threading
import time
from uuid import uuid4

from dispatch import services as dispatch
from dispatch.services import telling


def where(**more):
    return {"tenant": uuid4(), "project": uuid4(), "row": uuid4()} | more


def test_the_newest_word_waits_for_latecomers():
    place = where()
    dispatch.tell(**place, event={"event": "progress", "step": 1})
    dispatch.tell(**place, event={"event": "progress", "step": 2})
    ear = dispatch.listen(**place)
    assert next(ear) == {"event": "progress", "step": 2}
    dispatch.tell(**place, event={"event": "progress", "step": 3})
    assert next(ear)["step"] == 3
    ear.close()


def test_another_tenant_hears_nothing(monkeypatch):
    monkeypatch.setattr(telling, "_QUIET_SECONDS", 0.2)
    place = where()
    dispatch.tell(**place, event={"event": "state", "state": "running"})
    ear = dispatch.listen(**(place | {"tenant": uuid4()}))
    assert next(ear) == {}
    ear.close()


def test_words_are_gone_after_a_minute():
    place = where()
    dispatch.tell(**place, event={"event": "progress", "step": 1})
    dispatch.show(**place, blob=b"sealed")
    import redis

    with redis.Redis.from_url(telling.broker_url()) as broker:
        names = [name for name in broker.scan_iter() if str(place["row"]).encode() in name]
        assert len(names) == 2
        assert all(0 < broker.ttl(name) <= 60 for name in names)
    assert dispatch.shown(**place) == b"sealed"
    assert dispatch.shown(**where()) is None


def test_listening_without_a_thread():
    place = where()

    async def hear() -> list[int]:
        heard = []
        async for word in dispatch.alisten(**place):
            heard.append(word["step"])
            if len(heard) == 3:
                return heard
        return heard

    def speak() -> None:
        for step in (2, 3):
            time.sleep(0.2)
            dispatch.tell(**place, event={"event": "progress", "step": step})

    dispatch.tell(**place, event={"event": "progress", "step": 1})
    speaker = threading.Thread(target=speak)
    speaker.start()
    assert asyncio.run(asyncio.wait_for(hear(), timeout=10)) == [1, 2, 3]
    speaker.join()


def test_a_worker_that_breathes_is_known():
    dispatch.breathe(worker="cpu0:1:ab")
    assert "cpu0:1:ab" in dispatch.living()
