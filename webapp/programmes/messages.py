"""What those who join a wave are told: {sms, email}, the e-mail as (subject, body)."""

from webapp.formats import show_rupiah
from webapp.models.programmes import NOT_CHOSEN
from webapp.programmes.words import end_of, name_of, short_name_of
from webapp.receipts.signing import show_number


def joined(wave, number):
    """They are on the list, under this number."""
    return _told(
        f"Anda terdaftar di {name_of(wave)}",
        f"Purna: Anda terdaftar di {short_name_of(wave)}. Nomor {show_number(number)}. "
        "Hasil undian kami kabarkan.",
        f"Nomor Anda {show_number(number)}. Simpan nomor ini: hasil undian memuat nomor, bukan "
        f"nama.\n\nAnda bisa bergabung atau batal sampai {end_of(wave)}. Sesudah itu undian "
        "dilakukan. Kode pemeriksa rahasianya sudah diumumkan, jadi siapa pun bisa menghitung "
        "ulang hasilnya.")


def withdrawn(wave):
    """They took it back."""
    return _told(
        f"Anda batal ikut {name_of(wave)}",
        f"Purna: Anda batal ikut {short_name_of(wave)}. Bukan Anda? Buka Purna > Profil > Ini "
        "bukan saya.",
        f"Anda bisa bergabung lagi sampai {end_of(wave)}.\n\nBukan Anda yang membatalkan? Buka "
        "Purna > Profil > Ini bukan saya.")


def chosen(wave, applicant):
    """They were chosen, and what follows."""
    return _told(
        f"Anda lolos {name_of(wave)}",
        f"Purna: Anda lolos {short_name_of(wave)}. Sambungkan rekening jika belum: buka Purna > "
        "Bantuan saya.",
        f"Nomor {show_number(applicant.number)} terpilih dalam undian, urutan {applicant.place}.\n"
        f"\nBantuan Anda {show_rupiah(wave.programme.grant)}. Uangnya dikirim ke rekening atau "
        "e-wallet yang tersambung. Belum ada? Buka Purna > Bantuan saya.\n\nHasil undian bisa "
        "dihitung ulang oleh siapa pun: buka Purna > Program.")


def not_chosen(wave, applicant):
    """They were not, and what they can do."""
    return _told(
        f"Hasil undian {name_of(wave)}",
        f"Purna: Anda belum berhasil di {short_name_of(wave)}. Data Anda tersimpan, ikut lagi di "
        "gelombang berikutnya.",
        f"Nomor {show_number(applicant.number)} belum terpilih, urutan {applicant.place}.\n\nData "
        "Anda tetap tersimpan. Di gelombang berikutnya cukup tekan Gabung.\n\nHasil undian bisa "
        "dihitung ulang oleh siapa pun: buka Purna > Program.")


def result(wave, applicant):
    """Whichever of the two."""
    return (not_chosen if applicant.state == NOT_CHOSEN else chosen)(wave, applicant)


def revoked(wave, reason):
    """The branch took them off, and why."""
    return _told(
        f"Keikutsertaan Anda di {name_of(wave)} dicabut",
        f"Purna: keikutsertaan Anda di {short_name_of(wave)} dicabut. Alasannya: buka Purna > "
        "Program.",
        f"Alasan: {reason}\n\nJika ini keliru, datang ke kantor cabang dengan KTP "
        "dan kartu keluarga.")


def _told(subject, sms, body):
    return {"sms": sms, "email": (subject, body)}
