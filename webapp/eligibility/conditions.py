"""The conditions of rules §2. Pure.

Each is a function of a ``Question`` that returns a ``Condition``, or None where there is nothing to
say.
"""

from datetime import timedelta

from webapp.deactivation.consequences import birthday
from webapp.deactivation.reasons import REASONS
from webapp.eligibility.kinds import PARTIAL
from webapp.eligibility.length import reaches, years_and_days
from webapp.eligibility.question import BRANCH, COMPANY, TIME, WORKER, Condition
from webapp.formats import show_date, show_rupiah

DAY = timedelta(days=1)
JUST_WAIT = "Anda tidak perlu melakukan apa-apa sampai tanggal itu."
NO_NEED = "Anda tidak perlu melakukan apa-apa sekarang."
ASK_COMPANY = ("Jika Anda sudah berhenti, minta perusahaan melaporkannya: buka Kepesertaan, lalu "
               "Ajukan nonaktif.")


def not_frozen(question):
    """A recorded death freezes the person's own claims (rules §1, MGL)."""
    if question.facts.is_dead and not question.kind.by_heirs:
        return _unmet("frozen", "Anda tercatat meninggal dunia, jadi pencairan dibekukan.", BRANCH,
                      "Jika ini keliru, sanggah laporan itu di Kepesertaan. Anda juga bisa datang "
                      "ke kantor cabang dengan KTP.")
    return None


def one_at_a_time(question):
    """One open claim for each person and type."""
    if question.kind.code in question.facts.open_kinds:
        return _unmet("running", "Pencairan jenis ini sudah Anda ajukan dan belum selesai.", BRANCH,
                      "Buka Lacak untuk melihat sampai di mana.")
    return None


def insured_then(question):
    """A membership on the day of treatment, also one that ended later."""
    treated_on, facts, service = question.treated_on, question.facts, question.basis
    if treated_on and treated_on > facts.today:
        return _unmet("insured", f"Tanggal berobat {show_date(treated_on)} belum tiba.", WORKER,
                      "Periksa lagi tanggalnya.")
    if service is None:
        return _not_insured(question)
    if treated_on is None:
        return _to_be_shown("insured", "Pada tanggal berobat Anda harus peserta. Tanggalnya Anda "
                            "isi nanti.")
    return _met("insured", f"Pada {show_date(treated_on)} Anda peserta di {service.company}.")


def _not_insured(question):
    if question.treated_on is None:
        return _unmet("insured", "Belum ada kepesertaan atas nama Anda.", COMPANY,
                      "Minta perusahaan mendaftarkan Anda, atau sambungkan kepesertaan Anda.")
    words = f"Pada {show_date(question.treated_on)} Anda bukan peserta."
    disputed = [one for one in question.facts.counted if one.is_disputed
                and one.started_on <= question.treated_on]
    if disputed:
        return _unmet("insured", words, BRANCH, f"{_disputed(disputed[0])} Ajukan lagi sesudah "
                      "kantor cabang memutuskan.")
    return _unmet("insured", words, WORKER, "Periksa lagi tanggal berobatnya. Jika sudah benar, "
                  "tanyakan tanggal kepesertaan ke perusahaan.")


def ever_insured(question):
    """A membership, active or ended."""
    service = question.basis
    if service is None:
        return _not_insured(question)
    if service.last_on and service.last_on < question.facts.today:
        return _met("insured", f"Anda pernah menjadi peserta di {service.company}.")
    return _met("insured", f"Anda peserta di {service.company}.")


def receipt(question):
    """A bill that was paid."""
    if question.receipt_total is None:
        return _to_be_shown("receipt", "Harus ada kuitansi. Jumlahnya Anda isi nanti.")
    if question.receipt_total <= 0:
        return _unmet("receipt", "Jumlah pada kuitansi harus lebih dari nol.", WORKER,
                      "Ketik jumlah seperti pada kuitansi.")
    return _met("receipt", f"Jumlah pada kuitansi {show_rupiah(question.receipt_total)}.")


def amount(question):
    """More than nothing, and not more than there is."""
    if question.amount is None:
        return None
    if question.amount <= 0:
        return _unmet("amount", "Jumlah pencairan harus lebih dari nol.", WORKER,
                      "Ketik lagi jumlahnya.")
    most = question.most
    if most is not None and question.amount > most:
        return _unmet("amount", f"Jumlah pencairan paling banyak {show_rupiah(most)}.", WORKER,
                      "Ketik jumlah yang lebih kecil.")
    return _met("amount", f"Jumlah pencairan {show_rupiah(question.amount)}.")


def pension_age(question):
    """The age of rules §2, from the birthday on."""
    facts, age = question.facts, question.rules["claim.pension_age"]
    reached_on = birthday(facts.birth_date, age)
    if reached_on <= facts.today:
        return _met("age", f"Anda sudah berusia {age} tahun.")
    return _later("age", f"Anda belum berusia {age} tahun.", reached_on,
                  f"pada ulang tahun Anda yang ke-{age}")


def _disputed(service):
    """Who said that a report is wrong, and when."""
    if service.disputed_on is None:
        return f"Laporan {service.company} sedang disanggah."
    return (f"Anda menyanggah laporan {service.company} pada "
            f"{show_date(service.disputed_on)}.")


def _awaits(service):
    until = f", paling lambat {show_date(service.decided_by)}" if service.decided_by else ""
    return f"Pencairan menunggu putusan kantor cabang{until}."


def ended(question):
    """A membership has ended for the reason of this kind."""
    service = question.basis
    if service is None:
        return _not_ended(question)
    if service.is_disputed:
        return _unmet("ended", _disputed(service), BRANCH, f"{_awaits(service)} {NO_NEED}")
    if service.last_day >= question.facts.today:
        return _later("ended", f"Hari kerja terakhir Anda di {service.company} "
                      f"{show_date(service.last_day)}.", service.last_day + DAY,
                      "sehari sesudah hari kerja terakhir")
    return _met("ended", f"Kepesertaan di {service.company} berakhir "
                f"{show_date(service.last_day)} karena {REASONS[service.reason].phrase}.")


def _not_ended(question):
    phrases = " atau ".join(REASONS[code].phrase for code in question.kind.reasons)
    return _unmet("ended", f"Belum ada kepesertaan yang berakhir karena {phrases}.", COMPANY,
                  ASK_COMPANY)


def not_working(question):
    """No membership at a company is active."""
    today, basis = question.facts.today, question.basis
    still = [one for one in question.facts.counted
             if not one.is_own and (one.last_on is None or one.last_on >= today)]
    for one in still:
        if one.last_on is None:
            return _unmet("not working", f"Anda masih tercatat bekerja di {one.company}.", COMPANY,
                          ASK_COMPANY)
    for one in question.facts.counted:
        if one.is_disputed and one != basis:
            return _unmet("not working", _disputed(one), BRANCH, f"{_awaits(one)} {NO_NEED}")
    if still:
        last = max(still, key=lambda one: one.last_on)
        return _later("not working", f"Anda tercatat bekerja di {last.company} sampai "
                      f"{show_date(last.last_on)}.", last.last_on + DAY,
                      "sehari sesudah hari kerja terakhir")
    return _met("not working", "Anda tidak tercatat bekerja di perusahaan mana pun.")


def waited(question):
    """A month has gone by since the last day."""
    service = question.basis
    if service is None:
        return None     # ``ended`` has said all there is
    months = question.rules["claim.wait_months"]
    span = "satu bulan" if months == 1 else f"{months} bulan"
    opens_on = question.opens_on(service)
    if opens_on <= question.facts.today:
        return _met("waited", f"Sudah {span} sesudah hari kerja terakhir.")
    return _later("waited", f"Belum {span} sesudah hari kerja terakhir.", opens_on,
                  f"{span} sesudah hari kerja terakhir")


def doctors_letter(question):
    """A doctor's letter, which the branch accepts or not."""
    return _to_be_shown("letter", "Harus ada surat keterangan dokter. Petugas cabang "
                        "memeriksanya.")


def housing_document(question):
    """A document about the home, which the branch accepts or not."""
    return _to_be_shown("housing", "Harus ada dokumen perumahan. Petugas cabang memeriksanya.")


def death_recorded(question):
    """The death is on record; only heirs claim, at the counter."""
    service = question.basis
    advice = "Ahli waris mengajukannya di kantor cabang, dengan akta kematian."
    if service is None:
        return _unmet("death", "Pencairan ini diajukan ahli waris di kantor cabang.", BRANCH,
                      advice)
    if service.is_disputed:
        return _unmet("death", "Laporan kematian sedang disanggah.", BRANCH, _awaits(service))
    if question.opens_on(service) > question.facts.today:
        return _later("death", "Tanggal pada laporan kematian belum tiba.",
                      question.opens_on(service), "tanggal pada laporan itu")
    return _met("death", f"Kematian tercatat pada {show_date(service.last_day)}.")


def long_enough(question):
    """Ten years of membership in all, counted in days (see ``length``)."""
    facts, years = question.facts, question.rules["claim.partial_min_years"]
    full_on = reaches(facts.counted, years, facts.today)
    if full_on == facts.today:
        return _met("years", f"Anda sudah {years} tahun menjadi peserta.")
    so_far = "Masa kepesertaan Anda {} tahun {} hari.".format(
        *years_and_days(facts.counted, facts.today))
    if full_on is None:
        return _unmet("years", f"{so_far} Syaratnya {years} tahun.", COMPANY,
                      "Masa ini bertambah jika Anda menjadi peserta lagi.")
    return _later("years", f"{so_far} Syaratnya {years} tahun.", full_on,
                  f"saat masa kepesertaan Anda genap {years} tahun")


def first_part(question):
    """A part is taken once in a life."""
    facts, other_part = question.facts, {*PARTIAL} - {question.kind.code}
    if facts.partial_on:
        words = f"Anda sudah mengambil sebagian saldo pada {show_date(facts.partial_on)}."
        return _unmet("first part", words, "", "Sebagian saldo hanya bisa diambil satu kali. "
                      "Sisanya tetap milik Anda.")
    if not facts.open_kinds.isdisjoint(other_part):
        return _unmet("first part", "Anda sedang mengajukan sebagian saldo.", BRANCH,
                      "Buka Lacak untuk melihat sampai di mana.")
    return _met("first part", "Anda belum pernah mengambil sebagian saldo.")


def has_savings(question):
    """A balance is known, and something of it is left."""
    facts = question.facts
    if facts.credited is None:
        return _unmet("savings", "Saldo JHT Anda belum tercatat.", BRANCH,
                      "Tanyakan ke kantor cabang, bawa KTP dan kartu peserta.")
    if facts.balance <= 0:
        words = "Saldo JHT Anda sudah dicairkan semua." if facts.taken else "Saldo JHT Anda Rp0."
        return _unmet("savings", words, BRANCH,
                      "Jika menurut Anda ini keliru, tanyakan ke kantor cabang.")
    if facts.left <= 0:
        return _unmet("savings", "Seluruh saldo Anda sedang diajukan di pencairan lain.", BRANCH,
                      "Tunggu putusannya. Buka Lacak untuk melihat sampai di mana.")
    if question.most <= 0:
        return _unmet("savings", f"Saldo JHT Anda {show_rupiah(facts.balance)}, terlalu kecil "
                      "untuk diambil sebagian.", "", "Saldo bertambah dari iuran.")
    return _met("savings", _balance(question))


def _balance(question):
    facts, share = question.facts, ""
    words = f"Saldo JHT Anda {show_rupiah(facts.balance)}"
    if facts.as_of:
        words += f" per {show_date(facts.as_of)}"
    if question.kind.code in PARTIAL:
        share = f" Paling banyak {show_rupiah(question.most)} bisa diambil."
    elif facts.left < facts.balance:
        share = f" Yang bisa diambil {show_rupiah(facts.left)}, sisanya sedang diajukan."
    return f"{words}.{share}"


def _met(code, words):
    return Condition(code, words, True)


def _to_be_shown(code, words):
    return Condition(code, words, True, is_to_be_shown=True)


def _unmet(code, words, waits_for, advice):
    return Condition(code, words, False, waits_for, None, advice)


def _later(code, words, from_date, why):
    return Condition(code, words, False, TIME, from_date,
                     f"Bisa diajukan mulai {show_date(from_date)}, {why}. {JUST_WAIT}")
