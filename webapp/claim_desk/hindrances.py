"""What stands in the way of approving a claim, in words. Pure."""

from webapp.models.claims import IN_REVIEW, LINKED


def hindrances(claim, judgement, *, papers, is_sound):
    """Everything that stands in the way now, a list of sentences; empty when nothing does.

    :param claim: with its destination.
    :param judgement: a ``claims.judgement.Judgement`` of today.
    :param papers: codes of the papers that are there.
    :param is_sound: whether the report it rests on stands and nobody objects to it; True where it
        rests on none.
    """
    verdict = judgement.verdict
    found = [condition.words for condition in verdict.unmet]
    if not is_sound:
        found.append("Laporan nonaktif yang mendasarinya sedang disanggah atau sudah dibatalkan.")
    if needs_interview(claim, verdict) and not claim.interviewed_at:
        found.append("Wawancara belum dilakukan.")
    if any(code not in papers for code in verdict.papers):
        found.append("Ada dokumen wajib yang belum ada.")
    return [*found, *_of_destination(claim.destination)]


def needs_interview(claim, verdict):
    """Whether the person must be met first. An heir stands at the counter already."""
    return not verdict.kind.by_heirs and (claim.needs_interview or verdict.needs_interview)


def needs_second(claim, verdict):
    """Whether a second person must agree."""
    return claim.needs_second or verdict.needs_second


def _of_destination(destination):
    if destination is None:
        return ["Rekening tujuannya belum ada."]
    is_heirs = destination.user_id is None
    if destination.state == LINKED or (is_heirs and destination.state == IN_REVIEW):
        return []
    return ["Rekening tujuannya belum tersambung."]
