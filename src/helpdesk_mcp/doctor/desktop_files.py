"""Where Claude Desktop keeps its files, on each system.

Since 2026 its installer for Windows is a package (MSIX), whose files stand in a folder of the package; the program's own "Edit
Config" may still open the file at the old place, which it then never reads. From reports in public; not tried.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

CONFIG = "claude_desktop_config.json"
EXTENSIONS = "Claude Extensions"


@dataclass(frozen=True, slots=True)
class DesktopFiles:
    """Folders of Claude Desktop that exist, the one that it reads first."""

    folders: tuple[Path, ...]
    looked_in: tuple[Path, ...]

    @property
    def config(self) -> Path | None:
        """The configuration that is read, whether it exists or not; None without Claude Desktop."""
        return self.folders[0] / CONFIG if self.folders else None

    @property
    def ignored(self) -> tuple[Path, ...]:
        """Configurations at a place that is not read."""
        return tuple(folder / CONFIG for folder in self.folders[1:] if (folder / CONFIG).exists())


def find(platform: str, environment: Mapping[str, str], home: Path) -> DesktopFiles:
    """Return Claude Desktop's folders on this system. `platform` as in sys.platform."""
    candidates = tuple(_candidates(platform, environment, home))
    return DesktopFiles(tuple(folder for folder in candidates if folder.is_dir()), candidates)


def _candidates(platform: str, environment: Mapping[str, str], home: Path) -> list[Path]:
    if platform == "win32":
        local = Path(environment.get("LOCALAPPDATA") or home / "AppData" / "Local")
        roaming = Path(environment.get("APPDATA") or home / "AppData" / "Roaming")
        packaged = sorted((local / "Packages").glob("Claude_*"))
        return [*(one / "LocalCache" / "Roaming" / "Claude" for one in packaged), roaming / "Claude"]
    if platform == "darwin":
        return [home / "Library" / "Application Support" / "Claude"]
    return [Path(environment.get("XDG_CONFIG_HOME") or home / ".config") / "Claude"]
