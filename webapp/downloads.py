"""Files that leave the house: as attachments that no browser opens by itself."""

import io

from flask import send_file


def attachment(body, name, media_type):
    """A response with a file of any name (RFC 6266, RFC 8187).

    :param body: its bytes.
    """
    response = send_file(io.BytesIO(body), mimetype=media_type, as_attachment=True,
                         download_name=name)
    del response.headers["Cache-Control"]     # as of every page that is somebody's
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
