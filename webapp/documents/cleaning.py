"""Making handed-in files harmless. Runs in a bounded child process; pure otherwise.

What a file is, is read from its content. Photographs are decoded and encoded again, which leaves
out place, device and whatever hides behind the picture; PDFs lose scripts, actions and attachments.
"""

import io

from webapp.bounded import TookTooMuch, run_bounded

JPEG, PNG, PDF = "image/jpeg", "image/png", "application/pdf"
ENDINGS = {JPEG: "jpg", PNG: "png", PDF: "pdf"}
MOST_PIXELS = 25_000_000      # twice what a phone's paper photograph needs; 75 MB decoded
MOST_PAGES = 200

KINDS = "Pakai berkas JPG, PNG, atau PDF."


class Refused(ValueError):
    """The file cannot be taken; the text says why and what to do."""


def cleaned(body):
    """The harmless form of a file, as (media type, bytes).

    :raises Refused: not a photograph or PDF, damaged, encrypted, or too much.
    """
    try:
        return run_bounded(clean, body, memory_mb=600, cpu_seconds=10, wall_seconds=20,
                           raises=(Refused,))
    except TookTooMuch as limit:
        raise Refused("Berkas ini terlalu berat untuk dibaca. Simpan ulang dengan ukuran lebih "
                      "kecil, lalu unggah lagi.") from limit


def clean(body):
    """As ``cleaned``, in this process."""
    if body.startswith(b"%PDF-"):
        return PDF, _clean_pdf(body)
    if body.startswith(b"\xff\xd8\xff"):
        return JPEG, _clean_image(body, "JPEG")
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG, _clean_image(body, "PNG")
    raise Refused(f"Isi berkas ini bukan foto atau PDF. {KINDS}")


def _clean_image(body, kind):
    # Imported in the child process alone: the server need not carry them.
    from PIL import Image, ImageOps, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = MOST_PIXELS
    try:
        with Image.open(io.BytesIO(body), formats=[kind]) as image:
            width, height = image.size
            if width * height > MOST_PIXELS:
                raise Refused("Foto ini terlalu besar. Perkecil sampai 25 megapiksel.")
            upright = ImageOps.exif_transpose(image).convert("RGB")
            bare = Image.frombytes("RGB", upright.size, upright.tobytes())
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning,
            OSError, SyntaxError, ValueError) as problem:
        raise Refused(f"Foto ini rusak dan tidak bisa dibuka. Foto ulang. {KINDS}") from problem
    out = io.BytesIO()
    bare.save(out, kind, **({"quality": 85} if kind == "JPEG" else {"optimize": False}))
    return out.getvalue()


def _clean_pdf(body):
    # Imported in the child process alone.
    import pikepdf

    try:
        with pikepdf.open(io.BytesIO(body)) as pdf:
            if pdf.is_encrypted:
                raise Refused("PDF ini dikunci dengan kata sandi. Simpan tanpa kata sandi, "
                              "lalu unggah lagi.")
            if not 1 <= len(pdf.pages) <= MOST_PAGES:
                raise Refused(f"PDF ini harus berisi 1 sampai {MOST_PAGES} halaman.")
            return _pages_only(pikepdf, pdf)
    except pikepdf.PasswordError as problem:
        raise Refused("PDF ini dikunci dengan kata sandi. Simpan tanpa kata sandi, "
                      "lalu unggah lagi.") from problem
    except pikepdf.PdfError as problem:
        raise Refused(f"PDF ini rusak dan tidak bisa dibuka. Simpan ulang. {KINDS}") from problem


def _pages_only(pikepdf, pdf):
    """A new document with the pages alone: what hung on the old one's catalogue stays behind."""
    bare = pikepdf.new()
    for page in pdf.pages:
        for key in ("/AA", "/Annots", "/PieceInfo", "/Metadata"):
            if key in page.obj:
                del page.obj[key]
        bare.pages.append(page)
    out = io.BytesIO()
    bare.save(out)
    return out.getvalue()
