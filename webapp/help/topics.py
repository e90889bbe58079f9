"""What Bantuan finds: pages and journeys by the words people know them by, also those of other
applications and of articles. Pure."""

import re
import unicodedata
from dataclasses import dataclass

_WORD = re.compile(r"[a-z0-9]+")
# Too short or too common to tell one topic from another.
_IDLE = frozenset("saya anda yang dan atau di ke dari untuk cara bagaimana apa itu mau ingin bisa "
                  "tidak ada bpjs ketenagakerjaan online purna".split())
SHORTEST_STEM = 4     # letters that two words must share to be taken for one


@dataclass(frozen=True)
class Topic:
    """One thing to do or to read.

    :param words: by which it is found besides those of its title and sentence.
    """

    title: str
    url: str
    sentence: str
    words: str


TOPICS = (
    Topic("Pencairan", "/pencairan",
          "Daftar pencairan biaya berobat atau tabungan hari tua (JHT), dan lihat sampai di mana.",
          "klaim cair dana uang saldo jht jaminan hari tua kidb nib jmo bpjstku lapak asik "
          "lapakasik medis pengobatan kuitansi rumah sakit sebagian 10 30 pensiun phk resign "
          "mengundurkan diri kontrak cacat ahli waris npwp"),
    Topic("Lacak pencairan", "/lacak",
          "Dengan nomor dan huruf rahasia, tanpa masuk.",
          "status tracking klaim cek kapan cair sampai mana proses jmo lapak asik kidb nib "
          "nomor"),
    Topic("Rekening atau e-wallet", "/rekening",
          "Sambungkan, ganti, atau putuskan tempat uang dikirim.",
          "bank bni bca bri mandiri btn bsi ovo gopay linkaja dana dompet nomor transfer "
          "sambungkan"),
    Topic("Kepesertaan", "/kepesertaan",
          "Semua tempat kerja Anda, nomor KPJ, dan laporan berhenti bekerja.",
          "nib kpj kartu peserta nomor aktif nonaktif perusahaan jmo bpjstku keluar kerja resign "
          "paklaring sanggah ajukan"),
    Topic("Masuk", "/masuk", "Buka akun Purna Anda.",
          "login akun sandi password otp kode jmo kidb bpjstku pin"),
    Topic("Daftar akun", "/daftar", "Buat akun dengan NIK, nomor ponsel, atau email.",
          "registrasi buat akun baru nik kidb jmo"),
    Topic("Lupa sandi", "/lupa-sandi", "Buat kata sandi baru dengan kode.",
          "password pin reset tidak bisa masuk"),
    Topic("Periksa tanda terima", "/periksa", "Pastikan tanda terima atau paklaring itu asli.",
          "nomor qr asli palsu bukti surat paklaring"),
    Topic("Panduan keamanan", "/panduan-keamanan",
          "Jika akun disalahgunakan, dan cara mencegahnya.",
          "penipuan otp kode calo akun diretas hack diblokir blokir aman"),
    Topic("Kanal resmi", "/kanal-resmi", "Alamat dan pengirim yang benar-benar dari kami.",
          "kidb jmo bpjstku nib lapak asik aplikasi situs sms email penipuan nama lain"),
    Topic("Kontak", "/kontak", "Telepon, email, dan yang dibawa ke kantor cabang.",
          "customer service cs call center kantor cabang alamat jam layanan 175 wawancara"),
    Topic("Tutup akun", "/tutup-akun", "Akhiri akun. Kepesertaan dan saldo tetap ada.",
          "hapus akun delete"),
)


def found(text):
    """The topics that a text asks for, the likeliest first; all of them for an empty one.

    :param text: as somebody typed it.
    """
    asked = [word for word in _words(text) if word not in _IDLE]
    if not asked:
        return list(TOPICS)
    ranked = [(_likeness(topic, asked), -place, topic) for place, topic in enumerate(TOPICS)]
    return [topic for likeness, _, topic in sorted(ranked, reverse=True) if likeness]


def _likeness(topic, asked):
    titled, told = _words(topic.title), _words(f"{topic.sentence} {topic.words}")
    return sum(3 * _meets(word, titled) + _meets(word, told) for word in asked)


def _meets(word, known):
    """Whether a word is among these, or begins one of them, or one of them begins it."""
    return any(word == other or (min(len(word), len(other)) >= SHORTEST_STEM
                                 and (other.startswith(word) or word.startswith(other)))
               for other in known)


def _words(text):
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _WORD.findall(plain)
