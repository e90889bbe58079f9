"""Whether somebody may join a wave (rules §5), each condition as the person reads it. Pure."""

from dataclasses import dataclass
from datetime import date

from webapp.deactivation.consequences import birthday
from webapp.draw.drawing import MOST_OF_A_FAMILY
from webapp.eligibility.question import BRANCH, TIME, WORKER, Condition
from webapp.formats import show_date

# What everybody who joins declares, whatever else a wave asks for: rules §5.
CITIZEN = "Saya warga negara Indonesia."
NOT_OF_THE_STATE = ("Saya bukan pejabat negara, ASN, prajurit TNI, anggota Polri, atau perangkat "
                    "desa. Saya juga bukan direksi atau komisaris BUMN atau BUMD.")
ALWAYS = (CITIZEN, NOT_OF_THE_STATE)


@dataclass(frozen=True)
class Facts:
    """What is known about somebody who wants to join.

    :param of_family: how many of the family card were chosen before; None while no card is known.
    """

    today: date
    birth_date: date
    was_chosen: bool = False
    is_dead: bool = False
    of_family: int | None = None


def judge(facts, rules):
    """The conditions, a tuple of ``webapp.eligibility.question.Condition``.

    :param rules: the parameters in force (``webapp.parameters.Rules``).
    """
    found = (_alive(facts), _declared("citizen", "Anda warga negara Indonesia."),
             _age(facts, rules["programme.youngest"], rules["programme.oldest"]),
             _declared("state", "Anda tidak bekerja untuk negara."), _once(facts), _family(facts))
    return tuple(condition for condition in found if condition)


def unmet(conditions):
    """Those that are not met, a tuple."""
    return tuple(condition for condition in conditions if not condition.is_met)


def _alive(facts):
    if not facts.is_dead:
        return None
    return Condition("alive", "Anda tercatat meninggal dunia.", False, BRANCH, None,
                     "Jika ini keliru, sanggah laporan itu di Kepesertaan. Anda juga bisa datang "
                     "ke kantor cabang dengan KTP.")


def _declared(code, words):
    return Condition(code, words, True, is_to_be_shown=True)


def _age(facts, youngest, oldest):
    from_date, last = birthday(facts.birth_date, youngest), birthday(facts.birth_date, oldest + 1)
    if facts.today < from_date:
        return Condition("age", f"Anda belum berusia {youngest} tahun.", False, TIME, from_date,
                         f"Bisa bergabung mulai {show_date(from_date)}, jika ada gelombang yang "
                         "dibuka.")
    if facts.today >= last:
        return Condition("age", f"Program ini untuk usia {youngest} sampai {oldest} tahun.", False,
                         "", None, f"Sejak {show_date(last)} usia Anda melewati batas itu.")
    return Condition("age", f"Usia Anda antara {youngest} dan {oldest} tahun.", True)


def _once(facts):
    if facts.was_chosen:
        return Condition("once", "Anda sudah pernah lolos di program ini.", False, "", None,
                         "Setiap orang hanya bisa lolos satu kali. Lihat Bantuan saya.")
    return Condition("once", "Anda belum pernah lolos di program ini.", True)


def _family(facts):
    words = f"Paling banyak {_word(MOST_OF_A_FAMILY)} orang lolos dari satu kartu keluarga."
    if facts.of_family is None:
        return Condition("family", words, True, is_to_be_shown=True)
    if facts.of_family >= MOST_OF_A_FAMILY:
        reached = f"Dari kartu keluarga ini sudah {_word(MOST_OF_A_FAMILY)} orang yang lolos."
        return Condition("family", reached, False, WORKER, None, "Periksa lagi nomornya. Jika "
                         "sudah benar, keluarga Anda sudah mencapai batasnya.")
    return Condition("family", words, True)


def _word(count):
    return {1: "satu", 2: "dua", 3: "tiga"}.get(count, str(count))
