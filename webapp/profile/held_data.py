"""A copy of all that is held about a person, for that person: plain JSON values.

Its keys are Indonesian, since people read it. What opens an account is left out: the password,
keys, and codes, of which nothing is kept that could be read.
"""

from peewee import JOIN

from webapp.assistance.queries import assistance_of, steps_of
from webapp.blocks.queries import blocks_of
from webapp.cases.queries import everything_said_in, papers_of
from webapp.cases.words import KINDS, SIDES
from webapp.claims.faults import faults_of, label_of
from webapp.claims.queries import claims_of
from webapp.claims.words import label_of as claim_label
from webapp.clock import WIB
from webapp.complaints.queries import complaints_of
from webapp.complaints.words import SIDES as COMPLAINT_SIDES
from webapp.destinations.words import PROVIDERS
from webapp.destinations.words import label as destination_label
from webapp.formats import mask_email, mask_phone
from webapp.holds.queries import holds_of
from webapp.messages.queries import shown_body
from webapp.models.accounts import (
    Agreement,
    Authenticator,
    Closure,
    Passkey,
    Recovery,
    RecoveryCode,
)
from webapp.models.cases import CLAIM, OBJECTION, REQUEST, SWITCH, Case
from webapp.models.claims import Destination, Savings
from webapp.models.companies import Company, CompanyClerk
from webapp.models.deactivations import DRAFT, Deactivation
from webapp.models.messages import Message
from webapp.models.people import Device, Session
from webapp.models.programmes import Assistance
from webapp.models.receipts import Receipt
from webapp.models.switches import Bill, OwnMembership
from webapp.models.uploads import Upload, UploadRow
from webapp.models.workers import Membership, Worker
from webapp.objections.queries import objection_of
from webapp.profile.browsers import in_words
from webapp.profile.queries import looks_at, whole_history
from webapp.programmes.queries import applications_of
from webapp.programmes.words import name_of, place_of, shown_state
from webapp.receipts.signing import show_number
from webapp.requests.queries import request_of
from webapp.switch.faults import label_of as switch_label
from webapp.switch.queries import switch_of_case
from webapp.switch.words import SECTORS


def everything_about(user):
    """Everything, a dict in the order in which it is read."""
    worker = Worker.get_or_none(Worker.user == user)
    return {
        "akun": _account(user),
        "kontak": _contacts(user),
        "data_dari_perusahaan": worker and _reported(worker, user),
        "kepesertaan": _memberships(worker) if worker else [],
        "laporan_berhenti_bekerja": _deactivations(worker) if worker else [],
        "permohonan_dan_sanggahan": _cases(worker) if worker else [],
        "kepesertaan_mandiri": _owns(worker) if worker else [],
        "iuran_mandiri": _bills(worker) if worker else [],
        "tabungan_hari_tua": _savings(worker) if worker else None,
        "pencairan": _claims(worker) if worker else [],
        "rekening_dan_e_wallet": _destinations(user),
        "pembayaran_yang_menunggu": _holds(user),
        "program_yang_diikuti": _programmes(worker) if worker else [],
        "bantuan": _assistance(worker) if worker else [],
        "blokir_akun": _blocks(user),
        "pengaduan": _complaints(user),
        "baris_daftar_perusahaan": _rows_of_lists(worker) if worker else [],
        "perusahaan_yang_diwakili": _companies(user),
        "persetujuan": _agreements(user),
        "sesi": _sessions(user),
        "perangkat_dikenal": [_moment(row.first_at) for row in
                              Device.select().where(Device.user == user).order_by(Device.id)],
        "pengaman": _factors(user),
        "penutupan_akun": _closures(user),
        "pemulihan_akun": _recoveries(user),
        "pesan": _messages(user, worker),
        "riwayat_keamanan": [_happening(row) for row in whole_history(user)],
        "dilihat_petugas": [{"waktu": _moment(row.at), "oleh": row.by} for row in looks_at(user)],
    }


def _account(user):
    return {"nama": user.name, "peran": user.role, "keadaan": user.state, "nik": user.nik,
            "tanggal_lahir": _day(user.birth_date), "kpj_yang_disebut": user.claimed_kpj,
            "alamat": user.address, "dibuat": _moment(user.created_at),
            "kata_sandi_diganti": _moment(user.password_changed_at),
            "pengingat_ganti_sandi_bulan": user.reminder_months,
            "diingatkan": _moment(user.reminded_at)}


def _contacts(user):
    return {"nomor_ponsel": user.phone, "nomor_ponsel_diganti": _moment(user.phone_changed_at),
            "email": user.email, "email_diganti": _moment(user.email_changed_at),
            "belum_dibuktikan": user.unproven}


def _reported(worker, user):
    """What companies reported. A contact that is not the account's may be somebody else's who
    only was taken for the same person by a card number: it stays masked."""
    phone, email = worker.phone, worker.email
    return {"nik": worker.nik, "nama": worker.name, "tanggal_lahir": _day(worker.birth_date),
            "nomor_ponsel": phone if phone == user.phone else phone and mask_phone(phone),
            "email": email if email == user.email else email and mask_email(email),
            "dicatat": _moment(worker.created_at)}


def _memberships(worker):
    rows = (Membership.select(Membership, Company).join(Company)
            .where(Membership.worker == worker).order_by(Membership.started_on))
    return [{"perusahaan": row.company.name, "npp": row.company.npp, "kpj": row.kpj,
             "keadaan": row.status, "mulai": _day(row.started_on), "berakhir": _day(row.ended_on),
             "jabatan": row.position, "upah": row.wage} for row in rows]


def _deactivations(worker):
    rows = (Deactivation.select(Deactivation, Membership, Receipt)
            .join(Membership).switch(Deactivation).join(Receipt, attr="receipt")
            .where(Membership.worker == worker, Deactivation.state != DRAFT)
            .order_by(Deactivation.filed_at))
    return [{"kpj": row.membership.kpj, "sebab": row.reason, "keadaan": row.state,
             "hari_kerja_terakhir": _day(row.last_day), "catatan": row.note,
             "dilaporkan": _moment(row.filed_at), "dibatalkan": _moment(row.undone_at),
             "alasan_batal": row.undo_reason, "tanda_terima": show_number(row.receipt.number)}
            for row in rows]


def _cases(worker):
    """What the person asked for, objected to or was helped with, and what was said and handed in.

    Who wrote for a company or a branch is not the person's own data: the side alone is told.
    """
    rows = (Case.select(Case, Company).join(Company, JOIN.LEFT_OUTER)
            .where(Case.worker == worker, Case.kind != CLAIM).order_by(Case.id))
    return [{"jenis": KINDS[row.kind], "nomor": show_number(row.number),
             "perusahaan": row.company.name if row.company else None,
             "dibuka": _moment(row.opened_at), "selesai": _moment(row.closed_at),
             **_asked(row), "percakapan": [
                 {"dari": SIDES[said.side], "waktu": _moment(said.made_at), "isi": said.text}
                 for said in everything_said_in(row)],
             "dokumen": _papers(row)} for row in rows]


def _owns(worker):
    """Memberships of the person's own."""
    rows = OwnMembership.select().where(OwnMembership.worker == worker).order_by(OwnMembership.id)
    return [{"keadaan": row.state, "penghasilan": row.income, "dasar_iuran": row.base,
             "bidang_pekerjaan": SECTORS[row.sector], "dengan_jht": row.has_savings,
             "mulai": _day(row.started_on), "lunas_sampai_bulan": _day(row.paid_until),
             "berakhir": _day(row.ended_on)} for row in rows]


def _bills(worker):
    """What the person was asked to pay for them."""
    rows = Bill.select().where(Bill.worker == worker).order_by(Bill.id)
    return [{"kode_bayar": row.code, "keadaan": row.state, "mulai_bulan": _day(row.first_month),
             "banyak_bulan": row.months, "jumlah": row.amount, "dibuat": _moment(row.made_at),
             "paling_lambat": _day(row.expires_on), "dibayar": _day(row.paid_on)} for row in rows]


def _switch(case):
    row = switch_of_case(case)
    return {"keadaan": row.state, "sebab": row.reason,
            "hari_kerja_terakhir": _day(row.last_day), "penghasilan": row.income,
            "bidang_pekerjaan": row.sector and SECTORS[row.sector],
            "dengan_jht": row.has_savings, "mulai": _day(row.starts_on),
            "yang_keliru": [{"bagian": switch_label(code), "penjelasan": sentence}
                            for code, sentence in faults_of(row).items()],
            "alasan_penolakan": row.verdict}


def _papers(case):
    return [{"nama": paper.document.label, "dari": SIDES[paper.side],
             "waktu": _moment(paper.added_at)} for paper in papers_of(case)]


def _savings(worker):
    row = Savings.get_or_none(Savings.worker == worker)
    return row and {"saldo": row.left, "masuk_seluruhnya": row.credited,
                    "sudah_diambil": row.taken, "per_tanggal": _day(row.as_of)}


def _claims(worker):
    """What the person claimed; who decided is not the person's own data."""
    return [{"jenis": claim_label(row), "nomor": show_number(row.case.number),
             "keadaan": row.state, "jumlah": row.amount, "jumlah_disetujui": row.approved,
             "tanggal_berobat": _day(row.treated_on), "jumlah_kuitansi": row.receipt_total,
             "tujuan": row.purpose, "alasan": row.reason,
             "dikirim_ke": row.destination and destination_label(row.destination),
             "dibuka": _moment(row.case.opened_at), "didaftarkan": _moment(row.submitted_at),
             "dijanjikan": _day(row.promised_on), "dikembalikan": _moment(row.returned_at),
             "yang_keliru": [{"bagian": label_of(code), "penjelasan": sentence}
                             for code, sentence in faults_of(row).items()],
             "wawancara": _moment(row.interviewed_at), "disetujui": _moment(row.approved_at),
             "ditolak": _moment(row.refused_at), "alasan_penolakan": row.verdict,
             "dibayar": _day(row.paid_on), "dokumen": _papers(row.case)}
            for row in claims_of(worker)]


def _destinations(user):
    """What was linked or begun; what was never proven holds no number any more."""
    rows = Destination.select().where(Destination.user == user).order_by(Destination.id)
    return [{"bank_atau_e_wallet": PROVIDERS[row.provider], "nomor": row.number,
             "atas_nama": row.holder, "keadaan": row.state, "dimulai": _moment(row.begun_at),
             "tersambung": _moment(row.linked_at), "berakhir": _moment(row.ended_at),
             "alasan_penolakan": row.verdict} for row in rows]


def _holds(user):
    return [{"sebab_menunggu": row.cause, "sejak": _moment(row.begun_at),
             "sampai": _moment(row.until), "dihentikan": _moment(row.stopped_at),
             "dibuka_lagi": _moment(row.lifted_at)} for row in holds_of(user)]


def _programmes(worker):
    """The waves the person joined. Of the family card only a digest is kept, which says nothing."""
    return [{"program": name_of(row.wave), "nomor": show_number(row.number),
             "keadaan": shown_state(row, row.wave), "bergabung": _moment(row.joined_at),
             "urutan": place_of(row, row.wave), "dicabut": _moment(row.revoked_at),
             "alasan_dicabut": row.reason} for row in applications_of(worker)]


def _assistance(worker):
    rows = list(assistance_of(worker).order_by(Assistance.id))
    steps = steps_of(rows)
    return [{"program": row.programme.name, "nomor": show_number(row.number),
             "jumlah": row.amount, "keadaan": row.state, "jadwal": _day(row.scheduled_on),
             "dikirim": _day(row.paid_on), "riwayat": [
                 {"waktu": _moment(step.at), "keadaan": step.state, "keterangan": step.note}
                 for step in steps[row.id]]} for row in rows]


def _blocks(user):
    """The blocks that came into force. What managers note for each other may name others who
    reported something: it is not handed out."""
    return [{"sebab_diblokir": row.reason, "keadaan": row.state, "sejak": _moment(row.confirmed_at),
             "sampai": _day(row.until), "ditinjau": _moment(row.reviewed_at),
             "berakhir": _moment(row.ended_at)} for row in blocks_of(user)]


def _complaints(user):
    return [{"nomor": show_number(row.case.number), "tentang": row.subject, "cerita": row.story,
             "keadaan": row.state, "dikirim": _moment(row.sent_at),
             "diputuskan": _moment(row.decided_at), "jawaban": row.verdict, "percakapan": [
                 {"dari": COMPLAINT_SIDES[said.side], "waktu": _moment(said.made_at),
                  "isi": said.text} for said in everything_said_in(row.case)],
             "dokumen": [{"nama": paper.document.label, "waktu": _moment(paper.added_at)}
                         for paper in papers_of(row.case)]}
            for row in complaints_of(user)]


def _asked(case):
    """The answers of a request, an objection or a walk-in."""
    if case.kind == REQUEST:
        row = request_of(case)
        return {"keadaan": row.state, "sebab": row.reason, "catatan": row.note,
                "hari_kerja_terakhir": _day(row.last_day), "alamat": row.address,
                "alasan_penolakan": row.answer}
    if case.kind == SWITCH:
        return _switch(case)
    if case.kind == OBJECTION:
        row = objection_of(case)
        return {"keadaan": row.state, "yang_keliru": row.reason, "alasan_putusan": row.verdict}
    return {}


def _rows_of_lists(worker):
    """The rows of uploaded lists that were taken to mean this person."""
    rows = (UploadRow.select(UploadRow, Upload, Company, Membership)
            .join(Upload).join(Company).join_from(UploadRow, Membership)
            .where(Membership.worker == worker).order_by(Upload.uploaded_at, UploadRow.number))
    return [{"perusahaan": row.upload.company.name, "kpj": row.membership.kpj,
             "diunggah": _moment(row.upload.uploaded_at), "baris": row.number,
             "keadaan": row.state} for row in rows]


def _companies(user):
    rows = (CompanyClerk.select(CompanyClerk, Company).join(Company)
            .where(CompanyClerk.user == user).order_by(Company.name))
    return [{"perusahaan": row.company.name, "npp": row.company.npp,
             "terakhir_dibuka": _moment(row.used_at)} for row in rows]


def _agreements(user):
    rows = Agreement.select().where(Agreement.user == user).order_by(Agreement.agreed_at)
    return [{"syarat_dan_ketentuan": row.version, "bahasa": row.language, "sha256": row.digest,
             "disetujui": _moment(row.agreed_at), "dari_alamat": row.address} for row in rows]


def _sessions(user):
    rows = Session.select().where(Session.user == user).order_by(Session.id)
    return [{"peramban": in_words(row.browser), "nama_peramban": row.browser,
             "mulai": _moment(row.created_at), "terakhir_dipakai": _moment(row.seen_at),
             "berakhir": _moment(row.ended_at), "perangkat_orang_lain": row.is_borrowed}
            for row in rows]


def _factors(user):
    app = Authenticator.get_or_none(Authenticator.user == user)
    codes = RecoveryCode.select().where(RecoveryCode.user == user,
                                        RecoveryCode.used_at.is_null()).count()
    keys = Passkey.select().where(Passkey.user == user).order_by(Passkey.id)
    return {"autentikator_dipasang": app and _moment(app.confirmed_at),
            "sisa_kode_pemulihan": codes,
            "passkey": [{"nama": row.name, "dibuat": _moment(row.created_at),
                         "terakhir_dipakai": _moment(row.used_at)} for row in keys]}


def _closures(user):
    rows = Closure.select().where(Closure.user == user).order_by(Closure.id)
    return [{"keadaan": row.state, "diminta": _moment(row.requested_at),
             "berlaku": _moment(row.due_at), "selesai": _moment(row.ended_at)} for row in rows]


def _recoveries(user):
    rows = Recovery.select().where(Recovery.user == user).order_by(Recovery.id)
    return [{"keadaan": row.state, "nomor_ponsel": row.phone, "email": row.email,
             "dokumen": row.papers, "catatan": row.note, "diminta": _moment(row.asked_at),
             "diputuskan": _moment(row.decided_at), "alasan": row.reason} for row in rows]


def _messages(user, worker):
    theirs = Message.user == user
    if worker:
        theirs |= Message.worker == worker
    rows = Message.select().where(theirs).order_by(Message.id)
    return [{"lewat": row.channel, "ke": row.recipient, "dibuat": _moment(row.created_at),
             "terkirim": _moment(row.sent_at), "judul": row.subject,
             "isi": shown_body(row) or "(kode rahasia, tidak disimpan)"} for row in rows]


def _happening(row):
    return {"waktu": _moment(row.at), "kejadian": row.words, "oleh": row.by}


def _moment(value):
    return value and value.astimezone(WIB).isoformat(timespec="seconds")


def _day(value):
    return value and value.isoformat()
