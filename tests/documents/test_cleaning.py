"""What people hand in is made harmless, and stays legible."""

import io
import re
import time
from pathlib import Path

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String
from PIL import Image

from webapp.bounded import run_bounded
from webapp.documents import cleaning
from webapp.documents.cleaning import JPEG, PDF, PNG, Refused, clean, cleaned


def encoded(image, kind, **more):
    out = io.BytesIO()
    image.save(out, kind, **more)
    return out.getvalue()


def opened(body):
    return Image.open(io.BytesIO(body))


def saved(pdf, **more):
    out = io.BytesIO()
    pdf.save(out, **more)
    return out.getvalue()


def filled_form(**field):
    """A one-page form whose field says something, with a script on page and catalogue."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    box = pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, Rect=[10, 10, 110, 30], F=4, T=String("alasan"),
        A=Dictionary(S=Name.JavaScript, JS=String("app.alert(1)")), **field))
    page.obj.Annots = Array([box])
    page.obj.AA = Dictionary(O=Dictionary(S=Name.JavaScript, JS=String("app.alert(2)")))
    pdf.Root.AcroForm = Dictionary(
        Fields=Array([box]), DA=String("/Helv 12 Tf 0 g"), DR=Dictionary(Font=Dictionary(
            Helv=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica,
                            Encoding=Name.WinAnsiEncoding))))
    pdf.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=String("app.alert(3)"))
    pdf.attachments["jahat.exe"] = b"MZ"
    return pdf


def drawn(body):
    """All that the one page of a PDF draws."""
    with pikepdf.open(io.BytesIO(body)) as pdf:
        page = pdf.pages[0]
        page.contents_coalesce()
        looks = [stream.read_bytes() for stream in page.Resources.get("/XObject", {}).values()]
        return page.Contents.read_bytes() + b"".join(looks)


def test_a_signature_stays_visible():
    pdf = filled_form(FT=Name.Sig)
    pdf.pages[0].obj.Annots[0].AP = Dictionary(N=pdf.make_stream(
        b"BT (TANDA TANGAN) Tj ET", Type=Name.XObject, Subtype=Name.Form, BBox=[0, 0, 100, 20],
        Resources=Dictionary()))
    assert b"TANDA TANGAN" in drawn(clean(saved(pdf))[1])


def test_what_was_typed_into_a_form_stays_visible():
    pdf = filled_form(FT=Name.Tx, V=String("Mengundurkan diri"), DA=String("/Helv 12 Tf 0 g"))
    assert b"Mengundurkan diri" in drawn(clean(saved(pdf))[1])


def test_scripts_actions_and_attachments_are_gone():
    body = clean(saved(filled_form(FT=Name.Tx, V=String("x"), DA=String("/Helv 12 Tf 0 g"))))[1]
    bare = pikepdf.open(io.BytesIO(body))
    assert set(bare.Root.keys()) == {"/Type", "/Pages"}
    assert not len(bare.attachments)
    plain = b"".join(repr(thing).encode() for thing in bare.objects)
    for word in (b"JavaScript", b"/AA", b"/Annots", b"/AcroForm", b"alert"):
        assert word not in plain


def test_the_same_file_becomes_the_same_again():
    for body in (saved(filled_form(FT=Name.Sig)), encoded(Image.new("RGB", (9, 9)), "JPEG")):
        assert clean(body) == clean(body)


def test_a_pdf_that_only_forbids_printing_is_kept_open():
    lock = pikepdf.Encryption(owner="rahasia", user="")
    kind, body = clean(saved(filled_form(FT=Name.Sig), encryption=lock))
    assert kind == PDF
    assert not pikepdf.open(io.BytesIO(body)).is_encrypted


def test_a_locked_pdf_is_refused_with_the_way_out():
    lock = pikepdf.Encryption(owner="rahasia", user="rahasia")
    with pytest.raises(Refused, match="tanpa kata sandi"):
        clean(saved(filled_form(FT=Name.Sig), encryption=lock))


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_paper_becomes_white_and_the_writing_stays_black(mode):
    picture = Image.new(mode, (20, 20), 0)
    picture.putpixel((3, 4), (0, 0, 0, 255) if mode == "RGBA" else (0, 255))
    kind, body = clean(encoded(picture, "PNG"))
    assert kind == PNG
    assert opened(body).getpixel((0, 0)) == (255, 255, 255)
    assert opened(body).getpixel((3, 4)) == (0, 0, 0)


def test_a_turned_photograph_stands_upright_and_says_nothing_of_its_camera():
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Kamera Rahasia"
    body = clean(encoded(Image.new("RGB", (40, 20)), "JPEG", exif=exif, comment=b"rahasia"))[1]
    assert opened(body).size == (20, 40)
    assert b"ahasia" not in body


def peak_of(body):
    """What cleaning takes at most, in MiB; runs in the bounded child."""
    clean(body)
    status = Path("/proc/self/status").read_text()      # getrusage would count the parent's too
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) // 1024


@pytest.mark.parametrize(("mode", "size", "kind"), [
    ("RGB", (5000, 5000), "JPEG"), ("CMYK", (4000, 4000), "JPEG"), ("RGB", (5000, 5000), "PNG"),
    ("RGBA", (4000, 3000), "PNG"), ("LA", (4000, 3000), "PNG")])
def test_the_largest_pictures_fit_into_the_memory_they_are_given(mode, size, kind):
    body = encoded(Image.new(mode, size), kind)
    assert max(opened(cleaned(body)[1]).size) <= cleaning.LONGEST_SIDE
    assert run_bounded(peak_of, body, memory_mb=cleaning.MEMORY_MB, cpu_seconds=20,
                       wall_seconds=60) < 280


def test_more_pixels_than_that_are_refused():
    with pytest.raises(Refused, match="25 megapiksel"):
        clean(encoded(Image.new("L", (5001, 5000)), "JPEG"))
    with pytest.raises(Refused, match="12 megapiksel"):
        clean(encoded(Image.new("LA", (4001, 3000)), "PNG"))


def test_a_picture_that_is_heavier_once_it_is_clean_becomes_a_photograph_and_then_a_smaller_one():
    noise = Image.effect_noise((3000, 200), 60).convert("RGB")
    body = encoded(noise, "PNG")
    taken = {}
    for most in (None, 500_000, 200_000):
        kind, harmless = clean(body, most)
        assert most is None or len(harmless) <= most
        taken[most] = (kind, opened(harmless).size)
    assert taken == {None: (PNG, (3000, 200)), 500_000: (JPEG, (3000, 200)),
                     200_000: (JPEG, (2400, 160))}
    with pytest.raises(Refused, match="ukuran lebih kecil"):
        clean(body, 50_000)


def test_a_pdf_that_is_too_heavy_once_it_is_clean_is_refused():
    body = saved(filled_form(FT=Name.Sig))
    with pytest.raises(Refused, match="ukuran lebih kecil"):
        clean(body, 100)


def test_the_third_at_once_is_soon_asked_to_come_again():
    body = encoded(Image.new("RGB", (9, 9)), "JPEG")
    for _ in range(cleaning.MOST_AT_ONCE):
        assert cleaning._places.acquire(blocking=False)
    begun = time.perf_counter()
    try:
        with pytest.raises(Refused, match="Server sedang sibuk"):
            cleaned(body)
        assert time.perf_counter() - begun < 2, "who waits holds a thread"
    finally:
        for _ in range(cleaning.MOST_AT_ONCE):
            cleaning._places.release()
    assert cleaned(body)[0] == JPEG


def test_a_photograph_inside_a_pdf_loses_where_it_was_taken():
    exif = Image.Exif()
    exif[0x010F] = "Kamera Rahasia"
    photo = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(photo, "JPEG", exif=exif, comment=b"KOMENTAR")
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(200, 200))
    picture = pdf.make_stream(photo.getvalue(), Type=pikepdf.Name.XObject,
                              Subtype=pikepdf.Name.Image, Width=64, Height=48,
                              ColorSpace=pikepdf.Name.DeviceRGB, BitsPerComponent=8,
                              Filter=pikepdf.Name.DCTDecode)
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Im0=picture))
    page.Contents = pdf.make_stream(b"q 200 0 0 200 0 0 cm /Im0 Do Q")
    out = io.BytesIO()
    pdf.save(out)
    _, body = clean(out.getvalue())
    assert b"Kamera" not in body
    assert b"KOMENTAR" not in body
    with pikepdf.open(io.BytesIO(body)) as cleaned_pdf:
        image = cleaned_pdf.pages[0].Resources.XObject.Im0
        assert pikepdf.PdfImage(image).as_pil_image().size == (64, 48)
