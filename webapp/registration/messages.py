"""What somebody is told who registers, or for whom somebody else tries to."""

# In place of a code, to an address that has an account: nothing of what was typed stands in it,
# it was perhaps typed by a stranger.
ALREADY = (
    "Purna: nomor ini sudah punya akun. Masuk dengan nomor ini, atau pilih Lupa sandi. "
    "Bukan Anda yang mendaftar? Abaikan pesan ini.",
    ("Anda sudah punya akun Purna",
     "Seseorang ingin mendaftar di Purna dengan email ini. Email ini sudah punya akun, jadi tidak "
     "ada akun baru.\n\n"
     "Jika itu Anda: masuk dengan email ini. Jika lupa kata sandinya, pilih Lupa sandi.\n"
     "Bukan Anda? Abaikan email ini. Akun Anda tidak berubah.\n\n"
     "Petugas tidak pernah meminta kata sandi atau kode Anda.\nPurna\n"))

WELCOME_SMS = ("Purna: akun Anda sudah dibuat. Masuk dengan nomor ini dan kata sandi Anda. "
               "Bukan Anda yang membuatnya? Segera hubungi kantor cabang.")


def welcome(name):
    """What to do next: (sms, (subject, body))."""
    return WELCOME_SMS, (
        "Akun Purna Anda sudah dibuat",
        f"Halo {name},\n\n"
        "Akun Anda sudah dibuat. Yang bisa Anda lakukan sekarang:\n\n"
        "1. Masuk dengan email ini dan kata sandi Anda.\n"
        "2. Buka Beranda dan periksa apakah kepesertaan Anda tampak.\n"
        "3. Jika belum, buka Profil lalu Kepesertaan. Isi nomor KPJ dari kartu peserta Anda.\n\n"
        "Bukan Anda yang membuatnya? Segera hubungi kantor cabang.\n"
        "Petugas tidak pernah meminta kata sandi atau kode Anda.\nPurna\n")
