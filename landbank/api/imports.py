"""Imports over HTTP: a file is looked at, its difference shown under a number, and applied or taken back by it.

Whoever asks needs the permission to import; the service asks again for each municipality that a file touches.
"""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import StreamingResponse

from landbank.api.answered_once import Once, json_answer
from landbank.api.cross_site import FIELD as TOKEN_FIELD
from landbank.api.permits import actor_of, permit
from landbank.api.sized_route import FORM_BYTES, SizedRoute
from landbank.domain.people import Permission, demand
from landbank.errors import Invalid
from landbank.exchange.file_digest import file_digest
from landbank.exchange.read import ReadLimits
from landbank.exchange.report import Report
from landbank.exchange.uploads import Uploads
from landbank.services import run_imports
from landbank.services.roll_back import OnLaterChange, RollbackRequest, roll_back
from landbank.services.run_imports import Circumstances, Options
from landbank.settings import Settings
from landbank.store.idempotency import KeptAnswer
from landbank.store.unit import Store
from landbank.wiring import Landbank

SHOWN = 200
"""Findings and changes in an answer; the report holds all."""

FIELDS = ("municipality", "crs", "layer", "dataset", "profile")
CLAIMS = ("crs_override", "ends_missing")

UPLOAD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "The file, as sent."},
                        "profile": {"type": "string", "description": "Column profile, TOML."},
                        **{name: {"type": "string"} for name in FIELDS if name != "profile"},
                        **{name: {"type": "boolean"} for name in CLAIMS},
                    },
                }
            }
        },
    }
}


class ApplyIn(BaseModel):
    """Which difference is meant, and whether it may end more than a fifth of a dataset's plots."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    hash: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{12,64}$")]
    may_end_many: bool = False


class RollbackIn(BaseModel):
    """Whether only to look, which difference is meant, and what becomes of what was changed since."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    apply: bool = False
    hash: Annotated[str, Field(pattern=r"^[0-9a-fA-F]{12,64}$")] | None = None
    on_later_change: OnLaterChange = OnLaterChange.REFUSE


def router() -> APIRouter:
    """The routes under /api/imports; a request that is larger than the setting allows is cut off while it comes."""
    routes = APIRouter(
        prefix="/api/imports",
        tags=["imports"],
        route_class=SizedRoute,
        dependencies=[permit(Permission.IMPORT)],
    )
    add_acting(routes)
    add_looking(routes)
    return routes


def add_acting(routes: APIRouter) -> None:
    """The routes that take a file, apply it and take it back."""

    @routes.post("", status_code=201, openapi_extra=UPLOAD, summary="Look at a file", response_class=Response)
    async def post_import(request: Request) -> Response:
        """What importing the file would change: the report, its number (`hash`), and the id to apply it by.

        Nothing is changed. The file is kept for a day. With an Idempotency-Key the same file is looked at once.
        """
        settings: Settings = request.app.state.landbank.settings
        form = await read_form(request)
        try:
            file, options = file_of(form), options_of(form)
            demand(actor_of(request), Permission.IMPORT, options.municipality)
            token = await uploads_of(settings).take(chunks_of(file), file.filename or "upload")
            return await run_in_threadpool(
                propose, request, token, file_name=file.filename or "upload", options=options
            )
        finally:
            await form.close()

    @routes.post("/{import_id}/apply", summary="Apply what was looked at", response_class=Response)
    def post_apply(import_id: int, given: ApplyIn, request: Request) -> Response:
        """All of it in one transaction, or 409 where the inventory changed in what matters to it."""
        return applied(request, import_id, given)

    @routes.post("/{import_id}/rollback", summary="Take an import back", response_class=Response)
    def post_rollback(import_id: int, given: RollbackIn, request: Request) -> Response:
        """What restoring the state before it would do; with `apply` it is done, as an import of its own."""
        return taken_back(request, import_id, given)


def add_looking(routes: APIRouter) -> None:
    """The routes that tell what was imported."""

    @routes.get("", summary="All imports", response_class=Response)
    def get_imports(
        request: Request, before: int | None = None, limit: Annotated[int, Query(ge=1, le=500)] = 50
    ) -> Response:
        """The newest first, of those that touch your municipalities; `next` leads on."""
        with request.app.state.landbank.reading() as store:
            found = run_imports.listed(store, actor_of(request), before=before, limit=limit + 1)
        told = {"imports": [as_dict(record) for record in found[:limit]]}
        if len(found) > limit:
            told["next"] = f"/api/imports?before={found[limit - 1].id}&limit={limit}"  # type: ignore[assignment]
        return as_answer(json_answer(told))

    @routes.get("/{import_id}", summary="One import", response_class=Response)
    def get_import(import_id: int, request: Request) -> Response:
        """Who, which file, with which difference, counts and revisions."""
        with request.app.state.landbank.reading() as store:
            return as_answer(json_answer(as_dict(run_imports.visible(store, import_id, actor_of(request)))))

    @routes.get("/{import_id}/report", summary="The report of an import", response_class=Response)
    def get_report(import_id: int, request: Request) -> Response:
        """The whole report: counts, columns, every finding and every change."""
        with request.app.state.landbank.reading() as store:
            run_imports.visible(store, import_id, actor_of(request))
            packed = store.imports.report(import_id) or gzip.compress(b"{}")
        return StreamingResponse(
            unpacked(packed), media_type="application/json", headers={"Cache-Control": "no-store"}
        )


async def read_form(request: Request) -> FormData:
    """The multipart form; where a browser's session acts, the page's token was read from it already.

    Raises
    ------
    HTTPException
        415: it is no such form.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(415, "Send the file as multipart/form-data.")
    return await request.form(max_files=1, max_fields=20, max_part_size=FORM_BYTES)


def file_of(form: FormData) -> UploadFile:
    """The uploaded file."""
    file = form.get("file")
    if not isinstance(file, UploadFile):
        raise Invalid("The form has no file.", hint="Send it as the field 'file'.", where="file")
    return file


def options_of(form: FormData) -> Options:
    """What the form says beside the file; an unknown field is refused, an empty one says nothing."""
    told: dict[str, Any] = {}
    for name, value in form.multi_items():
        if name in ("file", TOKEN_FIELD):
            continue
        if name not in (*FIELDS, *CLAIMS) or not isinstance(value, str):
            known = ", ".join(("file", *FIELDS, *CLAIMS))
            raise Invalid(f"There is no field '{name[:40]}' here.", hint=f"Known: {known}.", where=name)
        if value.strip():
            told[name] = claim(name, value) if name in CLAIMS else value.strip()
    return Options(**told)


def claim(name: str, value: str) -> bool:
    """Yes or no."""
    if value.lower() in ("true", "1", "on", "ja", "yes"):
        return True
    if value.lower() in ("false", "0", "off", "nej", "no"):
        return False
    raise Invalid(f"'{value[:40]}' is neither true nor false.", where=name)


async def chunks_of(file: UploadFile) -> AsyncIterator[bytes]:
    """The file's bytes, a megabyte at a time."""
    while chunk := await file.read(1 << 20):
        yield chunk


def uploads_of(settings: Settings) -> Uploads:
    """The folder of uploaded files."""
    return Uploads(settings.upload_folder or settings.home / "uploads", max_mb=settings.upload_max_mb)


def circumstances(settings: Settings) -> Circumstances:
    """What imports over HTTP happen under."""
    limits = ReadLimits(settings.import_max_mb, settings.import_memory_mb, settings.import_timeout_s)
    return Circumstances(
        settings.extent, limits, settings.import_timeout_s * 1000, keep_hours=settings.upload_keep_hours
    )


def propose(request: Request, token: str, *, file_name: str, options: Options) -> Response:
    """The answer to an upload; where it is not this file that waits in the end, it is removed."""
    landbank: Landbank = request.app.state.landbank
    uploads, under, actor = uploads_of(landbank.settings), circumstances(landbank.settings), actor_of(request)
    run_imports.lay_aside_old(landbank, uploads, now=datetime.now(UTC), under=under)
    is_noted, reports = False, ExitStack()

    def look() -> Report:
        return reports.enter_context(
            run_imports.look_at_upload(
                landbank, uploads.path(token), file_name=file_name, options=options, actor=actor, under=under
            )
        )

    def note(store: Store, looked: Report) -> KeptAnswer:
        nonlocal is_noted
        record, report = run_imports.propose(
            store, looked, upload=token, options=options, actor=actor, under=under
        )
        is_noted = True
        told = as_dict(record) | {"report": shown(report)}
        return json_answer(told, status=201, location=f"/api/imports/{record.id}")

    try:
        content = json.dumps([file_digest(uploads.path(token)), file_name, asdict(options)])
        with reports:
            return as_answer(Once(request, content).beside(look, note))
    except BaseException:
        is_noted = False
        raise
    finally:
        if not is_noted:
            uploads.remove(token)


def applied(request: Request, import_id: int, given: ApplyIn) -> Response:
    """The answer to an import that is done now."""
    landbank: Landbank = request.app.state.landbank
    uploads, under, actor = uploads_of(landbank.settings), circumstances(landbank.settings), actor_of(request)
    with landbank.reading() as store:
        record = run_imports.visible(store, import_id, actor)

    def make(store: Store) -> KeptAnswer:
        done, report = run_imports.apply_proposed(
            store,
            uploads,
            import_id,
            diff_hash=given.hash,
            actor=actor,
            under=under,
            may_end_many=given.may_end_many,
        )
        with report:
            return json_answer(as_dict(done) | {"report": shown(report)})

    answer = Once(request, given.model_dump_json()).in_change(make, reason=f"import of {record.file_name}")
    if record.upload is not None:
        uploads.remove(record.upload)
    return as_answer(answer)


def taken_back(request: Request, import_id: int, given: RollbackIn) -> Response:
    """The answer to a rollback that is looked at, or done."""
    landbank: Landbank = request.app.state.landbank
    asked = RollbackRequest(
        import_id,
        actor_of(request),
        is_applied=given.apply,
        expected_hash=given.hash,
        on_later_change=given.on_later_change,
    )
    once = Once(request, given.model_dump_json())
    if given.apply:
        return as_answer(
            once.in_change(
                lambda store: json_answer(roll_back(store, asked).as_dict()),
                reason=f"rollback of import {import_id}",
            )
        )
    return as_answer(
        once.beside(
            lambda: run_imports.look_back(landbank, asked),
            lambda _store, told: json_answer(told.as_dict()),
        )
    )


def as_dict(record: Any) -> dict[str, Any]:
    """A record as JSON shows it, with the addresses of what belongs to it, but not where the upload lies."""
    told = {name: value for name, value in asdict(record).items() if name != "upload"}
    told["hash"] = told.pop("diff_hash")
    told["links"] = {"self": f"/api/imports/{record.id}", "report": f"/api/imports/{record.id}/report"}
    return told


def shown(report: Report) -> dict[str, Any]:
    """The report's head with its first findings and changes."""
    told = report.head()
    for name, lines in (("findings", report.findings.lines()), ("changes", report.changes.lines())):
        told[name] = [json.loads(line) for line in islice(lines, SHOWN)]
    told["is_whole"] = len(report.findings) <= SHOWN and len(report.changes) <= SHOWN
    return told


def unpacked(packed: bytes) -> Iterator[bytes]:
    """What was packed with gzip, in pieces."""
    with gzip.GzipFile(fileobj=io.BytesIO(packed)) as file:
        while piece := file.read(1 << 18):
            yield piece


def as_answer(answer: KeptAnswer) -> Response:
    """The answer as it goes out, now or again."""
    return Response(answer.body, answer.status, headers={**answer.headers, "Cache-Control": "no-store"})
