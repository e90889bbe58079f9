"""Hitung ulang undian Purna: python3 undian.py berkas-undian.csv"""

import hashlib
import hmac
import sys

with open(sys.argv[1], encoding="ascii") as file:
    head, _, *rows = [line.split(";") for line in file.read().split("\n")[:-1]]
rows, told = rows[:-4], dict(rows[-4:])

listed = [";".join(head)] + [";".join(row[:3]) for row in sorted(rows)]
digest = hashlib.sha256("".join(f"{line}\n" for line in listed).encode()).digest()
secret = bytes.fromhex(told["RAHASIA"])
seed = hashlib.sha256(secret + digest).digest()

free, taken, result = int(head[3]), {}, {row[0]: ["", "DICABUT"] for row in rows}
order = [row for row in rows if row[4] != "DICABUT"]
order.sort(key=lambda row: hmac.digest(seed, row[0].encode(), "sha256"))
for place, (number, family, used, *_) in enumerate(order, 1):
    is_chosen = free > 0 and int(used) + taken.get(family, 0) < 2
    if is_chosen:
        free, taken[family] = free - 1, taken.get(family, 0) + 1
    result[number] = [str(place), "LOLOS" if is_chosen else "BELUM_BERHASIL"]

checks = {"janji": hashlib.sha256(secret).hexdigest() == told["JANJI"],
          "daftar": digest.hex() == told["SIDIK"], "benih": seed.hex() == told["BENIH"],
          "hasil": all(result[row[0]] == row[3:] for row in rows)}
for name, is_right in checks.items():
    print(f"{name}: {'cocok' if is_right else 'BERBEDA'}")
sys.exit(not all(checks.values()))
