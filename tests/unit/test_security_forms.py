"""Values that reach a parser or a column of their own, found by the hostile requests."""

import pytest
from django.core.exceptions import ValidationError

from accounts.adapter import AccountAdapter
from accounts.addresses import LONGEST
from accounts.forms.clinic import InviteForm
from accounts.forms.invitations import AskForm
from accounts.mfa_forms import CredentialField


@pytest.mark.parametrize(
    "address",
    [
        f"{'a' * 65}@example.org",
        f"a@{'b.' * 126}org",
        # Eighteen letters each in the one spelling of an address.
        f"a@{chr(0xFDFA) * 20}.org",
    ],
    ids=["before the at", "in all", "in the one spelling"],
)
def test_an_address_that_does_not_fit_its_column_is_refused(address):
    """PostgreSQL ends with an error; SQLite would keep it, and no mail server take it."""
    with pytest.raises(ValidationError):
        AccountAdapter().clean_email(address)


@pytest.mark.parametrize("form", [AskForm, InviteForm])
def test_every_form_takes_the_one_spelling(form):
    """Two spellings would be two invitations, and one that does not fit an error."""
    good = form({"email": " ROSA@Example.org "})
    good.is_valid()
    assert good.cleaned_data["email"] == "rosa@example.org"
    assert "email" in form({"email": f"a@{chr(0xFDFA) * 20}.org"}).errors


def test_the_longest_address_is_taken():
    address = f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 57}.org"
    assert len(address) == LONGEST
    assert AccountAdapter().clean_email(address) == address


#: Name -> what a browser never says of a passkey. allauth took the first two for one.
NO_CREDENTIALS = {
    "zero": "0",
    "no": "false",
    "null": "null",
    "empty": "{}",
    "a list": "[1]",
    "a word": '"a"',
    "digits": "9" * 5000,
    "digits inside": f'{{"id": {"9" * 5000}}}',
    "brackets": "[" * 100_000,
    "objects": '{"a":' * 50_000,
    "nothing": "",
    "no JSON": "no JSON",
    "half a letter": "\ud800",
}


@pytest.mark.parametrize("sent", NO_CREDENTIALS.values(), ids=NO_CREDENTIALS)
def test_what_is_no_credential_or_breaks_the_parser_is_refused(sent):
    with pytest.raises(ValidationError):
        CredentialField().clean(sent)
    # The page with the error reads it once more.
    assert CredentialField().bound_data(sent, None) == ""
