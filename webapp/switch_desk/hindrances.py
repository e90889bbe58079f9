"""What stands in the way of approving a switch, in words. Pure."""


def hindrances(ending, own, is_dead):
    """Everything that stands in the way now, a list of sentences; empty when nothing does.

    :param ending: a ``switch.queries.Ending``.
    :param own: a membership of the person's own that runs, or None.
    :param is_dead: whether the person is recorded as dead.
    """
    found = []
    if is_dead:
        found.append("Orang ini tercatat meninggal dunia.")
    if not ending.is_filed:
        found.append("Kepesertaannya di perusahaan belum berakhir.")
    if ending.is_disputed:
        found.append("Laporan nonaktifnya sedang disanggah.")
    if own:
        found.append("Ia sudah punya kepesertaan mandiri yang berjalan.")
    return found
