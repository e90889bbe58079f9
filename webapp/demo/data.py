"""Repeatable demo data: the cast, their companies, and as many generated workers as asked for.

Everything goes through the same services as real data. Nothing here is read by the app itself.
"""

import random
import re
from contextlib import contextmanager
from datetime import date, timedelta
from uuid import uuid4

from webapp import passwords
from webapp.accounts.contacts import owner_of
from webapp.authenticator.service import keep_codes
from webapp.challenges import service as challenges
from webapp.claims import sending
from webapp.claims import service as claims
from webapp.claims.queries import draft_of
from webapp.clock import day_of
from webapp.companies.service import add_clerk, add_company
from webapp.db import database, is_sqlite, write_transaction
from webapp.deactivation import service as deactivation
from webapp.demo.people import (
    BRANCHES,
    CAST,
    COMPANIES,
    EVERYBODY,
    LEAVERS,
    OF_HEAD_OFFICE,
    PASSWORD,
    RECOVERY_CODES,
    WORKERS,
)
from webapp.demo.programmes import add_programme
from webapp.demo.switches import add_switch
from webapp.destinations import service as destinations
from webapp.models.accounts import Agreement
from webapp.models.branches import Branch
from webapp.models.companies import Company
from webapp.models.deactivations import Deactivation
from webapp.models.messages import EMAIL, SENT, Message
from webapp.models.people import User
from webapp.models.workers import ACTIVE, Membership, Worker
from webapp.objections import service as objections
from webapp.objections.queries import deactivation_about
from webapp.parameters import rules_on
from webapp.savings.savings_list import BalanceRow
from webapp.savings.service import Outcome as SavingsOutcome
from webapp.savings.service import take_in_savings
from webapp.terms import versions
from webapp.workers.service import Outcome, take_in_list
from webapp.workers.worker_list import TakenRow

SITI_NIK, SITI_PHONE, SITI_BORN, SITI_KPJ = WORKERS["siti@pekerja.example"]
SITI_EARLIER_KPJ = "30098811203"
HEAD_OFFICE_CODE = "000"     # as the migration made it
BULK_PRAGMAS = {"cache_size": -256 * 1024, "wal_autocheckpoint": 16_000}     # KiB; pages
LARGEST = 10_000      # workers of one generated company
SIZES = {"JJ010001": 250, "JJ010003": 40, "JJ020002": 60}

FIRST = ("Agus Ahmad Andi Anisa Asep Ayu Bambang Budi Dedi Dewi Dian Eka Eko Endang Fajar Fitri "
         "Hendra Imam Indah Iwan Joko Kartika Ketut Lina Made Maria Mega Nur Putu Rahma Ratna "
         "Rina Rizky Slamet Sri Teguh Tuti Ujang Wahyu Wati Wulan Yanti Yohanes Yuni Yusuf").split()
LAST = ("Ginting Handayani Harahap Hidayat Kusuma Lestari Lubis Maulana Nasution Pratama Purnomo "
        "Rahayu Santoso Saputra Setiawan Siahaan Simanjuntak Siregar Situmorang Suryadi Tanjung "
        "Utami Wibowo Wijaya Gunawan Halim Hakim Ismail Kurniawan Mahendra Nugraha Permata "
        "Prasetyo Putra Sihombing Sinaga Susanto Syahputra Wardana Yulianto").split()
REGIONS = "317106 327305 357819 367401 337403 127101 517101 737101 137101 171010".split()
POSITIONS = ("Operator", "Staf", "Kasir", "Pengemudi", "Teknisi", "Supervisor", "Gudang")
# worker's place in the list, reason, last day and filing in days before today
REPORTS = ((5, "RSG", 4, 3), (12, "PKW", 12, 10), (18, "PHK", 30, 14), (23, "PSN", 20, 15),
           (31, "RSG", 9, 2), (40, "PKW", -9, 1))


def load(count, *, now, today):
    """Make sure the cast and ``count`` workers in all are there. Running it again adds nothing."""
    with write_transaction():
        for code, name, city in BRANCHES:
            (Branch.insert(public_id=uuid4(), code=code, name=name, city=city)
             .on_conflict_ignore().execute())
    users = _users(now, today)
    companies = [_company(*described, users, now) for described in COMPANIES]
    sizes = [SIZES[company.npp] for company in companies]
    sizes[0] = max(sizes[0], min(count - sum(sizes[1:]), LARGEST))
    is_first_time = not Membership.select().where(Membership.kpj == SITI_KPJ).exists()
    left_open = len(LEAVERS) if is_first_time else 0     # they come with their story
    with _room_for_indexes():
        for number, (company, size) in enumerate(zip(companies, sizes, strict=True)):
            _fill(company, size - (0 if number else left_open), number, now, today)
        _fill_the_rest(count - sum(sizes), now, today)
    if is_first_time:
        _tell_the_story(companies, users, now, today)


@contextmanager
def _room_for_indexes():
    """Let SQLite keep its indexes in memory: a million workers go in all over them."""
    if not is_sqlite():
        yield
        return
    usual = {name: database.execute_sql(f"PRAGMA {name}").fetchone()[0] for name in BULK_PRAGMAS}
    try:
        _set_pragmas(BULK_PRAGMAS)
        yield
    finally:
        _set_pragmas(usual)


def _set_pragmas(values):
    for name, value in values.items():
        database.execute_sql(f"PRAGMA {name} = {value}")


def _users(now, today):
    found = {}
    for email, name, role, _, _ in EVERYBODY:
        found[email] = owner_of(EMAIL, email) or _add_user(email, name, role, now, today)
    return found


def _add_user(email, name, role, now, today):
    """Somebody who has registered: staff set up their authenticator at the first sign-in."""
    user = User(role=role, name=name, created_at=now,
                password_hash=passwords.hash_password(PASSWORD))
    user.email = email
    user.branch = _branch_of(email) if user.is_staff else None
    if user.is_worker:
        user.nik, user.phone, user.birth_date, user.claimed_kpj = WORKERS[email]
    with write_transaction():
        user.save(force_insert=True)
        if user.is_staff:
            keep_codes(user, RECOVERY_CODES)
        if user.is_worker:
            terms = versions.current(today)
            Agreement.create(user=user, version=terms.version, language=terms.language,
                             digest=terms.digest, agreed_at=now, address="127.0.0.1")
    return user


def _branch_of(email):
    is_central = any(email == one for one, *_ in OF_HEAD_OFFICE)
    return Branch.get(Branch.code == (HEAD_OFFICE_CODE if is_central else BRANCHES[0][0]))


def _company(npp, name, city, branch, users, now):
    company = Company.get_or_none(Company.npp == npp)
    if not company:
        company = add_company(npp, name, city=city, now=now,
                              branch=Branch.get(Branch.code == branch))
    if npp == "JJ020002":
        Company.update(arrears_months=2).where(Company.id == company.id).execute()
    for email, _, _, npps, _ in CAST:
        if npp in npps:
            add_clerk(company, users[email], now=now)
    return company


def _fill(company, size, number, now, today):
    have = Membership.select().where(Membership.company == company).count()
    if have >= size:
        return
    rows = generated(number, have, size, today)
    if number == 0 and have == 0:
        rows = _with_siti(rows)
    for refused in take_in_list(company, rows, now=now, outcome=Outcome()):
        raise RuntimeError(f"generated row refused: {refused}")


def _fill_the_rest(left, now, today):
    number = len(COMPANIES)
    while left > 0:
        size = min(left, LARGEST)
        npp = f"JJ9{number:05}"
        company = (Company.get_or_none(Company.npp == npp)
                   or add_company(npp, f"PT Contoh {number}", now=now))
        _fill(company, size, number, now, today)
        left, number = left - size, number + 1


def generated(number, start, stop, today):
    """Rows ``start`` to ``stop`` of generated company ``number``; the same ones every time."""
    dice = random.Random()  # noqa: S311 (demo data)
    for place in range(start, stop):
        dice.seed(number * 1_000_003 + place)
        serial = number * LARGEST + place
        birth = date(1966, 1, 1) + timedelta(days=dice.randrange(14_000))
        is_woman = dice.random() < 0.5
        day = birth.day + (40 if is_woman else 0)
        nik = f"{_region(serial)}{day:02}{birth:%m%y}{serial % 9999 + 1:04}"
        begun = today - timedelta(days=dice.randrange(40, 4000))
        if place % 60 == 7:
            begun = today - timedelta(days=dice.randrange(3, 25))
        name = f"{dice.choice(FIRST)} {dice.choice(LAST)}"
        if dice.random() < 0.4:
            name += f" {dice.choice(LAST)}"
        yield TakenRow(
            row_number=place + 2, kpj=f"{10_000_000_000 + serial * 7}", nik=nik, name=name,
            birth_date=birth, start_date=max(begun, birth + timedelta(days=365 * 18)),
            wage=dice.randrange(35, 120) * 100_000, position=dice.choice(POSITIONS),
            phone=f"+62812{serial:08}", email=f"pekerja{serial}@pekerja.example")


def _region(serial):
    """A district for every 9,999 persons, so that no two of nine million share a NIK: they go
    through the cities in turn, and then through each city's further districts."""
    turn, place = divmod(serial // 9999, len(REGIONS))
    region = REGIONS[place]
    return f"{region[:4]}{int(region[4:]) + turn:02}"


def _with_siti(rows):
    first = next(rows)
    yield TakenRow(row_number=first.row_number, kpj=SITI_KPJ, nik=SITI_NIK, name="Siti Rahayu",
                   birth_date=SITI_BORN, start_date=date(2021, 5, 1), wage=6_200_000,
                   position="Staf keuangan", phone=SITI_PHONE, email="siti@pekerja.example")
    yield from rows


def _tell_the_story(companies, users, now, today):
    """Link Siti's account, and let the clerks have reported a few who left."""
    company = companies[0]
    siti = Membership.get(Membership.kpj == SITI_KPJ).worker
    Worker.update(user=users["siti@pekerja.example"]).where(Worker.id == siti.id).execute()
    active = list(Membership.select().where(Membership.company == company,
                                            Membership.status == ACTIVE,
                                            Membership.kpj != SITI_KPJ)
                  .order_by(Membership.id).limit(60))
    clerk = users["budi@maju.example"]
    for place, reason, last_day_ago, filed_ago in REPORTS:
        membership, filed = active[place], now - timedelta(days=filed_ago)
        last_day = max(today - timedelta(days=last_day_ago), membership.started_on)
        draft = deactivation.save_draft(membership, clerk, reason=reason, last_day=last_day,
                                        note="", document=None, now=filed)
        deactivation.file(draft, clerk, version=draft.version, company=company,
                          rules=rules_on(today), now=filed)
    _add_cases(companies, users, now)
    _add_claim(users["siti@pekerja.example"], now)
    add_programme(users["fajar@cabang.example"], now)
    add_switch(company, clerk, users["rina@pekerja.example"], now)
    # These were sent on their day; the sender must not find them expired.
    (Message.update(state=SENT, sent_at=Message.created_at)
     .where(Message.created_at < now - timedelta(hours=1)).execute())


def _add_cases(companies, users, now):
    """Siti says that PT Maju Logistik is wrong, and Budi asks the branch for a correction."""
    siti, ani = users["siti@pekerja.example"], users["ani@maju.example"]
    logistik, today = companies[1], day_of(now)
    earlier = TakenRow(row_number=2, kpj=SITI_EARLIER_KPJ, nik=SITI_NIK, name="Siti Rahayu",
                       birth_date=SITI_BORN, start_date=date(2018, 3, 1), wage=4_900_000,
                       position="Staf gudang", phone=SITI_PHONE, email="siti@pekerja.example")
    for refused in take_in_list(logistik, [earlier], now=now, outcome=Outcome()):
        raise RuntimeError(f"demo row refused: {refused}")
    membership, filed = Membership.get(Membership.kpj == SITI_EARLIER_KPJ), now - timedelta(days=3)
    draft = deactivation.save_draft(membership, ani, reason="RSG", note="", document=None,
                                    last_day=today - timedelta(days=5), now=filed)
    deactivation.file(draft, ani, version=draft.version, company=logistik, rules=rules_on(today),
                      now=filed)
    yesterday = now - timedelta(days=1)
    report = deactivation_about(membership, draft.public_id)
    objection = objections.begin(report, membership, siti, yesterday)
    objections.send(objection, siti, version=objection.version, rules=rules_on(today),
                    reason="Saya pindah bagian, bukan berhenti. Slip gaji bulan ini masih dari "
                           "perusahaan yang sama.", now=yesterday)
    late = (Deactivation.select().where(Deactivation.company == companies[0],
                                        Deactivation.filed_at < now - timedelta(days=13))
            .order_by(Deactivation.id).first())
    deactivation.request_correction(
        late, users["budi@maju.example"], company=companies[0], rules=rules_on(today),
        reason="Pekerja ini dipanggil kembali sebelum hari terakhirnya.", now=yesterday)


def _add_claim(siti, now):
    """Siti has some savings and a linked account, and asks for something since yesterday."""
    worker, long_ago = Worker.get(Worker.user == siti), now - timedelta(days=20)
    yesterday = now - timedelta(days=1)
    balance = BalanceRow(2, SITI_NIK, None, 12_400_000, day_of(now).replace(day=1), None)
    for refused in take_in_savings([balance], now=now, outcome=SavingsOutcome()):
        raise RuntimeError(f"demo balance refused: {refused}")
    account = destinations.begin(siti, worker, provider="BCA", number="1234568123",
                                 holder="Siti Rahayu", now=long_ago)
    proof = destinations.ask_for_code(account, siti, "", long_ago)
    _type_code(proof, siti, long_ago)
    destinations.link(proof, worker, rules=rules_on(day_of(now)), now=long_ago)
    claim = claims.begin(worker, siti, "LAIN", yesterday)
    claims.keep(claim, siti, yesterday, amount=400_000, purpose="Biaya sekolah anak",
                reason="Untuk uang pangkal sekolah anak saya bulan depan.",
                contact_checked_at=yesterday, destination=account)
    proof = sending.ready_for_code(draft_of(worker), siti, yesterday)
    _type_code(proof, siti, yesterday)
    sending.submit(proof, siti, now=yesterday)


def _type_code(challenge, user, now):
    """Type what was sent, as its reader would."""
    channel, target = challenges.channels_of(user)[0]
    challenges.send(challenge, channel, target, now)
    text = Message.get(Message.about == challenge.public_id).body
    challenges.judge(challenge, re.search(r"\d{3} \d{3}", text).group().replace(" ", ""), now)


def is_empty():
    """Whether there is no data at all yet."""
    with write_transaction():
        return not User.select().exists()
