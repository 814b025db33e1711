"""A bell is a name on a queue; a broker that is away never fails a deed."""

import base64
import json
from uuid import uuid4

import pytest
import redis
from celery import current_app

from dispatch import services as dispatch
from dispatch.services import telling
from kernel.scope import tenant_scope


@pytest.fixture
def queues():
    with redis.Redis.from_url(telling.broker_url()) as broker:
        broker.delete("device", "cpu", "device.x")
        yield broker
        broker.delete("device", "cpu", "device.x")


@pytest.mark.parametrize(
    ("kind", "queue", "task"), [("generate", "device", "turn"), ("train", "device", "turn"), ("exit", "cpu", "errand")]
)
def test_a_kind_rings_its_queue(queues, kind, queue, task):
    dispatch.ring(kind)
    (message,) = [json.loads(text) for text in queues.lrange(queue, 0, -1)]
    assert message["headers"]["task"] == f"workers.tasks.{task}"
    assert json.loads(base64.b64decode(message["body"]))[:2] == [[], {}]


def test_a_device_rings_itself(queues):
    dispatch.ring_device("x")
    assert queues.llen("device.x") == 1


def test_the_bell_rings_after_the_commit_alone(queues, put):
    with pytest.raises(RuntimeError), tenant_scope(tenant := uuid4()):  # the deed itself fails
        dispatch.put(id=uuid4(), tenant=tenant, project=None, person=None, kind="generate", row=uuid4(), intent=uuid4())
        raise RuntimeError
    assert queues.llen("device") == 0
    put(uuid4())
    assert queues.llen("device") == 1


def test_a_broker_that_is_away_fails_no_deed():
    before = current_app.conf.broker_url
    current_app.conf.broker_url = current_app.conf.broker_write_url = "redis+socket:///nowhere/broker.sock"
    current_app._pool = None
    try:
        dispatch.ring("generate")
    finally:
        current_app.conf.broker_url = current_app.conf.broker_write_url = before
        current_app._pool = None
