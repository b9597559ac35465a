"""Serves the whole site on one machine: `script/server`.

It installs what the web needs, prepares data folder, Redis and database, starts the web, the light worker and
beat, and prints the address. The ear's heavy packages install behind the running site; the GPU worker starts
when they are in. From then on it keeps every child alive until SIGINT or SIGTERM, and leaves none behind.

`children` keeps one command alive, `undertaker` buries what a killed supervisor left, `site` says which
children make the site, `embedded_redis`, `database` and `ports` prepare the ground, `worker_packages` is the
installation behind the site.
"""
