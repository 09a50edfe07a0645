"""All settings of landbank in one place; read by wiring and cli only.

Every setting can be given as an environment variable with the prefix `LANDBANK_`. Secrets (the database
address may hold a password) are never printed.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


def default_home() -> Path:
    """Where the private cluster lives: the XDG data folder, or /var/lib/landbank for root.

    PostgreSQL refuses to run as root, and the user it runs as instead can't enter root's home folder.
    """
    if sys.platform != "win32" and os.geteuid() == 0:
        return Path("/var/lib/landbank")
    return Path(platformdirs.user_data_dir("landbank"))


class Settings(BaseSettings):
    """The settings of one process."""

    model_config = SettingsConfigDict(env_prefix="LANDBANK_", extra="ignore", frozen=True)

    home: Path = Field(default_factory=default_home, description="Folder of the private PostgreSQL cluster.")
    database_url: SecretStr | None = Field(
        default=None,
        description="Address of an own PostGIS server, postgresql://user@host/database; none is started then.",
    )
    pg_bin: Path | None = Field(default=None, description="Folder with initdb, postgres and pg_ctl.")
    host: str = Field(default="127.0.0.1", description="Address to serve on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port to serve on.")
    public_url: str | None = Field(
        default=None, description="Address that people use, when a proxy stands in front; for links."
    )
    operator: str | None = Field(
        default=None, description="Name of whoever runs this landbank; stands in the accessibility statement."
    )
    operator_email: str | None = Field(
        default=None,
        description="Address for reports of accessibility faults and questions; stands on the pages.",
    )
    extent: tuple[float, float, float, float] = Field(
        default=(10.0, 54.9, 24.7, 69.5),
        description="West, south, east, north in degrees (WGS 84): what lies outside is refused on import.",
    )
    offer_openstreetmap: bool = Field(
        default=True,
        description="Whether visitors may switch on a background from openstreetmap.org (off until they do).",
    )
    base_maps: Path | None = Field(
        default=None, description="TOML file with further background maps; see docs/operations/base-maps.md."
    )
    lifecycle: Path | None = Field(
        default=None,
        description="TOML file with own rules of what may become of a plot; see docs/operations/lifecycle.md.",
    )
    pool_size: int = Field(default=4, ge=1, le=64, description="Connections for pages, queries and matching.")
    tile_pool_size: int = Field(default=4, ge=1, le=64, description="Connections for tiles alone.")
    tile_cache_mb: int = Field(default=128, ge=0, description="Memory for finished tiles.")
    statement_timeout_ms: int = Field(default=10_000, ge=100, description="Longest run of one statement.")
    import_max_mb: int = Field(default=2_000, ge=1, description="Largest file, and largest unpacked archive.")
    import_memory_mb: int = Field(
        default=4_000, ge=256, description="Memory of the process that reads a file."
    )
    import_timeout_s: int = Field(default=900, ge=1, description="Longest time for reading a file.")
    secret_file: Path | None = Field(
        default=None,
        description="File with the key that seals second factors; made at first use as secret.key in LANDBANK_HOME.",
    )
    local_accounts: bool = Field(
        default=True, description="Whether people sign in with a name and a password of landbank's own."
    )
    second_factor: Literal["required", "optional"] = Field(
        default="required", description="Whether a local account must have a second factor."
    )
    sign_in_services: Path | None = Field(
        default=None,
        description="TOML file with OpenID Connect services to sign in at; see docs/operations/sign-in.md.",
    )
    password_memory_mb: int = Field(
        default=64,
        ge=1,
        description="Memory that checking one password takes; less than 64 makes guessing cheap and is for tests.",
    )
    upload_folder: Path | None = Field(
        default=None,
        description="Folder of uploaded files until they are applied; `uploads` below the home if empty.",
    )
    upload_max_mb: int = Field(default=100, ge=1, description="Largest file that is taken over HTTP.")
    upload_keep_hours: int = Field(
        default=24, ge=1, description="How long an uploaded file waits to be applied."
    )
    run_jobs: bool = Field(
        default=True, description="Whether `landbank up` also does the jobs; else `landbank worker` does."
    )
    jobs_stalled_after_s: int = Field(
        default=20, ge=1, description="Silence after which a worker's jobs are taken over."
    )
    smtp_host: str | None = Field(
        default=None, description="Mail server; without one letters are written and wait."
    )
    smtp_port: int = Field(default=587, ge=1, le=65535, description="Port of the mail server.")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="How the connection is encrypted; none is for this machine only."
    )
    smtp_user: str | None = Field(default=None, description="User at the mail server.")
    smtp_password_file: Path | None = Field(default=None, description="File with that user's password.")
    smtp_ca_file: Path | None = Field(
        default=None, description="Certificates (PEM) to trust instead of the system's."
    )
    mail_from: str | None = Field(default=None, description="Address that letters come from.")
    mail_key_file: Path | None = Field(
        default=None, description="File with the key of the stop links; else mail.key in the home."
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", description="Log detail.")
