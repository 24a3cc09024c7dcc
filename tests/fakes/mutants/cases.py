"""Small changes to what is decided about cases. The first nine once went unnoticed."""

from tests.fakes.mutants import Mutant

_CASE, _WORK = "engine/case", "engine/casework"
_ROLES, _DEADLINES = "tests/engine/case/test_roles.py", "tests/engine/case/test_deadlines.py"
_DECIDE = "tests/engine/casework/test_decide.py"
_STEPS = "tests/engine/casework/test_step_decisions.py"
_EVENTS = "tests/engine/casework/test_event_decisions.py"
_REMINDER = "tests/engine/casework/test_reminder_decisions.py"
_ANSWERS = "tests/engine/casework/test_possible_answers.py"
_OPENING = "tests/engine/casework/test_opening.py"
_APPLY = "tests/engine/casework/test_apply.py"
_FEEDBACK = "tests/engine/casework/test_feedback.py"
_RECORD_SYSTEM = "tests/engine/casework/test_by_record_system.py"

MUTANTS = [
    Mutant(
        "an incoming answer does not set answered_at",
        f"{_WORK}/event_decisions.py",
        "    noted = replace(noted, answered_at=now)\n",
        "",
        _EVENTS,
    ),
    Mutant(
        "every role may withdraw",
        f"{_CASE}/roles.py",
        "_E.WITHDRAW: frozenset({_R.MELDER, _R.KVALITETSSIKRER, _R.SEKRETARIAT}),",
        "_E.WITHDRAW: frozenset(_R),",
        _ROLES,
    ),
    Mutant(
        "an interim answer while a reply waits to be judged calls nobody",
        "engine/states/case.py",
        "        _E.ANSWERED_INTERIM: TASK,\n        _E.REPLIED: TASK,\n        _E.ASSESSMENT_OVERDUE: _S.BESVART,",
        "        _E.ANSWERED_INTERIM: IGNORE,\n        _E.REPLIED: TASK,\n        _E.ASSESSMENT_OVERDUE: _S.BESVART,",
        _DECIDE,
    ),
    Mutant(
        "a second reply calls nobody",
        "engine/states/case.py",
        "        _E.ANSWERED_INTERIM: TASK,\n        _E.REPLIED: TASK,\n        _E.ASSESSMENT_OVERDUE: _S.BESVART,",
        "        _E.ANSWERED_INTERIM: TASK,\n        _E.REPLIED: IGNORE,\n        _E.ASSESSMENT_OVERDUE: _S.BESVART,",
        _DECIDE,
    ),
    Mutant(
        "a reminder after the end calls nobody",
        "engine/states/case.py",
        "        _E.WITHDRAWN: IGNORE,\n        _E.SEND_BACK: IGNORE,\n",
        "        _E.WITHDRAWN: IGNORE,\n        _E.SEND_BACK: IGNORE,\n        _E.REMINDED: IGNORE,\n",
        _DECIDE,
    ),
    Mutant(
        "a reminder that was taken before is sent again",
        f"{_WORK}/apply.py",
        "    if not taken:\n",
        "    if taken is None:\n",
        _APPLY,
    ),
    Mutant(
        "no mail that has come already holds a reminder back",
        f"{_WORK}/possible_answers.py",
        "uow.undecided(owner, ours, case.opened_at, MOST_MAILS)",
        "uow.undecided(owner, ours, now, MOST_MAILS)",
        "tests/journeys/test_case_reminder.py",
    ),
    Mutant(
        "people are called again after 70 days",
        f"{_CASE}/deadlines.py",
        "LOOK_AGAIN = timedelta(days=7)",
        "LOOK_AGAIN = timedelta(days=70)",
        _DEADLINES,
    ),
    Mutant(
        "operations may read what cases say",
        f"{_CASE}/roles.py",
        "_D.READ: frozenset({_R.MELDER, _R.KVALITETSSIKRER, _R.SAKSBEHANDLER, _R.SEKRETARIAT}),",
        "_D.READ: frozenset(_R),",
        _ROLES,
    ),
    # the core
    Mutant(
        "an answer leaves the reminder on its way",
        f"{_WORK}/decide.py",
        "recalls_reminder=step.moved and case.reminded_at is not None and step.state not in PARTNER_HAS_IT,",
        "recalls_reminder=False,",
        _DECIDE,
    ),
    Mutant(
        "an interim answer recalls the reminder",
        f"{_WORK}/decide.py",
        "recalls_reminder=step.moved and case.reminded_at is not None and step.state not in PARTNER_HAS_IT,",
        "recalls_reminder=case.reminded_at is not None,",
        _DECIDE,
    ),
    Mutant(
        "old tasks stay open",
        f"{_WORK}/decide.py",
        "        closes_tasks=step.moved,\n",
        "        closes_tasks=False,\n",
        _DECIDE,
    ),
    Mutant(
        "a clock that starts in place sets no deadline",
        f"{_WORK}/decide.py",
        "if step.moved or (after.start != case.start and waits_for_clock(after)):",
        "if step.moved:",
        _DECIDE,
    ),
    Mutant(
        "our own debt is put on the other side",
        f"{_WORK}/decide.py",
        "if case.state is _S.OVER_FRIST and not case.reporting:",
        "if case.state is _S.OVER_FRIST and case.reporting:",
        _DECIDE,
    ),
    Mutant(
        "a case that the other side treats calls our case worker",
        f"{_WORK}/decide.py",
        "if code is None or (case.state is _S.UNDER_BEHANDLING and case.reporting):",
        "if code is None:",
        _DECIDE,
    ),
    Mutant(
        "a recalled reminder counts as sent",
        f"{_WORK}/decide.py",
        "return replace(case, reminded_at=None, interrupted_state=",
        "return replace(case, interrupted_state=",
        _DECIDE,
    ),
    Mutant(
        "a plain message begins in treatment",
        f"{_WORK}/decide.py",
        "return _S.UNDER_BEHANDLING if judged else _S.TIL_VURDERING",
        "return _S.UNDER_BEHANDLING",
        _DECIDE,
    ),
    # steps
    Mutant(
        "a deviation sent anew is no new sending",
        f"{_WORK}/step_decisions.py",
        "sending_number=case.sending_number + 1 if again else case.sending_number,",
        "sending_number=case.sending_number,",
        _STEPS,
    ),
    Mutant(
        "the clock of the first receiver runs on for the next",
        f"{_WORK}/step_decisions.py",
        "        start=None,\n        due=None,\n        reminder_at=None,\n        reminded_at=None,\n",
        "        reminder_at=None,\n        reminded_at=None,\n",
        _STEPS,
    ),
    Mutant(
        "a confirmation is sent twice",
        f"{_WORK}/step_decisions.py",
        "    if case.confirmed_at is not None:\n        raise",
        "    if case.confirmed_at is not None and case.reporting:\n        raise",
        _STEPS,
    ),
    Mutant(
        "we answer what we reported ourselves",
        f"{_WORK}/step_decisions.py",
        "    if case.reporting:\n        raise Refused(CaseCode.THEY_ANSWER",
        "    if case.reporting and case.channel:\n        raise Refused(CaseCode.THEY_ANSWER",
        _STEPS,
    ),
    Mutant(
        "an interim answer stops the waiting",
        f"{_WORK}/step_decisions.py",
        "replace(case, answered_at=now) if final else case)",
        "replace(case, answered_at=now))",
        _STEPS,
    ),
    Mutant(
        "a received case is closed unanswered",
        f"{_WORK}/step_decisions.py",
        "return case.state is CaseState.OVER_FRIST and not case.reporting and case.answered_at is None",
        "return False",
        _STEPS,
    ),
    Mutant(
        "an interim judgement keeps the time of the answer",
        f"{_WORK}/step_decisions.py",
        "judged = replace(judged, interrupted_state=None, answered_at=None)",
        "judged = replace(judged, interrupted_state=None)",
        _STEPS,
    ),
    Mutant(
        "a draft goes out unassured",
        f"{_WORK}/step_decisions.py",
        "write_deviation(replace(draft, quality_assured=approved))",
        "write_deviation(draft)",
        _STEPS,
    ),
    Mutant(
        "a national number in a cause is sent",
        f"{_WORK}/step_decisions.py",
        '        ("Answer/Cause", given.cause),\n',
        "",
        _STEPS,
    ),
    # deliveries, documents and deadlines
    Mutant(
        "a second AppRec starts the clock anew",
        f"{_WORK}/event_decisions.py",
        "if message.state in _DELIVERED and case.clock is None:",
        "if message.state in _DELIVERED:",
        _EVENTS,
    ),
    Mutant(
        "a refused deviation keeps its clock",
        f"{_WORK}/event_decisions.py",
        "stopped = without_clock(case) if case.state in _CLOCK_GOES_ON else case",
        "stopped = case",
        _EVENTS,
    ),
    Mutant(
        "a cancelled delivery calls nobody",
        f"{_WORK}/event_decisions.py",
        "if message.state in NEEDS_ACTION or message.state is DeliveryState.KANSELLERT:",
        "if message.state in NEEDS_ACTION:",
        _EVENTS,
    ),
    Mutant(
        "a reminder on the due date counts",
        f"{_WORK}/event_decisions.py",
        "(case.due is None or now < end_of(case.due))",
        "case.due is None",
        _EVENTS,
    ),
    Mutant(
        "an answer to a refused deviation starts a clock",
        f"{_WORK}/event_decisions.py",
        " and (delivery is None or delivery.state is not DeliveryState.AVVIST):",
        ":",
        _EVENTS,
    ),
    Mutant(
        "a second reply forgets what the first interrupted",
        f"{_WORK}/event_decisions.py",
        "    if case.state is CaseState.SVAR_IKKE_VURDERT:\n        return noted\n",
        "",
        _EVENTS,
    ),
    Mutant(
        "an answer after the end changes when it was answered",
        f"{_WORK}/event_decisions.py",
        "event not in {CaseEvent.ANSWERED, CaseEvent.REPLIED} or case.state in _ENDED:",
        "event not in {CaseEvent.ANSWERED, CaseEvent.REPLIED}:",
        _EVENTS,
    ),
    Mutant(
        "a confirmation is answered",
        f"{_WORK}/event_decisions.py",
        "if event not in {CaseEvent.CONFIRMED, CaseEvent.INFORMED}:",
        "if event is not CaseEvent.INFORMED:",
        _EVENTS,
    ),
    # the reminder
    Mutant(
        "a reminder that may have left is sent again",
        f"{_WORK}/reminder_decisions.py",
        "return case.reminder_at <= last_restored",
        "return case.reminder_at > last_restored",
        _REMINDER,
    ),
    Mutant(
        "a new mail does not hold the reminder",
        f"{_WORK}/reminder_decisions.py",
        "if answer is PossibleAnswer.NONE:",
        "if answer is not PossibleAnswer.OLD:",
        _REMINDER,
    ),
    Mutant(
        "the reminder leaves at night",
        f"{_WORK}/reminder_decisions.py",
        "return wait_until(case, leaves) if leaves > now else None",
        "return None",
        _REMINDER,
    ),
    Mutant(
        "any case is reminded by hand",
        f"{_WORK}/reminder_decisions.py",
        "if not (case.reporting and case.state in PARTNER_HAS_IT and is_in_doubt(case, last_restored)):",
        "if not is_in_doubt(case, last_restored):",
        _REMINDER,
    ),
    Mutant(
        "quarantine holds the reminder for ever",
        f"{_WORK}/possible_answers.py",
        "if mail.state is InboundState.KARANTENE and mail.owner != OPERATOR:",
        "if False:",
        _ANSWERS,
    ),
    Mutant(
        "a receipt holds the reminder",
        f"{_WORK}/possible_answers.py",
        "if header.service in {None, c.MSH_SERVICE}:",
        "if header.service is None:",
        _ANSWERS,
    ),
    # opening, sending back, record systems, writing
    Mutant(
        "what may be no deviation is confirmed",
        f"{_WORK}/opening.py",
        "if case.state is not CaseState.UNDER_BEHANDLING:",
        "if case.reporting:",
        _OPENING,
    ),
    Mutant(
        "a message is sent back twice",
        f"{_WORK}/feedback_sent.py",
        "if mail.state is InboundState.RETURNERT:",
        "if mail.state is InboundState.KARANTENE:",
        _FEEDBACK,
    ),
    Mutant(
        "any fault ends the case",
        f"{_WORK}/feedback_sent.py",
        "return opened and fault is FeedbackCode.WRONG_ADDRESSEE",
        "return opened",
        _FEEDBACK,
    ),
    Mutant(
        "a record system's interim answer is final",
        f"{_WORK}/by_record_system.py",
        "answered_at = now if event is CaseEvent.ANSWER else case.answered_at",
        "answered_at = now",
        _RECORD_SYSTEM,
    ),
    Mutant(
        "a case that another node moved is overwritten in silence",
        f"{_WORK}/apply.py",
        "if not await uow.settle_case(case.owner, case, was=move.was.state):",
        "if await uow.settle_case(case.owner, case, was=move.was.state) is None:",
        _APPLY,
    ),
]
