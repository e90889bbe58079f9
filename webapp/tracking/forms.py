"""A claim's number and its secret letters."""

from wtforms import StringField

from webapp.forms import AppForm, MaxCharacters, Required


class TrackForm(AppForm):
    """Both as they stand on the receipt, typed as people type: small letters, spaces, dashes."""

    number = StringField("Nomor pencairan", [Required("Ketik nomor pencairan."),
                                             MaxCharacters(40)])
    secret = StringField("Huruf rahasia", [Required("Ketik huruf rahasia dari tanda terima."),
                                           MaxCharacters(40)])
