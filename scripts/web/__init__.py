"""A site of its own to be measured: PostgreSQL, gunicorn, runners with a past, wrk."""
