"""What is said about local users of the pages, for demo and test."""

from engine.codes.statement import Code


class UserCode(Code):
    """Codes about local users."""

    NOT_IN_PRODUCTION = "user.not_in_production"
    NAME_TAKEN = "user.name_taken"
    NO_USER = "user.no_user"
    BAD_NAME = "user.bad_name"
    NUMBER_AS_NAME = "user.number_as_name"
    PASSWORD_LENGTH = "user.password_length"  # noqa: S105 a code, not a secret
    NAME_IN_PASSWORD = "user.name_in_password"  # noqa: S105 a code, not a secret
    PASSWORDS_DIFFER = "user.passwords_differ"
