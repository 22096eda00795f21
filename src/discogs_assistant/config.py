"""Settings from the environment or a `.env` file; `discogs-assistant settings` lists them."""

from __future__ import annotations

import json
import os
import re
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from platformdirs import user_data_path
from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from discogs_assistant.model.freshness import TERMS_AGE, Freshness

PREFIX = "DISCOGS_ASSISTANT_"
VERSION = "0.1.0"
_DAY = 86_400
_LONGEST = timedelta(days=3_650)
"""Subtracting a longer age from today could leave the range of `datetime`."""
_OPERATOR = re.compile(r"([^:,\s]+:)?0*([1-9][0-9]{0,17})", re.ASCII)
"""A Discogs user number, optionally after a name that is only a note to the reader."""


class Mode(StrEnum):
    """`local`: one person on this machine, no sign-in. `hosted`: many people."""

    LOCAL = "local"
    HOSTED = "hosted"


class PolicyReading(StrEnum):
    """Whether sellers' shipping policies are read. `ask`: for people who agreed to it."""

    OFF = "off"
    ASK = "ask"
    ON = "on"


def _header_text(value: str) -> str:
    if not value.isascii() or not value.isprintable():
        raise PydanticCustomError("header", "It may contain only printable ASCII characters")
    return value


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        sound = False
    if not sound or " " in value:
        raise PydanticCustomError("address", "It must be an address such as https://api.discogs.com")
    return _header_text(value).rstrip("/")


def _public_address(value: str) -> str:
    if not value.strip():
        return ""
    address = _web_address(value)
    parts = urlsplit(address)
    if parts.path or parts.query or parts.fragment or "@" in parts.netloc:
        raise PydanticCustomError("address", "It must be only a host, such as https://crates.example.org")
    return address.lower()


def _listed(value: object) -> object:
    """A list from the environment: JSON if it begins with a bracket, else comma-separated."""
    if not isinstance(value, str):
        return value
    if value.lstrip().startswith("["):
        return json.loads(value)
    return [entry.strip() for entry in value.split(",") if entry.strip()]


def _numbered(entry: object) -> str:
    text = str(entry)
    if not _OPERATOR.fullmatch(text):
        raise PydanticCustomError(
            "operator",
            "Somebody else can take a name that its owner gives up at Discogs, so write the user number too, "
            "as in name:12345; it is the id at https://api.discogs.com/users/name",
        )
    return text


WebAddress = Annotated[str, AfterValidator(_web_address)]
PublicAddress = Annotated[str, AfterValidator(_public_address)]
HeaderText = Annotated[str, AfterValidator(_header_text)]
Operators = Annotated[
    tuple[Annotated[str, BeforeValidator(_numbered)], ...], NoDecode, BeforeValidator(_listed)
]
Secrets = Annotated[tuple[SecretStr, ...], NoDecode, BeforeValidator(_listed)]


class Settings(BaseSettings):
    """Every setting with its default; the description is what `settings` and docs/settings.md print."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_file=".env", env_file_encoding="utf-8", extra="ignore", frozen=True
    )

    app_name: str = Field("Crate Assistant for Discogs", description="The name shown to people.")
    mode: Mode = Field(Mode.LOCAL, description="`local`: one person, loopback only. `hosted`: many people.")
    data_dir: Path = Field(
        default_factory=lambda: user_data_path("discogs-assistant"),
        description="Folder of the database, the key and uploaded files.",
    )
    database_url: str = Field(
        "", description="SQLAlchemy address of the database; empty: an SQLite file in the data folder."
    )
    host: str = Field("127.0.0.1", description="Address on which the pages are served.")
    port: int = Field(8300, ge=1, le=65535, description="Port on which the pages are served.")
    public_url: PublicAddress = Field(
        "", description="Address by which people reach the hosted pages, such as https://crates.example.org."
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Key that seals tokens; empty: a key file in the data folder, created at first use.",
    )
    previous_secret_keys: Secrets = Field(
        (),
        description="Comma-separated keys that older tokens are sealed with, needed until `secrets rotate`.",
    )
    discogs_api_url: WebAddress = Field("https://api.discogs.com", description="Where Discogs' web API is.")
    discogs_site_url: WebAddress = Field("https://www.discogs.com", description="Where Discogs' pages are.")
    discogs_token: SecretStr = Field(SecretStr(""), description="A personal token for Discogs' web API.")
    discogs_consumer_key: HeaderText = Field(
        "", description="Consumer key of the Discogs application that people sign in with."
    )
    discogs_consumer_secret: SecretStr = Field(
        SecretStr(""), description="Consumer secret of the Discogs application that people sign in with."
    )
    operators: Operators = Field(
        (),
        description="People who see the operator's page: comma-separated Discogs user numbers, "
        "optionally after a name, as in name:12345.",
    )
    session_length: timedelta = Field(
        timedelta(days=30),
        gt=timedelta(0),
        le=_LONGEST,
        description="How long a browser stays signed in at most.",
    )
    session_idle: timedelta = Field(
        timedelta(days=7),
        gt=timedelta(0),
        le=_LONGEST,
        description="How long a browser stays signed in without a request.",
    )
    sign_ins_per_address: int = Field(
        20, ge=1, description="How many sign-ins one address may begin in ten minutes."
    )
    sign_ins_per_network: int = Field(
        40,
        ge=1,
        description="How many sign-ins one network (/24, of IPv6 /48) may begin in ten minutes; "
        "never fewer than one address may.",
    )
    sign_ins: int = Field(
        100,
        ge=1,
        description="How many sign-ins may begin in ten minutes in total, before each network "
        "is limited to one a minute.",
    )
    contact_url: HeaderText = Field(
        "", description="Address in the User-Agent by which Discogs can reach the operator."
    )
    rate_limit: int = Field(60, ge=1, description="Requests per window that Discogs allows with a token.")
    anonymous_rate_limit: int = Field(25, ge=1, description="Requests per window without a token.")
    rate_window: float = Field(60.0, gt=0, le=_DAY, description="Length of Discogs' window in seconds.")
    rate_source: str = Field("default", description="Name of the source address whose rate is shared.")
    max_data_age: timedelta = Field(
        TERMS_AGE,
        gt=timedelta(0),
        le=_LONGEST,
        description="How long prices, listings and images are shown before they are read again.",
    )
    runs_kept: timedelta = Field(
        timedelta(days=30),
        gt=timedelta(0),
        le=_LONGEST,
        description="How long finished runs, and other collectors' records that nobody uses, are kept; "
        "the newest result of each kind stays.",
    )
    max_profile_items: int = Field(
        30_000, ge=1, description="How many items of a collection or wantlist are read."
    )
    discography_requests: int = Field(
        40, ge=0, description="How many requests a recommendation may spend on discographies."
    )
    market_requests: int = Field(
        400, ge=0, description="How many requests a cart search may spend on sellers and prices."
    )
    shipping_requests: int = Field(
        100, ge=0, description="How many sellers' shipping policies a search may ask for."
    )
    market_deadline: float = Field(
        1800.0,
        gt=0,
        le=_DAY,
        description="Seconds after which carts are built from the listings read so far.",
    )
    upload_limit: int = Field(
        50_000_000, ge=1, description="Largest upload in bytes, and largest unpacked zip."
    )
    upload_listings: int = Field(
        500_000,
        ge=1,
        description="Most copies of one file uploaded in the browser, and of one person's uploads.",
    )
    upload_items: int = Field(
        100_000, ge=1, description="Most items of a collection or wantlist uploaded in the browser."
    )
    upload_seconds: float = Field(
        120.0,
        gt=0,
        le=_DAY,
        description="Seconds in which the files of one upload in the browser must be read.",
    )
    upload_memory: int = Field(
        500_000_000, ge=100_000_000, description="Bytes of memory that a process may use to read an upload."
    )
    upload_processes: int = Field(
        3, ge=1, le=32, description="How many uploads a web process reads at once; others wait two minutes."
    )
    page_fetching: bool = Field(
        False,
        description="Read sell pages from the site itself. Discogs' terms forbid scraping: leave it off.",
    )
    shipping_policies: PolicyReading = Field(
        PolicyReading.ASK,
        description="Read sellers' shipping policies from an address that Discogs does not document, with "
        "the person's token: `off`, `ask` (of people who agreed to it) or `on`.",
    )
    item_grams: dict[str, int] = Field(
        {"lp": 230, '12"': 180, '10"': 150, '7"': 60, "cd": 110, "cass": 80, "cassette": 80},
        description="Grams of one item by format, for shipping by weight.",
    )
    packaging_grams: int = Field(
        250, ge=0, le=10_000, description="Grams of a parcel's packaging, for sellers' policies by weight."
    )
    exchange_rates_url: str = Field(
        "", description="Address of newer exchange rates; empty: the installed ones are used."
    )
    workers: int = Field(2, ge=1, le=32, description="How many steps a worker process runs at once.")
    lease_seconds: float = Field(
        20.0, gt=0, le=_DAY, description="Seconds without a heartbeat after which a worker counts as dead."
    )
    runs_per_person: int = Field(
        2,
        ge=1,
        description="How many runs of one person all workers together run at once in hosted mode.",
    )
    starts_per_minute: int = Field(
        10, ge=1, description="How many runs one person may start in a minute in hosted mode."
    )
    starts_per_day: int = Field(
        300, ge=1, description="How many runs one person may start in a day in hosted mode."
    )
    uploads_per_day: int = Field(
        100, ge=1, description="How often one person may upload files in a day in hosted mode."
    )
    wants_per_minute: int = Field(
        20,
        ge=1,
        description="How many changes of a wantlist one person may make in a minute in hosted mode.",
    )
    collectors_per_person: int = Field(
        20,
        ge=0,
        description="How many other collectors' records one person may keep in hosted mode.",
    )
    uploads_at_once: int = Field(
        3,
        ge=1,
        description="How many uploads of one person, and of one address, a web process reads at once.",
    )
    computations_at_once: int = Field(
        2, ge=1, description="How many computed pages one person gets at once from a web process."
    )
    header_seconds: float = Field(
        10.0, gt=0, le=_DAY, description="Seconds in which the headers of a request must arrive."
    )
    body_seconds: float = Field(
        30.0,
        gt=0,
        le=_DAY,
        description="Seconds in which the body of a request must arrive; uploads get one more per 250 kB.",
    )
    connections_at_once: int = Field(
        800, ge=10, description="How many connections a web process has open at once."
    )
    ready_queue_age: float = Field(
        600.0,
        gt=0,
        le=_DAY,
        description="Seconds that a run may wait for a worker before /ready answers 503.",
    )
    log_level: str = Field("INFO", description="Lowest level of log lines: DEBUG, INFO, WARNING or ERROR.")
    log_format: str = Field(
        "", description="Form of log lines: `lines` or `json`; empty: json in hosted mode, lines locally."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="Bearer token that opens /metrics; empty: open in local mode, absent in hosted mode.",
    )
    otlp_endpoint: str = Field("", description="Where traces are sent (OTLP over HTTP); empty: no traces.")

    @property
    def database(self) -> str:
        """The database's SQLAlchemy address."""
        return self.database_url or f"sqlite:///{self.data_dir / 'assistant.db'}"

    @property
    def freshness(self) -> Freshness:
        """The rule for how old restricted data may be when it is shown."""
        return Freshness(self.max_data_age)

    @property
    def hosted(self) -> bool:
        """Whether this instance serves many people who sign in."""
        return self.mode is Mode.HOSTED

    @property
    def operator_numbers(self) -> frozenset[int]:
        """The operators' Discogs user numbers; names are ignored because they can change."""
        return frozenset(int(entry.rpartition(":")[2]) for entry in self.operators)

    @property
    def secure(self) -> bool:
        """Whether people reach the pages by https only."""
        return self.hosted and self.public_url.startswith("https://")

    @property
    def user_agent(self) -> str:
        """The User-Agent header of requests to Discogs."""
        return f"DiscogsAssistant/{VERSION}" + (f" +{self.contact_url}" if self.contact_url else "")


def origin_of(name: str, settings: Settings) -> str:
    """Where the value of setting `name` came from: environment, .env file, or default."""
    if PREFIX + name.upper() in os.environ:
        return "environment"
    return ".env file" if name in settings.model_fields_set else "default"
