"""Where the bundled data lies, in a checkout and in an installed package."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from resalloc.errors import one_fault

_ASCII = {chr(sign): chr(sign - 0xFEE0) for sign in range(0xFF01, 0xFF5F)} | {
    "\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u3001": ",", "\u3002": ".",
    "\u3000": "a blank",
}  # fmt: skip
"""Full-width signs, and what to type instead."""
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
    text = ""
    try:
        text = path.read_text(encoding="utf-8-sig")
        return tomllib.loads(text)
    except FileNotFoundError:
        raise one_fault(str(path), "the file does not exist.", "Check the name.") from None
    except UnicodeDecodeError as error:
        raise one_fault(
            path.name, f"the file is not UTF-8 ({error.reason}).", "Save it as UTF-8."
        ) from None
    except tomllib.TOMLDecodeError as error:
        remedy = _full_width(text, str(error)) or "Mend that line; see https://toml.io."
        raise one_fault(path.name, f"not valid TOML: {error}.", remedy) from None


def _full_width(text: str, error: str) -> str:
    """Name full-width signs of the line that cannot be read, outside quotation marks."""
    place = re.search(r"at line (\d+)", error)
    lines = text.splitlines()
    line = lines[int(place[1]) - 1] if place and int(place[1]) <= len(lines) else text
    bare = re.sub(r'"[^"\n]*"|\'[^\'\n]*\'|#.*', "", line)
    found = list(dict.fromkeys(sign for sign in bare if sign in _ASCII))
    if not found:
        return ""
    pairs = ", ".join(f"{_ASCII[sign]} for {sign}" for sign in found)
    return f"It has full-width signs; type ASCII: {pairs}."
