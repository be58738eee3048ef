"""Settings of accounts and of signing in; ``rehab.settings`` takes all of them.

Rate limits and mails of accounts have their own places; here is who may sign
in, with what, and for how long.
"""

from django.core.exceptions import ImproperlyConfigured

from rehab import env

SHORTEST_FIELD_KEY = 32

AUTH_USER_MODEL = "accounts.User"
# One alone: each would hash a wrong password once more.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
SESSION_ENGINE = "rehab.sessions"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NotBlankValidator"},
]
# The address is unique whatever its case, by a constraint that the check does not see.
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"

# --- address and password ----------------------------------------------------
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
# One address per account; a new one counts once its code was entered.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
# Offered only where there is an account behind the code: that would tell who has one.
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_CHANGE = False
# Whoever mistyped her address learns so by mail, and nobody else does.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_FORMS = {
    "login": "accounts.entrance.LoginForm",
    "signup": "accounts.discreet.SignupForm",
    "reset_password": "accounts.discreet.ResetPasswordForm",
    "reset_password_from_key": "accounts.discreet.ResetPasswordKeyForm",
    "user_token": "accounts.discreet.UserTokenForm",
    "change_password": "accounts.entrance.ChangePasswordForm",
    "set_password": "accounts.entrance.SetPasswordForm",
    "add_email": "accounts.entrance.AddEmailForm",
    "change_email": "accounts.entrance.ChangeEmailForm",
    "reauthenticate": "accounts.entrance.ReauthenticateForm",
    "confirm_email_verification_code": "accounts.entrance.ConfirmCodeForm",
}

# Whoever changes the address owns the account: it has to be her.
ACCOUNT_REAUTHENTICATION_REQUIRED = True
# A link, good for an hour; why not a code: docs/adr/0005-allauth.md.
PASSWORD_RESET_TIMEOUT = 3600

# --- how often somebody may try ----------------------------------------------
# All of them in one place, ours too (accounts/limits.py). ip: the network address
# (rehab/edge.py); key: what each says below; user: who is signed in. A success gives back
# the one try that it was, and forgets no failure. Nobody locks somebody else out for good:
# docs/adr/0013-limits-in-the-database.md.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    # Its key is the e-mail address together with the network address. Also each try of a
    # second factor, its key being the account: nobody comes there without the password.
    "login_failed": "10/m/ip,5/5m/key,15/h/key",
    # The e-mail address alone. More than one network address may use up; a new password opens it.
    "login_failed_anywhere": "30/h/key",
    "signup": "20/m/ip",
    # Nobody's mailbox is filled through us.
    "confirm_email": "1/10s/key,10/h/key",
    "reset_password": "20/m/ip",
    # Above it no mail goes out and nothing is said. The minute first: what it refuses must not
    # count for the hour. The newest mail of the hour is still good then.
    "reset_mail": "1/m/key,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "reauthenticate": "10/m/user",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    # Ours: codes that are typed, and links of invitations.
    "take_offer": "10/m/user,30/h/user",
    "make_offer": "10/m/user,30/h/user",
    "open_invitation": "30/m/ip",
    # Links in mails that are none, or not good any more. One that is good is never counted nor
    # refused: mail programs unsubscribe whole mailboxes from one network address.
    "open_mail_link": "30/m/ip",
    # An archive is hundreds of rows, and whoever has it has everything.
    "export_me": "5/h/user",
    "erase_me": "10/h/user",
    # To oneself, and enough for one of each kind; a mailbox that is filled is no test.
    "test_mail": "10/5m/user,30/h/user",
}
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}

# --- second factor and passkeys (docs/adr/0012-second-factor.md) ---------------
MFA_ADAPTER = "accounts.mfa.MFAAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
# Nobody is signed in without one proved address. A second one that waits for its code must
# not keep somebody from the factor without which nothing else opens.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Rehab"
# Clocks of phones are a little off; each code still counts once.
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "accounts.mfa_forms.AuthenticateForm",
    "reauthenticate": "accounts.mfa_forms.ReauthenticateForm",
    "activate_totp": "accounts.mfa_forms.ActivateTOTPForm",
    "add_webauthn": "accounts.mfa_forms.AddWebAuthnForm",
    "edit_webauthn": "accounts.mfa_forms.EditWebAuthnForm",
    "authenticate_webauthn": "accounts.mfa_forms.AuthenticateWebAuthnForm",
    "login_webauthn": "accounts.mfa_forms.LoginWebAuthnForm",
    "reauthenticate_webauthn": "accounts.mfa_forms.ReauthenticateWebAuthnForm",
}
#: Names of addresses that stay open to a session without its mandatory second factor.
REHAB_OPEN_WITHOUT_SECOND_FACTOR = {
    "healthz",
    "manifest",
    "safety",
    "service_worker",
    # They need no sign-in at all; half of one must not be in the way.
    "mail_unsubscribe",
    "mail_undo",
}
#: What seals the secrets of second factors: the newest key first, then former ones. Else SECRET_KEY.
REHAB_FIELD_KEYS = tuple(env.secret("REHAB_FIELD_KEY").replace(",", " ").split())
if any(len(key) < SHORTEST_FIELD_KEY for key in REHAB_FIELD_KEYS):
    raise ImproperlyConfigured(f"REHAB_FIELD_KEY: each key needs {SHORTEST_FIELD_KEY} characters or more.")

# --- sessions ----------------------------------------------------------------
USERSESSIONS_TRACK_ACTIVITY = True
#: Physiotherapists and site managers are signed out after so long without a request ...
REHAB_IDLE_MINUTES = env.number("REHAB_IDLE_MINUTES", 60, 5, 24 * 60)
#: ... and so long after they signed in, whatever they did.
REHAB_SESSION_HOURS = env.number("REHAB_SESSION_HOURS", 12, 1, 24 * 7)
