"""The format of the exported files."""

from __future__ import annotations

from typing import Literal, Self


class FileFormat:
    """A file type with its compression: `FileFormat.parquet(...)` or `FileFormat.json()`."""

    __slots__ = ("_compression", "_file_type")

    _file_type: str
    _compression: str

    def __init__(self) -> None:
        raise TypeError("use FileFormat.parquet(...) or FileFormat.json()")

    @classmethod
    def parquet(cls, compression: Literal["GZIP", "NONE"] = "GZIP") -> Self:
        """Parquet files.

        Args:
            compression: `"GZIP"`, or `"NONE"` for files that are not compressed.

        Returns:
            The format, for `DatasetExport`.
        """
        return cls._make("PARQUET", compression)

    @classmethod
    def json(cls) -> Self:
        """JSON files, with one object in each line.

        They are always compressed: Adobe documents no other JSON export (Export datasets, 2026 text).

        Returns:
            The format, for `DatasetExport`.
        """
        return cls._make("JSON", "GZIP")

    @classmethod
    def _make(cls, file_type: str, compression: str) -> Self:
        made = cls.__new__(cls)
        made._file_type, made._compression = file_type, compression
        return made

    @property
    def file_type(self) -> str:
        """`PARQUET` or `JSON`."""
        return self._file_type

    @property
    def compression(self) -> str:
        """`GZIP` or `NONE`."""
        return self._compression
