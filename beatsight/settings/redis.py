"""Redis in its three uses: Celery's broker, the live socket's channel layer, and the cache."""

from . import environment as env

REDIS_URL = env.url("REDIS_URL", {"redis", "rediss", "unix"})

if REDIS_URL.startswith(("redis://", "rediss://")):
    CACHE_ADDRESS = LIVE_ADDRESS = CELERY_BROKER_URL = REDIS_URL
else:
    _socket = REDIS_URL.removeprefix("unix://").split("?")[0] or env.redis_socket(env.data_dir())
    CACHE_ADDRESS = LIVE_ADDRESS = f"unix://{_socket}?db=0"
    CELERY_BROKER_URL = f"redis+socket://{_socket}?virtual_host=0"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": CACHE_ADDRESS,
        "KEY_PREFIX": "beatsight",
    }
}

CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        # redis-py gives up on a quiet connection after 5 s by itself, and the idle socket with it.
        "CONFIG": {"hosts": [{"address": LIVE_ADDRESS, "socket_timeout": None}]},
    }
}
