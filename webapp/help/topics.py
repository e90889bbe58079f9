"""What Bantuan finds: pages and journeys by the words people know them by, also those of other
applications and of articles. Pure."""

import re
import unicodedata
from dataclasses import dataclass

from webapp.workers.name_search import is_one_error_apart

_WORD = re.compile(r"[a-z0-9]+")
# Too short or too common to tell one topic from another.
_IDLE = frozenset("saya anda yang dan atau di ke dari untuk cara bagaimana apa itu mau ingin bisa "
                  "tidak ada bpjs ketenagakerjaan online purna kamu oleh karena kena "
                  "lewat buka belum".split())
SHORTEST_STEM = 4     # letters that two words must share to be taken for one
# Letters of a word within another: blokir in pemblokiran, but not aktif in nonaktif.
SHORTEST_CORE = 6
# Letters of a word that may hold a typing error; of shorter ones too little is left.
SHORTEST_MISTYPED = 5


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
          "lapakasik medis pengobatan kuitansi rumah sakit syarat sebagian 10 30 pensiun phk "
          "resign mengundurkan diri kontrak cacat ahli waris npwp jenis tujuan alasan alamat "
          "dokumen foto unggah berkas simpan draf lanjutkan perbaiki wawancara ditolak"),
    Topic("Lacak pencairan", "/lacak",
          "Dengan nomor dan huruf rahasia, tanpa masuk.",
          "status tracking klaim cek kapan cair sampai mana proses jmo lapak asik kidb nib "
          "nomor"),
    Topic("Rekening atau e-wallet", "/rekening",
          "Sambungkan, ganti, atau putuskan tempat uang dikirim.",
          "bank bni bca bri mandiri btn bsi ovo gopay linkaja dana dompet nomor transfer "
          "sambungkan"),
    Topic("Ajukan nonaktif", "/kepesertaan",
          "Minta perusahaan mengakhiri kepesertaan Anda.",
          "permohonan nonaktif tenaga kerja berhenti resign keluar kerja belum dinonaktifkan hrd "
          "formulir surat eskalasi paklaring"),
    Topic("Sanggah laporan", "/kepesertaan",
          "Perusahaan keliru melaporkan Anda berhenti? Katakan dalam 14 hari.",
          "sanggahan sanggah keberatan salah keliru dinonaktifkan masih bekerja laporan"),
    Topic("Kepesertaan", "/kepesertaan",
          "Semua tempat kerja Anda, nomor KPJ, dan laporan berhenti bekerja.",
          "nib kpj kartu peserta nomor aktif nonaktif perusahaan jmo bpjstku keluar kerja resign "
          "paklaring sanggah ajukan"),
    Topic("Beralih ke Mandiri", "/mandiri",
          "Lanjutkan kepesertaan sendiri sesudah berhenti bekerja. Hitung dulu iurannya.",
          "bpu bukan penerima upah mandiri pindah perorangan freelance ojol usaha sendiri pemula "
          "tingkat penghasilan iuran jkk jkm jht pas foto akta kelahiran"),
    Topic("Iuran dan kode bayar", "/iuran",
          "Kode bayar, tagihan, dan cara aktif lagi sesudah menunggak.",
          "bayar kode billing tagihan tunggakan menunggak bpu mandiri nonaktif aktifkan va "
          "kedaluwarsa"),
    Topic("Program", "/program",
          "Gabung gelombang bantuan yang dibuka, dan lihat hasil undiannya.",
          "gelombang daftar pelatihan prakerja kartu bsu subsidi upah insentif undian seleksi "
          "lolos pengumuman syarat kuota"),
    Topic("Bantuan saya", "/bantuan-saya",
          "Bantuan dan insentif yang Anda terima, dengan jadwal dan riwayatnya.",
          "insentif bsu subsidi cair dicairkan gagal disalurkan tersalurkan jadwal tertahan "
          "pelatihan uang"),
    Topic("Masuk", "/masuk", "Buka akun Purna Anda.",
          "login akun sandi password otp kode jmo kidb bpjstku pin"),
    Topic("Daftar akun", "/daftar", "Buat akun dengan NIK, nomor ponsel, atau email.",
          "registrasi buat akun baru nik kidb jmo"),
    Topic("Lupa sandi", "/lupa-sandi", "Buat kata sandi baru dengan kode.",
          "password pin reset tidak bisa masuk"),
    Topic("Lupa akun", "/lupa-akun", "Ketahui dengan apa Anda mendaftar.",
          "nomor email lama hilang ganti ponsel pemulihan akun terkunci"),
    Topic("Profil", "/profil", "Ubah nomor ponsel, email, alamat, dan kata sandi.",
          "ganti sandi password data diri alamat kontak hp nomor ponsel email passkey "
          "autentikator totp sidik jari pengingat mengganti mengubah perbarui memperbarui"),
    Topic("Perangkat", "/profil/perangkat",
          "Lihat di mana akun Anda terbuka, dan keluarkan dari sana.",
          "sesi login ponsel hilang dicuri keluar semua perangkat"),
    Topic("Riwayat keamanan", "/profil/riwayat", "Kapan akun dibuka, dan siapa yang melihatnya.",
          "log aktivitas masuk petugas melihat data"),
    Topic("Ini bukan saya", "/profil/bukan-saya", "Keluarkan orang lain dari akun Anda sekarang.",
          "dibajak diretas hack disalahgunakan dicuri orang lain"),
    Topic("Pesan", "/pesan", "Semua SMS dan email yang benar-benar kami kirim.",
          "sms email kotak masuk notifikasi pemberitahuan palsu penipuan asli"),
    Topic("Unduh data saya", "/profil/data", "Semua yang kami simpan tentang Anda.",
          "data pribadi salinan ekspor privasi pdp"),
    Topic("Keluar", "/keluar", "Keluar dari perangkat ini atau dari semua perangkat.",
          "logout log out sesi perangkat akun pekerja"),
    Topic("Periksa tanda terima", "/periksa", "Pastikan tanda terima atau paklaring itu asli.",
          "nomor qr asli palsu bukti surat paklaring"),
    Topic("Formulir pengaduan", "/pengaduan",
          "Akun diblokir, penipuan, atau layanan yang keliru, juga tanpa masuk.",
          "diblokir terblokir blokir pengaduan komplain keluhan lapor penipuan tertipu calo "
          "hubungi kami disalahgunakan banding keberatan tiket dibekukan suspend"),
    Topic("Panduan keamanan", "/panduan-keamanan",
          "Jika akun disalahgunakan, dan cara mencegahnya.",
          "penipuan otp kode calo akun diretas hack diblokir blokir aman link tautan"),
    Topic("Lacak pengaduan", "/pengaduan/lacak",
          "Dengan nomor dan huruf rahasia, tanpa masuk.",
          "status tiket pengaduan jawaban nomor komplain"),
    Topic("Kanal resmi", "/kanal-resmi", "Alamat dan pengirim yang benar-benar dari kami.",
          "kidb jmo bpjstku nib lapak asik aplikasi situs sms email penipuan nama lain"),
    Topic("Kontak", "/kontak", "Telepon, email, dan yang dibawa ke kantor cabang.",
          "customer service cs call center kantor cabang alamat jam layanan 175 wawancara petugas "
          "penyelia manajemen loket antrean ktp kk asli kode loket"),
    Topic("Tutup akun", "/tutup-akun", "Akhiri akun. Kepesertaan dan saldo tetap ada.",
          "hapus akun delete"),
    Topic("Batalkan penutupan akun", "/batal-tutup-akun",
          "Selama 72 jam, dengan nomor dari pesan kami.",
          "batal tutup akun tidak jadi penutupan"),
    Topic("Hentikan pencairan", "/hentikan-pencairan",
          "Kontak atau rekening Anda diubah orang lain? Tahan uangnya.",
          "stop penipuan rekening diganti kode dibajak tahan pembayaran"),
    Topic("Nonaktifkan pekerja", "/perusahaan",
          "Untuk perusahaan: laporkan pekerja yang berhenti, satu per satu atau dengan daftar.",
          "nonaktif tenaga kerja lapor hrd hr sipp unggah excel csv xlsx daftar phk resign "
          "pensiun meninggal npp divisi batalkan nonaktif minta koreksi paklaring tanda terima "
          "permohonan terjadwal tanpa iuran"),
    Topic("Syarat dan Ketentuan", "/syarat-dan-ketentuan", "Yang Anda setujui saat mendaftar.",
          "aturan hukum persetujuan privasi"),
)


def found(text):
    """The topics that a text asks for, the likeliest first; all of them for an empty one.

    :param text: as somebody typed it.
    """
    asked = [word for word in _words(text) if word not in _IDLE]
    if not asked:
        return list(TOPICS)
    asked = [spelled for word in asked for spelled in _spellings(word)]
    weights = {word: 1 / (sum(_meets(word, known) for known in _OF_TOPICS) or 1) for word in asked}
    ranked = [(_likeness(topic, weights), -place, topic) for place, topic in enumerate(TOPICS)]
    return [topic for likeness, _, topic in sorted(ranked, reverse=True) if likeness]


def _spellings(word):
    """The word itself where any topic has it; else the words that it may be, one typing error
    away."""
    if len(word) < SHORTEST_MISTYPED or _meets(word, _KNOWN):
        return [word]
    return sorted(other for other in _KNOWN
                  if len(other) >= SHORTEST_STEM and is_one_error_apart(word, other))


def _likeness(topic, weights):
    """How much of what is asked for a topic has: a word that many have, such as "akun", says
    little, and whoever has all the words comes before whoever has one of them."""
    titled, told = _words(topic.title), _words(f"{topic.sentence} {topic.words}")
    met = [weight * (3 * _meets(word, titled) + _meets(word, told))
           for word, weight in weights.items()]
    return sum(met) * sum(map(bool, met))


def _meets(word, known):
    """Whether a word is among these, or begins one of them, or one of them begins it; or a long one
    stands within the other, as a stem does between its affixes."""
    return any(_is_like(word, other) for other in known)


def _is_like(word, other):
    if word == other:
        return True
    shorter, longer = sorted((word, other), key=len)
    return (len(shorter) >= SHORTEST_STEM and longer.startswith(shorter)
            or len(shorter) >= SHORTEST_CORE and shorter in longer)


def _words(text):
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return _WORD.findall(plain)


_OF_TOPICS = [{*_words(f"{topic.title} {topic.sentence} {topic.words}")} - _IDLE
              for topic in TOPICS]
_KNOWN = set().union(*_OF_TOPICS)
