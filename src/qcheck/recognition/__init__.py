"""Errors of optical character recognition, word by word: a noisy channel, a lexicon, and a judge fitted on real scans.

Nothing here is loaded for a text without signs of recognition (``gate``). What depends on the language is data in
``rules/ocr/<language>/``, written by ``tools/fit_ocr.py``.
"""
