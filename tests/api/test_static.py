"""Static files: one address a state of the tree, kept for ever, and never a way out of the folder."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from landbank.api.static import NEEDED, WebFiles
from landbank.errors import Unavailable


@pytest.fixture
def web(tmp_path: Path) -> Path:
    for name in (*NEEDED, "css/site.css", "icon.svg"):
        path = tmp_path / "static" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"/* {name} */" * 20, encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    return tmp_path


Opened = Callable[[WebFiles], Any]


@pytest.fixture
def opened(serving: Any) -> Opened:
    """`with opened(files) as client` asks a server that has nothing but these files."""

    @contextmanager
    def client_of(files: WebFiles) -> Iterator[httpx.Client]:
        app = FastAPI()
        app.mount("/static", files)
        with serving(app) as address, httpx.Client(base_url=address) as client:
            yield client

    return client_of


def test_file_is_kept_for_ever_under_the_hash_of_the_tree(web: Path, opened: Opened) -> None:
    files = WebFiles(web)

    with opened(files) as client:
        reply = client.get(files.url("css/site.css"))

    assert reply.text == "/* css/site.css */" * 20
    assert reply.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert reply.headers["content-type"] == "text/css; charset=utf-8"
    assert reply.headers["content-encoding"] == "gzip"


def test_whoever_takes_no_gzip_gets_the_file_itself(web: Path, opened: Opened) -> None:
    files = WebFiles(web)

    with opened(files) as client:
        reply = client.get(files.url("icon.svg"), headers={"accept-encoding": "identity"})

    assert "content-encoding" not in reply.headers
    assert reply.headers["content-length"] == str(len(reply.content))


def test_any_change_in_the_tree_changes_the_address(web: Path) -> None:
    before = WebFiles(web).url("icon.svg")
    (web / "static/css/site.css").write_text("changed", encoding="utf-8")

    assert WebFiles(web).url("icon.svg") != before


def test_address_of_an_older_state_gets_the_present_file_uncached(web: Path, opened: Opened) -> None:
    with opened(WebFiles(web)) as client:
        reply = client.get("/static/000000000000/icon.svg")

    assert reply.status_code == 200
    assert reply.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["nothing.css", "../../secret.txt", "..%2f..%2fsecret.txt", "css", "css/"])
def test_nothing_outside_the_folder_and_no_listing_is_served(web: Path, path: str, opened: Opened) -> None:
    files = WebFiles(web)

    with opened(files) as client:
        assert client.get(f"/static/{files.version}/{path}").status_code == 404


def test_other_methods_than_get_and_head_find_nothing(web: Path, opened: Opened) -> None:
    files = WebFiles(web)

    with opened(files) as client:
        assert client.post(files.url("icon.svg")).status_code == 404
        assert client.head(files.url("icon.svg")).content == b""


def test_page_can_not_name_a_file_that_is_not_there(web: Path) -> None:
    with pytest.raises(KeyError, match="no static file"):
        WebFiles(web).url("css/gone.css")


def test_assets_that_were_never_built_are_named_at_the_start(web: Path) -> None:
    (web / "static/vendor/decode-tile.js").unlink()

    with pytest.raises(Unavailable, match=r"vendor/decode-tile\.js missing.*make setup"):
        WebFiles(web)


def test_gzipped_form_is_the_same_file(web: Path) -> None:
    file = WebFiles(web).files["css/site.css"]

    assert file.gzipped is not None
    assert gzip.decompress(file.gzipped) == file.body
