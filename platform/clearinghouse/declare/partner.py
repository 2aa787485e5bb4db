"""A partner country and its website, as declared in stacks/<code>.yaml."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field

from clearinghouse.declare.backup import Backup
from clearinghouse.declare.names import Code, Day, Domain, Email, Flag, HostName, Language, SafeText
from clearinghouse.declare.php import PhpSetting, PhpValue
from clearinghouse.declare.places import Image, Reachable, SitePath, UrlPath
from clearinghouse.declare.quantities import Port, Size, share, size, whole
from clearinghouse.declare.schedule import Schedule
from clearinghouse.declare.ssh_key import SshKey
from clearinghouse.declare.value import Value

Tier = Literal["host-only", "standard-site", "mirror"]
Runtime = Literal["static", "php", "image"]
Role = Literal["national-focal-point", "chm-focal-point", "webmaster", "technical", "administrative"]


class Contact(Value):
    """A person to turn to."""

    role: Role = Field(description="What the person is for the partner.")
    name: SafeText = Field(description="The person's name, as it is to be written.")
    email: Email = Field(description="Where the person is reached.")
    consent: Flag = Field(description="Whether the person agreed to be named in public.")
    review: Day = Field(description="The day by which somebody asks again whether all this still holds.")


class Webmaster(Value):
    """A person who changes the site's files by SFTP or rsync."""

    name: SafeText = Field(description="The person's name, for logs.")
    key: SshKey = Field(
        description="The public key (the .pub file, one line): ed25519, ECDSA, or RSA from 3072 bits."
    )


class Cron(Value):
    """A command that runs at times."""

    schedule: Schedule = Field(
        description="Minute, hour, day, month and weekday as in crontab(5), in quotes; UTC."
    )
    command: SafeText = Field(description="The command, run in the site's folder.")


class Health(Value):
    """How one sees that the site is well."""

    path: UrlPath = Field(default="/", description="The page that is asked for.")
    text: SafeText | None = Field(default=None, description="Text that must be in the answer.")


class Site(Value):
    """What the partner's own website needs to run."""

    runtime: Runtime = Field(
        description="What runs the site: files only (static), PHP (php), or the partner's own image (image)."
    )
    database: Literal["mariadb", "postgresql"] | None = Field(
        default=None, description="The database beside the site; left out, there is none."
    )
    writable: tuple[SitePath, ...] = Field(
        default=(),
        max_length=20,
        description="Folders that the site itself may write to, such as uploads; PHP never runs from them.",
    )
    cron: tuple[Cron, ...] = Field(default=(), max_length=20, description="Commands that run at times.")
    php: Mapping[PhpSetting, PhpValue] = Field(
        default={}, description="Settings of PHP, for the runtime php."
    )
    health: Health = Field(default=Health(), description="How one sees that the site is well.")
    image: Image | None = Field(default=None, description="The image, for the runtime image.")
    port: Port | None = Field(default=None, description="The port on which the image answers HTTP.")


class Mail(Value):
    """Mail that the site sends."""

    senders: tuple[Email, ...] = Field(min_length=1, description="The addresses it may write from.")
    per_hour: Annotated[int, whole(1, 10000)] = Field(
        default=60, description="How many mails an hour at most."
    )


class Limits(Value):
    """The most that the site may take of its host."""

    memory: Size = Field(default=size("512M"), description="Memory.", json_schema_extra={"default": "512M"})
    cpus: Annotated[Decimal, share(64)] = Field(
        default=Decimal(1),
        description="Processors that each of its parts may use.",
        json_schema_extra={"default": 1},
    )
    disk: Size = Field(
        default=size("5G"), description="Disk for its files and data.", json_schema_extra={"default": "5G"}
    )
    processes: Annotated[int, whole(20, 4096)] = Field(
        default=100, description="Processes of the site itself at once."
    )


class Partner(Value):
    """A partner country and its website."""

    partner: Code = Field(
        description="The country's code, two letters a to z; also this file's name and the stack's."
    )
    name: Mapping[Language, SafeText] = Field(
        min_length=1, description="The country's name in each of its languages."
    )
    languages: tuple[Language, ...] = Field(
        min_length=1, description="The site's languages (BCP 47), the most usual one first."
    )
    tier: Tier = Field(
        description="Who makes the site: the partner (host-only), the platform (standard-site),"
        " or another server, copied here (mirror)."
    )
    since: Annotated[int, whole(1992, 2100)] = Field(
        description="The year since when the partner takes part."
    )
    domains: tuple[Domain, ...] = Field(
        min_length=1,
        max_length=50,
        description="The site's names: the first serves, the others redirect to it. Any script will do.",
    )
    host: HostName = Field(description="The host that runs the site: a file's name in stacks/hosts.")
    contacts: tuple[Contact, ...] = Field(min_length=1, max_length=50, description="The people to turn to.")
    webmasters: tuple[Webmaster, ...] = Field(
        default=(), description="The people who change the site's files."
    )
    ssh_port: Annotated[int, whole(1024, 65535)] | None = Field(
        default=None,
        description="The port of the webmasters' SFTP and rsync; no other partner's on the host.",
    )
    site: Site | None = Field(default=None, description="What the partner's own site needs; for host-only.")
    egress: tuple[Reachable, ...] = Field(
        default=(), max_length=50, description="What the site itself may reach, as domain:port; nothing else."
    )
    mail: Mail | None = Field(default=None, description="Mail that the site sends; left out, it sends none.")
    limits: Limits = Field(default=Limits(), description="The most that the site may take of its host.")
    backup: Backup = Field(default=Backup(), description="How its data is backed up; for host-only.")

    @property
    def canonical(self) -> str:
        """The domain that serves the site."""
        return self.domains[0]

    @property
    def redirected(self) -> tuple[str, ...]:
        """The domains that redirect to the canonical one."""
        return self.domains[1:]
