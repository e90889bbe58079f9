"""Making handed-in files harmless. Runs in a bounded child process; pure otherwise.

What a file is, is read from its content. Photographs are decoded and encoded again, which leaves
out place, device and whatever hides behind the picture; PDFs lose scripts, actions and attachments,
while what was typed into their forms, and signatures, become part of the page.
"""

import io
import threading
import zlib
from functools import partial

from webapp.bounded import TookTooMuch, run_bounded

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
FORMATS = {JPEG: "JPEG", PNG: "PNG"}
ENDINGS = {JPEG: "jpg", PNG: "png", PDF: "pdf"}
MOST_PIXELS = 25_000_000      # twice what a phone's paper photograph needs
MOST_TRANSPARENT_PIXELS = 12_000_000     # they are held twice, while they are put on white
DRAFTED_PIXELS = 16_000_000   # JPEGs above this are decoded at half size: a quarter of the memory
LONGEST_SIDE = 3500           # pixels: 300 for each inch of an A4 page
LONGEST_WHEN_HEAVY = 2400     # 200 for each inch
MOST_PAGES = 200
MOST_UNPACKED = 128 * 1024 * 1024     # bytes of a stream in a PDF: A4 in colour at 600 dpi
MOST_UNPACKED_IN_ALL = 8 * MOST_UNPACKED
MOST_PIXELS_IN_PDF = 300_000_000      # of a picture: black and white A3 at 1200 dpi
MOST_AT_ONCE = 2              # children, each of MEMORY_MB at most
MEMORY_MB = 300
PATIENCE_SECONDS = 1          # for a place among them: who waits holds one of the server's threads

BUSY = "Server sedang sibuk membaca berkas lain. Tunggu sebentar, lalu kirim lagi."
KINDS = "Pakai berkas JPG, PNG, atau PDF."
TOO_HEAVY = ("Berkas ini terlalu berat untuk dibaca. Simpan ulang dengan ukuran lebih kecil, lalu "
             "unggah lagi.")
BEGINNINGS = {b"%PDF-": PDF, b"\xff\xd8\xff": JPEG, b"\x89PNG\r\n\x1a\n": PNG}

_places = threading.BoundedSemaphore(MOST_AT_ONCE)


class Refused(ValueError):
    """The file cannot be taken; the text says why and what to do."""


def cleaned(body, most=None):
    """The harmless form of a file, as (media type, bytes).

    :param most: how many bytes it may have then; None for any number. A picture becomes a JPEG, and
        a smaller one, where that takes it below.
    :raises Refused: not a photograph or PDF, damaged, locked, or too much; or too many at once.
    """
    _kind_of(body)     # needs no child
    if not _places.acquire(timeout=PATIENCE_SECONDS):
        raise Refused(BUSY)
    try:
        return run_bounded(clean, body, most, memory_mb=MEMORY_MB, cpu_seconds=10, wall_seconds=20,
                           raises=(Refused,))
    except TookTooMuch as limit:
        raise Refused(TOO_HEAVY) from limit
    finally:
        _places.release()


def clean(body, most=None):
    """As ``cleaned``, in this process."""
    kind = _kind_of(body)
    for way in _ways_to_keep(body, kind):
        harmless = way()
        if most is None or len(harmless) <= most:
            return _kind_of(harmless), harmless
    raise Refused(TOO_HEAVY)


def _kind_of(body):
    for beginning, kind in BEGINNINGS.items():
        if body.startswith(beginning):
            return kind
    raise Refused(f"Isi berkas ini bukan foto atau PDF. {KINDS}")


def _picture(body, kind):
    # Imported in the child process alone: the server need not carry them.
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None     # ours is told before anything is decoded
    try:
        with Image.open(io.BytesIO(body), formats=[FORMATS[kind]]) as image:
            return _bare(image)
    except Refused:
        raise
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as problem:
        raise Refused(f"Foto ini rusak dan tidak bisa dibuka. Foto ulang. {KINDS}") from problem


def _ways_to_keep(body, kind):
    """From the one that keeps most of a picture to the one that takes least room. What was drawn in
    few colours has many once it is made smaller, and takes several times as much as a PNG."""
    if kind == PDF:
        yield partial(_clean_pdf, body)
        return
    picture = _picture(body, kind)
    if kind == PNG:
        yield partial(_encoded, picture, "PNG", optimize=False)
    yield partial(_encoded, picture, "JPEG", quality=85)
    picture.thumbnail((LONGEST_WHEN_HEAVY, LONGEST_WHEN_HEAVY))
    yield partial(_encoded, picture, "JPEG", quality=75)


def _encoded(picture, form, **how):
    out = io.BytesIO()
    picture.save(out, form, **how)
    return out.getvalue()


def _bare(image):
    """Nothing but the picture: upright, on white, no larger than it needs to be.

    Each step is done where it takes least memory: a large photograph is held once.
    """
    from PIL import Image

    width, height = image.size
    most = MOST_TRANSPARENT_PIXELS if image.has_transparency_data else MOST_PIXELS
    if width * height > most:
        raise Refused(f"Foto ini terlalu besar. Perkecil sampai {most // 1_000_000} megapiksel.")
    if width * height > DRAFTED_PIXELS:
        image.draft("RGB", (width // 2, height // 2))     # JPEG only; of no effect on others
    turn = _turn(image)
    opaque = _on_white(image)
    opaque.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = opaque if turn is None else opaque.transpose(turn)
    bare = Image.new("RGB", upright.size)     # comments and profiles stay with the other
    bare.paste(upright)
    return bare


def _turn(image):
    """How the camera says the picture must be turned, or None."""
    from PIL import ExifTags, Image

    turns = Image.Transpose
    return {2: turns.FLIP_LEFT_RIGHT, 3: turns.ROTATE_180, 4: turns.FLIP_TOP_BOTTOM,
            5: turns.TRANSPOSE, 6: turns.ROTATE_270, 7: turns.TRANSVERSE,
            8: turns.ROTATE_90}.get(image.getexif().get(ExifTags.Base.Orientation))


def _on_white(image):
    """Paper is white: what is transparent would turn black, and the writing with it."""
    from PIL import Image

    if not image.has_transparency_data:
        return image if image.mode == "RGB" else image.convert("RGB")
    if image.mode not in ("RGBA", "LA"):
        image = image.convert("RGBA")
    white = Image.new("RGB", image.size, "white")
    white.paste(image, mask=image)
    return white


LOCKED = "PDF ini dikunci dengan kata sandi. Simpan tanpa kata sandi, lalu unggah lagi."

# What a page is drawn with; everything else may act, or hide something.
PAGE_KEYS = frozenset({"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/BleedBox",
                       "/TrimBox", "/ArtBox", "/Contents", "/Rotate", "/Group", "/UserUnit"})
ACTING_KEYS = ("/AA", "/JS", "/EF", "/AF", "/OPI", "/Ref", "/PieceInfo", "/Metadata")


def _clean_pdf(body):
    # Imported in the child process alone.
    import pikepdf

    try:
        # One that only forbids printing or copying opens without its password; it is kept open.
        with pikepdf.open(io.BytesIO(body)) as pdf:
            if not 1 <= len(pdf.pages) <= MOST_PAGES:
                raise Refused(f"PDF ini harus berisi 1 sampai {MOST_PAGES} halaman.")
            _refuse_bombs(pikepdf, pdf)
            _draw_annotations(pikepdf, pdf)
            return _pages_only(pdf)
    except Refused:
        raise
    except pikepdf.PasswordError as problem:
        raise Refused(LOCKED) from problem
    except (pikepdf.PdfError, RuntimeError, TypeError, ValueError, zlib.error) as problem:
        raise Refused(f"PDF ini rusak dan tidak bisa dibuka. Simpan ulang. {KINDS}") from problem


def _refuse_bombs(pikepdf, pdf):
    """What we do not unpack ourselves, whoever reads the paper later would."""
    total = 0
    for thing in pdf.objects:
        if isinstance(thing, pikepdf.Stream):
            size = _unpacked_size(pikepdf, thing)
            total += size
            pixels = _number(thing.get("/Width")) * _number(thing.get("/Height"))
            if (size > MOST_UNPACKED or total > MOST_UNPACKED_IN_ALL
                    or pixels > MOST_PIXELS_IN_PDF):
                raise Refused(TOO_HEAVY)


def _unpacked_size(pikepdf, stream):
    """How many bytes a stream unpacks to; not much above the limit when it is more."""
    packings = (pikepdf.Name.FlateDecode, pikepdf.Name.LZWDecode)
    names = _filters(pikepdf, stream)
    used = [name for name in names if name in packings]
    if len(used) > 1:     # packed twice: nobody does who has nothing to hide
        raise Refused(TOO_HEAVY)
    if not used:
        return len(stream.read_raw_bytes())
    if names[0] != pikepdf.Name.FlateDecode:     # rare; the child's memory bounds it
        return len(stream.read_bytes())
    unpacker, packed, size = zlib.decompressobj(), stream.read_raw_bytes(), 0
    try:
        while packed and size <= MOST_UNPACKED:
            size += len(unpacker.decompress(packed, 1024 * 1024))
            packed = unpacker.unconsumed_tail
    except zlib.error:     # damaged: readers stop there too
        pass
    return size


def _filters(pikepdf, stream):
    named = stream.get("/Filter", pikepdf.Array())
    return list(named) if isinstance(named, pikepdf.Array) else [named]


def _number(value):
    return abs(value) if isinstance(value, int) else 0


def _draw_annotations(pikepdf, pdf):
    """Make the look of form fields, stamps and signatures part of their page."""
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary) and any(
            _has_no_look(annotation) for page in pdf.pages
            for annotation in page.obj.get("/Annots", ())
            if isinstance(annotation, pikepdf.Dictionary)):
        form.NeedAppearances = True
    pdf.generate_appearance_streams()
    pdf.flatten_annotations("all")


def _has_no_look(annotation):
    return annotation.get("/Subtype") == "/Widget" and "/AP" not in annotation


def _pages_only(pdf):
    """A new document with the pages alone: what hung on the old one's catalogue stays behind."""
    import pikepdf

    bare = pikepdf.new()
    for page in pdf.pages:
        for key in set(page.obj.keys()) - PAGE_KEYS:
            del page.obj[key]
        bare.pages.append(page)
    for thing in bare.objects:
        _bare_object(pikepdf, thing)
    out = io.BytesIO()
    bare.save(out, deterministic_id=True)     # the same file again is the same document
    return out.getvalue()


def _bare_object(pikepdf, thing):
    """Without what acts or tells, in what lies directly inside it too."""
    inside = thing if isinstance(thing, pikepdf.Array) else ()
    if isinstance(thing, pikepdf.Dictionary | pikepdf.Stream):
        for key in ACTING_KEYS:
            if key in thing:
                del thing[key]
        inside = [value for _, value in thing.items()]
    for value in inside:
        if isinstance(value, pikepdf.Object) and not value.is_indirect:
            _bare_object(pikepdf, value)
    if isinstance(thing, pikepdf.Stream):
        _bare_stream(pikepdf, thing)


def _bare_stream(pikepdf, stream):
    """Nothing fetched from elsewhere; photographs without where and with what they were taken."""
    for key in ("/F", "/FFilter", "/FDecodeParms"):
        if key in stream:
            del stream[key]
    flate, jpeg = pikepdf.Name.FlateDecode, pikepdf.Name.DCTDecode
    names, parameters = _filters(pikepdf, stream), stream.get("/DecodeParms")
    if names in ([jpeg], [flate, jpeg]):
        body = stream.read_raw_bytes()
        if isinstance(parameters, pikepdf.Array):
            parameters = parameters[-1]
        stream.write(_bare_jpeg(zlib.decompress(body) if names[0] == flate else body),
                     filter=jpeg, decode_parms=parameters)


def _bare_jpeg(body):
    """A JPEG without its comments and application segments; Adobe's (14) tells the colours."""
    if not body.startswith(b"\xff\xd8"):
        return body
    kept, at = [body[:2]], 2
    while at + 4 <= len(body) and body[at] == 0xFF and body[at + 1] != 0xDA:
        end = at + 2 + int.from_bytes(body[at + 2:at + 4])
        if body[at + 1] not in (*range(0xE1, 0xEE), 0xEF, 0xFE):
            kept.append(body[at:end])
        at = end
    return b"".join((*kept, body[at:]))
