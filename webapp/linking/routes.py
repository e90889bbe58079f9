"""Whether one's memberships are connected, and the card number that connects them."""

from flask import Blueprint, url_for
from flask_login import current_user

from webapp import clock, kept_input, rate_limit, waiting
from webapp.htmx import see_other, show
from webapp.linking import service
from webapp.linking.forms import CardForm
from webapp.permissions import worker_only

blueprint = Blueprint("linking", __name__)


@blueprint.route("/profil/kepesertaan", methods=["GET", "POST"])
@worker_only
def link():
    """Say whether memberships are connected; take a card number where they are not."""
    now = clock.now()
    worker = service.link(current_user, now)
    if worker:
        return show("linking/linked.html")
    form = CardForm.of_request(kept_input.recall(current_user, now))
    if not form.is_sent_and_valid():
        return _page(form)
    try:
        service.claim_card(current_user, form.kpj.data, now)
    except rate_limit.TooMany as wait:
        form.kpj.errors = [f"Terlalu banyak percobaan. Tunggu {waiting.in_words(wait.until)}, "
                           "atau datang ke kantor cabang."]
        response = _page(form, 429)
        response.headers["Retry-After"] = waiting.seconds_until(wait.until)
        return response
    return see_other(url_for(".link"))


def _page(form, status=None):
    """The form; a number that was given before stands in it, whether or not it exists."""
    claimed = current_user.claimed_kpj
    if not form.kpj.raw_data:
        form.kpj.data = claimed
    return show("linking/link.html", status, form=form, claimed=claimed,
                needs_branch=service.needs_branch(current_user))
