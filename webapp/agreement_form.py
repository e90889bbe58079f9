"""The form by which somebody agrees to Syarat dan Ketentuan, wherever it is asked."""

from wtforms import BooleanField, HiddenField, ValidationError

from webapp.forms import AppForm, Required


class AgreementForm(AppForm):
    """The tick under the text.

    :param current: name of the version that holds: another one was not what is agreed to now.
    """

    is_agreed = BooleanField("Saya sudah membaca dan menyetujui",
                             [Required("Beri tanda centang jika Anda menyetujuinya.")])
    version = HiddenField()

    def __init__(self, formdata=None, *, current, **data):
        super().__init__(formdata, **data)
        self.current = current

    def validate_is_agreed(self, field):
        """The text that was read must be the one that holds."""
        if self.version.data != self.current:
            field.data = False
            raise ValidationError("Isinya baru saja diperbarui. Baca lagi, lalu setujui.")
