import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.test import RequestFactory

from foundation import ratelimits
from foundation.errors import TooMany


@pytest.fixture
def ask(settings):
    cache.clear()
    settings.RATE_LIMITS = {"tea": (2, 3600)}

    def from_address(address: str) -> ratelimits.Budget:
        request = RequestFactory().post("/", REMOTE_ADDR=address)
        request.user = AnonymousUser()
        return ratelimits.take("tea", request)

    return from_address


def test_each_use_leaves_one_less(ask):
    assert [ask("192.0.2.1").remaining for _ in range(2)] == [1, 0]


def test_one_too_many_is_told_when_to_come_back(ask):
    ask("192.0.2.1"), ask("192.0.2.1")
    with pytest.raises(TooMany) as refusal:
        ask("192.0.2.1")
    assert 0 < refusal.value.retry_after_s <= 3600


def test_addresses_do_not_share_their_limit(ask):
    ask("192.0.2.1"), ask("192.0.2.1")
    assert ask("192.0.2.2").remaining == 1
