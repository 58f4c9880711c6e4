"""Read a backup, file by file and in chunks."""

import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from flashcards.errors import StoreError
from flashcards.storage.backups.contents import BLOCK, DAMAGED, members_of, refuse_file_as_folder
from flashcards.storage.backups.media_store import open_kept, read_kept, read_manifest
from flashcards.storage.files import open_regular_file


class Backup(Mapping[str, bytes]):
    """The files of a backup by name; `chunks` reads one in pieces."""

    def __init__(self, path: Path, media_dirs: tuple[Path, ...]) -> None:
        open_regular_file(path).close()  # zipfile would wait for a FIFO
        self.path = path
        self._archive = zipfile.ZipFile(path)
        self._members = members_of(path, self._archive)
        kept = read_manifest(self._archive)
        self._kept = {
            name: (found, medium) for name, medium in kept.items() if (found := open_kept(media_dirs, medium))
        }
        self.missing = tuple(kept.keys() - self._kept.keys())  # media that are no longer beside it
        refuse_file_as_folder(path, self.sizes)

    @property
    def sizes(self) -> dict[str, int]:
        """The size of each file."""
        sizes = {name: info.file_size for name, info in self._members.items()}
        return sizes | {name: medium[1] for name, (_, medium) in self._kept.items()}

    def verify(self, is_cancelled: Callable[[], bool] = lambda: False) -> None:
        """Read the whole zip file. Raises one of DAMAGED if it is damaged."""
        for info in self._members.values():
            with self._archive.open(info) as member:  # reading to the end checks the CRC
                while member.read(BLOCK) and not is_cancelled():
                    pass

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a file's content in chunks. Raises StoreError if damaged."""
        if name in self._kept:
            yield from read_kept(*self._kept[name])
            return
        try:
            with self._archive.open(self._members[name]) as member:
                while chunk := member.read(BLOCK):
                    yield chunk
        except DAMAGED as error:
            raise _damaged_error(self.path, error) from error

    def __getitem__(self, name: str) -> bytes:
        return b"".join(self.chunks(name))

    def __iter__(self) -> Iterator[str]:
        return iter((*self._members, *self._kept))

    def __len__(self) -> int:
        return len(self._members) + len(self._kept)


def read_backup(path: Path, *media_dirs: Path) -> Backup:
    """Return a verified backup; media may be in other folders. Raises StoreError."""
    try:
        backup = Backup(path, (path.parent, *media_dirs))
        backup.verify()
    except FileNotFoundError as error:
        raise StoreError(f"{path}: no such backup. List them: flashcards restore --list") from error
    except (*DAMAGED, OSError) as error:
        raise _damaged_error(path, error) from error
    return backup


def _damaged_error(path: Path, error: Exception) -> StoreError:
    return StoreError(f"{path}: this backup is damaged ({error}). Use another backup.")
