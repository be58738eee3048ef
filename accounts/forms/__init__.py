"""What people fill in; validating never writes.

allauth imports ``SignupForm`` from here while it builds its own forms
(ACCOUNT_SIGNUP_FORM_CLASS), so nothing here may import allauth's.
"""

from accounts.forms.sign_up import SignupForm

__all__ = ["SignupForm"]
