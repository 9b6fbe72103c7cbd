"""Everything a person may be allowed to do. Which role holds which is data: `roles.toml`."""

from enum import StrEnum


class Permission(StrEnum):
    """One act. A role without it is refused, whatever the state of a case allows."""

    SEE_WORKLIST = "see_worklist"
    SEARCH_CHILD = "search_child"
    OPEN_KARTE = "open_karte"
    DISCLOSE = "disclose"  # a document of everything held on one person, for that person
    SEE_SCREENING = "see_screening"  # the reasons of a finding
    ASSIGN = "assign"
    ASSESS = "assess"
    REFER = "refer"
    CLOSE = "close"
    RECORD = "record"  # the chronology of a case, and files attached to it
    SEE_RECORDS = "see_records"
    WITHDRAW_RECORDS = "withdraw_records"  # another's; one's own needs `record` only
    PRINT_KARTE = "print_karte"
    PRINT_PROTECTED = "print_protected"  # what tells where a protected child is, and what people wrote of it
    SEE_PAIRS = "see_pairs"
    DECIDE_PAIR = "decide_pair"
    SETTLE_PAIR = "settle_pair"  # the third word, where two people decided differently
    RUN_NIGHT = "run_night"
    SEE_CONDITIONS = "see_conditions"
    WRITE_CONDITIONS = "write_conditions"
    APPROVE_CONDITIONS = "approve_conditions"
    USE_ZONE = "use_zone"  # make and read the analysis zone, where children have tokens
    APPROVE_MODELS = "approve_models"  # a statistical model of somebody else's
    SET_CAPACITY = "set_capacity"  # how many new findings a ward can work in a month, and its random sample
    SEE_STATISTICS = "see_statistics"
    SEE_DELIVERIES = "see_deliveries"
    SEE_QUARANTINE = "see_quarantine"
    RECEIVE_DELIVERIES = "receive_deliveries"
    SEE_TRAIL = "see_trail"
    VERIFY_TRAIL = "verify_trail"
    MANAGE_ACCOUNTS = "manage_accounts"
    SEE_HEALTH = "see_health"
