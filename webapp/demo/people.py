"""The demo cast: who can sign in where there is no real data."""

from datetime import date
from typing import NamedTuple

from webapp.models.people import EMPLOYER, MANAGER, OFFICER, SUPERVISOR, WORKER

PASSWORD = "purna-demo-2026"  # noqa: S105 (printed on the demo's sign-in page)

# code, name, city; the staff of the cast are the first one's
BRANCHES = (
    ("J01", "Kantor Cabang Jakarta Selatan", "Jakarta Selatan"),
    ("N01", "Kantor Cabang Surabaya", "Surabaya"),
)
# NPP, name, city, branch
COMPANIES = (
    ("JJ010001", "PT Maju Bersama", "Jakarta Selatan", "J01"),
    ("JJ010003", "PT Maju Logistik", "Bekasi", "J01"),
    ("JJ020002", "PT Lain Sejahtera", "Surabaya", "N01"),
)
# e-mail, name, role, NPPs, what they are shown as
CAST = (
    ("ani@maju.example", "Ani Wulandari", EMPLOYER, ("JJ010001", "JJ010003"),
     "HRD dua perusahaan"),
    ("budi@maju.example", "Budi Hartono", EMPLOYER, ("JJ010001",), "HRD PT Maju Bersama"),
    ("citra@lain.example", "Citra Lestari", EMPLOYER, ("JJ020002",), "HRD PT Lain Sejahtera"),
    ("siti@pekerja.example", "Siti Rahayu", WORKER, (), "Pekerja"),
    ("dewi@cabang.example", "Dewi Anggraini", OFFICER, (), "Petugas cabang"),
    ("eka@cabang.example", "Eka Prasetya", SUPERVISOR, (), "Penyelia cabang"),
    ("fajar@cabang.example", "Fajar Nugroho", MANAGER, (), "Manajemen cabang"),
)

# A block takes one manager to propose it, one to confirm it, and one to judge a complaint about it.
MORE_MANAGERS = (
    ("gita@cabang.example", "Gita Larasati", MANAGER, (), "Manajemen kedua"),
    ("hadi@cabang.example", "Hadi Wijaya", MANAGER, (), "Manajemen ketiga"),
)
# Only the head office sees what is recorded of accounts and staff at all branches.
OF_HEAD_OFFICE = (
    ("indra@pusat.example", "Indra Permana", MANAGER, (), "Manajemen kantor pusat"),
)
# Whose switch to paying alone waits for the branch.
LEAVERS = (("rina@pekerja.example", "Rina Handayani", WORKER, (), "Beralih ke Mandiri"),)
EVERYBODY = CAST + MORE_MANAGERS + OF_HEAD_OFFICE + LEAVERS

# Staff sign in with one of these before they have set up their authenticator; each is good once.
RECOVERY_CODES = tuple(f"DEM0-C0DE-0000-000{number}" for number in (1, 2, 3))

SITI_NIK, SITI_PHONE = "3171064508900001", "+628123454512"


class Identity(NamedTuple):
    """What a worker of the cast says of themselves, and a company too."""

    nik: str
    phone: str
    birth_date: date
    kpj: str


WORKERS = {
    "siti@pekerja.example": Identity(SITI_NIK, SITI_PHONE, date(1990, 8, 5), "30145274512"),
    "rina@pekerja.example": Identity("3171064102920003", "+628123459104", date(1992, 2, 1),
                                     "30145279104"),
}


def demo_sign_ins():
    """For the sign-in page of demo mode: (e-mail, what they are) of each, and what staff need
    besides the password."""
    return [(email, shown) for email, _, _, _, shown in EVERYBODY], RECOVERY_CODES
