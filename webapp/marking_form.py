"""Marking what of a claim or a switch is wrong: tick boxes, each with its sentence."""

from wtforms import SelectMultipleField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice

from webapp.claims.faults import why_of
from webapp.forms import AppForm, MaxCharacters

LONGEST = 300     # of a sentence about one part


class MarkingForm(AppForm):
    """Which parts are wrong, and in what way; made for its parts by ``marking_form``."""

    codes, names = (), {}     # the names: as they stand within a sentence
    wrong = SelectMultipleField("Yang keliru", validate_choice=False)

    @property
    def parts(self):
        """(code, tick box, its sentence) of each part."""
        ticks = {choice.data: choice for choice in self.wrong}
        return [(code, ticks[code], self[why_of(code)]) for code in self.codes]

    @property
    def faults(self):
        """Pairs of code and sentence."""
        return [(code, self[why_of(code)].data) for code in self.codes
                if code in (self.wrong.data or ())]

    def validate_wrong(self, field):
        """At least one, each with its sentence; and no sentence without a tick."""
        field.data = [code for code in self.codes if code in (field.data or ())]
        told = [code for code in self.codes if self[why_of(code)].data]
        if not field.data and not told:
            raise ValidationError("Beri tanda centang pada yang keliru.")
        for code in self.codes:
            if code in field.data and code not in told:
                self[why_of(code)].errors = [f"Tulis apa yang keliru pada {self.names[code]}."]
        forgotten = [self.names[code] for code in told if code not in field.data]
        if forgotten:
            raise ValidationError(f"Centang juga {', '.join(forgotten)}, atau hapus tulisannya.")

    def validate(self, extra_validators=None):
        """The sentences too: the tick boxes know which of them must be there."""
        is_valid = super().validate(extra_validators)
        return is_valid and not any(self[why_of(code)].errors for code in self.codes)


def marking_form(codes, label_of):
    """A ``MarkingForm`` class for these parts.

    :param label_of: gives the words for a code.
    """
    names = {code: _within(label_of(code)) for code in codes}
    fields = {why_of(code): TextAreaField(f"Apa yang keliru pada {names[code]}",
                                          [MaxCharacters(LONGEST)]) for code in codes}
    choices = [SelectChoice(code, label_of(code)) for code in codes]
    ticks = SelectMultipleField("Yang keliru", validate_choice=False, choices=choices)
    # The ticks last: they judge the sentences, which are clean by then.
    return type("MarkingForm", (MarkingForm,), {**fields, "wrong": ticks, "codes": tuple(codes),
                                                "names": names})


def _within(words):
    """A label as it stands within a sentence."""
    return words if words[:2].isupper() else f"{words[0].lower()}{words[1:]}"
