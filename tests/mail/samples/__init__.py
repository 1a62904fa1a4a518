"""Hand-made messages, each holding a phenomenon real mail holds."""

from pathlib import Path

FOLDER = Path(__file__).parent


def sample(name: str) -> bytes:
    return (FOLDER / f"{name}.eml").read_bytes()


def samples() -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted(FOLDER.glob("*.eml"))}
