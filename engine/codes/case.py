"""What is said to those who take steps in cases: why a step is refused, and what went wrong."""

from engine.codes.statement import Code


class CaseCode(Code):
    """Refusals and faults of steps in cases."""

    NO_REASON = "case.no_reason"
    NUMBER_IN_REASON = "case.number_in_reason"
    NUMBER_IN_TEXT = "case.number_in_text"
    MAY_NOT = "case.may_not"
    NOT_FOUND = "case.not_found"

    NOT_POSSIBLE = "case.not_possible"
    WAY = "case.way"
    NO_WAY = "case.no_way"

    NO_NEW_RECEIVER = "case.no_new_receiver"
    THEY_ANSWER = "case.they_answer"
    THEY_CONFIRM = "case.they_confirm"
    THEY_WITHDRAW = "case.they_withdraw"
    CONFIRMED_ALREADY = "case.confirmed_already"
    SAME_PERSON = "case.same_person"
    NOT_ANSWERED = "case.not_answered"
    NO_REMINDER_IN_DOUBT = "case.no_reminder_in_doubt"

    NO_MESSAGE_CAN_GO = "case.no_message_can_go"
    NO_THREAD = "case.no_thread"
    LETTER_WITHOUT_FILES = "case.letter_without_files"

    NO_ORIGINAL = "case.no_original"
    ORIGINAL_GONE = "case.original_gone"
    CAME_AS_MESSAGE = "case.came_as_message"
    CAME_OTHERWISE = "case.came_otherwise"

    REMINDER_RECALLED = "case.reminder_recalled"
    MOVED_MEANWHILE = "case.moved_meanwhile"
    REMINDER_TAKEN = "case.reminder_taken"
    NO_CONTENT = "case.no_content"
    IS_A_MESSAGE = "case.is_a_message"
