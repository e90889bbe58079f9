"""What a contact is told that a company reported, when somebody else's account took its place."""

SMS = ("Purna: sebuah akun dibuat atas nama Anda dan tersambung ke kepesertaan Anda. "
       "Bukan Anda? Segera hubungi kantor cabang.")
EMAIL = (
    "Akun Purna dibuat atas nama Anda",
    "Sebuah akun Purna dibuat atas nama Anda. Akun itu sudah tersambung ke kepesertaan Anda, dan "
    "memakai kontak lain.\n\n"
    "Jika Anda yang membuatnya, tidak ada yang perlu dilakukan.\n"
    "Bukan Anda? Segera hubungi kantor cabang. Bawa KTP dan kartu peserta.\n\n"
    "Petugas tidak pernah meminta kata sandi atau kode Anda.\nPurna\n")

# To the account that had it by a card number alone.
DISPLACED_SMS = ("Purna: kepesertaan dilepas dari akun Anda. Akun lain membuktikan kontak yang "
                 "tercatat di perusahaan. Keliru? Datang ke kantor cabang, bawa KTP.")
DISPLACED_EMAIL = (
    "Kepesertaan dilepas dari akun Purna Anda",
    "Kepesertaan dilepas dari akun Purna Anda. Akun lain membuktikan nomor ponsel atau email yang "
    "tercatat di perusahaan.\n\n"
    "Keliru? Datang ke kantor cabang. Bawa KTP dan kartu peserta.\n\nPurna\n")
