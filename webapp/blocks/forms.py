"""Proposing a block, dropping it, and looking at it again."""

from datetime import timedelta

from wtforms import RadioField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.blocks.words import REASONS
from webapp.formats import show_date
from webapp.forms import AppForm, DayField, MaxCharacters, Required

LEAST = 20      # characters: rules §2 asks as many where a reason is the heart of the matter
KEEP, SHORTEN, LENGTHEN, END = "tetap", "persingkat", "perpanjang", "akhiri"
ACTS = {KEEP: "Tetap berlaku", SHORTEN: "Berakhir lebih cepat", LENGTHEN: "Berlaku lebih lama",
        END: "Akhiri sekarang"}


class _Dated(AppForm):
    """Two dates: when somebody looks at it again, and the last day.

    :param today: :param rules: the parameters in force.
    """

    def __init__(self, formdata=None, *, today, rules, **data):
        super().__init__(formdata, **data)
        self.today, self.longest = today, today + timedelta(days=rules["block.longest_days"])
        self.latest_review = today + timedelta(days=rules["block.review_days"])

    def check_until(self, field):
        """A day to come, and not too far away."""
        if not field.data:
            raise ValidationError("Isi hari terakhirnya.")
        if field.data < self.today:
            raise ValidationError("Hari ini sudah lewat. Pilih hari yang akan datang.")
        if field.data > self.longest:
            raise ValidationError(f"Paling lama sampai {show_date(self.longest)}.")

    def check_review(self, field, until):
        """A day to come, soon enough, and before the block is over."""
        if not field.data:
            raise ValidationError("Isi kapan blokir ini ditinjau lagi.")
        if field.data <= self.today:
            raise ValidationError("Pilih hari sesudah hari ini.")
        if field.data > self.latest_review:
            raise ValidationError(f"Paling lambat ditinjau {show_date(self.latest_review)}.")
        if until and field.data > until:
            raise ValidationError("Tinjau sebelum blokirnya berakhir.")


class ProposalForm(_Dated):
    """Why an account shall be blocked, and how long."""

    reason = RadioField("Sebab", validate_choice=False, choices=[
        SelectChoice(code, reason.label) for code, reason in REASONS.items()])
    note = TextAreaField("Apa yang terjadi", [Required("Tulis apa yang terjadi."),
                                              MaxCharacters(2000)])
    until = DayField("Hari terakhir")
    review_on = DayField("Ditinjau lagi pada")

    def validate_reason(self, field):
        """One of the list."""
        if field.data not in REASONS:
            raise ValidationError("Pilih sebabnya.")

    def validate_note(self, field):
        """Enough for the other manager to judge."""
        if len(field.data) < LEAST:
            raise ValidationError(f"Jelaskan sedikit lagi, paling sedikit {LEAST} huruf.")

    def validate_until(self, field):
        """See there; not today: it is looked at again on a later day, within the block."""
        self.check_until(field)
        if field.data == self.today:
            raise ValidationError("Pilih hari sesudah hari ini.")

    def validate_review_on(self, field):
        """See there."""
        self.check_review(field, None if self.until.errors else self.until.data)


class DropForm(AppForm):
    """Why an account is not blocked after all."""

    why = TextAreaField("Mengapa tidak jadi", [Required("Tulis alasannya."), MaxCharacters(1000)])


class ReviewForm(_Dated):
    """What becomes of a block in force; what an answer does not need may stay empty.

    :param block: it.
    """

    act = RadioField("Hasil tinjauan", validate_choice=False,
                     choices=[SelectChoice(code, words) for code, words in ACTS.items()])
    until = DayField("Hari terakhir yang baru")
    review_on = DayField("Ditinjau lagi pada")
    reason = TextAreaField("Alasan", [MaxCharacters(1000)])

    def __init__(self, formdata=None, *, block, **needs):
        super().__init__(formdata, **needs)
        self.block = block

    def validate_act(self, field):
        """One of the list; two requests for more time would contradict each other."""
        if field.data not in ACTS:
            raise ValidationError("Pilih hasil tinjauannya.")
        if self.block.longer_until and field.data != END:
            raise ValidationError("Jawab dulu usulan perpanjangannya.")

    def validate_until(self, field):
        """A day to come: sooner than now, or later, as was chosen."""
        if self.act.data not in (SHORTEN, LENGTHEN):
            return
        self.check_until(field)
        if self.act.data == SHORTEN and field.data >= self.block.until:
            raise ValidationError(f"Pilih hari sebelum {show_date(self.block.until)}.")
        if self.act.data == LENGTHEN and field.data <= self.block.until:
            raise ValidationError(f"Pilih hari sesudah {show_date(self.block.until)}.")

    def validate_review_on(self, field):
        """See there; the last day itself where it is too near for another look."""
        if self.act.data == END or self.act.data not in ACTS:
            return
        until = self.last_day
        if self.act.data == SHORTEN and not field.data:
            field.data = until
        is_near = self.act.data == SHORTEN or until == self.today
        if is_near and field.data and field.data == until:
            return
        self.check_review(field, None if self.until.errors else until)

    def validate_reason(self, field):
        """Why it lasts longer, or is over."""
        if self.act.data in (LENGTHEN, END) and not field.data:
            raise ValidationError("Tulis alasannya.")

    @property
    def last_day(self):
        """The block's last day after this."""
        return self.block.until if self.act.data == KEEP else self.until.data
