"""The one configuration file, samvik.toml. An unknown key or a broken value stops the start and names the remedy."""

from enum import StrEnum
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from adapters.text.toml import line_of, toml_of
from engine.codes.disk import DiskCode
from engine.codes.register import RegisterCode
from engine.codes.start import StartCode
from engine.codes.statement import Statement
from engine.errors import OwnFault
from engine.names import HerId
from engine.records.channels import MetadataKeys, Source
from engine.register.file_faults import explain
from engine.register.her_field import Her

TEST_DOMAINS = ("testedi.nhn.no", "samsvar.nhn.no")


class Environment(StrEnum):
    """Where this engine runs. Demo and test keys, addresses and log-ins never enter production, nor the reverse."""

    DEMO = "demo"
    TEST = "test"
    PRODUCTION = "production"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Database(_Section):
    """Where the rows are."""

    url: str = Field("", description="PostgreSQL URL; empty starts the embedded server in data_dir")


class ListenProtocol(StrEnum):
    """How mail is handed to us: by anybody, or by a mail server in front of us."""

    SMTP = "smtp"
    LMTP = "lmtp"


class Listen(_Section):
    """The listener that mail comes to."""

    protocol: ListenProtocol = Field(
        ListenProtocol.SMTP, description="how mail is handed to us; lmtp from a mail server in front of us"
    )
    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(2525, ge=0, le=65535, description="port to listen on; 0 takes a free one")
    most_connections: int = Field(100, ge=1, description="connections at once; more are told to come back")
    most_connections_a_peer: int = Field(50, ge=1, description="connections at once from one address")
    most_large_mails: int = Field(4, ge=1, description="mails above 1 MB taken in at once")
    idle_seconds: int = Field(300, ge=1, description="seconds until a silent connection is closed")
    least_bytes_a_second: int = Field(5_000, ge=1, description="how fast a mail must come on average, after a minute")


class MailboxProtocol(StrEnum):
    """How a mailbox is read."""

    POP3 = "pop3"
    IMAP = "imap"


class Tls(StrEnum):
    """When TLS begins: with the connection, by a command, or never."""

    IMPLICIT = "implicit"
    STARTTLS = "starttls"
    NONE = "none"


_USUAL_PORTS = {
    (MailboxProtocol.POP3, True): 995,
    (MailboxProtocol.POP3, False): 110,
    (MailboxProtocol.IMAP, True): 993,
    (MailboxProtocol.IMAP, False): 143,
}


class Mailbox(_Section):
    """A mailbox that mail is collected from, in addition to the listener."""

    name: str = Field(pattern=r"^[a-z0-9-]{1,40}$", description="what the log and the tasks call it")
    protocol: MailboxProtocol = Field(MailboxProtocol.POP3, description="how the mailbox is read")
    host: str = Field(min_length=1, description="host of its server")
    port: int = Field(0, ge=0, le=65535, description="port of its server; 0 takes the usual one")
    tls: Tls = Field(Tls.IMPLICIT, description="when TLS begins: with the connection, by a command, or never")
    ca_file: Path | None = Field(None, description="PEM file of issuers that vouch for the server; none: the system's")
    user: str = Field(pattern=r"^[^\x00-\x1f\x7f]+$", description="user to log in as")
    password_file: Path = Field(description="file whose first line is the password, readable by us alone")
    folder: str = Field("INBOX", min_length=1, pattern=r"^[^\x00-\x1f\x7f]+$", description="folder to empty, IMAP only")
    poll_seconds: int = Field(60, ge=1, le=3_600, description="seconds between two looks; IDLE tells sooner")
    timeout_seconds: int = Field(60, ge=1, le=600, description="seconds to wait for each answer")

    @property
    def usual_port(self) -> int:
        """Return the port that is configured, or the usual one."""
        return self.port or _USUAL_PORTS[self.protocol, self.tls is Tls.IMPLICIT]


class Relay(_Section):
    """The mail server that mail leaves through."""

    host: str = Field("127.0.0.1", description="host of the mail server")
    port: int = Field(25, ge=1, le=65535, description="port of the mail server")
    tls: Tls = Field(Tls.NONE, description="when TLS begins: never, by a command, or with the connection")
    ca_file: Path | None = Field(None, description="PEM file of issuers that vouch for the server; none: the system's")
    user: str = Field("", pattern=r"^[^\x00-\x1f\x7f]*$", description="user to log in as; empty does not log in")
    password_file: Path | None = Field(None, description="file whose first line is the password, readable by us alone")
    most_connections: int = Field(50, ge=1, le=200, description="connections at once, for each node")
    idle_seconds: int = Field(30, ge=1, le=600, description="seconds that a connection is kept open for the next mail")
    timeout_seconds: int = Field(60, ge=1, le=60, description="seconds to wait until the mail itself may be sent")

    @model_validator(mode="after")
    def _log_in_is_whole(self) -> "Relay":
        if bool(self.user) != (self.password_file is not None):
            raise ValueError(Statement.of(StartCode.USER_WITHOUT_PASSWORD))
        return self


class Token(_Section):
    """A token (PKCS#11) that holds keys of ours, beside those in files."""

    module: Path | None = Field(None, description="the token's PKCS#11 library; none uses no token")
    label: str = Field("", description="the token's label")
    pin_file: Path = Field(Path("token.pin"), description="file whose first line is the PIN, readable by us alone")


class Keys(_Section):
    """Our private keys, and the issuers that we trust."""

    directory: Path = Field(Path("pki/private"), description="folder of our keys, PEM or PKCS#12")
    password_file: Path | None = Field(None, description="file whose first line opens those keys that are locked")
    anchors: tuple[Path, ...] = Field((Path("pki/ca.pem"),), description="PEM files of trusted issuers")
    revocation_lists: tuple[Path, ...] = Field((Path("pki/ca.crl"),), description="CRL files of those issuers")
    at_rest: Path = Field(Path("at-rest.key"), description="key ring for content in the database, below data_dir")
    token: Token = Token()


class Revocation(_Section):
    """Where revocation lists and OCSP answers are fetched from, ahead of need."""

    lists: tuple[str, ...] = Field((), description="addresses (http, https) of revocation lists to fetch")
    from_certificates: bool = Field(True, description="also fetch the lists that registered certificates name")
    ocsp: bool = Field(False, description="also ask the OCSP responders that registered certificates name")
    refresh_minutes: int = Field(60, ge=1, description="minutes until a list or answer is fetched anew")
    timeout_seconds: int = Field(10, ge=1, description="seconds that one fetch may take")
    proxy: str = Field("", description="address of an HTTP proxy; empty goes there directly")


class Limits(_Section):
    """How large a mail may be, and how often we answer a sender whose signatures fail."""

    most_mail_bytes: int = Field(51_200_000, ge=1_000, description="bytes of a whole mail")
    most_parts: int = Field(50, ge=1, description="MIME parts of a mail")
    refusals_an_hour: int = Field(
        10, ge=0, description="answers an hour to one sender for mail that fails or is not for us, and to copies of one"
    )
    errors_an_hour: int = Field(
        100, ge=0, description="answers an hour to one verified sender for messages that break a rule, and for Pings"
    )
    most_unverified_bytes: int = Field(
        2_000_000_000, ge=1_000_000, description="bytes kept of mail that nobody vouched for; above, no more is taken"
    )
    most_unverified_mails: int = Field(
        100_000, ge=100, description="mails kept that nobody vouched for; above, no more are taken"
    )
    unverified_days: int = Field(30, ge=1, description="days until only the header of such a mail is kept")
    unverified_header_days: int = Field(365, ge=1, description="days until such a mail is removed altogether")
    ledger_days: int = Field(400, ge=30, description="days that ids are remembered to tell duplicates")


class Scanner(_Section):
    """The virus scanner that looks into attachments, both ways."""

    address: str = Field("", description="clamd's tcp://HOST:PORT or unix:/PATH; empty scans nothing")
    timeout_seconds: float = Field(
        60.0, gt=0, le=150, description="seconds to wait for the verdicts on a message's files"
    )


class Web(_Section):
    """The pages for people."""

    enabled: bool = Field(True, description="whether nodes serve pages")
    host: str = Field("127.0.0.1", description="address that pages are served on")
    port: int = Field(8460, ge=0, le=65535, description="port that pages are served on; 0 takes a free one")
    proxies: tuple[str, ...] = Field((), description="addresses of proxies whose X-Forwarded-For and -Proto count")


class Api(_Section):
    """The door for record systems that ask over HTTP, on the address and port of the pages."""

    enabled: bool = Field(False, description="whether nodes serve record systems over HTTP, with or without the pages")
    address: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#@]+(/[^\s?#]*[^\s/?#])?)?$",
        description="where they reach it, such as https://samvik.example.no; notices name it",
    )
    webhook_timeout_seconds: int = Field(10, ge=1, le=60, description="seconds that one notice to a webhook may take")
    webhook_proxy: str = Field("", description="address of an HTTP proxy for notices; empty goes there directly")


class EdialogKeys(_Section):
    """Names of fields in a shipment's metadata.json. A dot goes into an object; '' is for a field that it lacks."""

    shipment: str = Field("id", min_length=1, description="the shipment's own id")
    received: str = Field("date", min_length=1, description="when it was received: ISO 8601 or milliseconds since 1970")
    title: str = Field("tittel", description="its title")
    sender_name: str = Field("svarSendesTil.navn", description="who sent it")
    sender_number: str = Field("svarSendesTil.orgnr", description="that sender's organisation number")
    reply_to: str = Field("eksternRef", description="what an answer must name")


class Edialog(_Section):
    """A folder for shipments from an eDialog form. Another program puts them there and sends the answers."""

    name: str = Field(pattern=r"^[a-zA-Z0-9._-]{1,40}$", description="what rows, tasks and the log call it")
    directory: Path = Field(description="folder with in/, out/ and failed/")
    party: Her = Field(description="HER-id that the shipments are for")
    keys: EdialogKeys = EdialogKeys()

    def source(self) -> Source:
        """Return the folder as the engine knows it."""
        return Source(self.name, HerId(self.party), MetadataKeys(**self.keys.model_dump()))


class Schemas(_Section):
    """The XML schemas that documents are checked against."""

    directory: Path | None = Field(None, description="folder of official schemas to use instead of our own")


class Hooks(_Section):
    """Where a proof stops nodes at named steps, to kill them there (adapters/machine/kill_hooks.py)."""

    directory: Path | None = Field(None, description="folder that arms steps; only in environment test")


class Settings(_Section):
    """Everything that can be configured. Paths are relative to the folder of the file."""

    environment: Environment = Field(Environment.TEST, description="where this engine runs")
    data_dir: Path = Field(Path("data"), description="folder for the embedded database, key ring and log anchor")
    inbox_dir: Path = Field(Path("inbox"), description="folder that parties with inbox = folder read")
    parties: tuple[Her, ...] = Field(min_length=1, description="HER-ids of the enterprises served here")
    services: Path | None = Field(None, description="file of message functions; none uses config/services.toml")
    carriers: Path | None = Field(None, description="file of carriers; none uses config/carriers.toml")
    database: Database = Database()
    listen: Listen = Listen()
    mailbox: tuple[Mailbox, ...] = Field((), description="mailboxes that mail is collected from")
    edialog: tuple[Edialog, ...] = Field((), description="folders of shipments from eDialog forms")
    relay: Relay = Relay()
    keys: Keys = Keys()
    revocation: Revocation = Revocation()
    limits: Limits = Limits()
    scanner: Scanner = Scanner()
    web: Web = Web()
    api: Api = Api()
    schemas: Schemas = Schemas()
    hooks: Hooks = Hooks()

    @model_validator(mode="after")
    def _production_is_whole(self) -> "Settings":
        if self.environment is Environment.PRODUCTION and not self.database.url:
            raise ValueError(Statement.of(StartCode.DATABASE_URL_MISSING))
        return self

    @model_validator(mode="after")
    def _hooks_are_for_tests(self) -> "Settings":
        if self.hooks.directory is not None and self.environment is not Environment.TEST:
            raise ValueError(Statement.of(StartCode.HOOKS_NOT_HERE, environment=self.environment))
        return self

    @model_validator(mode="after")
    def _mailboxes_are_told_apart(self) -> "Settings":
        if len({each.name for each in self.mailbox}) < len(self.mailbox):
            raise ValueError(Statement.of(StartCode.SAME_NAME))
        if len({(each.host.lower(), each.user, each.folder) for each in self.mailbox}) < len(self.mailbox):
            raise ValueError(Statement.of(StartCode.SAME_MAILBOX))
        return self

    @model_validator(mode="after")
    def _folders_are_told_apart(self) -> "Settings":
        if len({each.name for each in self.edialog}) < len(self.edialog):
            raise ValueError(Statement.of(StartCode.SAME_NAME))
        if len({each.directory for each in self.edialog}) < len(self.edialog):
            raise ValueError(Statement.of(StartCode.SAME_FOLDER))
        return self


def load_settings(path: Path) -> Settings:
    """Return the settings in a file, its relative paths made absolute.

    Raises OwnFault that names the file, the key and the remedy.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise OwnFault(StartCode.NO_SETTINGS, path=path) from None
    except OSError as error:
        raise OwnFault(DiskCode.NOT_READ, path=path, error=error.strerror) from None
    table, text = toml_of(data, path)
    return settings_from(table, path, text)


def settings_from(table: dict[str, Any], path: Path, text: str = "") -> Settings:
    """Return the settings of a parsed file that stands at `path`, and whose text is `text`.

    Raises OwnFault as `load_settings` does.
    """
    try:
        settings = Settings.model_validate(table)
    except ValidationError as error:
        faults = explain(error, Settings, lambda key: line_of(text, key))
        raise OwnFault(RegisterCode.BAD_SETTINGS, path=path, faults=faults) from None
    return _absolute(settings, path.resolve().parent)


def _absolute(settings: Settings, base: Path) -> Settings:
    given = settings.keys
    module = base / given.token.module if given.token.module else None
    keys = given.model_copy(
        update={
            "directory": base / given.directory,
            "password_file": base / given.password_file if given.password_file else None,
            "token": given.token.model_copy(update={"pin_file": base / given.token.pin_file, "module": module}),
            "anchors": tuple(base / anchor for anchor in given.anchors),
            "revocation_lists": tuple(base / crl for crl in given.revocation_lists),
            "at_rest": base / settings.data_dir / given.at_rest,
        }
    )
    mailboxes = tuple(
        each.model_copy(
            update={
                "password_file": base / each.password_file,
                "ca_file": base / each.ca_file if each.ca_file else None,
            }
        )
        for each in settings.mailbox
    )
    relay = settings.relay.model_copy(
        update={
            "password_file": base / settings.relay.password_file if settings.relay.password_file else None,
            "ca_file": base / settings.relay.ca_file if settings.relay.ca_file else None,
        }
    )
    carriers = base / settings.carriers if settings.carriers else None
    services = base / settings.services if settings.services else None
    schemas = Schemas(directory=base / settings.schemas.directory if settings.schemas.directory else None)
    update = {"schemas": schemas, "data_dir": base / settings.data_dir, "inbox_dir": base / settings.inbox_dir}
    update |= {"mailbox": mailboxes, "relay": relay}
    update["hooks"] = Hooks(directory=base / settings.hooks.directory if settings.hooks.directory else None)
    update["edialog"] = tuple(each.model_copy(update={"directory": base / each.directory}) for each in settings.edialog)
    return settings.model_copy(update={**update, "keys": keys, "carriers": carriers, "services": services})
