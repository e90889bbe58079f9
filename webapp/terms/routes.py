"""Agreeing to a new version of Syarat dan Ketentuan before going on."""

from flask import Blueprint, request, url_for
from flask_login import current_user

from webapp import clock
from webapp.accounts.queries import has_agreed
from webapp.cookies import own_path, visit
from webapp.htmx import see_other, show
from webapp.models.people import NEEDS_TERMS
from webapp.permissions import during, presented_session, signed_in
from webapp.terms import service, versions
from webapp.terms.forms import AgreementForm
from webapp.terms.queries import last_agreement

blueprint = Blueprint("terms", __name__)


@blueprint.route("/syarat-dan-ketentuan/setuju", methods=["GET", "POST"])
@signed_in
@during(NEEDS_TERMS)
def agree():
    """Show the version that holds, in full, and go on where one was going once it is agreed to."""
    terms, session = versions.current(clock.today()), presented_session()
    form = AgreementForm.of_request(current=terms.version)
    if request.method == "GET":
        form.lanjut.data = request.args.get("lanjut", "")
    onward = own_path(form.lanjut.data) or url_for("home.home")
    if has_agreed(current_user, terms.version):
        service.go_on(session)
        return see_other(onward)
    if not form.is_sent_and_valid():
        return show("terms/agree.html", form=form, terms=terms,
                    earlier=last_agreement(current_user))
    service.agree(session, terms, address=visit().address, now=clock.now())
    return see_other(onward)
