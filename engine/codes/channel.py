"""What is said about deviations and answers that go by another channel than messages."""

from engine.codes.statement import Code


class ChannelCode(Code):
    """Refusals, faults and tasks of other channels: post, phone, form and eDialog."""

    # registering, and letters
    DAY_NOT_COME = "channel.day_not_come"
    DAY_TOO_EARLY = "channel.day_too_early"
    NO_SUCH_SENDER = "channel.no_such_sender"
    NO_SUCH_LETTER = "channel.no_such_letter"
    DELIVERED_ALREADY = "channel.delivered_already"
    LETTER_GONE = "channel.letter_gone"

    # what is wrong with a shipment
    NO_JSON = "channel.no_json"
    NO_OBJECT = "channel.no_object"
    NO_SHIPMENT_ID = "channel.no_shipment_id"
    HALF_SIGNS = "channel.half_signs"
    NO_TIME = "channel.no_time"
    TIME_NOT_COME = "channel.time_not_come"
    NO_PDF = "channel.no_pdf"
    FILE_KIND = "channel.file_kind"
    EMPTY_FILE = "channel.empty_file"
    INFECTED = "channel.infected"
    SAME_ID = "channel.same_id"
    A_LINK = "channel.a_link"
    OPEN_TO_ALL = "channel.open_to_all"
    TOO_MANY_ENTRIES = "channel.too_many_entries"
    TOO_MANY_FILES = "channel.too_many_files"
    NO_METADATA = "channel.no_metadata"
    CANNOT_OPEN = "channel.cannot_open"
    NO_PLAIN_FILE = "channel.no_plain_file"
    TOO_LARGE = "channel.too_large"

    # a folder of shipments, and its tasks
    NOT_SERVED = "channel.not_served"
    NOT_CONFIGURED = "channel.not_configured"
    FOLDER_OPEN_TO_ALL = "channel.folder_open_to_all"
    FOLDER_CLOSED = "channel.folder_closed"
    STAYS = "channel.stays"
    BAD_SHIPMENT = "channel.bad_shipment"
    SHIPMENT_WAITS = "channel.shipment_waits"
    NAME_NOT_TAKEN = "channel.name_not_taken"
