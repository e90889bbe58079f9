"""A bank: reads a payment file as its format says, and answers."""

import hashlib
from pathlib import Path


def run(app, *arguments):
    """A command of the operator's."""
    return app.test_cli_runner().invoke(args=["payouts", *map(str, arguments)])


def exported(app, folder):
    """Run the export; the paths of all payment files there are then, the oldest first."""
    answer = run(app, "export", folder)
    assert answer.exit_code == 0, answer.output
    return sorted(folder.glob("purna-bayar-*.csv"), key=lambda path: path.stat().st_mtime_ns)


def payments(path):
    """The payments of a file: lists of fields."""
    return [line.split(";") for line in Path(path).read_text().splitlines()[2:-1]]


def answer_to(path, *, failed=(), day="2026-11-22"):
    """The bank's answer to a payment file, bytes.

    :param failed: ids it could not pay, or "all".
    """
    number, lines = Path(path).read_text().split(";")[2], []
    for place, one in enumerate(payments(path), 1):
        is_failed = failed == "all" or one[0] in failed
        lines.append([one[0], one[1], "GAGAL" if is_failed else "BERHASIL",
                      "" if is_failed else f"BANK-{place:05}", day,
                      "Rekening ditutup" if is_failed else ""])
    return sealed(number, lines)


def sealed(number, lines, *, day="2026-11-22"):
    """A result file of these lines with its head and its control."""
    body = f"HASIL-BAYAR;1;{number};{day}\nid;jumlah;hasil;referensi;tanggal;sebab\n"
    body += "".join(";".join(line) + "\n" for line in lines)
    counts = []
    for result in ("BERHASIL", "GAGAL"):
        amounts = [int(line[1]) for line in lines if line[2] == result]
        counts += [str(len(amounts)), str(sum(amounts))]
    return (body + ";".join(["KONTROL", *counts, _sha(body)]) + "\n").encode()


def lines_of(body):
    """(the number, the lines) of a result file, to make another one of them."""
    rows = [line.split(";") for line in body.decode().splitlines()]
    return rows[0][2], rows[2:-1]


def _sha(text):
    return hashlib.sha256(text.encode()).hexdigest()
