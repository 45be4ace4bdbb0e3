"""How the sign-in library behaves here: nobody signs up by themselves, accounts come by invitation."""

from typing import ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

WRONG_CODE = "That code is not right. Type the one your app shows now, because it changes every 30 seconds."


class InvitationOnlyAdapter(DefaultAccountAdapter):
    error_messages: ClassVar = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": "This account is closed. Ask the unit if you think it should not be.",
        "email_password_mismatch": "The email address or the password is not right. Check both, and try again.",
        "enter_current_password": "Enter the password you sign in with now.",
        "incorrect_code": WRONG_CODE,
        "incorrect_password": "That password is not right. Try again.",
        "too_many_login_attempts": "There were too many wrong attempts. Wait five minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


class PlainMFAAdapter(DefaultMFAAdapter):
    error_messages: ClassVar = {**DefaultMFAAdapter.error_messages, "incorrect_code": WRONG_CODE}
