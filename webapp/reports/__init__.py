"""Laporan: figures of a branch as charts, tables and files."""
