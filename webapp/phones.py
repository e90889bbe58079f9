"""Phones that codes can be sent to."""

import phonenumbers

from webapp.formats import Malformed, parse_phone

TAKE_TEXTS = (phonenumbers.PhoneNumberType.MOBILE,
              phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


def parse_mobile(value):
    """A mobile number as E.164; none of a landline or of a special price. Raises ``Malformed``."""
    phone = parse_phone(value)
    if phonenumbers.number_type(phonenumbers.parse(phone)) not in TAKE_TEXTS:
        raise Malformed("Nomor ini bukan nomor ponsel. Ketik nomor yang berawalan 08.")
    return phone
