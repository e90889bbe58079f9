"""What must hold of all claims after a walk, whoever was killed: sentences about what does not."""

import json
from collections import defaultdict
from datetime import UTC, datetime

from webapp.audit import Event

# What an audit entry of a claim says about where it stands from then on; None: where it was.
BECOMES = {
    Event.CLAIM_SUBMITTED: "DIAJUKAN", Event.CLAIM_TAKEN_UP: "VERIFIKASI",
    Event.CLAIM_RETURNED: "PERLU_PERBAIKAN", Event.CLAIM_CORRECTED: "VERIFIKASI",
    Event.INTERVIEW_ASKED: "MENUNGGU_WAWANCARA", Event.INTERVIEW_HELD: "VERIFIKASI",
    Event.CLAIM_CONFIRMED: "DISETUJUI", Event.CLAIM_SENT_BACK: "VERIFIKASI",
    Event.CLAIM_REFUSED: "DITOLAK", Event.CLAIM_WITHDRAWN: "DIBATALKAN",
    Event.CLAIM_PAID: "DIBAYAR", Event.PAYOUT_BOUNCED: "GAGAL_BAYAR",
}
# Rules §2, written once more: from where to where.
LEGAL = {
    "DRAF": {"DIAJUKAN", "DIBATALKAN"}, "DIAJUKAN": {"VERIFIKASI", "DIBATALKAN"},
    "VERIFIKASI": {"PERLU_PERBAIKAN", "MENUNGGU_WAWANCARA", "DISETUJUI", "DITOLAK", "DIBATALKAN"},
    "PERLU_PERBAIKAN": {"VERIFIKASI", "DIBATALKAN"},
    "MENUNGGU_WAWANCARA": {"VERIFIKASI", "DITOLAK", "DIBATALKAN"},
    "DISETUJUI": {"DIBAYAR", "GAGAL_BAYAR"}, "GAGAL_BAYAR": {"DISETUJUI"},
}
LASTING = {"withdraw": "DIBATALKAN", "refuse": "DITOLAK"}     # what stays as it was acknowledged


def faults(house, folder):
    """Everything that is wrong, a list.

    :param folder: where the clients kept their histories.
    """
    store = house.store
    states = dict(store.rows("SELECT c.number, k.state FROM claim k JOIN cases c "
                             "ON c.id = k.case_id"))
    return [*_money(store), *_lost(folder, states), *_paths(store, states), *_held(store),
            *_differences(house)]


def _money(store):
    for words, statement in _MONEY.items():
        for (number,) in store.rows(statement):
            yield f"{words}: {number}"


_MONEY = {
    "paid more often than once":
        "SELECT claim_id FROM payout WHERE state <> 'GAGAL' GROUP BY claim_id HAVING count(*) > 1",
    "paid otherwise than approved":
        "SELECT p.claim_id FROM payout p JOIN claim k ON k.id = p.claim_id "
        "WHERE k.approved IS NULL OR p.amount <> k.approved",
    "approved above what there is":
        "SELECT id FROM claim WHERE approved > amount OR approved > entitlement OR approved <= 0",
    "approved twice by one": "SELECT id FROM claim WHERE approved_by_id = confirmed_by_id",
    "approved for oneself":
        "SELECT id FROM claim WHERE submitted_by_id IN (approved_by_id, confirmed_by_id)",
    "granted without the second":
        "SELECT id FROM claim WHERE state IN ('DISETUJUI', 'DIBAYAR', 'GAGAL_BAYAR') "
        "AND (approved IS NULL OR (needs_second AND confirmed_by_id IS NULL))",
    "savings overdrawn": "SELECT worker_id FROM savings WHERE taken > credited OR taken < 0",
    "savings not as granted":
        "SELECT s.worker_id FROM savings s WHERE s.taken <> (SELECT coalesce(sum(k.approved), 0) "
        "FROM claim k WHERE k.worker_id = s.worker_id AND substr(k.kind, 1, 3) = 'JHT' "
        "AND k.state IN ('DISETUJUI', 'DIBAYAR', 'GAGAL_BAYAR'))",
    "more than one open claim of a kind":
        "SELECT min(id) FROM claim WHERE state NOT IN ('DRAF', 'DIBAYAR', 'DITOLAK', 'DIBATALKAN')"
        " GROUP BY worker_id, kind HAVING count(*) > 1",
    "paid, and no payout arrived":
        "SELECT id FROM claim k WHERE state = 'DIBAYAR' AND NOT EXISTS (SELECT 1 FROM payout p "
        "WHERE p.claim_id = k.id AND p.state = 'DIBAYAR')",
}


def _held(store):
    """What was told the bank after a hold had begun, and before it was over. In the order of the
    trail: each client has a clock of its own."""
    held, exported = defaultdict(list), {}
    for number, kind, subject, details in store.rows(
            "SELECT id, kind, subject, details FROM audit_entry WHERE kind IN "
            "('hold:begun', 'payouts:exported') ORDER BY id"):
        said = json.loads(details)
        if kind == "hold:begun":
            held[str(subject)].append((number, datetime.fromisoformat(said["until"])))
        else:
            exported[said["number"].replace("-", "")] = number
    for claim, file, made_at, user in store.rows(
            'SELECT p.claim_id, f.number, f.made_at, u.public_id FROM payout p '
            'JOIN payout_file f ON f.id = p.file_id JOIN claim k ON k.id = p.claim_id '
            'JOIN worker w ON w.id = k.worker_id JOIN "user" u ON u.id = w.user_id'):
        made_at = datetime.fromisoformat(str(made_at)).replace(tzinfo=UTC)
        if any(begun < exported[file] and made_at < until for begun, until in held[str(user)]):
            yield f"told the bank while payouts were held: claim {claim}"


def _differences(house):
    """What the reconciliation and the audit say; holds are judged above."""
    return [line for line in house.differences().splitlines()
            if line and not line.endswith("saat pembayaran ditahan")]


def _lost(folder, states):
    """What somebody was told is done, and is not."""
    for path in folder.glob("history-*.jsonl"):
        for line in path.read_text().splitlines():
            act, done = json.loads(line)
            if str(done).startswith("fault: "):
                yield f"{act} ended in a {done}"
            elif done not in states:
                yield f"acknowledged and lost: {act} of {done}"
            elif states[done] != LASTING.get(act, states[done]):
                yield f"acknowledged and undone: {act} of {done} is {states[done]}"


def _paths(store, states):
    """Steps that the rules do not know; and where the trail ends elsewhere than the claim."""
    trail = defaultdict(lambda: ["DRAF"])
    for kind, details in store.rows("SELECT kind, details FROM audit_entry ORDER BY id"):
        said = json.loads(details)
        number = said.get("number", "").replace("-", "")
        if number in states:
            trail[number] += _next(kind, said, trail[number][-1])
    for number, path in trail.items():
        for before, after in zip(path, path[1:], strict=False):
            if after not in LEGAL.get(before, ()):
                yield f"{number} went from {before} to {after}"
        if path[-1] != states[number]:
            yield f"{number} is {states[number]}, its trail ends with {path[-1]}"


def _next(kind, said, before):
    if kind == Event.CLAIM_APPROVED:     # of two, the first leaves it where it is
        return [] if said.get("second") else ["DISETUJUI"]
    if kind == Event.CLAIM_REDIRECTED:
        return ["DISETUJUI"] if before == "GAGAL_BAYAR" else []
    if kind == Event.CLAIM_SENT_BACK:
        return []
    return [BECOMES[kind]] if kind in BECOMES else []
