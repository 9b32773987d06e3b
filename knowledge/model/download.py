"""Models from the public hub: resumed where they stopped, and only kept when they are intact.

The hub announces the SHA-256 of a large file in ``X-Linked-Etag`` and its size in
``X-Linked-Size``, on the answer that redirects to where the file is stored
(https://huggingface.co/docs/huggingface_hub/package_reference/file_download).
"""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.errors import DownloadError
from knowledge.failures import french_reason
from knowledge.model.catalogue import HubFile, file_digest, record_digest, recorded_digest

if TYPE_CHECKING:
    import httpx

HUB = "https://huggingface.co"
_ATTEMPTS = 5
_PAUSE_SECONDS = 2.0
_TIMEOUT_SECONDS = 30.0
_SPARE_BYTES = 256 * 1024 * 1024  # left free for the database beside the model

Report = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class _Announced:
    """What the hub says of a file before it sends it."""

    size: int
    sha256: str


class _InterruptedError(Exception):
    """The connection ended early; what came is kept and another try may go on from there."""


def download_model(
    wanted: HubFile,
    *,
    models_dir: Path,
    endpoint: str | None = None,
    report: Report | None = None,
    pause: float = _PAUSE_SECONDS,
) -> Path:
    """Return the path of `wanted` under `models_dir`, downloading what is not there yet.

    A download that was cut goes on where it stopped, at once (up to five times) and in later
    calls. `report` is told bytes done and in all. The file appears under its name only whole,
    with the announced size and SHA-256, which is noted beside it (``<file>.sha256``). A file
    there that is not the catalogue's is replaced.

    Raises:
        DownloadError: unknown file, network, disk, or content other than announced.
    """
    import httpx

    target = wanted.local_path(models_dir)
    address = f"{(endpoint or HUB).rstrip('/')}/{wanted.repository}/resolve/main/{wanted.file}"
    with _mapped(wanted), httpx.Client(timeout=_TIMEOUT_SECONDS) as client:
        if _is_there(target, wanted):
            return target
        announced = _announced(client, address, wanted)
        target.parent.mkdir(parents=True, exist_ok=True)
        # The digest is in the name: another version of the file never continues this one.
        partial = target.with_name(f"{target.name}.{announced.sha256[:16]}.partial")
        _require_space(partial, announced, wanted)
        _fetch(client, address, partial, announced, report or _silent, pause)
        _require_intact(partial, announced, wanted)
        partial.replace(target)
        record_digest(target, announced.sha256)
    return target


def _is_there(target: Path, wanted: HubFile) -> bool:
    """Tell whether the file wanted is at `target`; read whole once, if its digest is not noted."""
    if not target.is_file() or wanted.sha256 is None:
        return target.is_file()
    if recorded_digest(target) is None:
        record_digest(target, file_digest(target))
    return not wanted.is_other(target)


def _silent(_done: int, _total: int) -> None:
    pass


def _announced(client: httpx.Client, address: str, wanted: HubFile) -> _Announced:
    response = _head(client, address)
    if response.status_code in (401, 403):
        raise _refused(wanted, "ce dépôt demande une autorisation : choisissez un autre modèle")
    if response.status_code == 404:
        raise _refused(wanted, "ce dépôt ou ce fichier n’existe pas : vérifiez les deux noms")
    if response.status_code >= 400:
        response.raise_for_status()
    digest = response.headers.get("X-Linked-Etag", "").strip('W/"').lower()
    size = response.headers.get("X-Linked-Size") or response.headers.get("Content-Length", "")
    if not re.fullmatch("[0-9a-f]{64}", digest) or not size.isdecimal():
        raise _refused(wanted, "le serveur n’annonce pas l’empreinte SHA-256 de ce fichier")
    if wanted.sha256 is not None and digest != wanted.sha256:
        raise _refused(
            wanted,
            "le fichier a changé depuis que le catalogue l’a vérifié ; pour l’accepter tel quel, "
            f"demandez {wanted.repository}:{wanted.file}",
        )
    return _Announced(int(size), digest)


def _head(client: httpx.Client, address: str) -> httpx.Response:
    """Return the answer that describes the file; a renamed repository is followed, a store not."""
    response = client.head(address, headers={"Accept-Encoding": "identity"})
    for _ in range(_ATTEMPTS):
        following = response.next_request
        if following is None or "X-Linked-Etag" in response.headers:
            break
        if following.url.host != response.url.host:
            break
        response = client.send(following)
    return response


def _fetch(
    client: httpx.Client,
    address: str,
    partial: Path,
    announced: _Announced,
    report: Report,
    pause: float,
) -> None:
    for attempt in range(1, _ATTEMPTS + 1):
        if _size(partial) >= announced.size:
            return
        try:
            _continue(client, address, partial, announced, report)
        except _InterruptedError as error:
            if attempt == _ATTEMPTS:
                raise DownloadError(
                    "Le téléchargement s’interrompt sans cesse : relancez la commande, elle "
                    "reprendra où elle s’est arrêtée."
                ) from error
            time.sleep(pause)


def _continue(
    client: httpx.Client, address: str, partial: Path, announced: _Announced, report: Report
) -> None:
    import httpx

    have = _size(partial)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={have}-"} if have else {})
    try:
        with client.stream("GET", address, headers=headers, follow_redirects=True) as response:
            if response.status_code == 416:  # what we have is not a beginning of that file
                partial.unlink()
                raise _InterruptedError
            response.raise_for_status()
            start = _start(response, have)
            with partial.open("r+b" if start else "wb") as file:
                file.seek(start)
                file.truncate()
                done = start
                for chunk in response.iter_raw():
                    file.write(chunk)
                    done += len(chunk)
                    if done > announced.size:
                        break  # it cannot be that file: it ends here, not on a full disk
                    report(done, announced.size)
                file.flush()
                os.fsync(file.fileno())
    except (httpx.TransportError, httpx.StreamError) as error:
        raise _InterruptedError from error
    if done < announced.size:
        raise _InterruptedError


def _start(response: httpx.Response, have: int) -> int:
    """Return where the body belongs: a server that ignores a range sends the whole file."""
    if response.status_code != 206:
        return 0
    match = re.match(r"bytes (\d+)-", response.headers.get("Content-Range", ""))
    return have if match and int(match[1]) == have else 0


def _require_intact(partial: Path, announced: _Announced, wanted: HubFile) -> None:
    if file_digest(partial) != announced.sha256 or _size(partial) != announced.size:
        partial.unlink()
        raise _refused(wanted, "le fichier reçu n’est pas celui annoncé ; il a été supprimé")


def _require_space(partial: Path, announced: _Announced, wanted: HubFile) -> None:
    missing = announced.size - _size(partial)
    free = shutil.disk_usage(partial.parent).free
    if free < missing + _SPARE_BYTES:
        raise _refused(
            wanted,
            f"il faut {(missing + _SPARE_BYTES) / 1e9:.1f} Go libres sur le disque, il en reste "
            f"{free / 1e9:.1f}".replace(".", ","),
        )


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _refused(wanted: HubFile, why: str) -> DownloadError:
    return DownloadError(
        f"Téléchargement de {wanted.file} impossible : {why}.",
        subject=f"{wanted.repository}:{wanted.file}",
        retryable=False,
    )


@contextmanager
def _mapped(wanted: HubFile) -> Iterator[Any]:
    import httpx

    subject = f"{wanted.repository}:{wanted.file}"
    try:
        yield
    except httpx.HTTPStatusError as error:
        raise DownloadError(
            f"Le serveur de modèles répond par une erreur {error.response.status_code} : "
            "réessayez plus tard.",
            subject=subject,
        ) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise DownloadError(
            "Le serveur de modèles ne répond pas : vérifiez la connexion, puis relancez ; le "
            "téléchargement reprendra où il s’est arrêté.",
            subject=subject,
        ) from error
    except OSError as error:
        raise _refused(wanted, f"écriture impossible, {french_reason(error)}") from error
