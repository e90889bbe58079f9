"""Panduan keamanan, Kontak, Kanal resmi, Syarat dan Ketentuan: the same for everybody."""
