"""Agreeing to what is shown."""

from wtforms import HiddenField

from webapp import agreement_form


class AgreementForm(agreement_form.AgreementForm):
    """The tick under the text, and where the person was going."""

    lanjut = HiddenField()
