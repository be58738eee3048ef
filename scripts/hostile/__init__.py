"""Ten thousand hostile requests to a throw-away site on loopback: no error, no change.

    make hostile
    .venv/bin/python -m scripts.hostile --requests 2000 --seed 7 --postgresql

Starts the product itself with production settings and a database of its own,
signs people in, reads the pages to learn every form, and sends what no page
takes: to every address of the URLconf, as a stranger, a runner, a
physiotherapist and a site manager. A request that would be in order is no
part of it: in every one, something must be refused.
"""
