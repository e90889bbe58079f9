"""What people are told when the desk gives an account new contacts."""

ASKED = "kantor cabang mencatat permintaan kontak baru untuk akun Anda"
REFUSED = "kantor cabang menolak permintaan kontak baru untuk akun Anda"

# To the address that was the person's: whoever reads it there can no longer sign in.
LEAVING = (
    "Purna: kontak akun Anda diganti di kantor cabang. Bukan Anda? "
    "Segera datang ke kantor cabang dengan KTP.",
    ("Kontak akun Purna Anda diganti",
     "Kontak akun Anda diganti di kantor cabang. Pesan akun Anda tidak lagi dikirim ke sini.\n\n"
     "Jika Anda yang memintanya, tidak ada yang perlu dilakukan.\n"
     "Bukan Anda? Segera datang ke kantor cabang dengan KTP.\n"))
ARRIVING = (
    "Purna: akun Anda sudah dipulihkan. Buka Purna > Masuk > Lupa sandi? "
    "untuk membuat kata sandi baru.",
    ("Akun Purna Anda sudah dipulihkan",
     "Akun Anda sudah dipulihkan. Kata sandi yang lama tidak berlaku lagi.\n\n"
     "Buka Purna > Masuk > Lupa sandi? untuk membuat kata sandi baru.\n"
     "Selama 72 jam, kontak ini belum bisa dipakai untuk menutup akun atau menerima uang.\n"))
NOT_GIVEN = (
    "Purna: permintaan pemulihan akun tidak disetujui. Tanyakan sebabnya di kantor cabang.",
    ("Pemulihan akun Purna tidak disetujui",
     "Permintaan pemulihan akun tidak disetujui. Tidak ada yang berubah.\n"
     "Tanyakan sebabnya di kantor cabang. Bawa KTP Anda.\n"))
