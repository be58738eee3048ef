"""Settings that are the same everywhere: headers, cookies, limits; ``rehab.settings`` takes all of them."""

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        # data: is the QR code of the second factor.
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "worker-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}
X_FRAME_OPTIONS = "DENY"
# Not no-referrer: browsers then send "Origin: null" with a form, which the check
# against forged requests refuses.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
# A message may tell of somebody's pain: on the server, not in a cookie.
MESSAGE_STORAGE = "accounts.telling.Messages"

# The Host header builds no link (accounts/links.py), and no other header replaces it.
USE_X_FORWARDED_HOST = False
USE_X_FORWARDED_PORT = False
# REMOTE_ADDR is the client's own address already: rehab/edge.py.
ALLAUTH_TRUSTED_PROXY_COUNT = 0

# The largest form is a page of notes. A file is taken by the pages that REHAB_UPLOADS names and by
# no other (rehab/edge.py): beginning of the address -> bytes of the whole form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 1
REHAB_UPLOADS = {"/own-exercises/": 5 * 1024 * 1024 + 64 * 1024, "/programmes/import/": 512 * 1024}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
