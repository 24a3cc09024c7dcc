"""What a person is called to do about a case."""

from engine.codes.statement import Code


class CaseTaskCode(Code):
    """Tasks about cases, and about mails and letters that belong to cases."""

    # a state that waits for a person
    ASSURE = "case_task.assure"
    RETURNED = "case_task.returned"
    NOT_SENT = "case_task.not_sent"
    NO_ANSWER = "case_task.no_answer"
    WE_HAVE_NOT_ANSWERED = "case_task.we_have_not_answered"
    JUDGE_REPLY = "case_task.judge_reply"
    WRONG_RECEIVER = "case_task.wrong_receiver"
    MAY_BE_A_DEVIATION = "case_task.may_be_a_deviation"
    MAY_BE_A_DEVIATION_OTHERWISE = "case_task.may_be_a_deviation_otherwise"
    ARRIVED = "case_task.arrived"
    ARRIVED_OTHERWISE = "case_task.arrived_otherwise"
    TREAT = "case_task.treat"

    # an event that a person must see
    REFUSED = "case_task.refused"
    REFUSED_BY_RECORD_SYSTEM = "case_task.refused_by_record_system"
    REMINDED_EARLY = "case_task.reminded_early"
    MISADDRESSED_TOO_LATE = "case_task.misaddressed_too_late"
    UNEXPECTED = "case_task.unexpected"
    ANSWERED_THOUGH_REFUSED = "case_task.answered_though_refused"
    REPORTER_WROTE = "case_task.reporter_wrote"
    REPLY = "case_task.reply"
    DEADLINE_PASSED = "case_task.deadline_passed"

    # a message of ours that could not go, or waits
    NOT_TOLD = "case_task.not_told"
    NOT_CONFIRMED = "case_task.not_confirmed"
    REMINDER_REFUSED = "case_task.reminder_refused"
    REMINDER_IN_DOUBT = "case_task.reminder_in_doubt"
    REMINDER_HELD = "case_task.reminder_held"
    LETTER_TO_FETCH = "case_task.letter_to_fetch"
    LETTER_IN_FOLDER = "case_task.letter_in_folder"

    # a mail
    NO_CASE_MADE = "case_task.no_case_made"
    FOR_INFORMATION = "case_task.for_information"
    STRANGER = "case_task.stranger"
    FOLLOW_UP_WITHOUT_A_CASE = "case_task.follow_up_without_a_case"
    FEEDBACK = "case_task.feedback"
    FEEDBACK_IN_CASE = "case_task.feedback_in_case"
    FEEDBACK_ON_NOTHING = "case_task.feedback_on_nothing"
    FEEDBACK_FROM_A_STRANGER = "case_task.feedback_from_a_stranger"
