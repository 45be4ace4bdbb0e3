"""Pictures without what a camera writes into them: where, when and with whose telephone they were taken."""

from __future__ import annotations

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from PIL import ExifTags, Image, ImageFile

from vru.lib.files.kinds import JPEG, FileKind, FileRefused

MOST_PIXELS = 50_000_000
JPEG_QUALITY = 90
# How a camera held on its side says that the picture is to be turned.
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_FLAG = threading.Lock()
_TOO_LARGE = "The picture has more than 50 million pixels. Make it smaller and attach it again."


def without_metadata(data: bytes, kind: FileKind) -> bytes:
    """The picture written again from its pixels, turned the right way up; everything else in the file is left behind.

    Raises ``FileRefused`` for a picture that cannot be opened or is too large to open safely.
    """
    name = "JPEG" if kind is JPEG else "PNG"
    try:
        with warnings.catch_warnings(), _whole_pictures_only():
            # The library warns at its own limit; ours is checked before any pixel is read.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(data), formats=[name])
            if picture.width * picture.height > MOST_PIXELS:
                raise FileRefused(_TOO_LARGE)
            plain = _pixels_only(picture, keep_alpha=kind is not JPEG)
            written = io.BytesIO()
            plain.save(written, format=name, **({"quality": JPEG_QUALITY} if kind is JPEG else {"optimize": True}))
    except Image.DecompressionBombError as error:
        raise FileRefused(_TOO_LARGE) from error
    except FileRefused:
        raise
    except Exception as error:  # what a damaged picture raises depends on where it is damaged: OSError, struct.error …
        raise FileRefused("The picture is damaged: it cannot be opened. Save it again and attach the copy.") from error
    return written.getvalue()


@contextmanager
def _whole_pictures_only() -> Iterator[None]:
    """The renderer of PDFs tells the library to fill up what is missing, for the whole process; here that is damage."""
    with _FLAG:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _pixels_only(picture: Image.Image, *, keep_alpha: bool) -> Image.Image:
    """A new picture of the same pixels: comments, profiles and thumbnails hang on the old one, which is closed."""
    has_alpha = keep_alpha and ("A" in picture.getbands() or "transparency" in picture.info)
    plain = picture.convert("RGBA" if has_alpha else "RGB")
    turn = _TURNS.get(picture.getexif().get(ExifTags.Base.Orientation, 1))
    # One copy at a time: fifty million pixels are two hundred megabytes.
    picture.close()
    upright = plain if turn is None else plain.transpose(turn)
    upright.info = {}
    return upright
