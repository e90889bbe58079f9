"""Hitung ulang undian Purna: python3 undian.py berkas-undian.csv"""

import hashlib
import hmac
import sys

with open(sys.argv[1], encoding="ascii") as file:
    lines = [line.split(";") for line in file.read().splitlines()]
head, rows, told = lines[0], lines[2:-4], dict(lines[-4:])

listed = [head, *(row[:3] for row in sorted(rows))]
text = "".join(";".join(fields) + "\n" for fields in listed)
digest = hashlib.sha256(text.encode()).digest()
secret = bytes.fromhex(told["RAHASIA"])
seed = hashlib.sha256(secret + digest).digest()

result = {row[0]: ["", "DICABUT"] for row in rows}
order = [row for row in rows if row[4] != "DICABUT"]
order.sort(key=lambda row: hmac.digest(seed, row[0].encode(), "sha256"))
free, taken = int(head[3]), {}
for place, (number, family, used, *_) in enumerate(order, 1):
    result[number] = [str(place), "BELUM_BERHASIL"]
    if free > 0 and int(used) + taken.get(family, 0) < 2:
        free, taken[family] = free - 1, taken.get(family, 0) + 1
        result[number] = [str(place), "LOLOS"]

checks = {
    "janji": hashlib.sha256(secret).hexdigest() == told["JANJI"],
    "daftar": digest.hex() == told["KODE"],
    "benih": seed.hex() == told["BENIH"],
    "hasil": all(result[row[0]] == row[3:] for row in rows)}
for name, is_right in checks.items():
    print(f"{name}: {'cocok' if is_right else 'BERBEDA'}")
sys.exit(not all(checks.values()))
