"""Passes every check and every lane of tests whose peer is present: `script/test`.

First the checks that read the code (style, types, import rules, migrations, deployment), then pytest once a lane:
`main` on a real PostgreSQL and a real Redis, `embedded` on what `script/server` uses where nothing is configured,
`browser`, `clamd` and `s3` each with the peer they are named after. It ends with the lanes that were not run and
the command that brings each; with BEATSIGHT_REQUIRE=1 such a lane is a failure.

`script/test PATH_OR_OPTION...` hands everything to pytest instead, on the main lane's peers.
"""
