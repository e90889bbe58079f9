"""A long list of workers as a company has it."""

from datetime import date

import xlsxwriter

from webapp.demo.data import generated

HEADINGS = ("No", "Nomor KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "Tanggal Mulai Bekerja",
            "Upah", "Jabatan", "No HP", "Email")


def write_list(path, rows, today):
    """An XLSX of generated workers: numbers as text, dates as date cells."""
    book = xlsxwriter.Workbook(path, {"constant_memory": True})
    day = book.add_format({"num_format": "dd-mm-yyyy"})
    sheet = book.add_worksheet("Tenaga kerja")
    sheet.write_row(0, 0, HEADINGS)
    for number, row in enumerate(generated(0, 0, rows, today), start=1):
        cells = (number, row.kpj, row.nik, row.name, row.birth_date, row.start_date, row.wage,
                 row.position, row.phone, row.email)
        for column, cell in enumerate(cells):
            if isinstance(cell, date):
                sheet.write_datetime(number, column, cell, day)
            else:
                sheet.write(number, column, cell)
    book.close()
