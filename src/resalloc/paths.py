"""Where the bundled data lies, in a checkout and in an installed package."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from resalloc.errors import one_fault

_HERE = Path(__file__).resolve().parent


def data_path(*parts: str) -> Path:
    """Give the path of a bundled data file or folder.

    Parameters
    ----------
    *parts
        Path below ``data/``, e.g. ``"norms", "tongliang-2025.toml"``.

    Returns
    -------
    pathlib.Path
        It need not exist.

    Examples
    --------
    >>> data_path("units.toml").name
    'units.toml'
    """
    installed = _HERE / "data"
    root = installed if installed.is_dir() else _HERE.parents[1] / "data"
    return root.joinpath(*parts)


def read_toml(path: Path) -> dict[str, Any]:
    """Read a TOML file; a fault names the file, the line and what TOML expects.

    Raises
    ------
    InputError
        The file is missing, is not UTF-8 or is not TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise one_fault(str(path), "the file does not exist.", "Check the name.") from None
    except UnicodeDecodeError as error:
        raise one_fault(
            path.name, f"the file is not UTF-8 ({error.reason}).", "Save it as UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise one_fault(
            path.name, f"not valid TOML: {error}.", "Mend that line; see https://toml.io."
        ) from None
