"""Write docs/bounds.md, what somebody may cost us whom nobody vouches for: `make docs`.

The figures come from the code. A test compares the page with what this makes, and finds each test that a row names.
"""

from dataclasses import dataclass
from pathlib import Path

from adapters.api.door import REPLIES_COMING, REPLIES_COMING_A_CLIENT
from adapters.mailbox.session import HEAD_BYTES
from adapters.node.ticks import STRANGER_SECONDS
from adapters.settings import Limits, Listen
from adapters.smtp import crowd, listener, pace
from adapters.web.sessions import ATTEMPTS_A_NAME, ATTEMPTS_A_PEER, ATTEMPTS_SPAN
from engine.commit.policy import StrangerLimits
from engine.inbound.settle import MOST_DEATHS
from engine.msh.mime import DEFAULT_LIMITS
from engine.msh.reading import ENVELOPE_LIMITS
from engine.operations.strangers import HEAD_BYTES as KEPT_BYTES
from engine.operations.strangers import UNTOUCHED_FOR

PAGE = Path(__file__).parents[2] / "docs" / "bounds.md"
HEAD = """# What a stranger may cost

A stranger is whoever can reach our mail server and whose mail no registered certificate has signed. Everything that
strangers can make grow has a bound. Each row names the bound, what happens there, and the test that tries to pass it.
What a registered partner signed is not refused at any bound on strangers.

Made from the code by `make docs`; do not edit it here. Figures in `code` are keys of
[samvik.toml](configuration.md) with their defaults.
"""


@dataclass(frozen=True, slots=True)
class Bound:
    """One row: what is bounded, how much there may be of it, what happens then, and `file::test` that shows it."""

    what: str
    most: str
    then: str
    test: str


_LISTEN, _LIMITS, _STRANGERS, _XML, _MIME = Listen(), Limits(), StrangerLimits(), ENVELOPE_LIMITS, DEFAULT_LIMITS
_CROWDED, _KEPT = "tests/adapters/smtp/test_crowded.py", "tests/journeys/test_strangers_kept.py"
_ANSWERS, _GROWTH = "tests/journeys/test_answers_bounded.py", "tests/properties/test_growth.py"
_LISTENER, _PILES = "tests/adapters/smtp/test_listener.py", "tests/engine/inbound/test_piles.py"


def _number(value: float) -> str:
    return f"{value:,}".replace(",", " ")


def _key(name: str, value: int) -> str:
    return f"`{name} = {value}`"


BOUNDS: dict[str, tuple[Bound, ...]] = {
    "Connections": (
        Bound(
            "connections at once from one address, or one IPv6 network of 64 bits",
            _key("listen.most_connections_a_peer", _LISTEN.most_connections_a_peer),
            "421; others still get in",
            f"{_CROWDED}::test_one_address_cannot_take_every_connection",
        ),
        Bound(
            "connections at once",
            f"{_key('listen.most_connections', _LISTEN.most_connections)}",
            f"who has brought nothing for {crowd.PATIENCE_SECONDS:g} seconds loses its place to a newcomer",
            f"{_CROWDED}::test_a_newcomer_takes_the_place_of_who_brings_nothing",
        ),
        Bound(
            "silence",
            _key("listen.idle_seconds", _LISTEN.idle_seconds),
            "the connection is closed",
            f"{_LISTENER}::test_silence_ends_a_connection",
        ),
        Bound(
            "slowness of a mail",
            f"{_key('listen.least_bytes_a_second', _LISTEN.least_bytes_a_second)} after {pace.FIRST_SECONDS} seconds; "
            f"{_number(pace.BYTES_A_SECOND_IN_A_SLOT)} above 1 MB; {pace.DATA_SECONDS} seconds in all",
            "421",
            f"{_CROWDED}::test_a_mail_that_trickles_is_cut_off",
        ),
        Bound(
            "slots for mails above 1 MB, once 1 MB has come",
            f"{_key('listen.most_large_mails', _LISTEN.most_large_mails)}, all but one of them for one address",
            "the mail pauses; a free slot goes to who holds fewest",
            f"{_CROWDED}::test_slow_large_mails_of_one_address_leave_a_slot_to_others",
        ),
        Bound(
            "recipients of one mail",
            _number(listener.MOST_RECIPIENTS),
            "452 for the rest",
            f"{_LISTENER}::test_recipients_over_the_limit_wait_for_another_mail",
        ),
    ),
    "Memory": (
        Bound(
            "bytes of one mail",
            _key("limits.most_mail_bytes", _LIMITS.most_mail_bytes),
            "552; what is over is not held",
            f"{_LISTENER}::test_a_mail_without_line_ends_takes_no_memory",
        ),
        Bound(
            "mails above 10 MB in a process, each way",
            "1",
            "the others wait",
            "tests/journeys/test_huge_work.py::test_three_huge_mails_are_taken_in_and_read_one_at_a_time",
        ),
        Bound(
            "memory to read a mail",
            "a few times its size",
            "a test fails",
            "tests/properties/test_mime.py::test_a_large_mail_is_read_in_a_few_times_its_size",
        ),
        Bound(
            "headers of a mail in a mailbox that is too large",
            f"{_number(HEAD_BYTES)} bytes",
            "only they are fetched",
            "tests/adapters/mailbox/test_hostile.py::test_headers_without_end_leave_the_mailbox_too",
        ),
    ),
    "Processor time": (
        Bound(
            "growth, when a mail is made twice as large",
            "2.3 times, in twenty families of hostile mail",
            "a test fails",
            f"{_GROWTH}::test_twice_the_mail_costs_about_twice",
        ),
        Bound(
            "an envelope before anybody knows who signed it",
            f"{_number(_XML.most_bytes)} bytes, {_number(_XML.most_nodes)} nodes, depth {_XML.most_depth}, "
            f"{_XML.most_declarations} namespace declarations, prefixes of {_XML.longest_prefix} characters",
            "not read: quarantine, no answer",
            "tests/properties/test_xml.py::test_each_limit_holds_exactly",
        ),
        Bound(
            "MIME of a mail",
            f"{_key('limits.most_parts', _MIME.most_parts)}, headers of {_number(_MIME.most_header_bytes)} bytes",
            "quarantine, no answer",
            "tests/properties/test_mime.py::test_limits_hold_exactly",
        ),
        Bound(
            "nodes that one mail can stop",
            str(MOST_DEATHS),
            "quarantine with a task",
            "tests/engine/inbound/test_settle.py::test_a_mail_that_nodes_die_of_is_quarantined",
        ),
    ),
    "Rows and disk": (
        Bound(
            "bytes of mail that nobody vouched for",
            f"{_key('limits.most_unverified_bytes', _LIMITS.most_unverified_bytes)}, and what a node takes between "
            f"two counts ({STRANGER_SECONDS} seconds) is counted too",
            f"from nine tenths on the oldest shrink to their headers, none of the last "
            f"{UNTOUCHED_FOR.days * 24} hours; then strangers hear 451",
            f"{_KEPT}::test_at_the_quota_the_oldest_junk_is_reduced_first",
        ),
        Bound(
            "the same, seen by partners",
            "no bound",
            "what a registered certificate signed is taken, and bounces of mail of ours",
            "tests/adapters/node/test_strangers.py::test_a_full_node_takes_partners_mail_alone",
        ),
        Bound(
            "number of such mails, with those of which only the header is left",
            _key("limits.most_unverified_mails", _LIMITS.most_unverified_mails),
            "the oldest headers are removed; then strangers hear 451",
            f"{_KEPT}::test_too_many_headers_are_removed_the_oldest_first",
        ),
        Bound(
            "days that such a mail is kept",
            f"{_key('limits.unverified_days', _STRANGERS.body_days)} whole, "
            f"{_key('limits.unverified_header_days', _STRANGERS.head_days)} its header, "
            f"{_number(KEPT_BYTES)} bytes at most",
            "reduced, then removed, each with a line in the event log",
            f"{_KEPT}::test_after_a_month_only_the_header_is_kept",
        ),
    ),
    "Answers": (
        Bound(
            "MessageErrors about mail whose signature fails",
            f"once a MessageId; {_key('limits.refusals_an_hour', _LIMITS.refusals_an_hour)} to one claimed sender",
            "quarantine, no answer",
            "tests/contract/test_store_claims.py::test_answers_are_limited_by_id_and_by_hour",
        ),
        Bound(
            "MessageErrors about genuine mail that is for somebody else",
            f"once a MessageId and digest; {_key('limits.refusals_an_hour', _LIMITS.refusals_an_hour)} to one sender",
            "a copy is refused in silence, others are set aside",
            f"{_ANSWERS}::test_many_genuine_mails_for_others_are_answered_within_the_hourly_limit",
        ),
        Bound(
            "MessageErrors about a partner's genuine message that breaks a rule",
            f"once a MessageId and digest; {_key('limits.errors_an_hour', _LIMITS.errors_an_hour)} to one sender",
            "a copy is refused in silence",
            f"{_ANSWERS}::test_a_message_that_breaks_a_rule_is_answered_once",
        ),
        Bound(
            "Pongs",
            f"once a MessageId and digest; {_key('limits.errors_an_hour', _LIMITS.errors_an_hour)} to one sender",
            "set aside without an answer",
            f"{_ANSWERS}::test_pings_are_answered_within_the_hourly_limit",
        ),
        Bound(
            "Acknowledgments of copies of one message",
            f"{_key('limits.refusals_an_hour', _LIMITS.refusals_an_hour)}",
            "a copy is noted without an answer",
            f"{_ANSWERS}::test_copies_of_a_message_are_acknowledged_within_the_hourly_limit",
        ),
    ),
    "Tasks and work of others": (
        Bound(
            "open tasks",
            "one for each claimed sender that the register knows, and cause; one for all others and cause",
            "the task's count grows",
            f"{_PILES}::test_a_flood_in_one_name_is_one_task_with_a_count",
        ),
        Bound(
            "reminders that are held back",
            "none",
            "mail that nobody vouched for decides nothing",
            "tests/journeys/test_case_reminder.py::test_no_number_of_strangers_mails_holds_a_reminder_back",
        ),
        Bound(
            "messages beside a flood",
            "no bound",
            "they are taken",
            f"{_PILES}::test_a_good_message_beside_a_flood_is_taken",
        ),
    ),
    "Pages and API": (
        Bound(
            "wrong passwords",
            f"{ATTEMPTS_A_NAME} for a name, {ATTEMPTS_A_PEER} from an address, "
            f"in {ATTEMPTS_SPAN.total_seconds() / 60:g} minutes",
            "429",
            "tests/adapters/web/test_log_in.py::test_attempts_are_limited_by_address",
        ),
        Bound(
            "replies of record systems that are coming",
            f"{REPLIES_COMING}, {REPLIES_COMING_A_CLIENT} of them from one client",
            "503 with Retry-After",
            "tests/journeys/test_api_slow.py::test_slow_replies_of_one_client_stop_nobody_else",
        ),
        Bound(
            "the body of a request",
            _key("limits.most_mail_bytes", _LIMITS.most_mail_bytes),
            "413",
            "tests/journeys/test_api.py::test_a_body_that_is_too_large_is_a_problem",
        ),
    ),
}


def page() -> str:
    """Return the whole page."""
    return "\n".join([HEAD, *(line for title, rows in BOUNDS.items() for line in _section(title, rows))])


def _section(title: str, rows: tuple[Bound, ...]) -> list[str]:
    table = [f"| {each.what} | {each.most} | {each.then} | {_link(each.test)} |" for each in rows]
    return [f"## {title}\n", "| what | at most | then | test |", "|---|---|---|---|", *table, ""]


def _link(test: str) -> str:
    file, _, name = test.partition("::")
    return f"[{name}](../{file})"


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
