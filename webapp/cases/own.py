"""Staff never act on what is their own (reliability AZ-13)."""


def is_own(worker, officer):
    """Whether a worker is this member of staff: by the account, or by the NIK.

    :param worker: a ``Worker``.
    :param officer: a ``User``.
    """
    if worker is None:
        return False
    return worker.user_id == officer.id or (officer.nik is not None and worker.nik == officer.nik)
